//! A stream of messages, framed by Content-Length, once it stands.

use std::{io, time::Duration};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::mpsc,
    time::timeout,
};

use super::{packet::Packet, tcp::PATIENCE};
use crate::{
    core::Flow,
    wire::{Frame, next_frame, parse},
};

/// A connection without a byte for so long is closed: twice the usual keep-alive of a phone
/// (RFC 5626 section 4.4.1), and longer than any transaction.
const IDLE: Duration = Duration::from_secs(600);

/// How much is read at a time.
const READ_BYTES: usize = 8 * 1024;

/// Reads and writes until either direction ends, or the table of connections lets go of the
/// other end of `queue`.
pub(super) async fn serve<S: AsyncRead + AsyncWrite>(
    stream: S,
    flow: Flow,
    queue: mpsc::Receiver<Bytes>,
    writer: mpsc::WeakSender<Bytes>,
    packets: mpsc::Sender<Packet>,
) {
    let (read_half, write_half) = tokio::io::split(stream);
    // Whichever direction ends first ends both.
    let end = tokio::select! {
        end = read(read_half, flow, &writer, &packets) => end,
        end = write(write_half, queue) => end,
    };
    if let Err(error) = end {
        tracing::debug!(remote = %flow.remote, transport = flow.transport.token(), %error, "connection");
    }
    tell_closed(flow, &writer, &packets).await;
}

/// Tells the core, unless it has let go of the connection itself.
pub(super) async fn tell_closed(
    flow: Flow,
    writer: &mpsc::WeakSender<Bytes>,
    packets: &mpsc::Sender<Packet>,
) {
    if let Some(writer) = writer.upgrade() {
        let _task_gone = packets.send(Packet::Closed { flow, writer }).await;
    }
}

async fn read(
    mut stream: impl AsyncRead + Unpin,
    flow: Flow,
    writer: &mpsc::WeakSender<Bytes>,
    packets: &mpsc::Sender<Packet>,
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
                    if let Some(writer) = writer.upgrade() {
                        let _full = writer.try_send(Bytes::from_static(b"\r\n"));
                    }
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

async fn write(mut stream: impl AsyncWrite + Unpin, mut queue: mpsc::Receiver<Bytes>) -> io::Result<()> {
    while let Some(bytes) = queue.recv().await {
        let written = timeout(PATIENCE, async {
            stream.write_all(&bytes).await?;
            // TLS keeps what it has not been told to send.
            stream.flush().await
        });
        written.await.map_err(|_| io::ErrorKind::TimedOut)??;
    }
    timeout(PATIENCE, stream.shutdown()).await.map_err(|_| io::ErrorKind::TimedOut)?
}
