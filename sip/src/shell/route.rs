//! Our own address as a peer reaches it.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
};

/// Peers whose way is remembered; then the memory starts anew.
const KNOWN_MAX: usize = 1024;

/// Finds the local address towards a peer when a listener is bound to all addresses.
#[derive(Debug, Default)]
pub(super) struct Routes(HashMap<IpAddr, IpAddr>);

impl Routes {
    /// `listener` with the address that the system would send from. Asks the routing table
    /// through a connected UDP socket, which sends nothing.
    pub fn local_for(&mut self, listener: SocketAddr, peer: SocketAddr) -> SocketAddr {
        if !listener.ip().is_unspecified() {
            return listener;
        }
        if self.0.len() >= KNOWN_MAX {
            self.0.clear();
        }
        let ip = *self.0.entry(peer.ip()).or_insert_with(|| ask(peer).unwrap_or_else(|| loopback(peer)));
        SocketAddr::new(ip, listener.port())
    }
}

fn ask(peer: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr =
        if peer.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(peer).ok()?;
    socket.local_addr().ok().map(|addr| addr.ip())
}

fn loopback(peer: SocketAddr) -> IpAddr {
    if peer.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() }
}
