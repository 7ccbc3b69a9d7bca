//! What a call costs: N bridged, recorded calls on loopback, both ends speaking 20 ms packets.
//!
//! ```text
//! cargo run --release -p media --example relay_load -- [CALLS] [SECONDS] [LEFT]
//! ```
//!
//! LEFT is what the left end of each call speaks: `pcma` as the right one does (packets are passed
//! on), `opus` or `g722` (all sound is decoded and encoded), or `browser` (Opus by ICE and
//! DTLS-SRTP, decoded and encoded too).
//!
//! The last line is for `make bench` to read: CPU a call in percent, packets lost, and how long the
//! slowest of a hundred packets was under way. Where sound is decoded that is a loud packet's way
//! through jitter buffer and codecs, to the first packet in which it is heard.
//!
//! The load generator runs as a process of its own (this same program), so that its CPU time is
//! not ours. Packets are counted three ways: sent and heard by the generator, by sequence gaps
//! on both sides, and dropped by the sockets.

mod browser;
mod generator;
mod left;
mod machine;
mod order;
mod phone;
mod timing;
mod words;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use media::sdp::{self, OpusWishes};
use media::{Channel, Codec, CodecKind, Config, Direction, Event, Leg, Media, Protection, Remote, Session};

use left::Left;
use machine::{cpu_seconds, memory_bytes, threads_cpu};

/// Calls, unless told otherwise: the target that the house promises.
const DEFAULT_CALLS: usize = 100;
/// Seconds of talk, unless told otherwise.
const DEFAULT_SECONDS: u64 = 20;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// CPU of a call in percent of a core, at most.
const RELAY_TARGET_PCT: f64 = 0.25;
const TRANSCODE_TARGET_PCT: f64 = 0.6;

fn main() -> Outcome<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|word| word.parse::<u64>().ok());
    if arguments.first().is_some_and(|word| word == "generate") {
        let (calls, seconds) = (number(1).unwrap_or(0) as usize, number(2).unwrap_or(0));
        generator::generate(calls, Duration::from_secs(seconds), left(arguments.get(3))?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let calls = number(0).map_or(DEFAULT_CALLS, |calls| calls as usize);
    let seconds = number(1).unwrap_or(DEFAULT_SECONDS);
    measure(calls, seconds, arguments.get(2))
}

fn left(name: Option<&String>) -> Outcome<Left> {
    let name = name.map_or("pcma", String::as_str);
    Left::named(name).ok_or_else(|| format!("{name} is no codec of ours, nor a browser").into())
}

/// The other process, and the lines to it and from it.
struct Generator {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Generator {
    fn start(calls: usize, seconds: u64, name: Option<&String>) -> Outcome<Generator> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["generate", &calls.to_string(), &seconds.to_string()])
            .args(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = child.stdin.take().ok_or("no pipe")?;
        let from = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        Ok(Generator { child, to, from })
    }

    fn hear(&mut self) -> Outcome<String> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    fn say(&mut self, line: &str) -> Outcome<()> {
        Ok(writeln!(self.to, "{line}")?)
    }
}

/// Sets up the calls, lets the generator talk, and prints what it cost.
fn measure(calls: usize, seconds: u64, name: Option<&String>) -> Outcome<ExitCode> {
    let left = left(name)?;
    let folder = std::env::temp_dir().join(format!("media-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let media = Media::start(Config::on(IpAddr::V4(Ipv4Addr::LOCALHOST)))?;
    let memory_before = memory_bytes()?;

    let mut generator = Generator::start(calls, seconds, name)?;
    let mut running = Vec::new();
    for call in 0..calls {
        let (session, events) = media.open()?;
        let one = match left {
            Left::Phone(kind) => phone(&session, Channel::Left, kind, &mut generator)?,
            Left::Browser => browser(&session, &mut generator)?,
        };
        let other = phone(&session, Channel::Right, CodecKind::Pcma, &mut generator)?;
        session.bridge(one.id, other.id);
        session.record(folder.join(format!("{call}.wav")));
        running.push((session, events));
    }
    generator.say("go")?;
    if generator.hear()? != "ready" {
        return Err("the generator's ends did not meet ours".into());
    }
    let cpu_before = cpu_seconds("self")?;
    let threads_before = threads_cpu()?;
    let start = Instant::now();
    generator.say("talk")?;
    let line = generator.hear()?;
    let took = start.elapsed().as_secs_f64();
    let cpu = cpu_seconds("self")? - cpu_before;
    let threads_after = threads_cpu()?;
    let memory = memory_bytes()? - memory_before;
    let told: Vec<u64> = line.split_whitespace().flat_map(str::parse).collect();
    let [sent, heard, generator_gaps, behind_ms, delay_p99_us] = told[..] else {
        return Err(format!("the generator said {line:?}").into());
    };
    generator.child.wait()?;
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
    let relayed = left.is_relayed();
    let complete = if relayed { sent == heard } else { heard + 5 * 2 * calls as u64 >= sent };
    let lossless = complete && stats.lost + stats.socket_drops + generator_gaps == 0;
    let target_pct = if relayed { RELAY_TARGET_PCT } else { TRANSCODE_TARGET_PCT };
    let holds = lossless && per_call <= target_pct && memory <= 1e6 * calls as f64;
    println!("target  {}", if holds { "holds" } else { "MISSED" });
    let lost = stats.lost + stats.socket_drops + generator_gaps;
    println!("figures {per_call:.3} {lost} {delay_p99_us}");
    Ok(ExitCode::from(u8::from(!holds)))
}

/// A leg to one of the generator's plain ends.
fn phone(session: &Session, channel: Channel, kind: CodecKind, generator: &mut Generator) -> Outcome<Leg> {
    let addr = generator.hear()?.parse()?;
    let leg = session.add_leg(channel)?;
    session.connect(leg.id, remote(addr, kind));
    generator.say(&leg.local.to_string())?;
    Ok(leg)
}

/// A leg to one of its browsers, which offers.
fn browser(session: &Session, generator: &mut Generator) -> Outcome<Leg> {
    let offer = BASE64_STANDARD.decode(generator.hear()?)?;
    let offer = sdp::parse(&offer)?;
    let leg = session.add_browser_leg(Channel::Left)?;
    let (answer, remote) = leg.sdp().answer(&offer, Some(CodecKind::Opus), Direction::SendRecv)?;
    session.connect(leg.id, remote);
    generator.say(&BASE64_STANDARD.encode(answer))?;
    Ok(leg)
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
