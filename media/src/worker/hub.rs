//! What a worker's calls share.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::Registry;

use super::wire::SealBuffer;
use crate::net::SocketDrops;
use crate::record::WriterDoor;
use crate::secure::identity::Identity;
use crate::stats::Tally;

/// The turn of a worker: prompts send and recordings are mixed this often.
pub(super) const TICK: Duration = Duration::from_millis(20);
/// The largest datagram read: far above 200 ms of G.711. One that fills it was cut, and is refused.
pub(super) const DATAGRAM_LIMIT_BYTES: usize = 2_048;

/// What a worker's calls share.
pub(super) struct Hub {
    pub registry: Registry,
    pub writer: WriterDoor,
    pub drops: SocketDrops,
    pub tally: Tally,
    /// Lost packets of legs that are gone.
    pub lost_by_gone: u64,
    pub rtp_inactivity: Duration,
    /// The time of this turn: one reading serves all packets of a batch.
    pub now: Instant,
    /// The host's name in reports: random, the same for all streams of this worker (RFC 7022).
    pub cname: [u8; 16],
    /// Who we are in handshakes.
    pub identity: Arc<Identity>,
    /// Where packets are sealed before they go out.
    pub seal: Box<SealBuffer>,
}

/// A socket's name for the poller: its call's place, its leg's, and which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SocketName {
    pub call: usize,
    pub leg: usize,
    pub rtcp: bool,
}

impl SocketName {
    pub(super) fn token(self) -> mio::Token {
        let leg = self.call * super::LEGS_LIMIT + self.leg;
        mio::Token(leg * 2 + usize::from(self.rtcp))
    }

    pub(super) fn of(token: mio::Token) -> SocketName {
        let leg = token.0 / 2;
        SocketName { call: leg / super::LEGS_LIMIT, leg: leg % super::LEGS_LIMIT, rtcp: token.0 % 2 == 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_poller() {
        for call in [0, 1, 77] {
            for leg in 0..super::super::LEGS_LIMIT {
                for rtcp in [false, true] {
                    let name = SocketName { call, leg, rtcp };
                    assert_eq!(SocketName::of(name.token()), name);
                }
            }
        }
    }
}
