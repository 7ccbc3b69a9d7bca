//! `/sip`: the websocket through which the console's own phone speaks SIP (RFC 7118).
//!
//! Frames go to signalling as they are, which asks the phone for its digest like any other. Only
//! who has signed in gets this far, and not for longer than the session lasts.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use crm::rights::Right;
use futures_util::{SinkExt, StreamExt};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::{Caller, Door, HttpState, Problem, check_origin};

/// Where the websocket is opened.
pub const PATH: &str = "/sip";
/// RFC 7118 section 4.1.
const SUBPROTOCOL: &str = "sip";
/// An INVITE with a browser's description is some 4 KB.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// A peer that takes no bytes for this long is gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// Keeps proxies from closing a quiet connection, and finds sessions that have ended.
const BEAT: Duration = Duration::from_secs(25);

pub fn routes() -> Router<HttpState> {
    Router::new().route(PATH, get(upgrade))
}

async fn upgrade(
    State(state): State<HttpState>,
    caller: Caller,
    ConnectInfo(source): ConnectInfo<SocketAddr>,
    door: Door,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    match admit(&state, &caller, source, door, &headers) {
        Ok(line) => upgrade
            .protocols([SUBPROTOCOL])
            .max_message_size(MAX_MESSAGE_BYTES)
            .max_frame_size(MAX_MESSAGE_BYTES)
            .on_upgrade(move |socket| async move {
                let user = caller.user.id;
                tracing::info!(%user, "browser phone connected");
                carry(socket, line, state, caller).await;
                tracing::info!(%user, "browser phone disconnected");
            }),
        Err(problem) => problem.into_response(),
    }
}

fn admit(
    state: &HttpState,
    caller: &Caller,
    source: SocketAddr,
    door: Door,
    headers: &HeaderMap,
) -> Result<sip::WebSocketDoor, Problem> {
    check_origin(headers)?;
    caller.require(Right::HandleCalls)?;
    let http = &state.config.http;
    let secure = came_securely(door, http.https, &http.trusted_proxies, source.ip())?;
    state.calls.sip_websocket(sip::WebSocketPeer { source, secure }).map_err(|error| {
        tracing::warn!(%error, "no browser phone can connect");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy")
    })
}

/// Whether the page's words were encrypted on their way, by us or by the proxy that `https` speaks of. One who comes from elsewhere
/// than from this machine or from a trusted proxy has not come by it, whatever is configured.
///
/// # Errors
/// `insecure`: what is said could be read on the way. Plain websockets stay on this machine.
fn came_securely(door: Door, https: bool, proxies: &[IpAddr], peer: IpAddr) -> Result<bool, Problem> {
    if door.is_encrypted() {
        return Ok(true);
    }
    let peer = peer.to_canonical();
    match (https, peer.is_loopback() || proxies.contains(&peer)) {
        (true, true) => Ok(true),
        _ if peer.is_loopback() => Ok(false),
        _ => Err(Problem::new(StatusCode::FORBIDDEN, "insecure")),
    }
}

async fn carry(socket: WebSocket, line: sip::WebSocketDoor, state: HttpState, mut caller: Caller) {
    let sip::WebSocketDoor { into, mut out } = line;
    let (mut sink, mut stream) = socket.split();
    let mut access = state.live.access();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    loop {
        let frame = tokio::select! {
            biased;
            _ = access.changed() => None,
            _ = beat.tick() => None,
            message = out.recv() => match message {
                Some(message) => Some(text(message)),
                None => break,
            },
            heard = stream.next() => {
                let message = match heard {
                    Some(Ok(Message::Text(text))) => Bytes::from(text),
                    Some(Ok(Message::Binary(bytes))) => bytes,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                };
                if into.send(message).await.is_err() {
                    break;
                }
                continue;
            }
        };
        let frame = match frame {
            Some(frame) => frame,
            None => match caller.renewed(&state).await {
                Ok(Some(renewed)) if renewed.may(Right::HandleCalls) => {
                    caller = renewed;
                    Message::Ping(Bytes::new())
                }
                _ => break,
            },
        };
        if !matches!(timeout(SEND_TIMEOUT, sink.send(frame)).await, Ok(Ok(()))) {
            break;
        }
    }
}

/// RFC 7118 section 5: text frames for what is UTF-8, which browsers' stacks expect.
fn text(message: Bytes) -> Message {
    match Utf8Bytes::try_from(message.clone()) {
        Ok(text) => Message::Text(text),
        Err(_) => Message::Binary(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_on_this_machine() {
        let proxy = "10.0.0.2".parse().expect("an address");
        let came = |https, peer: &str| {
            came_securely(Door::Plain, https, &[proxy], peer.parse().expect("an address")).ok()
        };
        let stranger = "10.0.0.9".parse().expect("an address");
        assert_eq!(came_securely(Door::Encrypted, false, &[], stranger).ok(), Some(true));
        assert_eq!(came(false, "127.0.0.1"), Some(false));
        assert_eq!(came(false, "::1"), Some(false));
        assert_eq!(came(false, "10.0.0.2"), None);
        assert_eq!(came(false, "10.0.0.9"), None);
        assert_eq!(came(true, "127.0.0.1"), Some(true));
        assert_eq!(came(true, "10.0.0.2"), Some(true));
        assert_eq!(came(true, "::ffff:10.0.0.2"), Some(true));
        assert_eq!(came(true, "10.0.0.9"), None);
    }
}
