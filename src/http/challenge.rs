//! What a certificate authority asks before it believes that a name is ours (RFC 8555 section 8.3).

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::HttpState;

/// Asked for in plain words, by the authority's own wish.
pub const FOLDER: &str = "/.well-known/acme-challenge/";

pub fn routes() -> Router<HttpState> {
    Router::new().route(&format!("{FOLDER}{{token}}"), get(answer))
}

async fn answer(State(state): State<HttpState>, Path(token): Path<String>) -> Response {
    match state.challenges.answer(&token) {
        Some(answer) => ([(header::CONTENT_TYPE, "application/octet-stream")], answer).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
