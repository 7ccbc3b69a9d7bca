//! Where a request comes from, and whether a browser sent it from another site. Pure but for the
//! extractor.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::HttpState;
use super::problem::Problem;

/// The client's address: the connection's, or what a trusted proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl FromRequestParts<HttpState> for ClientIp {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let ConnectInfo(peer) = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .ok_or_else(|| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"))?;
        Ok(Self(client_ip(peer.ip(), &parts.headers, &state.config.http.trusted_proxies)))
    }
}

/// The right-most address of `X-Forwarded-For` that is no trusted proxy: everything left of it is
/// the client's own claim.
pub fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.to_canonical();
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    let mut known = peer;
    for hop in forwarded.rsplit(',') {
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
        known = hop.to_canonical();
        if !trusted.contains(&known) {
            break;
        }
    }
    known
}

/// Whether the request came from a page of this very site, or from no page at all.
///
/// # Errors
/// `bad_origin`: the browser named another site.
pub fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let bad = || Problem::new(StatusCode::FORBIDDEN, "bad_origin");
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().map_err(|_| bad())?;
        // "null" (a sandboxed page) has no authority and is no match.
        let authority =
            origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).ok_or_else(bad)?;
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).ok_or_else(bad)?;
        if !authority.eq_ignore_ascii_case(host) {
            return Err(bad());
        }
    }
    // Sent by browsers alone, and a page cannot forge it (Fetch Metadata).
    match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        Some(b"cross-site" | b"same-site") => Err(bad()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, axum::http::HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_origin_must_be_this_host() {
        for (pairs, allowed) in [
            (&[("host", "hub:8080")][..], true),
            (&[("host", "hub:8080"), ("origin", "http://hub:8080")], true),
            (&[("host", "HUB"), ("origin", "https://hub")], true),
            (&[("host", "hub:8080"), ("origin", "http://hub:8081")], false),
            (&[("host", "hub"), ("origin", "http://hub.evil.example")], false),
            (&[("host", "hub"), ("origin", "null")], false),
            (&[("origin", "http://hub")], false),
            (&[("host", "hub"), ("sec-fetch-site", "same-origin")], true),
            (&[("host", "hub"), ("sec-fetch-site", "none")], true),
            (&[("host", "hub"), ("sec-fetch-site", "cross-site")], false),
            (&[("host", "hub"), ("sec-fetch-site", "same-site")], false),
        ] {
            assert_eq!(check_origin(&headers(pairs)).is_ok(), allowed, "{pairs:?}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let forwarded = headers(&[("x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.0.0.2")]);
        assert_eq!(client_ip(ip("10.0.0.1"), &forwarded, &[]), ip("10.0.0.1"));
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(client_ip(ip("10.0.0.1"), &forwarded, &trusted), ip("192.0.2.7"));
        assert_eq!(client_ip(ip("::ffff:10.0.0.1"), &forwarded, &trusted), ip("192.0.2.7"));
        assert_eq!(client_ip(ip("10.0.0.1"), &headers(&[]), &trusted), ip("10.0.0.1"));
        let nonsense = headers(&[("x-forwarded-for", "192.0.2.7, unknown")]);
        assert_eq!(client_ip(ip("10.0.0.1"), &nonsense, &trusted), ip("10.0.0.1"));
    }
}
