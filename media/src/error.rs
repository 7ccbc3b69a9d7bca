//! What can go wrong at the door of the media room.

use std::io;
use std::net::IpAddr;

/// Why the media room did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No certificate for DTLS could be made.
    #[error("no certificate for DTLS: {0}")]
    Certificate(String),
    /// The other ends could not be told where to send.
    #[error("media bound to {0}: an advertised address is needed")]
    NoAdvertisedAddress(IpAddr),
    /// The range holds no even port followed by an odd one.
    #[error("media ports {first}-{last} hold no pair of an even and an odd port")]
    BadPorts { first: u16, last: u16 },
    /// More workers than make sense.
    #[error("{workers} media workers asked for, at most {limit} are started")]
    TooManyWorkers { workers: usize, limit: usize },
    /// A socket on the bind address could not be had.
    #[error("media cannot bind to {addr}: {source}")]
    Bind { addr: IpAddr, source: io::Error },
    /// The system refused a thread or a poller.
    #[error("media worker could not start: {0}")]
    Worker(#[from] io::Error),
}

/// Why a command was refused.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// `max_sessions` are open.
    #[error("{limit} media sessions are open, no more are allowed")]
    TooManySessions { limit: usize },
    /// A session has as many legs as it may.
    #[error("the session has {limit} legs, no more are allowed")]
    TooManyLegs { limit: usize },
    /// The session has no such leg, or none that could be moved.
    #[error("no such leg in the session")]
    NoSuchLeg,
    /// Every port pair of the range is taken.
    #[error("no free RTP port pair in {first}-{last}")]
    NoPorts { first: u16, last: u16 },
    /// A socket could not be made.
    #[error("RTP socket: {0}")]
    Socket(#[from] io::Error),
    /// Not a DTMF digit, or too many of them.
    #[error("digits must be 1 to {limit} of 0-9, *, #, A-D")]
    BadDigits { limit: usize },
    /// The media room has been shut down.
    #[error("media is shut down")]
    Closed,
}
