//! A pair of addresses that packets travel between.

use std::net::SocketAddr;

use crate::Transport;

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
        self.transport == Transport::Tcp
    }
}
