//! Ports for phones and for the hub's media, so that tests run side by side.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::{LazyLock, Mutex};

/// Below the kernel's ephemeral range (32768 up), so that a client socket never sits on one.
const FIRST_PORT: u16 = 12_000;
const LAST_PORT: u16 = 32_000;
/// How many blocks are tried before giving up: all there are.
const BLOCKS_MAX: u16 = (LAST_PORT - FIRST_PORT) / 16;

/// The loopback addresses of this machine; one without IPv6 has the first alone.
static LOOPBACK: LazyLock<Vec<IpAddr>> = LazyLock::new(|| {
    let both = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    both.into_iter().filter(|ip| UdpSocket::bind((*ip, 0)).is_ok()).collect()
});

/// Whether this machine has `::1`.
#[must_use]
pub fn has_ipv6() -> bool {
    LOOPBACK.contains(&IpAddr::V6(Ipv6Addr::LOCALHOST))
}

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
        if (start..=end).all(is_free) {
            return start..=end;
        }
    }
    panic!("no {count} free UDP ports in a row between {FIRST_PORT} and {LAST_PORT}");
}

fn is_free(port: u16) -> bool {
    LOOPBACK.iter().all(|ip| UdpSocket::bind((*ip, port)).is_ok())
}

/// One free port, and the one above it, for signalling: by UDP as by TCP.
#[must_use]
pub fn free_port() -> u16 {
    let takes_streams = |port| LOOPBACK.iter().all(|ip| TcpListener::bind((*ip, port)).is_ok());
    loop {
        let mut block = free_block(2);
        let port = *block.start();
        if block.all(takes_streams) {
            return port;
        }
    }
}
