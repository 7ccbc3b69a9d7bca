//! Takes connections, plain and encrypted, and answers on them, with a bound on how many and how long.

mod busy;
mod connection;
mod door;
mod handshake;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

pub use door::Door;

use super::{HttpState, Problem, router};
use crate::ops::Metrics;
use connection::Visit;
use handshake::Handshakes;

/// Connections at the same time; the next one waits in the system's queue.
const MAX_CONNECTIONS: u32 = 4096;
/// The longest that a handler may take to begin its answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long running answers may go on after the stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// Pause after the system refused a connection (no more file descriptors).
const REFUSED_PAUSE: Duration = Duration::from_millis(100);
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// What is listened on.
pub struct Doors {
    pub plain: TcpListener,
    pub encrypted: Option<EncryptedDoor>,
}

/// A listener for HTTPS, and the certificate that is shown there: the newest to each connection.
pub struct EncryptedDoor {
    pub listener: TcpListener,
    pub certificate: watch::Receiver<Arc<ServerConfig>>,
}

/// What all connections share.
#[derive(Clone)]
struct Hall {
    router: Router,
    room: Arc<Semaphore>,
    closing: watch::Receiver<bool>,
}

/// Serves until `shutdown` resolves, then lets running answers finish for a short while.
///
/// # Errors
/// A listener's address cannot be read.
pub async fn serve(
    doors: Doors,
    state: HttpState,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let address = doors.plain.local_addr()?;
    tracing::info!(%address, "console and API are open");
    if let Some(door) = &doors.encrypted {
        let address = door.listener.local_addr()?;
        tracing::info!(%address, "console and API are open over https");
    }
    let (close, closing) = watch::channel(false);
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let hall = Hall { router: router(state.clone()), room: Arc::clone(&room), closing };
    tokio::select! {
        () = shutdown => {}
        () = take(doors.plain, None, &hall) => {}
        () = take_encrypted(doors.encrypted, &hall) => {}
        () = upkeep(&state.metrics) => {}
    }
    state.live.close();
    close.send_replace(true);
    if tokio::time::timeout(DRAIN_TIMEOUT, room.acquire_many(MAX_CONNECTIONS)).await.is_err() {
        tracing::info!("some answers were cut off by the stop");
    }
    Ok(())
}

async fn take_encrypted(door: Option<EncryptedDoor>, hall: &Hall) {
    match door {
        Some(door) => take(door.listener, Some(Handshakes::new(door.certificate)), hall).await,
        None => std::future::pending().await,
    }
}

/// For ever. A handshake is the connection's own affair: nobody else waits for it.
async fn take(listener: TcpListener, handshakes: Option<Handshakes>, hall: &Hall) {
    loop {
        let (stream, peer, seat) = match accept(&listener, &hall.room).await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(REFUSED_PAUSE).await;
                continue;
            }
        };
        let door = if handshakes.is_some() { Door::Encrypted } else { Door::Plain };
        let visit = Visit { router: hall.router.clone(), peer, door, closing: hall.closing.clone() };
        let handshakes = handshakes.clone();
        tokio::spawn(async move {
            if let Err(error) = visit.talk(stream, handshakes).await {
                tracing::debug!(%peer, %error, "a connection ended badly");
            }
            drop(seat);
        });
    }
}

type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> io::Result<Accepted> {
    let seat = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Events are small and must not wait for company.
    stream.set_nodelay(true)?;
    Ok((stream, peer, seat))
}

async fn upkeep(metrics: &Metrics) {
    let mut turn = tokio::time::interval(UPKEEP_EVERY);
    loop {
        turn.tick().await;
        metrics.upkeep();
    }
}

/// No handler holds a client for ever.
pub async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(ANSWER_TIMEOUT, next.run(request)).await.unwrap_or_else(|_| {
        tracing::error!("an answer took too long and was given up");
        Problem::new(StatusCode::GATEWAY_TIMEOUT, "internal").into_response()
    })
}
