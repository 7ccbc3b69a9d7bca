//! How long what one end says is under way to the other.

use std::io;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::words::{HEADER_BYTES, is_loud};

/// Where a stamped packet says when it was sent: the first bytes of its sound.
const STAMP: std::ops::Range<usize> = HEADER_BYTES..STAMP_END;
const STAMP_END: usize = HEADER_BYTES + 8;

/// How an end's packets are timed.
#[derive(Clone)]
pub enum Timing {
    /// Each carries when it was sent: what is passed on untouched keeps it.
    Stamped { clock: Instant },
    /// Loud ones among silence: their sound comes through, whatever the codecs.
    Clicks { clock: Instant, said_ns: Arc<AtomicU64> },
}

impl Timing {
    pub fn stamped() -> Timing {
        Timing::Stamped { clock: Instant::now() }
    }

    pub fn clicks() -> Timing {
        Timing::Clicks { clock: Instant::now(), said_ns: Arc::default() }
    }

    /// As `packet` is sent, which begins a click or not.
    pub fn mark(&self, packet: &mut [u8], is_click: bool) {
        match self {
            Timing::Stamped { clock } => packet[STAMP].copy_from_slice(&nanos(*clock).to_be_bytes()),
            Timing::Clicks { clock, said_ns } if is_click => said_ns.store(nanos(*clock), Ordering::Relaxed),
            Timing::Clicks { .. } => {}
        }
    }

    /// Nanoseconds that the packet was under way, if it tells.
    fn under_way(&self, packet: &[u8]) -> Option<u64> {
        match self {
            Timing::Stamped { clock } => {
                let stamp = packet.get(STAMP)?.try_into().ok()?;
                Some(nanos(*clock).saturating_sub(u64::from_be_bytes(stamp)))
            }
            Timing::Clicks { clock, said_ns } => {
                let said =
                    is_loud(packet.get(HEADER_BYTES..)?).then(|| said_ns.swap(0, Ordering::Relaxed))?;
                (said > 0).then(|| nanos(*clock).saturating_sub(said))
            }
        }
    }
}

fn nanos(clock: Instant) -> u64 {
    clock.elapsed().as_nanos() as u64
}

/// What one end heard, told by a thread of its own: looking now and then would time our looking.
pub struct Heard {
    pub packets: u64,
    /// Microseconds, of those that tell.
    pub delays: Vec<u64>,
}

/// Hears `socket` for so long.
pub fn listen(socket: &UdpSocket, timing: Timing, length: Duration) -> io::Result<JoinHandle<Heard>> {
    let socket = socket.try_clone()?;
    // The two handles share this.
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(Duration::from_millis(50)))?;
    Ok(std::thread::spawn(move || {
        let (mut bytes, begun) = ([0; 1_024], Instant::now());
        let mut heard = Heard { packets: 0, delays: Vec::new() };
        while begun.elapsed() < length {
            let Ok(size) = socket.recv(&mut bytes) else { continue };
            heard.packets += 1;
            heard.delays.extend(timing.under_way(&bytes[..size]).map(|nanos| nanos / 1_000));
        }
        heard
    }))
}

/// What all but one in a hundred stay below; 0 when nothing was timed.
pub fn p99(values: &mut [u64]) -> u64 {
    values.sort_unstable();
    values.get(values.len() * 99 / 100).copied().unwrap_or(0)
}
