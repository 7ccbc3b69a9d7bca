//! One connection, from its handshake to its end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower::ServiceExt;

use super::busy::{Answering, Busy};
use super::door::Door;
use super::handshake::{Handshakes, is_http2};

/// A client that has not sent its headers by then is not worth a connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// A connection on which nothing is asked for this long is taken leave of.
const IDLE_TIMEOUT: Duration = Duration::from_secs(75);
/// Who does not take leave either, by then, is cut off.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(5);
/// A peer of HTTP/2 is asked this often whether it is still there, and has as long to say so.
const PING_EVERY: Duration = Duration::from_secs(25);
/// Requests at a time on one connection of HTTP/2: a page asks for some twenty.
const STREAMS_MAX: u32 = 128;
/// What a request's headers may take, as HTTP/2 counts them (RFC 9113 section 6.5.2).
const HEADERS_MAX_BYTES: u32 = 16 * 1024;

/// Who came by which door.
pub struct Visit {
    pub router: Router,
    pub peer: SocketAddr,
    pub door: Door,
    pub closing: watch::Receiver<bool>,
}

impl Visit {
    /// Answers until the peer leaves, is silent for too long, or the hub closes.
    ///
    /// # Errors
    /// The handshake fails, or the peer speaks no HTTP.
    pub async fn talk(mut self, stream: TcpStream, handshakes: Option<Handshakes>) -> io::Result<()> {
        let Some(handshakes) = handshakes else { return self.http1(stream).await };
        let encrypted = tokio::select! {
            encrypted = handshakes.with(stream) => encrypted?,
            () = closed(&mut self.closing) => return Ok(()),
        };
        if is_http2(&encrypted) { self.http2(encrypted).await } else { self.http1(encrypted).await }
    }

    async fn http1<S>(self, stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let busy = Busy::new();
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service(self.router, self.peer, self.door, busy.clone()))
            .with_upgrades();
        tend(connection, |connection| connection.graceful_shutdown(), &busy, self.closing).await
    }

    async fn http2<S>(self, stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let busy = Busy::new();
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(PING_EVERY)
            .max_concurrent_streams(STREAMS_MAX)
            .max_header_list_size(HEADERS_MAX_BYTES)
            .serve_connection(TokioIo::new(stream), service(self.router, self.peer, self.door, busy.clone()));
        tend(connection, |connection| connection.graceful_shutdown(), &busy, self.closing).await
    }
}

fn service(
    router: Router,
    peer: SocketAddr,
    door: Door,
    busy: Busy,
) -> impl Service<
    Request<Incoming>,
    Response = Response<Answering>,
    Error = Infallible,
    Future = impl Future<Output = Result<Response<Answering>, Infallible>> + Send + 'static,
> {
    service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        name_the_host(&mut request);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(door);
        let (router, work) = (router.clone(), busy.begin());
        async move {
            let answer = router.oneshot(request).await.into_response();
            Ok(answer.map(|body| work.until_sent(body)))
        }
    })
}

/// HTTP/2 says the host in `:authority`, HTTP/1.1 may say it in the target: there it goes before the
/// header (RFC 9113 section 8.3.1, RFC 9112 section 3.2.2), which is where we look for it.
fn name_the_host<B>(request: &mut Request<B>) {
    let authority = request.uri().authority().map(|authority| HeaderValue::from_str(authority.as_str()));
    if let Some(Ok(authority)) = authority {
        request.headers_mut().insert(header::HOST, authority);
    }
}

async fn tend<C>(
    connection: C,
    take_leave: fn(Pin<&mut C>),
    busy: &Busy,
    mut closing: watch::Receiver<bool>,
) -> io::Result<()>
where
    C: Future<Output = hyper::Result<()>>,
{
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended.map_err(io::Error::other),
        () = closed(&mut closing) => {}
        () = busy.idle(IDLE_TIMEOUT) => {}
    }
    take_leave(connection.as_mut());
    tokio::select! {
        ended = connection.as_mut() => ended.map_err(io::Error::other),
        () = busy.idle(LEAVE_TIMEOUT) => Ok(()),
    }
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    // An error means that the server itself is gone, which is closed enough.
    let _ = closing.wait_for(|closing| *closing).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_the_target_goes_before_the_header() {
        let host = |uri: &str, host: &str| {
            let request = Request::builder().uri(uri).header(header::HOST, host);
            let mut request = request.body(()).expect("a request");
            name_the_host(&mut request);
            request.headers()[header::HOST].to_str().expect("text").to_owned()
        };
        assert_eq!(host("/api/v1/hub", "hub.example"), "hub.example");
        assert_eq!(host("https://hub.example:8443/api/v1/hub", "other.example"), "hub.example:8443");
    }
}
