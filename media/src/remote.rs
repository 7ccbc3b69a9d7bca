//! The far end of a leg, as its SDP tells.

use std::net::SocketAddr;

use crate::codec::Codec;
use crate::sdp::OpusWishes;
use crate::secure::ice::IceCredentials;
use crate::secure::identity::Fingerprint;
use crate::secure::keys::MasterKey;

/// Which way voice flows, as seen from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// We speak, they listen.
    SendOnly,
    /// They speak, we listen.
    RecvOnly,
    /// Nobody speaks.
    Inactive,
}

impl Direction {
    /// From the two halves.
    pub fn of(sends: bool, receives: bool) -> Direction {
        match (sends, receives) {
            (true, true) => Direction::SendRecv,
            (true, false) => Direction::SendOnly,
            (false, true) => Direction::RecvOnly,
            (false, false) => Direction::Inactive,
        }
    }

    /// Whether we send.
    pub fn sends(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::SendOnly)
    }

    /// Whether we receive.
    pub fn receives(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::RecvOnly)
    }

    /// The same flow as the other end names it.
    pub fn mirrored(self) -> Direction {
        Direction::of(self.receives(), self.sends())
    }

    /// Only what both allow, both seen from the same end.
    pub fn within(self, allowed: Direction) -> Direction {
        Direction::of(self.sends() && allowed.sends(), self.receives() && allowed.receives())
    }

    /// The SDP attribute (RFC 8866 section 6.7).
    pub fn attribute(self) -> &'static str {
        match self {
            Direction::SendRecv => "sendrecv",
            Direction::SendOnly => "sendonly",
            Direction::RecvOnly => "recvonly",
            Direction::Inactive => "inactive",
        }
    }
}

/// Where the far end wants its voice, and in which shape. Made by [`crate::sdp`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Where it wants RTP. Latching may find a better address.
    pub addr: SocketAddr,
    /// Where it wants RTCP.
    pub rtcp: SocketAddr,
    /// What we send, and what we expect.
    pub codec: Codec,
    /// Packet length the far end prefers, in ms. Kept for the record: relayed packets keep the
    /// length they came with, and prompts go out in 20 ms.
    pub ptime_ms: u8,
    /// Payload type of RFC 4733 events, if the far end takes them.
    pub telephone_event: Option<u8>,
    /// Payload types that the far end sends its voice and its events as: those of our own
    /// description (RFC 3264 section 5.1), where its answer names others for itself.
    pub voice_in: u8,
    pub event_in: Option<u8>,
    /// The clock of those events: that of the codec, or 8000 Hz where the far end names no other.
    pub event_clock_hz: u32,
    /// What it wishes of Opus, where that was agreed.
    pub opus: OpusWishes,
    /// Payload type of RFC 3389 comfort noise, if agreed.
    pub comfort_noise: Option<u8>,
    /// Which way voice flows, as seen from us.
    pub direction: Direction,
    /// RTCP comes and goes on the port of RTP (RFC 5761).
    pub mux: bool,
    /// How packets are protected.
    pub protection: Protection,
}

/// How the packets of a leg are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Not at all.
    Plain,
    /// By keys that signalling carried (RFC 4568).
    Sdes {
        /// Of what we send.
        ours: MasterKey,
        /// Of what they send.
        theirs: MasterKey,
    },
    /// By keys that a handshake gives (RFC 5764).
    Dtls(DtlsKeys),
}

/// What signalling says of a handshake to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DtlsKeys {
    /// SHA-256 of the far end's certificate.
    pub fingerprint: Fingerprint,
    /// We send the first message.
    pub we_begin: bool,
    /// What the far end's checks must know, if it does ICE.
    pub ice: Option<IceCredentials>,
}
