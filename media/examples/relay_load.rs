//! What a call costs: N bridged, recorded calls on loopback, both ends speaking 20 ms packets.
//!
//! ```text
//! cargo run --release -p media --example relay_load -- [CALLS] [SECONDS] [CODEC]
//! ```
//!
//! CODEC is what the left end of each call speaks: `pcma` as the right one does (packets are passed
//! on), or `opus` or `g722` (all sound is decoded and encoded).
//!
//! The last line is for `make bench` to read: CPU a call in percent, packets lost, and how long the
//! slowest of a hundred packets was under way.
//!
//! The load generator runs as a process of its own (this same program), so that its CPU time is
//! not ours. Packets are counted three ways: sent and heard by the generator, by sequence gaps
//! on both sides, and dropped by the sockets. Linux only: CPU and memory are read from `/proc`.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use media::sdp::OpusWishes;
use media::{
    Channel, Codec, CodecKind, Config, Direction, Encoder, Event, Media, PACKET_LIMIT_BYTES, Protection,
    Remote, SampleRate,
};

/// Calls, unless told otherwise: the target that the house promises.
const DEFAULT_CALLS: usize = 100;
/// Seconds of talk, unless told otherwise.
const DEFAULT_SECONDS: u64 = 20;
/// The length of a packet.
const PACKET: Duration = Duration::from_millis(20);
/// Packets are spread over this many instants of the 20 ms, as real calls are.
const STAGGER: usize = 20;
/// Linux counts CPU time in hundredths of a second for everybody (`USER_HZ`).
const CLOCK_TICKS_A_SECOND: f64 = 100.0;
const PAGE_BYTES: f64 = 4_096.0;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// CPU of a call in percent of a core, at most.
const RELAY_TARGET_PCT: f64 = 0.25;
const TRANSCODE_TARGET_PCT: f64 = 0.6;

fn main() -> Outcome<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|word| word.parse::<u64>().ok());
    if arguments.first().is_some_and(|word| word == "generate") {
        let left = codec(arguments.get(3))?;
        generate(number(1).unwrap_or(0) as usize, Duration::from_secs(number(2).unwrap_or(0)), left)?;
        return Ok(ExitCode::SUCCESS);
    }
    let calls = number(0).map_or(DEFAULT_CALLS, |calls| calls as usize);
    let seconds = number(1).unwrap_or(DEFAULT_SECONDS);
    measure(calls, seconds, codec(arguments.get(2))?)
}

fn codec(name: Option<&String>) -> Outcome<CodecKind> {
    let name = name.map_or("pcma", String::as_str);
    let kind = CodecKind::ALL.into_iter().find(|kind| kind.encoding_name().eq_ignore_ascii_case(name));
    kind.ok_or_else(|| format!("{name} is no codec of ours").into())
}

