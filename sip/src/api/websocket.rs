//! The door for websockets, which the program's HTTP server accepts (RFC 7118).

use std::net::SocketAddr;

use bytes::Bytes;
use tokio::sync::mpsc;

/// Who opened a websocket of subprotocol `sip`.
#[derive(Clone, Copy, Debug)]
pub struct WebSocketPeer {
    /// The other end of its connection. It names the flow, so the port must be the real one: a
    /// second websocket from the same address and port closes the first.
    pub source: SocketAddr,
    /// Whether it is inside TLS, which our own or a proxy's may be.
    pub secure: bool,
}

/// A websocket's frames, both ways: one SIP message a frame, text or binary.
///
/// Dropping either end closes the flow, and with it every binding that was made over it.
#[derive(Debug)]
pub struct WebSocketDoor {
    /// Frames from the peer. Waits while the signalling is busy, which slows the peer down.
    pub into: mpsc::Sender<Bytes>,
    /// Frames for the peer. It ends when the signalling gives the flow up: close the websocket
    /// then.
    pub out: mpsc::Receiver<Bytes>,
}
