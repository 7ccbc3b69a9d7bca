//! Pairs of sockets: RTP on an even port, RTCP on the odd one above it (RFC 3550 section 11).

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use socket2::{Domain, Protocol, Socket, Type};

use crate::config::Config;
use crate::error::{MediaError, StartError};

/// Room for a stall of some 300 ms on a socket that gets 50 packets a second, times the kernel's
/// own overhead per packet, with plenty to spare; memory is taken only by what waits.
const RECEIVE_BUFFER_BYTES: usize = 256 * 1024;
/// The same for a few hundred browsers at once.
const SHARED_BUFFER_BYTES: usize = 8 * 1024 * 1024;
/// What the kernel holds for one connection of a browser, each way: enough for a handshake, and not
/// for seconds of voice that nobody wants any more.
const CONNECTION_BUFFER_BYTES: usize = 32 * 1024;
/// Of that, how much may wait to be sent for the first time: 200 ms of G.711. More than this waits
/// with us, where it can be dropped.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNSENT_LIMIT_BYTES: u32 = 2 * 1024;
/// Connections that the kernel has accepted and we have not yet.
const BACKLOG: i32 = 128;
/// Half of all ports are odd, and some neighbours are taken: this many tries fail only on a machine
/// that has no ports left.
const EPHEMERAL_TRIES: usize = 64;

/// Where port pairs come from.
pub(crate) struct Ports {
    bind: IpAddr,
    range: RangeInclusive<u16>,
    /// Pairs handed out so far: the search goes round the range, so that a port rests as long as
    /// possible before another call gets it and with it the last call's late packets.
    next: AtomicU32,
}

/// Two bound, non-blocking sockets.
#[derive(Debug)]
pub(crate) struct SocketPair {
    pub rtp: UdpSocket,
    pub rtcp: UdpSocket,
    pub rtp_port: u16,
    /// Whether they are IPv6 sockets, which see IPv4 peers as mapped addresses.
    pub ipv6: bool,
}

impl Ports {
    /// Fails if nothing can be bound on the address at all.
    pub(crate) fn new(config: &Config) -> Result<Ports, StartError> {
        let bind = config.bind;
        bind_one(bind, 0).map_err(|source| StartError::Bind { addr: bind, source })?;
        Ok(Ports { bind, range: config.ports.clone(), next: AtomicU32::new(0) })
    }

    /// The next free pair.
    pub(crate) fn bind_pair(&self) -> Result<SocketPair, MediaError> {
        let (first, last) = (*self.range.start(), *self.range.end());
        if (first, last) == (0, 0) {
            return self.bind_ephemeral();
        }
        let first_even = u32::from(first).next_multiple_of(2);
        let pairs = (u32::from(last) + 1).saturating_sub(first_even) / 2;
        for _ in 0..pairs {
            let pair = self.next.fetch_add(1, Relaxed) % pairs;
            let Ok(port) = u16::try_from(first_even + pair * 2) else {
                continue;
            };
            match self.bind_at(port) {
                Err(e) if e.kind() == io::ErrorKind::AddrInUse => {}
                bound => return Ok(bound?),
            }
        }
        Err(MediaError::NoPorts { first, last })
    }

    fn bind_ephemeral(&self) -> Result<SocketPair, MediaError> {
        for _ in 0..EPHEMERAL_TRIES {
            let chosen = bind_one(self.bind, 0)?;
            let port = chosen.local_addr()?.port();
            let neighbour = port ^ 1;
            if neighbour == 0 {
                continue;
            }
            let other = match bind_one(self.bind, neighbour) {
                Err(e) if e.kind() == io::ErrorKind::AddrInUse => continue,
                bound => bound?,
            };
            return Ok(if port % 2 == 0 {
                self.pair(chosen, other, port)
            } else {
                self.pair(other, chosen, neighbour)
            });
        }
        Err(MediaError::NoPorts { first: 0, last: 0 })
    }

    fn bind_at(&self, port: u16) -> io::Result<SocketPair> {
        let rtp = bind_one(self.bind, port)?;
        let rtcp = bind_one(self.bind, port | 1)?;
        Ok(self.pair(rtp, rtcp, port))
    }

    fn pair(&self, rtp: UdpSocket, rtcp: UdpSocket, rtp_port: u16) -> SocketPair {
        SocketPair { rtp, rtcp, rtp_port, ipv6: self.bind.is_ipv6() }
    }
}

