//! Where the hub speaks https itself, plain words from elsewhere are sent there.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Door, HttpState, Problem, challenge};

/// The port of https that no address names.
const HTTPS_PORT: u16 = 443;
/// Answered to everybody in plain words: what watches the process knows no certificates.
const PLAIN_PATHS: [&str; 2] = ["/healthz", "/readyz"];

/// Sends on what came in plain words from elsewhere than this machine or a proxy that is trusted.
pub async fn to_https(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let Some(port) = state.https_port else { return next.run(request).await };
    let path = request.uri().path();
    if Door::of(request.extensions()).is_encrypted()
        || is_trusted(peer.ip(), &state.config.http.trusted_proxies)
        || PLAIN_PATHS.contains(&path)
        || path.starts_with(challenge::FOLDER)
    {
        return next.run(request).await;
    }
    // What was to be changed, and whoever signed it, has been readable on the way: said, not hidden
    // by sending it once more.
    let target = request.uri().path_and_query().map_or(path, |target| target.as_str());
    match (request.method(), elsewhere(request.headers(), port, target)) {
        (&(Method::GET | Method::HEAD), Some(location)) => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
        }
        _ => Problem::new(StatusCode::FORBIDDEN, "insecure").into_response(),
    }
}

/// Whose plain words are as good as they were before there was https: this machine's, as nobody
/// listens in between, and a proxy's, which has its own certificate.
fn is_trusted(peer: IpAddr, proxies: &[IpAddr]) -> bool {
    let peer = peer.to_canonical();
    peer.is_loopback() || proxies.contains(&peer)
}

/// The same place over https, by the name that the browser used. `None` without a good name.
fn elsewhere(headers: &HeaderMap, port: u16, target: &str) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?.parse::<Authority>().ok()?;
    let host = host.host();
    Some(if port == HTTPS_PORT {
        format!("https://{host}{target}")
    } else {
        format!("https://{host}:{port}{target}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stays_and_the_port_changes() {
        for (host, port, wanted) in [
            ("hub.example", 443, Some("https://hub.example/a?b")),
            ("hub.example:80", 443, Some("https://hub.example/a?b")),
            ("hub.example:8080", 8443, Some("https://hub.example:8443/a?b")),
            ("[2001:db8::1]:8080", 8443, Some("https://[2001:db8::1]:8443/a?b")),
            ("user@hub.example", 443, Some("https://hub.example/a?b")),
            ("hub example", 443, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().expect("a header's value"));
            assert_eq!(elsewhere(&headers, port, "/a?b").as_deref(), wanted, "{host}");
        }
        assert_eq!(elsewhere(&HeaderMap::new(), 443, "/"), None);
    }
}
