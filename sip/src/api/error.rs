//! What can go wrong at the facade.

use std::{io, net::SocketAddr};

/// The signalling could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A socket could not be opened.
    #[error("cannot listen on {transport} {addr}: {source}")]
    Listen {
        /// `UDP` or `TCP`.
        transport: &'static str,
        /// The address of the configuration.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// A TLS socket is named, but no certificate.
    #[error("no certificate to listen with for TLS")]
    NoCertificate,
    /// The configuration names no socket.
    #[error("no address to listen on")]
    NoListener,
}

/// A call or a registration could not be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The device has no fresh binding.
    #[error("the device is not registered")]
    NotRegistered,
    /// As many calls as the configuration allows.
    #[error("too many calls at a time")]
    Busy,
    /// The registrar refused, or did not answer.
    #[error("the registrar refused or did not answer")]
    NotGranted,
    /// No listener of that transport and address family.
    #[error("no listener reaches that address")]
    NoRoute,
    /// A user, header or body that cannot be written into a SIP message.
    #[error("the call holds text that SIP cannot carry")]
    Invalid,
    /// The signalling has been shut down.
    #[error("the signalling is shut down")]
    Closed,
}

/// A websocket was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebSocketError {
    /// As many websockets as there may be at a time.
    #[error("too many websockets at a time")]
    Full,
    /// The signalling has been shut down.
    #[error("the signalling is shut down")]
    Closed,
}

/// The leg has ended, or has left its commands unread for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the leg has ended")]
pub struct LegGone;
