//! Sockets, clocks and channels around the core.

mod ask;
mod handle;
mod legs;
mod packet;
mod route;
mod sockets;
mod start;
mod stream;
mod subscriptions;
mod task;
mod tcp;
mod tls;
mod udp;
mod websocket;

pub use handle::{RegistrationHandle, Sip};
pub use start::start;
