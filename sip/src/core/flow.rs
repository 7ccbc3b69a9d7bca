//! A pair of addresses that packets travel between.

use std::net::SocketAddr;

use crate::Transport;

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

    /// How we name ourselves to this peer, in Via and Contact. RFC 7118 section 5: over a
    /// websocket everything comes back on the flow, whatever the name.
    pub fn local_name(&self) -> String {
        if self.transport.is_websocket() { WEBSOCKET_NAME.to_owned() } else { self.local.to_string() }
    }
}
