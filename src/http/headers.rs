//! The headers that every answer carries.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::Door;

/// Nothing from elsewhere, no inline script; Mantine writes styles inline.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; \
base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// For a year the browser comes by https alone (RFC 6797 section 6.1). Said over https only, and not
/// believed where the certificate is not (sections 7.2 and 8.1). Subdomains are not ours.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=31536000";

/// Adds what the handler has not set itself.
pub async fn secure(request: Request, next: Next) -> Response {
    let encrypted = Door::of(request.extensions()).is_encrypted();
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "microphone=(self), camera=(), geolocation=(), payment=()",
    );
    if encrypted {
        set(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY);
    }
    if api {
        // Personal data: no cache on the way keeps it.
        set(header::CACHE_CONTROL, "no-store");
    }
    response
}
