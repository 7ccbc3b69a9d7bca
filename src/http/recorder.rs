//! The recording of a running call: begun, ended, paused for a secret. Each is in the audit log.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use crm::rights::Right;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Asked, Id};
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::calls_port::{CallError, RecordCommand};
use crate::views::RecordingState;

/// A reason is a word for the audit log, not a story, in characters.
const REASON_LIMIT: usize = 60;

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(stop))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(pause_current))
        .routes(routes!(resume_current))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Why {
    /// For the audit log, e.g. `card_payment`: up to 60 letters, digits, `_`, `-`, `.`.
    reason: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// As with a call that is named.
    reason: Option<String>,
    /// Whose call; one's own unless given. Others' with the right `control_recordings`.
    user_id: Option<Uuid>,
}

/// How the recording stands.
#[derive(Serialize, ToSchema)]
struct CallRecording {
    call_id: Uuid,
    state: RecordingState,
    /// Since when.
    since: DateTime<Utc>,
}

fn read_reason(reason: Option<String>) -> Answer<Option<String>> {
    let is_word = |reason: &String| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        (1..=REASON_LIMIT).contains(&reason.len()) && reason.bytes().all(plain)
    };
    match reason {
        Some(reason) if !is_word(&reason) => Err(Problem::invalid("reason", "not_a_word")),
        reason => Ok(reason),
    }
}

async fn steer(
    http: &HttpState,
    caller: &Caller,
    call: Uuid,
    command: RecordCommand,
    reason: Option<String>,
) -> Answer<Json<CallRecording>> {
    let any = caller.may(Right::ControlRecordings);
    if !any {
        caller.require(Right::HandleCalls)?;
    }
    let reason = read_reason(reason)?;
    let live = http.calls.record(caller.user.id, !any, call, command).await?;
    let action = match command {
        RecordCommand::Start => "recording.started",
        RecordCommand::Stop => "recording.stopped",
        RecordCommand::Pause => "recording.paused",
        RecordCommand::Resume => "recording.resumed",
    };
    let entry = caller.entry(action, Some(("call", call)), json!({ "reason": reason }));
    http.write(move |tx| Box::pin(async move { entry.write(tx).await })).await?;
    Ok(Json(CallRecording { call_id: call, state: live.recording, since: live.recording_since }))
}

async fn steer_current(
    http: &HttpState,
    caller: &Caller,
    command: RecordCommand,
    whose: Whose,
) -> Answer<Json<CallRecording>> {
    let user = whose.user_id.unwrap_or(caller.user.id);
    caller.require(if user == caller.user.id { Right::HandleCalls } else { Right::ControlRecordings })?;
    let call = http.calls.my_agent(user).await?.agent.call_id.ok_or(CallError::CallGone)?;
    steer(http, caller, call, command, whose.reason).await
}

/// Records from now on, into a file of its own if the call was recorded before.
#[utoipa::path(post, path = "/calls/{id}/recording/start", tag = "recordings",
    operation_id = "start_recording", params(("id" = Uuid, Path), Why),
    responses((status = 200, body = CallRecording), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
async fn start(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(why): Asked<Why>,
) -> Answer<Json<CallRecording>> {
    steer(&http, &caller, id, RecordCommand::Start, why.reason).await
}

/// Ends the recording; what was recorded stays.
#[utoipa::path(post, path = "/calls/{id}/recording/stop", tag = "recordings",
    operation_id = "stop_recording", params(("id" = Uuid, Path), Why),
    responses((status = 200, body = CallRecording), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
async fn stop(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(why): Asked<Why>,
) -> Answer<Json<CallRecording>> {
    steer(&http, &caller, id, RecordCommand::Stop, why.reason).await
}

/// When this is answered, neither sound nor keys of the call are kept: silence of the same length
/// stands in the recording. Also for a call that is not recorded, whose keys are hidden.
#[utoipa::path(post, path = "/calls/{id}/recording/pause", tag = "recordings",
    operation_id = "pause_recording", params(("id" = Uuid, Path), Why),
    responses((status = 200, body = CallRecording), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
async fn pause(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(why): Asked<Why>,
) -> Answer<Json<CallRecording>> {
    steer(&http, &caller, id, RecordCommand::Pause, why.reason).await
}

/// Ends the pause. The state stays `paused` a little longer: what was said in it may come that late.
#[utoipa::path(post, path = "/calls/{id}/recording/resume", tag = "recordings",
    operation_id = "resume_recording", params(("id" = Uuid, Path), Why),
    responses((status = 200, body = CallRecording), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
async fn resume(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(why): Asked<Why>,
) -> Answer<Json<CallRecording>> {
    steer(&http, &caller, id, RecordCommand::Resume, why.reason).await
}

/// For a page that knows the agent but not the call, such as a payment form with a token.
#[utoipa::path(post, path = "/calls/current/recording/pause", tag = "recordings",
    operation_id = "pause_current_recording", params(Whose),
    responses((status = 200, body = CallRecording), (status = 409, body = Problem),
        (status = 410, description = "no call", body = Problem)))]
async fn pause_current(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(whose): Asked<Whose>,
) -> Answer<Json<CallRecording>> {
    steer_current(&http, &caller, RecordCommand::Pause, whose).await
}

/// Ends the pause of the call that one is in.
#[utoipa::path(post, path = "/calls/current/recording/resume", tag = "recordings",
    operation_id = "resume_current_recording", params(Whose),
    responses((status = 200, body = CallRecording), (status = 409, body = Problem),
        (status = 410, description = "no call", body = Problem)))]
async fn resume_current(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(whose): Asked<Whose>,
) -> Answer<Json<CallRecording>> {
    steer_current(&http, &caller, RecordCommand::Resume, whose).await
}
