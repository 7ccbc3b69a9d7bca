//! Takes connections and answers on them, with a bound on how many and how long.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::{HttpState, Problem, router};

/// Connections at the same time, websockets included; the next one waits in the system's queue.
const MAX_CONNECTIONS: usize = 4096;
/// A client that has not sent its headers by then is not worth a connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest that a handler may take to begin its answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long running answers may go on after the stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// Pause after the system refused a connection (no more file descriptors).
const REFUSED_PAUSE: Duration = Duration::from_millis(100);
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Serves until `shutdown` resolves, then lets running answers finish for a short while.
///
/// # Errors
/// The listener's address cannot be read.
pub async fn serve(
    listener: TcpListener,
    state: HttpState,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    tracing::info!(%address, "console and API are open");
    let router = router(state.clone());
    let connections = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut shutdown = pin!(shutdown);
    let mut upkeep = tokio::time::interval(UPKEEP_EVERY);
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            _ = upkeep.tick() => { state.metrics.upkeep(); continue }
            accepted = accept(&listener, &room) => accepted,
        };
        let (stream, peer, seat) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(REFUSED_PAUSE).await;
                continue;
            }
        };
        let router = router.clone();
        let service = hyper::service::service_fn(move |request: hyper::Request<_>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = router.clone();
            async move { Ok::<_, Infallible>(router.oneshot(request).await.into_response()) }
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
            drop(seat);
        });
    }
    drop(listener);
    state.live.close();
    if tokio::time::timeout(DRAIN_TIMEOUT, connections.shutdown()).await.is_err() {
        tracing::info!("some answers were cut off by the stop");
    }
    Ok(())
}

type Accepted = (tokio::net::TcpStream, std::net::SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> io::Result<Accepted> {
    let seat = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Events are small and must not wait for company.
    stream.set_nodelay(true)?;
    Ok((stream, peer, seat))
}

/// No handler holds a client for ever.
pub async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(ANSWER_TIMEOUT, next.run(request)).await.unwrap_or_else(|_| {
        tracing::error!("an answer took too long and was given up");
        Problem::new(StatusCode::GATEWAY_TIMEOUT, "internal").into_response()
    })
}
