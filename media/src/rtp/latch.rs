//! Symmetric RTP that locks: where a leg's voice really comes from, and who is a stranger.
//!
//! A phone behind a translator signals an address that nobody can reach; its packets show the true
//! one. But whoever sends first must not be able to steal a call, so sources are ranked: the
//! signalled address and port, then another port of that host, then — only where the signalled
//! address cannot be reached from everywhere — anyone. The first packet latches its source for a
//! short window in which a better-ranked source may still take over. After that only the latched
//! source is heard, until signalling names a new address.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// How long a better-ranked source may take over. A phone that is really there sends 50 packets a
/// second, so its own first packet comes well within; longer would help only a latecomer.
const WINDOW: Duration = Duration::from_secs(2);

/// Where one leg's voice comes from.
#[derive(Debug)]
pub(crate) struct Latch {
    signalled: SocketAddr,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nobody heard yet.
    Open,
    /// Heard, but a better source may still come.
    Provisional {
        addr: SocketAddr,
        rank: Rank,
        until: Instant,
    },
    Locked {
        addr: SocketAddr,
    },
}

/// Better is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Not the signalled host, which cannot be reached from everywhere.
    Anyone,
    /// The signalled host, another port.
    Host,
    /// Exactly what was signalled.
    Exact,
}

/// What to do with a packet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// From the source known.
    Accept,
    /// From the source that is known from now on.
    Latched,
    /// From a stranger.
    Refuse,
}

impl Latch {
    pub(crate) fn new(signalled: SocketAddr) -> Latch {
        Latch { signalled, state: State::Open }
    }

    /// Signalling has spoken again. An address that did not change keeps the latch; so does a hold
    /// at no address.
    pub(crate) fn signalled(&mut self, addr: SocketAddr) {
        if addr != self.signalled && !addr.ip().is_unspecified() {
            *self = Latch::new(addr);
        }
    }

    /// Judges the source of a packet that is valid RTP in itself.
    pub(crate) fn judge(&mut self, now: Instant, from: SocketAddr) -> Verdict {
        match self.state {
            State::Locked { addr } if addr == from => Verdict::Accept,
            State::Locked { .. } => Verdict::Refuse,
            State::Provisional { addr, until, .. } if now >= until => {
                self.state = State::Locked { addr };
                self.judge(now, from)
            }
            State::Provisional { addr, .. } if addr == from => Verdict::Accept,
            State::Provisional { rank, until, .. } => match self.rank(from) {
                Some(better) if better > rank => self.latch(from, better, until),
                Some(_) | None => Verdict::Refuse,
            },
            State::Open => match self.rank(from) {
                Some(rank) => self.latch(from, rank, now + WINDOW),
                None => Verdict::Refuse,
            },
        }
    }

    /// Where our voice goes: to the latched source, else where signalling says.
    pub(crate) fn target(&self) -> SocketAddr {
        self.latched().unwrap_or(self.signalled)
    }

    pub(crate) fn latched(&self) -> Option<SocketAddr> {
        match self.state {
            State::Open => None,
            State::Provisional { addr, .. } | State::Locked { addr } => Some(addr),
        }
    }

    fn latch(&mut self, addr: SocketAddr, rank: Rank, until: Instant) -> Verdict {
        self.state = match rank {
            // Nothing is better.
            Rank::Exact => State::Locked { addr },
            Rank::Host | Rank::Anyone => State::Provisional { addr, rank, until },
        };
        Verdict::Latched
    }

    fn rank(&self, from: SocketAddr) -> Option<Rank> {
        if from == self.signalled {
            Some(Rank::Exact)
        } else if from.ip() == self.signalled.ip() {
            Some(Rank::Host)
        } else if may_be_translated(self.signalled.ip()) {
            Some(Rank::Anyone)
        } else {
            None
        }
    }
}

/// Whether a host with this address may show another one to us: private, shared and link-local
/// ranges, and no address at all. Loopback cannot.
fn may_be_translated(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            // RFC 6598: 100.64.0.0/10 is shared behind carriers' translators.
            let shared = first == 100 && (64..128).contains(&second);
            ip.is_private() || ip.is_link_local() || ip.is_unspecified() || shared
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addr(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_signalled_source_locks_at_once() {
        let now = Instant::now();
        let mut latch = Latch::new(addr("203.0.113.5:4000"));
        assert_eq!(latch.target(), addr("203.0.113.5:4000"));
        assert_eq!(latch.judge(now, addr("203.0.113.5:4000")), Verdict::Latched);
        assert_eq!(latch.judge(now, addr("203.0.113.5:4000")), Verdict::Accept);
        assert_eq!(latch.judge(now, addr("203.0.113.5:4002")), Verdict::Refuse);
        assert_eq!(latch.judge(now, addr("198.51.100.9:4000")), Verdict::Refuse);
    }

    #[test]
    fn a_public_address_is_not_left_to_anyone() {
        let now = Instant::now();
        let mut latch = Latch::new(addr("203.0.113.5:4000"));
        assert_eq!(latch.judge(now, addr("198.51.100.9:4000")), Verdict::Refuse);
        // Another port of the same host: its translator or its habit.
        assert_eq!(latch.judge(now, addr("203.0.113.5:62000")), Verdict::Latched);
        assert_eq!(latch.target(), addr("203.0.113.5:62000"));
    }

    #[test]
    fn a_private_address_is_found_behind_its_translator() {
        for private in ["10.1.2.3:4000", "100.64.0.9:4000", "[fd00::1]:4000", "0.0.0.0:4000"] {
            let now = Instant::now();
            let mut latch = Latch::new(addr(private));
            assert_eq!(latch.judge(now, addr("203.0.113.5:62000")), Verdict::Latched);
            assert_eq!(latch.judge(now, addr("198.51.100.9:4000")), Verdict::Refuse);
            assert_eq!(latch.judge(now, addr("203.0.113.5:62000")), Verdict::Accept);
        }
    }

    #[test]
    fn a_better_source_takes_over_within_the_window_only() {
        let now = Instant::now();
        for (delay, verdict) in [(Duration::from_millis(500), Verdict::Latched), (WINDOW, Verdict::Refuse)] {
            let mut latch = Latch::new(addr("10.1.2.3:4000"));
            assert_eq!(latch.judge(now, addr("198.51.100.9:1")), Verdict::Latched);
            assert_eq!(latch.judge(now + delay, addr("10.1.2.3:4000")), verdict);
        }
    }

    #[test]
    fn signalling_opens_the_latch_only_with_news() {
        let now = Instant::now();
        let mut latch = Latch::new(addr("127.0.0.1:4000"));
        assert_eq!(latch.judge(now, addr("127.0.0.1:4000")), Verdict::Latched);
        latch.signalled(addr("127.0.0.1:4000"));
        latch.signalled(addr("0.0.0.0:4000"));
        assert_eq!(latch.judge(now, addr("127.0.0.1:5000")), Verdict::Refuse);
        latch.signalled(addr("127.0.0.1:5000"));
        assert_eq!(latch.target(), addr("127.0.0.1:5000"));
        assert_eq!(latch.judge(now, addr("127.0.0.1:5000")), Verdict::Latched);
        assert_eq!(latch.judge(now, addr("127.0.0.1:4000")), Verdict::Refuse);
    }
}
