//! What the hub says about itself to everybody.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::HttpState;
use crate::views::Hub;

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(hub))
}

/// The hub, before anybody has signed in.
#[utoipa::path(get, path = "/hub", tag = "session", security(()), responses((status = 200, body = Hub)))]
async fn hub(State(state): State<HttpState>) -> Json<Hub> {
    Json(Hub::clone(&state.hub))
}
