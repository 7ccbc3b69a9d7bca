//! TCP: a stream of messages, framed by Content-Length.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::timeout,
};

use super::{packet::Packet, route::Routes};
use crate::{
    Transport,
    core::Flow,
    wire::{Frame, next_frame, parse},
};

/// Connections that peers may hold at a time, per listener.
const CONNECTIONS_MAX: usize = 2048;

/// Messages that wait for a slow peer; then the connection is closed.
pub(super) const WRITER_QUEUE_MESSAGES: usize = 256;

/// A connection without a byte for so long is closed: twice the usual keep-alive of a phone
/// (RFC 5626 section 4.4.1), and longer than any transaction.
const IDLE: Duration = Duration::from_secs(600);

/// How long a connection may take to be made, and one write to be taken.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much is read at a time.
const READ_BYTES: usize = 8 * 1024;

/// Accepts connections until the core's task is gone.
pub(super) async fn accept(listener: TcpListener, addr: SocketAddr, packets: mpsc::Sender<Packet>) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
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
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let flow = Flow { transport: Transport::Tcp, local: routes.local_for(addr, remote), remote };
        let (writer, queue) = mpsc::channel(WRITER_QUEUE_MESSAGES);
        let packets = packets.clone();
        let connected = Packet::Connected { flow, writer: writer.clone() };
        connections.spawn(async move {
            let _slot = slot;
            if packets.send(connected).await.is_ok() {
                serve(stream, flow, queue, writer, packets).await;
            }
        });
    }
}

/// Connects to a peer and serves the connection.
pub(super) async fn dial(
    flow: Flow,
    queue: mpsc::Receiver<Bytes>,
    writer: mpsc::Sender<Bytes>,
    packets: mpsc::Sender<Packet>,
) {
    match timeout(PATIENCE, TcpStream::connect(flow.remote)).await {
        Ok(Ok(stream)) => serve(stream, flow, queue, writer, packets).await,
        Ok(Err(error)) => {
            tracing::info!(remote = %flow.remote, %error, "TCP connect");
            let _task_gone = packets.send(Packet::Closed { flow, writer }).await;
        }
        Err(_) => {
            tracing::info!(remote = %flow.remote, "TCP connect takes too long");
            let _task_gone = packets.send(Packet::Closed { flow, writer }).await;
        }
    }
}

async fn serve(
    stream: TcpStream,
    flow: Flow,
    queue: mpsc::Receiver<Bytes>,
    writer: mpsc::Sender<Bytes>,
    packets: mpsc::Sender<Packet>,
) {
    let _unsupported = stream.set_nodelay(true);
    let (read_half, write_half) = stream.into_split();
    // Whichever direction ends first ends both.
    let end = tokio::select! {
        end = read(read_half, flow, writer.clone(), packets.clone()) => end,
        end = write(write_half, queue) => end,
    };
    if let Err(error) = end {
        tracing::debug!(remote = %flow.remote, %error, "TCP connection");
    }
    let _task_gone = packets.send(Packet::Closed { flow, writer }).await;
}

async fn read(
    mut stream: tokio::net::tcp::OwnedReadHalf,
    flow: Flow,
    writer: mpsc::Sender<Bytes>,
    packets: mpsc::Sender<Packet>,
) -> io::Result<()> {
    let mut buffer = BytesMut::with_capacity(READ_BYTES);
    loop {
        loop {
            match next_frame(&mut buffer) {
                Frame::Message(bytes) => {
                    let message = Box::new(parse(&bytes));
                    // A full queue stops the reading: TCP slows the peer down.
                    if packets.send(Packet::Message { flow, message }).await.is_err() {
                        return Ok(());
                    }
                }
                Frame::Ping => {
                    let _full = writer.try_send(Bytes::from_static(b"\r\n"));
                }
                Frame::Partial => break,
                Frame::Broken(why) => return Err(io::Error::other(why)),
            }
        }
        buffer.reserve(READ_BYTES);
        let read = timeout(IDLE, stream.read_buf(&mut buffer)).await;
        if read.map_err(|_| io::ErrorKind::TimedOut)?? == 0 {
            return Ok(());
        }
    }
}

async fn write(
    mut stream: tokio::net::tcp::OwnedWriteHalf,
    mut queue: mpsc::Receiver<Bytes>,
) -> io::Result<()> {
    while let Some(bytes) = queue.recv().await {
        let written = timeout(PATIENCE, stream.write_all(&bytes)).await;
        written.map_err(|_| io::ErrorKind::TimedOut)??;
    }
    Ok(())
}
