//! The embedded console: hashed assets are immutable, every other path is the application's page.

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use super::problem::Problem;

/// In a debug build the files are read from the folder at each request.
#[derive(Embed)]
#[folder = "web-console/dist"]
struct Dist;

/// Vite names everything below `assets/` by its content.
const HASHED: &str = "assets/";

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<title>Centralita</title><h1>The console is not part of this build</h1>\
<p>Build it with <code>npm ci &amp;&amp; npm run build</code> in <code>web-console/</code>, \
then build the program again. The API under <code>/api/v1</code> works.</p></html>";

/// Every GET that no route took.
pub async fn fallback(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::not_found("route").into_response();
    }
    if let Some(file) = Dist::get(path).filter(|_| !path.is_empty()) {
        let caching = if path.starts_with(HASHED) { IMMUTABLE } else { "no-cache" };
        return serve(&file, caching, &headers);
    }
    // A missing asset must not be answered with a page: the browser would run it as a script.
    let last = path.rsplit('/').next().unwrap_or_default();
    if path.starts_with(HASHED) || last.contains('.') {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Dist::get("index.html") {
        Some(page) => serve(&page, "no-cache", &headers),
        None => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], NOT_BUILT)
                .into_response()
        }
    }
}

fn serve(file: &EmbeddedFile, caching: &'static str, request: &HeaderMap) -> Response {
    let tag = etag(file);
    let known = request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().trim_start_matches("W/") == tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, file.metadata.mimetype())], file.data.clone()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn etag(file: &EmbeddedFile) -> String {
    use std::fmt::Write;
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..16] {
        // Writing into a text cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}