fn bind_one(ip: IpAddr, port: u16) -> io::Result<UdpSocket> {
    bind_with_buffer(SocketAddr::new(ip, port), RECEIVE_BUFFER_BYTES)
}

/// The port of all browsers.
pub(crate) struct SharedPort {
    pub udp: UdpSocket,
    /// The same number over TCP.
    pub tcp: Option<TcpListener>,
}

impl SharedPort {
    /// With port 0, one that is free over both.
    pub(crate) fn bind(addr: SocketAddr, with_tcp: bool) -> io::Result<SharedPort> {
        let tries = if addr.port() == 0 { EPHEMERAL_TRIES } else { 1 };
        let mut refused = None;
        for _ in 0..tries {
            let udp = bind_with_buffer(addr, SHARED_BUFFER_BYTES)?;
            if !with_tcp {
                return Ok(SharedPort { udp, tcp: None });
            }
            match listen(udp.local_addr()?) {
                Ok(tcp) => return Ok(SharedPort { udp, tcp: Some(tcp) }),
                Err(e) => refused = Some(e),
            }
        }
        Err(refused.unwrap_or(io::ErrorKind::AddrInUse.into()))
    }
}

/// Connections inherit what is set here.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    // Connections of the process before us may still be winding down.
    socket.set_reuse_address(true)?;
    socket.set_recv_buffer_size(CONNECTION_BUFFER_BYTES)?;
    socket.set_send_buffer_size(CONNECTION_BUFFER_BYTES)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_tcp_notsent_lowat(UNSENT_LIMIT_BYTES)?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn bind_with_buffer(addr: SocketAddr, buffer_bytes: usize) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(addr), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    // The kernel caps this at its own limit; a smaller buffer still works.
    if let Err(e) = socket.set_recv_buffer_size(buffer_bytes) {
        tracing::debug!(error = %e, "receive buffer not enlarged");
    }
    socket.bind(&addr.into())?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn ports(range: RangeInclusive<u16>) -> Ports {
        let mut config = Config::on(IpAddr::V4(Ipv4Addr::LOCALHOST));
        config.ports = range;
        config.check().expect("a usable range");
        Ports::new(&config).expect("loopback can be bound")
    }

    #[test]
    fn ephemeral_pairs_are_neighbours_and_even_first() {
        let ports = ports(0..=0);
        for _ in 0..20 {
            let pair = ports.bind_pair().expect("a free pair");
            let rtcp = pair.rtcp.local_addr().expect("bound").port();
            assert_eq!(pair.rtp_port % 2, 0);
            assert_eq!(pair.rtp_port + 1, rtcp);
            assert_eq!(pair.rtp.local_addr().expect("bound").port(), pair.rtp_port);
        }
    }

    #[test]
    fn the_browsers_port_has_one_number_over_both() {
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let both = SharedPort::bind(loopback, true).expect("a port");
        let addr = both.udp.local_addr().expect("bound");
        let tcp = both.tcp.expect("a listener");
        assert_eq!(tcp.local_addr().expect("bound"), addr);
        let taken = SharedPort::bind(addr, true).map(|_| ()).expect_err("taken");
        assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
        drop(both.udp);
        let taken = SharedPort::bind(addr, true).map(|_| ()).expect_err("taken over TCP");
        assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
        assert!(SharedPort::bind(addr, false).expect("free over UDP").tcp.is_none());
    }

    #[test]
    fn a_range_is_used_up_and_freed() {
        // A start that is free now: taken from the system, then given back.
        let start = ports(0..=0).bind_pair().expect("a free pair").rtp_port;
        let ports = ports(start..=start + 1);
        let pair = ports.bind_pair().expect("the only pair");
        assert_eq!(pair.rtp_port, start);
        assert!(matches!(ports.bind_pair(), Err(MediaError::NoPorts { .. })));
        drop(pair);
        assert_eq!(ports.bind_pair().expect("free again").rtp_port, start);
    }

    #[test]
    #[expect(clippy::reversed_empty_ranges, reason = "a configuration may well say 20-10")]
    fn ranges_without_a_pair_are_refused() {
        for range in [1..=2, 0..=9, 11..=12, 20..=10, 65_535..=65_535] {
            let mut config = Config::on(IpAddr::V4(Ipv4Addr::LOCALHOST));
            config.ports = range.clone();
            assert!(matches!(config.check(), Err(StartError::BadPorts { .. })), "{range:?}");
        }
    }
}
