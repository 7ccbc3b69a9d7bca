//! The agent's own state, and what a supervisor may do to it.

use axum::Json;
use axum::extract::State;
use crm::rights::Right;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Body, Id};
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::views::{AgentView, MyAgent, WantedState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(mine))
        .routes(routes!(set_state))
        .routes(routes!(choose_phone))
        .routes(routes!(finish_wrap_up))
        .routes(routes!(set_state_of))
}

/// A state that can be asked for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StateWord {
    Ready,
    NotReady,
    LoggedOut,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StateChange {
    state: StateWord,
    /// For `not_ready`: a code of the not-ready reasons.
    #[serde(default)]
    reason: Option<String>,
}

impl StateChange {
    async fn read(self, http: &HttpState) -> Answer<WantedState> {
        match self.state {
            StateWord::Ready => Ok(WantedState::Ready),
            StateWord::LoggedOut => Ok(WantedState::LoggedOut),
            StateWord::NotReady => {
                let reason = self.reason.ok_or_else(|| Problem::invalid("reason", "missing"))?;
                let reasons = crm::not_ready_reasons::list(&http.db).await?;
                if reasons.iter().any(|known| known.code == reason) {
                    Ok(WantedState::NotReady { reason })
                } else {
                    Err(Problem::invalid("reason", "unknown"))
                }
            }
        }
    }
}

/// One's own agent: state, phones, call, wrap-up.
#[utoipa::path(get, path = "/agent", tag = "agent", responses((status = 200, body = MyAgent)))]
async fn mine(State(http): State<HttpState>, caller: Caller) -> Answer<Json<MyAgent>> {
    caller.require(Right::HandleCalls)?;
    Ok(Json(http.calls.my_agent(caller.user.id).await?))
}

/// Ready, not ready or logged out; during a call it is taken up after it.
#[utoipa::path(put, path = "/agent/state", tag = "agent", request_body = StateChange,
    responses((status = 200, body = MyAgent), (status = 409, body = Problem)))]
async fn set_state(
    State(http): State<HttpState>,
    caller: Caller,
    Body(change): Body<StateChange>,
) -> Answer<Json<MyAgent>> {
    caller.require(Right::HandleCalls)?;
    let wanted = change.read(&http).await?;
    let user = caller.user.id;
    Ok(Json(http.calls.set_state(user, user, wanted).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhoneChoice {
    phone_id: Uuid,
}

/// Which of one's phones rings.
#[utoipa::path(put, path = "/agent/phone", tag = "agent", request_body = PhoneChoice,
    responses((status = 200, body = MyAgent), (status = 409, body = Problem)))]
async fn choose_phone(
    State(http): State<HttpState>,
    caller: Caller,
    Body(choice): Body<PhoneChoice>,
) -> Answer<Json<MyAgent>> {
    caller.require(Right::HandleCalls)?;
    Ok(Json(http.calls.choose_phone(caller.user.id, choice.phone_id).await?))
}

/// Wrap-up is done before its time.
#[utoipa::path(post, path = "/agent/wrap-up/finish", tag = "agent",
    responses((status = 200, body = MyAgent), (status = 409, body = Problem)))]
async fn finish_wrap_up(State(http): State<HttpState>, caller: Caller) -> Answer<Json<MyAgent>> {
    caller.require(Right::HandleCalls)?;
    Ok(Json(http.calls.finish_wrap_up(caller.user.id).await?))
}

/// A supervisor sets another's state; it is in the audit log.
#[utoipa::path(put, path = "/agents/{id}/state", tag = "agent", request_body = StateChange,
    params(("id" = Uuid, Path, description = "the agent's user id")),
    responses((status = 200, body = AgentView), (status = 409, body = Problem)))]
async fn set_state_of(
    State(http): State<HttpState>,
    caller: Caller,
    Id(agent): Id,
    Body(change): Body<StateChange>,
) -> Answer<Json<AgentView>> {
    caller.require(Right::SetAgentState)?;
    let details = json!({ "state": change.state, "reason": change.reason });
    let entry = caller.entry("agent.state_set", Some(("user", agent)), details);
    let wanted = change.read(&http).await?;
    let mine = http.calls.set_state(caller.user.id, agent, wanted).await?;
    http.write(move |tx| Box::pin(async move { entry.write(tx).await })).await?;
    Ok(Json(mine.agent))
}
