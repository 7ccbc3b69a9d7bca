//! What the sockets hand to the core's task.

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::{
    core::Flow,
    wire::{Message, Refused},
};

/// Something that happened on a socket.
#[derive(Debug)]
pub(super) enum Packet {
    /// A message, or what was wrong with it.
    Message { flow: Flow, message: Box<Result<Message, Refused>> },
    /// A peer connected to us, or opened a websocket.
    Connected { flow: Flow, writer: mpsc::Sender<Bytes> },
    /// A connection ended or could not be made.
    Closed { flow: Flow, writer: mpsc::Sender<Bytes> },
}
