//! The HTTP API and the console. The router is a table of contents: each module brings its own
//! routes, and what they document becomes the OpenAPI document.

mod agent;
mod audit;
mod auth;
mod body;
mod calls;
mod challenge;
mod client;
mod companies;
mod console;
mod contacts;
mod cookie;
mod demo;
mod document;
mod during;
mod headers;
mod holds;
mod hub;
mod leads;
mod listening;
mod lookups;
mod me;
mod page;
mod phones;
mod problem;
mod queues;
mod range;
mod recorder;
mod recordings;
mod redirect;
mod relays;
mod routes;
mod search;
mod serve;
mod session;
mod softphone;
mod state;
mod stream;
mod team;
#[cfg(test)]
pub(crate) mod tests;
mod throttle;
mod tickets;
mod traces;
mod users;

pub use audit::Entry;
pub use auth::{Caller, MaybeCaller};
pub use client::{ClientIp, check_origin};
pub use problem::{Answer, Problem};
pub use serve::{Door, Doors, EncryptedDoor, serve};
pub use state::{HttpParts, HttpState};

use axum::extract::DefaultBodyLimit;
use axum::{Json, Router, middleware};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{live, ops};

/// Everything under `/api/v1`.
fn api() -> OpenApiRouter<HttpState> {
    OpenApiRouter::with_openapi(document::Base::openapi()).nest(
        "/api/v1",
        OpenApiRouter::new()
            .merge(session::routes())
            .merge(me::routes())
            .merge(hub::routes())
            .merge(agent::routes())
            .merge(calls::routes())
            .merge(during::routes())
            .merge(recorder::routes())
            .merge(team::routes())
            .merge(recordings::routes())
            .merge(holds::routes())
            .merge(traces::routes())
            .merge(contacts::routes())
            .merge(companies::routes())
            .merge(leads::routes())
            .merge(tickets::routes())
            .merge(search::routes())
            .merge(lookups::routes())
            .merge(queues::routes())
            .merge(users::routes())
            .merge(phones::routes())
            .merge(routes::routes())
            .merge(audit::routes())
            .merge(demo::routes()),
    )
}

/// The whole site.
pub fn router(state: HttpState) -> Router {
    let (api, document) = api().split_for_parts();
    let text = CompressionLayer::new().compress_when(
        SizeAbove::new(1024).and(NotForContentType::const_new("audio/")).and(NotForContentType::IMAGES),
    );
    Router::new()
        .merge(api)
        .route("/api/openapi.json", axum::routing::get(async || Json(document)))
        .merge(live::routes())
        .merge(softphone::routes())
        .merge(ops::routes())
        .merge(challenge::routes())
        .fallback(console::fallback)
        .layer(DefaultBodyLimit::max(state.config.http.max_body_bytes))
        .layer(text)
        .layer(middleware::from_fn_with_state(state.clone(), redirect::to_https))
        .layer(middleware::from_fn(headers::secure))
        .layer(middleware::from_fn(serve::in_time))
        .layer(middleware::from_fn(ops::measure))
        .with_state(state)
}

/// The OpenAPI document, as `/api/openapi.json` serves it, to be kept in a file.
#[must_use]
pub fn openapi_json() -> String {
    let (_, document) = api().split_for_parts();
    document.to_pretty_json().unwrap_or_else(|error| unreachable!("the document is plain data: {error}"))
}
