//! The demo's test calls.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::rights::Right;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::Body;
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::views::{TestCall, TestCallScenario};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(place))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct TestCallWish {
    scenario: TestCallScenario,
    /// The queue to call; the first route's queue unless given.
    queue_id: Option<Uuid>,
}

/// A customer calls in, from inside the hub, with recorded speech.
#[utoipa::path(post, path = "/demo/test-calls", tag = "demo", request_body = TestCallWish,
    responses((status = 202, body = TestCall), (status = 403, body = Problem)))]
async fn place(
    State(http): State<HttpState>,
    caller: Caller,
    Body(wish): Body<TestCallWish>,
) -> Answer<(StatusCode, Json<TestCall>)> {
    caller.require(Right::PlaceTestCalls)?;
    let call = http.calls.place_test_call(wish.scenario, wish.queue_id).await?;
    Ok((StatusCode::ACCEPTED, Json(call)))
}
