//! The messages of calls, for ladder diagrams and captures.

use std::{fmt::Debug, net::SocketAddr};

use bytes::Bytes;

use super::config::Transport;

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To us.
    In,
    /// From us.
    Out,
}

/// One message of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// Call-ID header; what [`crate::Leg`] and [`crate::Incoming`] carry as `sip_call_id`.
    pub sip_call_id: String,
    /// When, microseconds since 1970 UTC.
    pub at_unix_us: i64,
    /// Which way.
    pub direction: Direction,
    /// Our address.
    pub local: SocketAddr,
    /// The peer's.
    pub remote: SocketAddr,
    /// How it travelled.
    pub transport: Transport,
    /// The message as on the wire, save that the values of Authorization and Proxy-Authorization
    /// are gone. What came is not trusted.
    pub bytes: Bytes,
}

/// Sees each message that belongs to a leg, copies included, from its INVITE to 64*T1 after its
/// end. An INVITE that was challenged belongs to none yet.
///
/// Called by the task that owns the signalling: it must return at once, and bound what it keeps.
pub trait Observer: Debug + Send + Sync + 'static {
    /// A message was received, or handed to the transport.
    fn message(&self, message: Observed);
}
