//! Which of our addresses a far end is told for its sound.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use media::sdp::Security;
use sip::PublicAddr;
use tokio::sync::watch;

/// What it is decided by. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Told {
    public: watch::Receiver<PublicAddr>,
    bind: IpAddr,
    /// What `media` tells by itself.
    usual: IpAddr,
}

impl Told {
    pub fn new(public: watch::Receiver<PublicAddr>, bind: IpAddr, advertised: Option<IpAddr>) -> Self {
        Self { public, bind, usual: advertised.unwrap_or(bind) }
    }

    /// The leg as this peer reaches it. A browser's signalling may come through a proxy, so that
    /// nobody knows where its sound will come from: it is told every address, and tries them.
    pub fn leg(&self, leg: media::Leg, security: Security, peer: IpAddr) -> media::Leg {
        let public = self.public.borrow();
        if security == Security::Browser {
            let ips = public.ips.iter().filter(|ip| carries(self.bind, **ip));
            return ips.fold(leg, |leg, ip| leg.reached_at(*ip));
        }
        match for_peer(&public, self.bind, self.usual, peer.to_canonical()) {
            Choice::Public(ip) => leg.reached_at(ip),
            Choice::Usual => leg,
            Choice::Route => match towards(peer.to_canonical()) {
                Some(ip) => leg.reached_at(ip),
                None => leg,
            },
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Choice {
    /// The NAT's.
    Public(IpAddr),
    /// What `media` tells by itself.
    Usual,
    /// The usual one is of the other family: the one that packets to this peer leave from.
    Route,
}

fn for_peer(public: &PublicAddr, bind: IpAddr, usual: IpAddr, peer: IpAddr) -> Choice {
    if let Some(ip) = public.for_peer(peer).filter(|ip| carries(bind, *ip)) {
        return Choice::Public(ip);
    }
    if usual.is_ipv4() != peer.is_ipv4() && carries(bind, peer) { Choice::Route } else { Choice::Usual }
}

/// Whether sockets bound here speak this family: one on `::` speaks both (RFC 3493 section 3.7).
fn carries(bind: IpAddr, ip: IpAddr) -> bool {
    bind.is_ipv4() == ip.is_ipv4() || bind == IpAddr::V6(Ipv6Addr::UNSPECIFIED)
}

/// The address that packets to `peer` leave from. The kernel looks it up; nothing is sent.
fn towards(peer: IpAddr) -> Option<IpAddr> {
    let any: IpAddr =
        if peer.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    // Any port will do: a datagram socket that is connected has only picked its route.
    socket.connect(SocketAddr::new(peer, 9)).ok()?;
    socket.local_addr().ok().map(|addr| addr.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn behind(ips: &[&str]) -> PublicAddr {
        PublicAddr { ips: ips.iter().map(|text| ip(text)).collect(), ..PublicAddr::default() }
    }

    #[test]
    fn who_is_outside_is_told_the_public_address_and_who_is_inside_is_not() {
        let public = behind(&["203.0.113.1"]);
        let choose = |peer| for_peer(&public, ip("10.0.0.1"), ip("10.0.0.1"), ip(peer));
        assert_eq!(choose("198.51.100.7"), Choice::Public(ip("203.0.113.1")));
        assert_eq!(choose("10.0.0.9"), Choice::Usual);
        assert_eq!(choose("127.0.0.1"), Choice::Usual);
    }

    #[test]
    fn a_socket_is_not_promised_for_a_family_it_does_not_speak() {
        let public = behind(&["2001:db8::1"]);
        assert_eq!(for_peer(&public, ip("10.0.0.1"), ip("10.0.0.1"), ip("2001:db8:9::7")), Choice::Usual);
        let any = ip("::");
        assert_eq!(
            for_peer(&public, any, ip("fd00::1"), ip("2001:db8:9::7")),
            Choice::Public(ip("2001:db8::1"))
        );
    }

    #[test]
    fn the_other_family_is_told_an_address_of_its_own() {
        let none = behind(&[]);
        assert_eq!(for_peer(&none, ip("::"), ip("::1"), ip("127.0.0.1")), Choice::Route);
        assert_eq!(for_peer(&none, ip("::"), ip("::1"), ip("::1")), Choice::Usual);
        assert_eq!(for_peer(&none, ip("0.0.0.0"), ip("10.0.0.1"), ip("fd00::2")), Choice::Usual);
        assert_eq!(towards(ip("127.0.0.1")), Some(ip("127.0.0.1")));
    }
}
