//! The search box: contacts, companies, tickets and leads at once.

use axum::Json;
use axum::extract::State;
use crm::rights::Right;
use crm::search::{self, Found};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Asked;
use super::problem::Answer;
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(search))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Beginnings of words, all of which must be met, or a number in any spelling.
    q: String,
}

/// A few of each kind.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = Found)))]
async fn search(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(asked): Asked<SearchQuery>,
) -> Answer<Json<Found>> {
    caller.require(Right::ViewContacts)?;
    Ok(Json(search::global(&http.db, &asked.q).await?))
}
