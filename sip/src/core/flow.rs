//! A pair of addresses that packets travel between.

use std::net::SocketAddr;

use crate::{PublicAddr, Transport};

/// A name that nobody can look up (RFC 2606 section 2).
const WEBSOCKET_NAME: &str = "hub.invalid";

/// Where packets come from and answers go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Flow {
    pub transport: Transport,
    /// Our address as the peer reaches it: never unspecified; the port is the listener's.
    pub local: SocketAddr,
    /// The peer's address.
    pub remote: SocketAddr,
}

impl Flow {
    /// Whether the transport repeats lost packets by itself.
    pub fn reliable(&self) -> bool {
        self.transport != Transport::Udp
    }

    /// Whether both go to the same peer the same way.
    pub fn leads_to(&self, other: &Self) -> bool {
        self.transport == other.transport && self.remote == other.remote
    }

    /// How we name ourselves to this peer, in Via and Contact: by our public address to who is
    /// not of our own network. RFC 7118 section 5: over a
    /// websocket everything comes back on the flow, whatever the name.
    pub fn local_name(&self, public: &PublicAddr) -> String {
        if self.transport.is_websocket() {
            return WEBSOCKET_NAME.to_owned();
        }
        match public.for_peer(self.remote.ip()) {
            Some(ip) => {
                let port = public.ports.get(&self.transport).copied().unwrap_or(self.local.port());
                SocketAddr::new(ip, port).to_string()
            }
            None => self.local.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(remote: &str, public: &str) -> String {
        let ips = vec![public.parse().expect("an address")];
        let public = PublicAddr { ips, ports: [(Transport::Tcp, 15_060)].into(), ..PublicAddr::default() };
        let remote: SocketAddr = remote.parse().expect("an address");
        let local = if remote.is_ipv4() { "10.0.0.1:5060" } else { "[fd00::1]:5060" };
        let local = local.parse().expect("an address");
        Flow { transport: Transport::Tcp, local, remote }.local_name(&public)
    }

    #[test]
    fn the_public_address_is_for_who_is_outside() {
        assert_eq!(named("198.51.100.7:5060", "203.0.113.1"), "203.0.113.1:15060");
        assert_eq!(named("[2001:db8::7]:5060", "2001:db8:1::1"), "[2001:db8:1::1]:15060");
        for near in
            ["10.9.9.9:1", "192.168.1.1:1", "172.31.0.1:1", "127.0.0.1:1", "169.254.1.1:1", "100.127.0.1:1"]
        {
            assert_eq!(named(near, "203.0.113.1"), "10.0.0.1:5060", "{near}");
        }
        // A public IPv4 address says nothing about IPv6.
        assert_eq!(named("[2001:db8::7]:5060", "203.0.113.1"), "[fd00::1]:5060");
        assert_eq!(named("[fd00::7]:5060", "2001:db8:1::1"), "[fd00::1]:5060");
    }

    #[test]
    fn a_port_stays_where_nothing_else_is_said() {
        let public =
            PublicAddr { ips: vec!["203.0.113.1".parse().expect("an address")], ..PublicAddr::default() };
        let flow = Flow {
            transport: Transport::Udp,
            local: ([10, 0, 0, 1], 5060).into(),
            remote: ([198, 51, 100, 7], 5060).into(),
        };
        assert_eq!(flow.local_name(&public), "203.0.113.1:5060");
        assert_eq!(flow.local_name(&PublicAddr::default()), "10.0.0.1:5060");
    }
}
