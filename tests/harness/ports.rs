//! Ports for phones and for the hub's media, so that tests run side by side.

use std::net::UdpSocket;
use std::ops::RangeInclusive;
use std::sync::Mutex;

/// Below the kernel's ephemeral range (32768 up), so that a client socket never sits on one.
const FIRST_PORT: u16 = 12_000;
const LAST_PORT: u16 = 32_000;
/// How many blocks are tried before giving up: all there are.
const BLOCKS_MAX: u16 = (LAST_PORT - FIRST_PORT) / 16;

static NEXT: Mutex<Option<u16>> = Mutex::new(None);

/// A run of `count` UDP ports that nobody holds now, starting at an even one (RFC 3550 section 11).
///
/// # Panics
/// When every port between [`FIRST_PORT`] and [`LAST_PORT`] was tried.
#[must_use]
pub fn free_block(count: u16) -> RangeInclusive<u16> {
    let mut next = NEXT.lock().expect("no holder of this lock panics");
    for _ in 0..BLOCKS_MAX {
        // Test programs run one after another, but a person may run two: begin at different places.
        let start = next.unwrap_or_else(|| {
            let spread = u16::try_from(std::process::id() % 97).expect("below 97");
            FIRST_PORT + spread * 200
        });
        let wraps = start.checked_add(count).is_none_or(|end| end > LAST_PORT);
        let start = if wraps { FIRST_PORT } else { start };
        let end = start + count - 1;
        *next = Some((end + 2) & !1);
        if (start..=end).all(|port| UdpSocket::bind(("127.0.0.1", port)).is_ok()) {
            return start..=end;
        }
    }
    panic!("no {count} free UDP ports in a row between {FIRST_PORT} and {LAST_PORT}");
}

/// One free port, for signalling.
#[must_use]
pub fn free_port() -> u16 {
    *free_block(2).start()
}
