//! The calls log, one call, what is noted on it, and the commands to a running one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use crm::calls::{self, CallDetail, CallFilter, CallNotes, CallSummary};
use crm::rights::Right;
use crm::words::{CallState, Direction, Quality};
use crm::{Page, PageRequest, contacts, phone};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Asked, Body, Id};
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::calls_port::CallError;
use crate::views::{LiveCall, ScreenPop};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(list, dial))
        .routes(routes!(get, annotate))
        .routes(routes!(answer))
        .routes(routes!(reject))
        .routes(routes!(hang_up))
        .routes(routes!(screen_pop))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CallQuery {
    state: Option<CallState>,
    direction: Option<Direction>,
    queue_id: Option<Uuid>,
    /// Of others only with `view_all_calls`.
    agent_id: Option<Uuid>,
    contact_id: Option<Uuid>,
    /// Of the worst leg.
    quality: Option<Quality>,
    /// Begun at or after.
    from: Option<DateTime<Utc>>,
    /// Begun before.
    to: Option<DateTime<Utc>>,
    /// A part of a number in any spelling, else beginnings of the contact's words.
    search: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 200, 50 unless given.
    limit: Option<u32>,
}

/// Whose calls the caller may see: `None` is everybody's.
fn visible(caller: &Caller) -> Answer<Option<Uuid>> {
    if caller.may(Right::ViewAllCalls) {
        return Ok(None);
    }
    caller.require(Right::ViewOwnCalls)?;
    Ok(Some(caller.user.id))
}

/// The call, if the caller may see it; else it is not there.
pub(super) async fn visible_call(http: &HttpState, caller: &Caller, id: Uuid) -> Answer<CallDetail> {
    let whose = visible(caller)?;
    let detail = calls::get(&http.db, id).await?;
    let Some(own) = whose else { return Ok(detail) };
    let owner = detail.call.agent.as_ref().map(|agent| agent.id);
    // Who handed the call on had part in it, and has a wrap-up to write.
    let had_part = |leg: &calls::Leg| leg.user_id == Some(own) && leg.answered_at.is_some();
    if owner == Some(own) || detail.legs.iter().any(had_part) {
        Ok(detail)
    } else {
        Err(Problem::not_found("call"))
    }
}

/// Calls, the newest first; without `view_all_calls` one's own.
#[utoipa::path(get, path = "/calls", tag = "calls", operation_id = "list_calls",
    params(CallQuery), responses((status = 200, body = Page<CallSummary>)))]
async fn list(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(asked): Asked<CallQuery>,
) -> Answer<Json<Page<CallSummary>>> {
    let agent_id = match visible(&caller)? {
        None => asked.agent_id,
        Some(own) if asked.agent_id.is_none_or(|agent| agent == own) => Some(own),
        Some(_) => return Err(Problem::not_allowed()),
    };
    let filter = CallFilter {
        state: asked.state,
        direction: asked.direction,
        queue_id: asked.queue_id,
        agent_id,
        contact_id: asked.contact_id,
        quality: asked.quality,
        from: asked.from,
        to: asked.to,
        search: asked.search,
    };
    let page = PageRequest { cursor: asked.cursor, limit: asked.limit };
    Ok(Json(calls::list(&http.db, &filter, &page).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Dial {
    /// In any spelling; national ones are of the hub's country.
    number: String,
    contact_id: Option<Uuid>,
}

/// Click-to-dial: one's own phone rings first, then the customer's.
#[utoipa::path(post, path = "/calls", tag = "calls", operation_id = "dial", request_body = Dial,
    responses((status = 201, body = LiveCall), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn dial(
    State(http): State<HttpState>,
    caller: Caller,
    Body(dial): Body<Dial>,
) -> Answer<(StatusCode, Json<LiveCall>)> {
    caller.require(Right::PlaceCalls)?;
    let number =
        phone::normalise(&dial.number, http.config.region()).map_err(|_| CallError::NumberInvalid)?.number;
    if let Some(contact) = dial.contact_id {
        contacts::get(&http.db, contact).await?;
    }
    let call = http.calls.dial(caller.user.id, number, dial.contact_id).await?;
    Ok((StatusCode::CREATED, Json(call)))
}

/// A call with its legs and recordings.
#[utoipa::path(get, path = "/calls/{id}", tag = "calls", operation_id = "get_call",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = CallDetail), (status = 404, body = Problem)))]
async fn get(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<CallDetail>> {
    Ok(Json(visible_call(&http, &caller, id).await?))
}

/// Disposition, note, links, contact: of one's own call, or of any with `view_all_calls`.
#[utoipa::path(patch, path = "/calls/{id}", tag = "calls", operation_id = "annotate_call",
    params(("id" = Uuid, Path)), request_body = CallNotes,
    responses((status = 200, body = CallDetail), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn annotate(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(notes): Body<CallNotes>,
) -> Answer<Json<CallDetail>> {
    let before = visible_call(&http, &caller, id).await?.call.contact.map(|contact| contact.id);
    let detail = http
        .write(move |tx| {
            Box::pin(async move {
                calls::set_disposition(tx, id, &notes).await?;
                calls::get(tx, id).await
            })
        })
        .await?;
    http.calls.call_annotated(id);
    let call = &detail.call;
    if call.ended_at.is_some() {
        http.live.call_finished(call.clone(), call.agent.as_ref().map(|agent| agent.id));
        // Both, when it has moved from one contact to another.
        let now = call.contact.as_ref().map(|contact| contact.id);
        let before = before.filter(|before| Some(*before) != now);
        for contact in [before, now].into_iter().flatten() {
            http.live.timeline_changed(contact);
        }
    }
    Ok(Json(detail))
}

/// Presses Answer on one's demo phone.
#[utoipa::path(post, path = "/calls/{id}/answer", tag = "calls", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 410, body = Problem)))]
async fn answer(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    caller.require(Right::HandleCalls)?;
    http.calls.answer(caller.user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses the call that rings: it goes on to the next agent.
#[utoipa::path(post, path = "/calls/{id}/reject", tag = "calls", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 410, body = Problem)))]
async fn reject(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    caller.require(Right::HandleCalls)?;
    http.calls.reject(caller.user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one's own call.
#[utoipa::path(post, path = "/calls/{id}/hang-up", tag = "calls", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 410, body = Problem)))]
async fn hang_up(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    caller.require(Right::HandleCalls)?;
    http.calls.hang_up(caller.user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is calling.
#[utoipa::path(get, path = "/calls/{id}/screen-pop", tag = "calls", params(("id" = Uuid, Path)),
    responses((status = 200, body = ScreenPop), (status = 410, body = Problem)))]
async fn screen_pop(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<ScreenPop>> {
    caller.require(Right::HandleCalls)?;
    caller.require(Right::ViewContacts)?;
    Ok(Json(http.calls.screen_pop(id).await?))
}
