//! Websockets (RFC 7118): a frame is a message. The HTTP server that accepts them is the
//! program's; here is the door between its frames and the core.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::packet::Packet;
use crate::{Transport, WebSocketDoor, WebSocketError, WebSocketPeer, core::Flow, wire::parse};

/// Websockets at a time: a browser has one, and the program holds no more browsers.
const WEBSOCKETS_MAX: usize = 2048;

/// Frames of one browser that wait for the core; then its socket is not read.
const FRAMES_WAITING: usize = 32;

/// The flow of a websocket. Our own address plays no part in it.
pub(super) fn flow(transport: Transport, remote: SocketAddr) -> Flow {
    let any: IpAddr =
        if remote.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    Flow { transport, local: SocketAddr::new(any, 0), remote }
}

/// Where websockets come in. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Doors {
    packets: mpsc::Sender<Packet>,
    slots: Arc<Semaphore>,
}

impl Doors {
    pub fn new(packets: mpsc::Sender<Packet>) -> Self {
        Self { packets, slots: Arc::new(Semaphore::new(WEBSOCKETS_MAX)) }
    }

    pub fn open(&self, peer: WebSocketPeer) -> Result<WebSocketDoor, WebSocketError> {
        if self.packets.is_closed() {
            return Err(WebSocketError::Closed);
        }
        let slot = Arc::clone(&self.slots).try_acquire_owned().map_err(|_| WebSocketError::Full)?;
        let transport = if peer.secure { Transport::Wss } else { Transport::Ws };
        let flow = flow(transport, peer.source);
        let (into, frames) = mpsc::channel(FRAMES_WAITING);
        let (writer, out) = mpsc::channel(super::tcp::WRITER_QUEUE_MESSAGES);
        tokio::spawn(serve(flow, frames, writer, self.packets.clone(), slot));
        Ok(WebSocketDoor { into, out })
    }
}

/// Hands frames over until either end of the door is dropped.
async fn serve(
    flow: Flow,
    mut frames: mpsc::Receiver<Bytes>,
    writer: mpsc::Sender<Bytes>,
    packets: mpsc::Sender<Packet>,
    _slot: OwnedSemaphorePermit,
) {
    // The table of connections holds the one strong end: when the core lets go of the flow, the
    // program sees the end of `out`.
    let ours = writer.downgrade();
    if packets.send(Packet::Connected { flow, writer }).await.is_err() {
        return;
    }
    while let Some(frame) = next(&mut frames, &packets).await {
        let Some(writer) = ours.upgrade() else {
            return;
        };
        if frame.as_ref() == b"\r\n\r\n" {
            // RFC 5626 section 4.4.1, over websockets by RFC 7118 section 6.
            let _full = writer.try_send(Bytes::from_static(b"\r\n"));
            continue;
        }
        drop(writer);
        if frame.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let message = Box::new(parse(&frame));
        if packets.send(Packet::Message { flow, message }).await.is_err() {
            return;
        }
    }
    if let Some(writer) = ours.upgrade() {
        let _task_gone = packets.send(Packet::Closed { flow, writer }).await;
    }
}

/// The next frame; `None` when the program or the core has gone.
async fn next(frames: &mut mpsc::Receiver<Bytes>, packets: &mpsc::Sender<Packet>) -> Option<Bytes> {
    tokio::select! {
        frame = frames.recv() => frame,
        () = packets.closed() => None,
    }
}
