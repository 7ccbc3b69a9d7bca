//! UDP: one datagram is one message.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use tokio::{net::UdpSocket, sync::mpsc};

use super::{packet::Packet, route::Routes};
use crate::{
    Transport,
    core::Flow,
    stun,
    wire::{DATAGRAM_MAX_BYTES, parse},
};

/// Shortest datagram that can be a message; keep-alives are below (RFC 5626 section 3.5).
const MESSAGE_MIN_BYTES: usize = 20;

/// Reads datagrams until the core's task is gone. A full queue drops the datagram: its
/// sender repeats it.
pub(super) async fn read(
    socket: Arc<UdpSocket>,
    listener: SocketAddr,
    packets: mpsc::Sender<Packet>,
    dropped: Arc<AtomicU64>,
) {
    let mut buffer = vec![0_u8; DATAGRAM_MAX_BYTES];
    let mut routes = Routes::default();
    while !packets.is_closed() {
        let (length, remote) = match socket.recv_from(&mut buffer).await {
            Ok(received) => received,
            // An ICMP error of an earlier datagram: the next read goes on.
            Err(error) => {
                tracing::debug!(%listener, %error, "UDP receive");
                tokio::task::yield_now().await;
                continue;
            }
        };
        if length < MESSAGE_MIN_BYTES || remote.port() == 0 {
            continue;
        }
        if let Some(answer) = stun::answer(&buffer[..length], remote) {
            // A full socket loses the answer, as a network does; the phone asks again.
            let _lost = socket.try_send_to(&answer, remote);
            continue;
        }
        let flow = Flow { transport: Transport::Udp, local: routes.local_for(listener, remote), remote };
        let message = Box::new(parse(&Bytes::copy_from_slice(&buffer[..length])));
        if packets.try_send(Packet::Message { flow, message }).is_err() {
            dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}