/// Sets up the calls, lets the generator talk, and prints what it cost.
fn measure(calls: usize, seconds: u64, left: CodecKind) -> Outcome<ExitCode> {
    let folder = std::env::temp_dir().join(format!("media-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let media = Media::start(Config::on(IpAddr::V4(Ipv4Addr::LOCALHOST)))?;
    let memory_before = memory_bytes()?;

    let mut generator = Command::new(std::env::current_exe()?)
        .args(["generate", &calls.to_string(), &seconds.to_string(), left.encoding_name()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut to_generator = generator.stdin.take().ok_or("no pipe")?;
    let mut from_generator = BufReader::new(generator.stdout.take().ok_or("no pipe")?);
    let mut line = String::new();
    let mut running = Vec::new();
    for call in 0..calls {
        let (session, events) = media.open()?;
        let mut ids = Vec::new();
        for (channel, kind) in [(Channel::Left, left), (Channel::Right, CodecKind::Pcma)] {
            line.clear();
            from_generator.read_line(&mut line)?;
            let leg = session.add_leg(channel)?;
            session.connect(leg.id, remote(line.trim().parse()?, kind));
            writeln!(to_generator, "{}", leg.local)?;
            ids.push(leg.id);
        }
        session.bridge(ids[0], ids[1]);
        session.record(folder.join(format!("{call}.wav")));
        running.push((session, events));
    }
    writeln!(to_generator, "go")?;
    let cpu_before = cpu_seconds("self")?;
    let threads_before = threads_cpu()?;
    let start = Instant::now();
    line.clear();
    from_generator.read_line(&mut line)?;
    let took = start.elapsed().as_secs_f64();
    let cpu = cpu_seconds("self")? - cpu_before;
    let threads_after = threads_cpu()?;
    let memory = memory_bytes()? - memory_before;
    let told: Vec<u64> = line.split_whitespace().flat_map(str::parse).collect();
    let [sent, heard, generator_gaps, behind_ms, delay_p99_us] = told[..] else {
        return Err(format!("the generator said {line:?}").into());
    };
    generator.wait()?;
    // Drops are read once a second.
    std::thread::sleep(Duration::from_millis(1_200));
    let stats = media.stats();
    for (session, _) in &running {
        session.close();
    }
    let mut recorded_ms = Vec::new();
    for (_, mut events) in running {
        while let Some(event) = events.blocking_recv() {
            if let Event::RecordingClosed { duration_ms, error, .. } = event {
                if let Some(error) = error {
                    return Err(error.into());
                }
                recorded_ms.push(duration_ms);
            }
        }
    }
    media.shutdown();
    std::fs::remove_dir_all(&folder)?;

    let per_call = 100.0 * cpu / took / calls as f64;
    println!("{calls} bridged recorded calls, {took:.1} s");
    println!("CPU     {:.1} % of a core, {per_call:.3} % a call", 100.0 * cpu / took);
    for (name, seconds) in &threads_after {
        let before = threads_before.iter().find(|(n, _)| n == name);
        let spent = seconds - before.map_or(0.0, |(_, seconds)| *seconds);
        println!("        {:.1} % {name}", 100.0 * spent / took);
    }
    println!("memory  {:.3} MB a call", memory / 1e6 / calls as f64);
    println!(
        "packets {sent} sent, {heard} heard, generator at most {behind_ms} ms behind, \
         {generator_gaps} gaps there"
    );
    println!(
        "lost    {} by sequence in {} gaps, {} dropped by sockets, {} not sent",
        stats.lost, stats.gaps, stats.socket_drops, stats.send_errors
    );
    println!(
        "late    {} frames for recordings, {} ticks, {} ms of recording dropped",
        stats.late_frames, stats.late_ticks, stats.recording_dropped_ms
    );
    println!(
        "files   {} complete, the shortest {} ms",
        recorded_ms.len(),
        recorded_ms.iter().min().unwrap_or(&0)
    );
    // What is encoded anew is a stream of its own: it begins before the talk and ends behind it.
    let relayed = left == CodecKind::Pcma;
    let complete = if relayed { sent == heard } else { heard + 5 * 2 * calls as u64 >= sent };
    let lossless = complete && stats.lost + stats.socket_drops + generator_gaps == 0;
    let target_pct = if relayed { RELAY_TARGET_PCT } else { TRANSCODE_TARGET_PCT };
    let holds = lossless && per_call <= target_pct && memory <= 1e6 * calls as f64;
    println!("target  {}", if holds { "holds" } else { "MISSED" });
    let lost = stats.lost + stats.socket_drops + generator_gaps;
    println!("figures {per_call:.3} {lost} {delay_p99_us}");
    Ok(ExitCode::from(u8::from(!holds)))
}

fn remote(addr: SocketAddr, kind: CodecKind) -> Remote {
    Remote {
        addr,
        // Nobody listens there: the generator wants no reports.
        rtcp: SocketAddr::new(addr.ip(), 9),
        codec: Codec::well_known(kind),
        ptime_ms: 20,
        telephone_event: Some(101),
        voice_in: Codec::well_known(kind).payload_type,
        event_in: Some(101),
        event_clock_hz: 8_000,
        opus: OpusWishes::default(),
        comfort_noise: None,
        direction: Direction::SendRecv,
        mux: false,
        protection: Protection::Plain,
    }
}

/// User and system time of a process or one of its threads.
fn cpu_seconds(of: &str) -> Outcome<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{of}/stat"))?;
    // The name in parentheses may hold spaces.
    let after_name = stat.rsplit(')').next().ok_or("no stat")?;
    let words: Vec<&str> = after_name.split_whitespace().collect();
    let (user, system): (f64, f64) = (words[11].parse()?, words[12].parse()?);
    Ok((user + system) / CLOCK_TICKS_A_SECOND)
}

fn threads_cpu() -> Outcome<Vec<(String, f64)>> {
    let mut threads = Vec::new();
    for entry in std::fs::read_dir("/proc/self/task")? {
        let id = entry?.file_name();
        let id = id.to_string_lossy();
        let name = std::fs::read_to_string(format!("/proc/self/task/{id}/comm"))?;
        threads.push((name.trim().to_owned(), cpu_seconds(&format!("self/task/{id}"))?));
    }
    Ok(threads)
}

/// Memory in use by this process.
fn memory_bytes() -> Outcome<f64> {
    let pages = std::fs::read_to_string("/proc/self/statm")?;
    let resident: f64 = pages.split_whitespace().nth(1).ok_or("no statm")?.parse()?;
    Ok(resident * PAGE_BYTES)
}

/// The last packets arrive within this.
const DELAY_TAIL: Duration = Duration::from_millis(300);
/// One call in so many has its packets timed.
const TIMED_EVERY: usize = 10;
/// Where a timed packet says when it was sent: the first bytes of its sound.
const SENT_AT: std::ops::Range<usize> = 12..SENT_AT_END;
const SENT_AT_END: usize = 20;

/// One end of a call.
struct End {
    socket: UdpSocket,
    /// The packets that it says carry the time; the other end of its call reads it.
    timed: Option<Instant>,
    heard_apart: bool,
    to: SocketAddr,
    /// What it says, again and again: packets with room for the header, whose clock runs so fast.
    words: Arc<Vec<Vec<u8>>>,
    step: u32,
    said: usize,
    sequence: u16,
    timestamp: u32,
    heard: u64,
    last_heard: Option<u16>,
    gaps: u64,
}

/// The other process: all ends of all calls. Says its addresses, is told ours, talks and listens.
fn generate(calls: usize, length: Duration, left: CodecKind) -> Outcome<()> {
    let words = [left, CodecKind::Pcma].map(|kind| words(kind).map(Arc::new));
    // Only what is passed on as it came keeps its time.
    let clock = (left == CodecKind::Pcma).then(Instant::now);
    let mut ends = Vec::new();
    let (stdin, mut stdout) = (io::stdin(), io::stdout());
    for at in 0..calls * 2 {
        let Some(words) = words[at % 2].clone() else {
            return Err("a codec that cannot be spoken".into());
        };
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        writeln!(stdout, "{}", socket.local_addr()?)?;
        stdout.flush()?;
        let mut line = String::new();
        stdin.lock().read_line(&mut line)?;
        let timed = clock.filter(|_| (at / 2) % TIMED_EVERY == 0);
        ends.push(End {
            socket,
            timed,
            heard_apart: false,
            to: line.trim().parse()?,
            words,
            step: [left, CodecKind::Pcma][at % 2].clock_hz() / 50,
            said: at,
            sequence: 0,
            timestamp: 0,
            heard: 0,
            last_heard: None,
            gaps: 0,
        });
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    // Every end says one word first, so that all are latched before anything counts.
    for end in &mut ends {
        end.say()?;
    }
    std::thread::sleep(Duration::from_millis(500));
    for end in &mut ends {
        end.listen();
        (end.heard, end.last_heard, end.gaps) = (0, None, 0);
        // The pause is part of the sound.
        end.timestamp = 25 * end.step;
    }
    let mut listeners = Vec::new();
    for end in &mut ends {
        listeners.extend(end.time_what_it_hears(length + DELAY_TAIL)?);
    }
    let start = Instant::now();
    let steps = (length.as_micros() / PACKET.as_micros()) as usize * STAGGER;
    let mut behind = Duration::ZERO;
    let mut sent = 0;
    for step in 0..steps {
        let due = start + PACKET * step as u32 / STAGGER as u32;
        match due.checked_duration_since(Instant::now()) {
            Some(early) => std::thread::sleep(early),
            None => behind = behind.max(due.elapsed()),
        }
        for end in ends.iter_mut().skip(step % STAGGER).step_by(STAGGER) {
            end.say()?;
            end.listen();
            sent += 1;
        }
    }
    std::thread::sleep(DELAY_TAIL);
    ends.iter_mut().for_each(End::listen);
    let mut delays: Vec<u64> = listeners.into_iter().flat_map(|listener| listener.join()).flatten().collect();
    let heard: u64 = ends.iter().map(|end| end.heard).sum::<u64>() + delays.len() as u64;
    let gaps: u64 = ends.iter().map(|end| end.gaps).sum();
    writeln!(stdout, "{sent} {heard} {gaps} {} {}", behind.as_millis(), p99(&mut delays))?;
    Ok(())
}

/// What all but one in a hundred stay below; 0 when nothing was timed.
fn p99(values: &mut [u64]) -> u64 {
    values.sort_unstable();
    values.get(values.len() * 99 / 100).copied().unwrap_or(0)
}

/// Four seconds of a voice that rises and falls, with pauses, as packets; none for a codec that we
/// cannot speak.
fn words(kind: CodecKind) -> Option<Vec<Vec<u8>>> {
    let mut encoder = Encoder::new(kind, SampleRate::Wide)?;
    let rate_hz = f64::from(encoder.rate().hz());
    let mut phase = 0.0_f64;
    let mut at = 0.0_f64;
    (0..200)
        .map(|_| {
            let frame: Vec<i16> = (0..encoder.rate().frame_samples())
                .map(|_| {
                    at += 1.0 / rate_hz;
                    phase += std::f64::consts::TAU * (130.0 + 30.0 * (at * 5.0).sin()) / rate_hz;
                    let voice: f64 = (1..20).map(|h| (phase * f64::from(h)).sin() / f64::from(h)).sum();
                    (voice * 4_000.0 * (at * 6.0).sin().max(0.02)) as i16
                })
                .collect();
            let mut packet = vec![0; 12 + PACKET_LIMIT_BYTES];
            packet[..2].copy_from_slice(&[0x80, Codec::well_known(kind).payload_type]);
            let bytes = encoder.encode(&frame, &mut packet[12..])?;
            packet.truncate(12 + bytes);
            Some(packet)
        })
        .collect()
}

impl End {
    fn say(&mut self) -> io::Result<()> {
        let mut packet = self.words[self.said % self.words.len()].clone();
        packet[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        packet[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        if let Some(clock) = self.timed {
            packet[SENT_AT].copy_from_slice(&(clock.elapsed().as_nanos() as u64).to_be_bytes());
        }
        self.said += 1;
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(self.step);
        self.socket.send_to(&packet, self.to)?;
        Ok(())
    }

    /// Waits for each packet in a thread of its own, which returns how long each was under way, in
    /// microseconds: looking now and then would time our looking.
    fn time_what_it_hears(&mut self, length: Duration) -> io::Result<Option<JoinHandle<Vec<u64>>>> {
        let Some(clock) = self.timed else { return Ok(None) };
        self.heard_apart = true;
        let socket = self.socket.try_clone()?;
        // The two handles share this.
        socket.set_nonblocking(false)?;
        socket.set_read_timeout(Some(Duration::from_millis(50)))?;
        Ok(Some(std::thread::spawn(move || {
            let (mut bytes, mut delays, begun) = ([0; 1_024], Vec::new(), Instant::now());
            while begun.elapsed() < length {
                let Ok(SENT_AT_END..) = socket.recv(&mut bytes) else { continue };
                let now = clock.elapsed().as_nanos() as u64;
                let sent = u64::from_be_bytes(bytes[SENT_AT].try_into().unwrap_or_default());
                delays.push(now.saturating_sub(sent) / 1_000);
            }
            delays
        })))
    }

    fn listen(&mut self) {
        if self.heard_apart {
            return;
        }
        let mut bytes = [0; 1_024];
        while self.socket.recv(&mut bytes).is_ok() {
            let sequence = u16::from_be_bytes([bytes[2], bytes[3]]);
            if let Some(last) = self.last_heard
                && sequence != last.wrapping_add(1)
            {
                self.gaps += 1;
            }
            self.last_heard = Some(sequence);
            self.heard += 1;
        }
    }
}
