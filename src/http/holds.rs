//! What keeps recordings from being deleted by rule, and whether they are whole. Each step is in the
//! audit log.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::holds::{self, Held, Hold};
use crm::keeping;
use crm::recordings::{self, Recording};
use crm::rights::Right;
use crm::{Page, contacts};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Asked, Body, Id};
use super::page::PageQuery;
use super::problem::{Answer, Problem};
use super::recordings::{audible, path};
use super::{Caller, HttpState};
use crate::archive::{self, Finding};

/// Each reads a whole file: the others wait for their turn.
const LOOKS_AT_ONCE: usize = 1;

static LOOKS: Semaphore = Semaphore::const_new(LOOKS_AT_ONCE);

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(of_recording, hold_recording, lift_recording))
        .routes(routes!(of_contact, hold_contact, lift_contact))
        .routes(routes!(verify))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHold {
    /// Why, up to 200 characters.
    reason: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WhyLift {
    /// Why it is held no longer, up to 200 characters.
    reason: String,
}

/// What stands, the newest first: two at most for a recording, its own and its contact's.
#[derive(Debug, Serialize, ToSchema)]
struct Holds {
    items: Vec<Hold>,
}

async fn standing(http: &HttpState, held: Held) -> Answer<Json<Holds>> {
    Ok(Json(Holds { items: holds::standing(&http.db, held).await? }))
}

const fn subject(held: Held) -> (&'static str, Uuid) {
    match held {
        Held::Recording(id) => ("recording", id),
        Held::Contact(id) => ("contact", id),
    }
}

async fn place(http: &HttpState, caller: &Caller, held: Held, new: NewHold) -> Answer<Json<Holds>> {
    caller.require(Right::HoldRecordings)?;
    let action = match held {
        Held::Recording(_) => "recording.held",
        Held::Contact(_) => "contact.held",
    };
    let (by, reason) = (caller.user.id, new.reason);
    let entry = caller.entry(action, Some(subject(held)), json!({ "reason": reason }));
    http.write(move |tx| {
        Box::pin(async move {
            holds::place(tx, held, by, &reason).await?;
            entry.write(tx).await
        })
    })
    .await?;
    standing(http, held).await
}

async fn lift(http: &HttpState, caller: &Caller, held: Held, why: WhyLift) -> Answer<StatusCode> {
    caller.require(Right::HoldRecordings)?;
    let action = match held {
        Held::Recording(_) => "recording.released",
        Held::Contact(_) => "contact.released",
    };
    let (by, reason) = (caller.user.id, why.reason);
    let entry = caller.entry(action, Some(subject(held)), json!({ "reason": reason }));
    http.write(move |tx| {
        Box::pin(async move {
            holds::lift(tx, held, by, &reason).await?;
            entry.write(tx).await
        })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All holds that stand, the newest first.
#[utoipa::path(get, path = "/holds", tag = "recordings", operation_id = "list_holds", params(PageQuery),
    responses((status = 200, body = Page<Hold>), (status = 403, body = Problem)))]
async fn list(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(page): Asked<PageQuery>,
) -> Answer<Json<Page<Hold>>> {
    caller.require(Right::HoldRecordings)?;
    Ok(Json(holds::list(&http.db, &page.into()).await?))
}

/// What keeps a recording from being deleted.
#[utoipa::path(get, path = "/recordings/{id}/hold", tag = "recordings", operation_id = "get_recording_hold",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Holds), (status = 404, body = Problem)))]
async fn of_recording(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Holds>> {
    caller.require(Right::HoldRecordings)?;
    recordings::get(&http.db, id).await?;
    standing(&http, Held::Recording(id)).await
}

/// No rule deletes the recording until the hold is lifted.
#[utoipa::path(put, path = "/recordings/{id}/hold", tag = "recordings", operation_id = "hold_recording",
    params(("id" = Uuid, Path)), request_body = NewHold,
    responses((status = 200, body = Holds), (status = 404, body = Problem),
        (status = 409, description = "held already, or deleted", body = Problem)))]
async fn hold_recording(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(new): Body<NewHold>,
) -> Answer<Json<Holds>> {
    place(&http, &caller, Held::Recording(id), new).await
}

#[utoipa::path(delete, path = "/recordings/{id}/hold", tag = "recordings", operation_id = "release_recording",
    params(("id" = Uuid, Path), WhyLift),
    responses((status = 204), (status = 404, body = Problem)))]
async fn lift_recording(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(why): Asked<WhyLift>,
) -> Answer<StatusCode> {
    lift(&http, &caller, Held::Recording(id), why).await
}

/// What keeps every recording of a contact from being deleted.
#[utoipa::path(get, path = "/contacts/{id}/hold", tag = "contacts", operation_id = "get_contact_hold",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Holds), (status = 404, body = Problem)))]
async fn of_contact(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Holds>> {
    caller.require(Right::HoldRecordings)?;
    contacts::get(&http.db, id).await?;
    standing(&http, Held::Contact(id)).await
}

/// No rule deletes a recording of theirs, past or future, until the hold is lifted.
#[utoipa::path(put, path = "/contacts/{id}/hold", tag = "contacts", operation_id = "hold_contact",
    params(("id" = Uuid, Path)), request_body = NewHold,
    responses((status = 200, body = Holds), (status = 404, body = Problem),
        (status = 409, description = "held already", body = Problem)))]
async fn hold_contact(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(new): Body<NewHold>,
) -> Answer<Json<Holds>> {
    place(&http, &caller, Held::Contact(id), new).await
}

#[utoipa::path(delete, path = "/contacts/{id}/hold", tag = "contacts", operation_id = "release_contact",
    params(("id" = Uuid, Path), WhyLift),
    responses((status = 204), (status = 404, body = Problem)))]
async fn lift_contact(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(why): Asked<WhyLift>,
) -> Answer<StatusCode> {
    lift(&http, &caller, Held::Contact(id), why).await
}

/// Reads the file and compares it with its sum.
#[utoipa::path(post, path = "/recordings/{id}/verify", tag = "recordings", operation_id = "verify_recording",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Recording), (status = 404, body = Problem),
        (status = 409, description = "no sum to compare with yet", body = Problem),
        (status = 410, description = "deleted by rule", body = Problem)))]
async fn verify(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Recording>> {
    caller.require(Right::HoldRecordings)?;
    let recording = audible(&http, &caller, id).await?;
    let (file, known) = (path(&http, &recording)?, recording.sha256);
    let _turn = LOOKS.acquire().await.map_err(|error| Problem::internal(&error))?;
    let finding = tokio::task::spawn_blocking(move || archive::look(&file, known.as_deref()))
        .await
        .map_err(|error| Problem::internal(&error))?;
    let intact = match finding {
        Finding::Whole => true,
        Finding::Altered | Finding::Missing => false,
        Finding::NoSum => {
            return Err(Problem::new(StatusCode::CONFLICT, "conflict").param("reason", "no_sum"));
        }
        Finding::Unreadable(error) => return Err(Problem::internal(&error)),
    };
    let details = json!({ "call_id": recording.call_id, "intact": intact });
    let entry = caller.entry("recording.verified", Some(("recording", id)), details);
    let recording = http
        .write(move |tx| {
            Box::pin(async move {
                keeping::set_verified(tx, id, intact, crm::now()).await?;
                entry.write(tx).await?;
                recordings::get(tx, id).await
            })
        })
        .await?;
    Ok(Json(recording))
}
