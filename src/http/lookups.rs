//! The company's own lists to choose from.

use axum::Json;
use axum::extract::State;
use crm::dispositions::{self, Disposition};
use crm::not_ready_reasons::{self, NotReadyReason};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Answer;
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(list_dispositions)).routes(routes!(list_not_ready_reasons))
}

/// How a call can have gone, in the order of the keys 1 to 9.
#[utoipa::path(get, path = "/dispositions", tag = "settings",
    responses((status = 200, body = [Disposition])))]
async fn list_dispositions(State(http): State<HttpState>, _caller: Caller) -> Answer<Json<Vec<Disposition>>> {
    Ok(Json(dispositions::list(&http.db).await?))
}

/// Why an agent can be not ready.
#[utoipa::path(get, path = "/not-ready-reasons", tag = "settings",
    responses((status = 200, body = [NotReadyReason])))]
async fn list_not_ready_reasons(
    State(http): State<HttpState>,
    _caller: Caller,
) -> Answer<Json<Vec<NotReadyReason>>> {
    Ok(Json(not_ready_reasons::list(&http.db).await?))
}
