//! Colleagues, and the calls that ring at their phones or that they have parked.

use axum::Json;
use axum::extract::State;
use crm::rights::Right;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::views::{Colleague, ParkedCall, RingingCall, Team, TeamQueue};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(colleagues)).routes(routes!(parked)).routes(routes!(ringing))
}

#[derive(Serialize, ToSchema)]
struct Colleagues {
    colleagues: Vec<Colleague>,
    queues: Vec<TeamQueue>,
}

/// Whom a call can go on to, as it is at this moment; topic `team` tells what changes.
#[utoipa::path(get, path = "/colleagues", tag = "calls", operation_id = "list_colleagues",
    responses((status = 200, body = Colleagues), (status = 403, body = Problem)))]
async fn colleagues(State(http): State<HttpState>, caller: Caller) -> Answer<Json<Colleagues>> {
    caller.require(Right::HandleCalls)?;
    let Team { colleagues, queues, .. } = http.calls.team().await;
    Ok(Json(Colleagues { colleagues, queues }))
}

/// Calls that wait to be picked up, by slot.
#[utoipa::path(get, path = "/park", tag = "calls", operation_id = "list_parked_calls",
    responses((status = 200, body = [ParkedCall]), (status = 403, body = Problem)))]
async fn parked(State(http): State<HttpState>, caller: Caller) -> Answer<Json<Vec<ParkedCall>>> {
    caller.require(Right::HandleCalls)?;
    Ok(Json(http.calls.team().await.parked))
}

/// Calls that ring at somebody's phone, where a colleague may take them; the longest first.
#[utoipa::path(get, path = "/ringing", tag = "calls", operation_id = "list_ringing_calls",
    responses((status = 200, body = [RingingCall]), (status = 403, body = Problem)))]
async fn ringing(State(http): State<HttpState>, caller: Caller) -> Answer<Json<Vec<RingingCall>>> {
    caller.require(Right::HandleCalls)?;
    Ok(Json(http.calls.team().await.ringing))
}
