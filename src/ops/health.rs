//! `/healthz`: the process answers. `/readyz`: it can take work. `/metrics`: its numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::http::{ClientIp, HttpState, MaybeCaller, Problem};
use crm::words::Role;

/// A database that answers later than this is none.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether this node takes calls; set by the calls supervisor, unset when stopping.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    pub fn set(&self, ready: bool) {
        self.0.store(ready, Ordering::Release);
    }

    #[must_use]
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

pub fn routes() -> Router<HttpState> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(numbers))
}

async fn ready(State(state): State<HttpState>) -> Response {
    if !state.readiness.get() {
        return (StatusCode::SERVICE_UNAVAILABLE, "not taking calls\n").into_response();
    }
    match tokio::time::timeout(PING_TIMEOUT, state.db.ping()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database refuses");
            (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response()
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response()
        }
    }
}

/// For a Prometheus beside the program, or with an administrator's bearer token.
async fn numbers(
    State(state): State<HttpState>,
    ClientIp(ip): ClientIp,
    MaybeCaller(caller): MaybeCaller,
    headers: HeaderMap,
) -> Response {
    // A proxy on this machine would make the whole world loopback.
    let beside = ip.is_loopback() && !headers.contains_key("x-forwarded-for");
    let admin = caller.is_some_and(|caller| caller.user.role == Role::Admin);
    if !beside && !admin {
        return Problem::not_allowed().into_response();
    }
    state.metrics.upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render())
        .into_response()
}
