//! Sockets: their ports, their making, what the kernel dropped from them, and where packets go.

mod drops;
mod ports;
mod way;

pub(crate) use drops::{Closing, SocketDrops};
pub(crate) use ports::{Ports, SharedPort, SocketPair};
pub(crate) use way::{ConnectionId, Way};
