//! Whom an agent can hand a call to: names and states, and nothing else of what the wall shows.

use axum::Json;
use axum::extract::State;
use crm::rights::Right;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::views::AgentState;

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Another who handles calls and is there.
#[derive(Debug, Serialize, ToSchema)]
struct Colleague {
    /// The user's id.
    id: Uuid,
    display_name: String,
    state: AgentState,
}

/// Everybody else who handles calls and has not logged out.
#[utoipa::path(get, path = "/agent/colleagues", tag = "agent", operation_id = "colleagues",
    responses((status = 200, body = [Colleague]), (status = 403, body = Problem)))]
async fn list(State(http): State<HttpState>, caller: Caller) -> Answer<Json<Vec<Colleague>>> {
    caller.require(Right::HandleCalls)?;
    let others = http.calls.wall().await.agents.into_iter();
    let there = others.filter(|agent| agent.id != caller.user.id && agent.state != AgentState::LoggedOut);
    let colleague = |agent: crate::views::AgentView| Colleague {
        id: agent.id,
        display_name: agent.display_name,
        state: agent.state,
    };
    Ok(Json(there.map(colleague).collect()))
}
