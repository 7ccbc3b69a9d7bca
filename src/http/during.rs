//! During the call: hold, transfer, consultation, conference, keys, parking. One's own call alone.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use crm::rights::{self, Right};
use crm::{phone, queues, users};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Body, Id};
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::calls_port::{CallCommand, CallError, CallTarget};
use crate::views::LiveCall;

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(hold))
        .routes(routes!(resume))
        .routes(routes!(transfer))
        .routes(routes!(consult))
        .routes(routes!(complete))
        .routes(routes!(cancel))
        .routes(routes!(conference))
        .routes(routes!(add))
        .routes(routes!(digits))
        .routes(routes!(park))
        .routes(routes!(pick_up))
        .routes(routes!(take_ringing))
}

async fn command(http: &HttpState, caller: &Caller, call: Uuid, command: CallCommand) -> Answer<LiveCall> {
    caller.require(Right::HandleCalls)?;
    Ok(http.calls.command(caller.user.id, call, command).await?)
}

/// Whom a call goes on to, or who joins it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Target {
    /// In any spelling; national ones are of the hub's country.
    Number {
        number: String,
    },
    Agent {
        user_id: Uuid,
    },
    /// For a transfer alone: a queue cannot be consulted.
    Queue {
        queue_id: Uuid,
    },
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct To {
    to: Target,
}

impl Target {
    async fn read(self, http: &HttpState, caller: &Caller) -> Answer<CallTarget> {
        match self {
            Target::Number { number } => {
                caller.require(Right::PlaceCalls)?;
                let read = phone::normalise(&number, http.config.region());
                Ok(CallTarget::Number(read.map_err(|_| CallError::NumberInvalid)?.number))
            }
            Target::Agent { user_id } if user_id == caller.user.id => {
                Err(Problem::invalid("to.user_id", "yourself"))
            }
            Target::Agent { user_id } => {
                let user = users::by_id(&http.db, user_id).await?;
                if !user.active || !rights::may(user.role, Right::HandleCalls) {
                    return Err(Problem::invalid("to.user_id", "not_an_agent"));
                }
                Ok(CallTarget::Agent(user_id))
            }
            Target::Queue { queue_id } => {
                queues::get(&http.db, queue_id).await?;
                Ok(CallTarget::Queue(queue_id))
            }
        }
    }
}

/// The customer hears music.
#[utoipa::path(post, path = "/calls/{id}/hold", tag = "calls", operation_id = "hold_call",
    params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem)))]
async fn hold(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    command(&http, &caller, id, CallCommand::Hold).await.map(done)
}

/// Back to the customer.
#[utoipa::path(post, path = "/calls/{id}/resume", tag = "calls", operation_id = "resume_call",
    params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem)))]
async fn resume(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    command(&http, &caller, id, CallCommand::Resume).await.map(done)
}

/// Blind transfer: one leaves at once, the customer hears music until the other answers. When nobody
/// does, the customer goes back to the queue, or hears that it could not be done.
#[utoipa::path(post, path = "/calls/{id}/transfer", tag = "calls", operation_id = "transfer_call",
    params(("id" = Uuid, Path)), request_body = To,
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
async fn transfer(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(To { to }): Body<To>,
) -> Answer<StatusCode> {
    let to = to.read(&http, &caller).await?;
    command(&http, &caller, id, CallCommand::Transfer(to)).await.map(done)
}

/// Attended transfer: one speaks with the other first while the customer hears music.
#[utoipa::path(post, path = "/calls/{id}/consult", tag = "calls", operation_id = "consult",
    params(("id" = Uuid, Path)), request_body = To,
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
async fn consult(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(To { to }): Body<To>,
) -> Answer<StatusCode> {
    let to = no_queue(to.read(&http, &caller).await?)?;
    command(&http, &caller, id, CallCommand::Consult(to)).await.map(done)
}

/// Customer and the one consulted stay, one leaves. Also while the other's phone still rings.
#[utoipa::path(post, path = "/calls/{id}/consult/complete", tag = "calls",
    operation_id = "complete_transfer", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem)))]
async fn complete(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    command(&http, &caller, id, CallCommand::CompleteTransfer).await.map(done)
}

/// The one consulted is sent away; back to the customer.
#[utoipa::path(post, path = "/calls/{id}/consult/cancel", tag = "calls",
    operation_id = "cancel_consult", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem)))]
async fn cancel(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    command(&http, &caller, id, CallCommand::CancelConsult).await.map(done)
}

/// All three together.
#[utoipa::path(post, path = "/calls/{id}/consult/conference", tag = "calls",
    operation_id = "start_conference", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem)))]
async fn conference(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    command(&http, &caller, id, CallCommand::Resume).await.map(done)
}

/// One more is rung and joins when answering, up to sixteen in all.
#[utoipa::path(post, path = "/calls/{id}/participants", tag = "calls",
    operation_id = "add_participant", params(("id" = Uuid, Path)), request_body = To,
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
async fn add(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(To { to }): Body<To>,
) -> Answer<StatusCode> {
    let to = no_queue(to.read(&http, &caller).await?)?;
    command(&http, &caller, id, CallCommand::Add(to)).await.map(done)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Digits {
    /// `0`-`9`, `*`, `#`, `A`-`D`.
    digits: String,
}

/// Keys for the customer's end, e.g. for its menu (RFC 4733).
#[utoipa::path(post, path = "/calls/{id}/digits", tag = "calls", operation_id = "send_digits",
    params(("id" = Uuid, Path)), request_body = Digits,
    responses((status = 204), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
async fn digits(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(keys): Body<Digits>,
) -> Answer<StatusCode> {
    command(&http, &caller, id, CallCommand::Digits(keys.digits)).await.map(done)
}

#[derive(Serialize, ToSchema)]
struct Parked {
    /// What colleagues pick the call up by.
    slot: u16,
}

/// The customer waits with music until somebody picks the call up; after a while the call goes back.
#[utoipa::path(post, path = "/calls/{id}/park", tag = "calls", operation_id = "park_call",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Parked), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
async fn park(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Parked>> {
    let call = command(&http, &caller, id, CallCommand::Park).await?;
    let slot = call.parked_slot.ok_or(CallError::CallGone)?;
    Ok(Json(Parked { slot }))
}

/// One's own phone rings for a call that a colleague parked.
#[utoipa::path(post, path = "/park/{slot}/pick-up", tag = "calls", operation_id = "pick_up",
    params(("slot" = u16, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn pick_up(State(http): State<HttpState>, caller: Caller, Path(slot): Path<u16>) -> Answer<StatusCode> {
    caller.require(Right::HandleCalls)?;
    http.calls.pick_up(caller.user.id, slot).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own phone rings for a call that rings at a colleague's; the first that answers has it. A queue's call is for
/// those who serve the queue. `not_now`: it rings there no longer.
#[utoipa::path(post, path = "/calls/{id}/pick-up", tag = "calls", operation_id = "take_ringing_call",
    params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
async fn take_ringing(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    caller.require(Right::HandleCalls)?;
    http.calls.take_ringing(caller.user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn no_queue(target: CallTarget) -> Answer<CallTarget> {
    match target {
        CallTarget::Queue(_) => Err(Problem::invalid("to.queue_id", "cannot_be_consulted")),
        other => Ok(other),
    }
}

fn done(_: LiveCall) -> StatusCode {
    StatusCode::NO_CONTENT
}
