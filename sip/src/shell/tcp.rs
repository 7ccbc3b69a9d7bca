//! TCP, and TLS inside it: connections of peers and to peers.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::timeout,
};

use super::{
    packet::Packet,
    route::Routes,
    stream::{serve, tell_closed},
    tls::Tls,
};
use crate::{Transport, core::Flow};

/// Connections that peers may hold at a time, per listener.
const CONNECTIONS_MAX: usize = 2048;

/// Messages that wait for a slow peer; then the connection is closed.
pub(super) const WRITER_QUEUE_MESSAGES: usize = 256;

/// How long a connection may take to be made, a handshake, and one write to be taken.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until the core's task is gone.
pub(super) async fn accept(
    listener: TcpListener,
    addr: SocketAddr,
    tls: Option<Tls>,
    packets: mpsc::Sender<Packet>,
) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let transport = if tls.is_some() { Transport::Tls } else { Transport::Tcp };
    let mut routes = Routes::default();
    // They end with this task: a connection outlives neither its listener nor a shutdown.
    let mut connections = JoinSet::new();
    while !packets.is_closed() {
        while connections.try_join_next().is_some() {}
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
            return;
        };
        let (stream, remote) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors: give the others time to end.
                tracing::warn!(%addr, %error, "TCP accept");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let flow = Flow { transport, local: routes.local_for(addr, remote), remote };
        let (tls, packets) = (tls.clone(), packets.clone());
        connections.spawn(async move {
            let _slot = slot;
            take(stream, flow, tls, packets).await;
        });
    }
}

/// A peer's connection, from the first byte to the last.
async fn take(stream: TcpStream, flow: Flow, tls: Option<Tls>, packets: mpsc::Sender<Packet>) {
    let _unsupported = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return introduce(stream, flow, packets).await;
    };
    match tls.accept(stream).await {
        Ok(secured) => introduce(secured, flow, packets).await,
        Err(error) => tracing::debug!(remote = %flow.remote, %error, "TLS handshake of a peer"),
    }
}

async fn introduce<S: AsyncRead + AsyncWrite>(stream: S, flow: Flow, packets: mpsc::Sender<Packet>) {
    let (writer, queue) = mpsc::channel(WRITER_QUEUE_MESSAGES);
    // The table of connections holds the one strong end.
    let ours = writer.downgrade();
    if packets.send(Packet::Connected { flow, writer }).await.is_ok() {
        serve(stream, flow, queue, ours, packets).await;
    }
}

/// Connects to a peer, who must prove its name where there is TLS, and serves the connection.
pub(super) async fn dial(
    flow: Flow,
    tls: Option<(Tls, ServerName<'static>)>,
    queue: mpsc::Receiver<Bytes>,
    writer: mpsc::WeakSender<Bytes>,
    packets: mpsc::Sender<Packet>,
) {
    let stream = match timeout(PATIENCE, TcpStream::connect(flow.remote)).await {
        Ok(connected) => connected,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    };
    let error = match (stream, tls) {
        (Ok(stream), None) => {
            let _unsupported = stream.set_nodelay(true);
            return serve(stream, flow, queue, writer, packets).await;
        }
        (Ok(stream), Some((tls, name))) => {
            let _unsupported = stream.set_nodelay(true);
            match tls.connect(name, stream).await {
                Ok(secured) => return serve(secured, flow, queue, writer, packets).await,
                Err(error) => error,
            }
        }
        (Err(error), _) => error,
    };
    tracing::info!(remote = %flow.remote, transport = flow.transport.token(), %error, "cannot connect");
    tell_closed(flow, &writer, &packets).await;
}
