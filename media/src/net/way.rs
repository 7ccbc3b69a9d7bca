//! Between which two ends a packet travels.

use std::net::SocketAddr;

/// A connection on the browsers' port: its number there, which no other ever has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ConnectionId(pub usize);

/// Where a packet comes from or goes to: what RFC 8445 calls a transport address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Way {
    pub addr: SocketAddr,
    /// The connection that leads there; none: UDP.
    pub connection: Option<ConnectionId>,
}

impl From<SocketAddr> for Way {
    /// Over UDP.
    fn from(addr: SocketAddr) -> Way {
        Way { addr, connection: None }
    }
}
