//! The other process: all ends of all calls.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use media::CodecKind;

use crate::browser::Browser;
use crate::left::Left;
use crate::order::Order;
use crate::phone::Phone;
use crate::timing::{Heard, Timing, p99};
use crate::{Outcome, words};

/// The length of a packet.
const PACKET: Duration = Duration::from_millis(20);
/// Packets are spread over this many instants of the 20 ms, as real calls are.
const STAGGER: usize = 20;
/// The last packets arrive within this.
const DELAY_TAIL: Duration = Duration::from_millis(600);
/// Packets that are not said between the first word and the talk.
const PAUSE: u32 = 25;
/// One call in so many has its packets timed.
const TIMED_EVERY: usize = 10;

/// One end of a call.
enum End {
    Phone(Phone),
    Browser(Box<Browser>),
}

impl End {
    fn say(&mut self) -> Outcome<()> {
        match self {
            End::Phone(phone) => Ok(phone.say()?),
            End::Browser(browser) => browser.say(),
        }
    }

    fn listen(&mut self) -> Outcome<()> {
        match self {
            End::Phone(phone) => phone.listen(),
            End::Browser(browser) => browser.live()?,
        }
        Ok(())
    }

    fn pause(&mut self, packets: u32) {
        match self {
            End::Phone(phone) => phone.pause(packets),
            End::Browser(browser) => browser.pause(packets),
        }
    }

    fn order(&mut self) -> &mut Order {
        match self {
            End::Phone(phone) => &mut phone.order,
            End::Browser(browser) => &mut browser.order,
        }
    }

    fn is_timed(&mut self, timing: Timing) {
        match self {
            End::Phone(phone) => phone.is_timed(timing),
            End::Browser(browser) => browser.is_timed(timing),
        }
    }
}

/// Says its ends' addresses or offers, is told ours, talks and listens.
pub fn generate(calls: usize, length: Duration, left: Left) -> Outcome<()> {
    let mut ends = meet(calls, left)?;
    hear_line()?;
    for end in &mut ends {
        if let End::Browser(browser) = end {
            browser.connect()?;
        }
    }
    // Every end says one word first, so that all are latched before anything counts.
    for end in &mut ends {
        end.say()?;
    }
    std::thread::sleep(PACKET * PAUSE);
    for end in &mut ends {
        end.listen()?;
        *end.order() = Order::default();
        // The pause is part of the sound.
        end.pause(PAUSE);
    }
    say_line("ready")?;
    hear_line()?;
    let listeners = time(&mut ends, left, length)?;
    let (sent, behind) = talk(&mut ends, length)?;
    let (mut heard, mut delays) = (0, Vec::new());
    for listener in listeners {
        let by_thread = listener.join().map_err(|_| "a listener ended early")?;
        heard += by_thread.packets;
        delays.extend(by_thread.delays);
    }
    heard += ends.iter_mut().map(|end| end.order().packets).sum::<u64>();
    let gaps: u64 = ends.iter_mut().map(|end| end.order().gaps).sum();
    say_line(&format!("{sent} {heard} {gaps} {} {}", behind.as_millis(), p99(&mut delays)))
}

fn meet(calls: usize, left: Left) -> Outcome<Vec<End>> {
    const UNSPOKEN: &str = "a codec that cannot be spoken";
    let (kind, right) = (left.codec(), CodecKind::Pcma);
    let voices = [kind, right].map(|kind| words::voice(kind).map(Arc::new));
    let [Some(voice), Some(answer)] = voices else { return Err(UNSPOKEN.into()) };
    let clicks = Arc::new(words::clicks(kind).ok_or(UNSPOKEN)?);
    let mut ends = Vec::new();
    for call in 0..calls {
        // What is passed on as it came keeps its stamp; what is not is timed by clicks.
        let clicks = clicks_of(call, left).then(|| Arc::clone(&clicks));
        let said = clicks.unwrap_or_else(|| Arc::clone(&voice));
        ends.push(match left {
            Left::Browser => End::Browser(Box::new(Browser::new(said, call * 2, ask)?)),
            Left::Phone(kind) => End::Phone(Phone::new(kind, said, call * 2, ask)?),
        });
        ends.push(End::Phone(Phone::new(right, Arc::clone(&answer), call * 2 + 1, ask)?));
    }
    Ok(ends)
}

fn clicks_of(call: usize, left: Left) -> bool {
    call.is_multiple_of(TIMED_EVERY) && !left.is_relayed()
}

/// Has one call in ten timed, what its left end says as its right end hears it, if possible both ways.
fn time(ends: &mut [End], left: Left, length: Duration) -> Outcome<Vec<JoinHandle<Heard>>> {
    let mut listeners = Vec::new();
    for call in ends.chunks_exact_mut(2).step_by(TIMED_EVERY) {
        let [one, other] = call else { continue };
        let timing = if left.is_relayed() { Timing::stamped() } else { Timing::clicks() };
        one.is_timed(timing.clone());
        if let End::Phone(phone) = other {
            listeners.push(phone.time(timing.clone(), length + DELAY_TAIL)?);
        }
        if let (true, End::Phone(phone)) = (left.is_relayed(), one) {
            other.is_timed(timing.clone());
            listeners.push(phone.time(timing, length + DELAY_TAIL)?);
        }
    }
    Ok(listeners)
}

/// How many packets were sent, and by how much the generator was behind its own clock at most.
fn talk(ends: &mut [End], length: Duration) -> Outcome<(u64, Duration)> {
    let start = Instant::now();
    let steps = (length.as_micros() / PACKET.as_micros()) as usize * STAGGER;
    let (mut behind, mut sent) = (Duration::ZERO, 0);
    for step in 0..steps {
        let due = start + PACKET * step as u32 / STAGGER as u32;
        match due.checked_duration_since(Instant::now()) {
            Some(early) => std::thread::sleep(early),
            None => behind = behind.max(due.elapsed()),
        }
        for end in ends.iter_mut().skip(step % STAGGER).step_by(STAGGER) {
            end.say()?;
            end.listen()?;
            sent += 1;
        }
    }
    let over = Instant::now() + DELAY_TAIL;
    while Instant::now() < over {
        std::thread::sleep(PACKET);
        ends.iter_mut().try_for_each(End::listen)?;
    }
    Ok((sent, behind))
}

/// Says where an end is, and is told whom it speaks to.
fn ask(words: &str) -> Outcome<String> {
    say_line(words)?;
    hear_line()
}

fn say_line(line: &str) -> Outcome<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

fn hear_line() -> Outcome<String> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
