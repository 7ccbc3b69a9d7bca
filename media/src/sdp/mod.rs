//! SDP offers and answers for one audio stream (RFC 8866, RFC 3264).
//!
//! [`Description::parse`] reads what the other end sent; [`LocalSdp`] writes what we say, for one
//! leg from its first offer to its last. The free functions serve the ends of a one-shot exchange.

mod description;
mod error;
mod local;
mod opus;
mod security;
mod side;

use std::net::SocketAddr;

use bytes::Bytes;

pub use description::Description;
pub use error::SdpError;
pub use local::LocalSdp;
pub use opus::OpusWishes;
pub use security::Security;
pub(crate) use side::Side;

use crate::codec::CodecKind;
use crate::remote::{Direction, Remote};

/// The payload type we offer for RFC 4733 events: the one most phones use.
pub const TELEPHONE_EVENT_PAYLOAD_TYPE: u8 = 101;
/// The same on the clock of Opus: the one browsers use.
const WIDE_TELEPHONE_EVENT_PAYLOAD_TYPE: u8 = 110;
/// The packet length we ask for: the G.711 default (RFC 3551 table 4).
pub const PTIME_MS: u8 = 20;

/// A first offer: `codecs` in order of preference (empty means both laws, µ-law first),
/// telephone-event 101 and 20 ms packets. A leg that will re-offer keeps a [`LocalSdp`].
pub fn offer(local: SocketAddr, codecs: &[CodecKind], direction: Direction) -> Bytes {
    LocalSdp::new(local).offer(codecs, direction)
}

/// Reads the body of an offer or an answer.
pub fn parse(body: &[u8]) -> Result<Description, SdpError> {
    Description::parse(body)
}

/// Answers `offer`: `prefer` wins if it was offered, else the offerer's order does. Voice flows as
/// the offer allows and `allowed` permits (as seen from us). A leg that will be re-offered keeps a
/// [`LocalSdp`].
pub fn answer(
    offer: &Description,
    local: SocketAddr,
    prefer: Option<CodecKind>,
    allowed: Direction,
) -> Result<(Bytes, Remote), SdpError> {
    LocalSdp::new(local).answer(offer, prefer, allowed)
}

/// The far end as its answer to a plain offer describes it. A leg that is protected, or that will
/// re-offer, asks its [`LocalSdp`].
pub fn accept(answer: &Description) -> Result<Remote, SdpError> {
    match answer.security() {
        Security::Plain | Security::SdesOptional => answer.remote(&[], Direction::SendRecv),
        Security::Sdes | Security::Dtls | Security::Browser => Err(SdpError::NoKeys),
    }
}
