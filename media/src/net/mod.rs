//! UDP sockets: their ports, their making and what the kernel dropped from them.

mod drops;
mod ports;

pub(crate) use drops::{Closing, SocketDrops};
pub(crate) use ports::{Ports, SocketPair, bind_shared};
