//! Our own address before a NAT, and who is told it.

use std::{collections::BTreeMap, net::IpAddr};

use super::{config::Transport, network::Network};

/// Who is reached without a NAT between, unless it is said otherwise: loopback, private (RFC 1918,
/// RFC 4193), link-local (RFC 3927, RFC 4291) and a carrier's shared space (RFC 6598).
pub const LOCAL_NETS: [&str; 9] = [
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

/// Our addresses before a NAT (configured, or found by `stun::discover`): what we call ourselves
/// to peers that are on none of our own networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddr {
    /// The addresses, at most one of each family; empty where there is no NAT.
    pub ips: Vec<IpAddr>,
    /// The port that the NAT forwards, where it is not the listener's.
    pub ports: BTreeMap<Transport, u16>,
    /// Who sees our private address.
    pub local_nets: Vec<Network>,
}

impl PublicAddr {
    /// The public address that this peer is told; `None` where it is told the one it reaches.
    #[must_use]
    pub fn for_peer(&self, peer: IpAddr) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if self.local_nets.iter().any(|net| net.contains(peer)) {
            return None;
        }
        self.ips.iter().copied().find(|ip| ip.is_ipv4() == peer.is_ipv4())
    }
}

impl Default for PublicAddr {
    /// No address, and the usual networks.
    fn default() -> Self {
        let local_nets = LOCAL_NETS.iter().filter_map(|net| net.parse().ok()).collect();
        Self { ips: Vec::new(), ports: BTreeMap::new(), local_nets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn every_network_of_the_default_is_one() {
        assert_eq!(PublicAddr::default().local_nets.len(), LOCAL_NETS.len());
    }

    #[test]
    fn who_is_outside_is_told_the_address_of_its_family() {
        let public = PublicAddr { ips: vec![ip("203.0.113.1"), ip("2001:db8::1")], ..PublicAddr::default() };
        assert_eq!(public.for_peer(ip("198.51.100.7")), Some(ip("203.0.113.1")));
        assert_eq!(public.for_peer(ip("::ffff:198.51.100.7")), Some(ip("203.0.113.1")));
        assert_eq!(public.for_peer(ip("2001:db8:9::7")), Some(ip("2001:db8::1")));
        for near in
            ["10.9.9.9", "172.31.0.1", "::ffff:192.168.1.1", "::1", "fd00::7", "fe80::1", "100.127.0.1"]
        {
            assert_eq!(public.for_peer(ip(near)), None, "{near}");
        }
        let only_v4 = PublicAddr { ips: vec![ip("203.0.113.1")], ..PublicAddr::default() };
        assert_eq!(only_v4.for_peer(ip("2001:db8:9::7")), None);
    }

    #[test]
    fn other_networks_may_be_ours() {
        let local_nets = vec!["198.51.100.0/24".parse().expect("a network")];
        let public = PublicAddr { ips: vec![ip("203.0.113.1")], local_nets, ..PublicAddr::default() };
        assert_eq!(public.for_peer(ip("198.51.100.7")), None);
        assert_eq!(public.for_peer(ip("10.0.0.7")), Some(ip("203.0.113.1")));
    }
}
