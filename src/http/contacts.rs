//! Contacts, their timeline and notes, and whose number it is.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::contacts::{self, Contact, ContactPatch, ContactSummary, NewContact};
use crm::interactions::{self, TimelineItem};
use crm::rights::Right;
use crm::words::MatchKind;
use crm::{Page, PageRequest, phone};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Asked, Body, Id};
use super::page::PageQuery;
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(lookup))
        .routes(routes!(get, update, archive))
        .routes(routes!(timeline))
        .routes(routes!(add_note))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ContactQuery {
    /// Beginnings of words of name, job, address or notes, or a number in any spelling.
    search: Option<String>,
    company_id: Option<Uuid>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 200, 50 unless given.
    limit: Option<u32>,
}

/// Contacts by family name.
#[utoipa::path(get, path = "/contacts", tag = "contacts", operation_id = "list_contacts", params(ContactQuery),
    responses((status = 200, body = Page<ContactSummary>)))]
async fn list(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(asked): Asked<ContactQuery>,
) -> Answer<Json<Page<ContactSummary>>> {
    caller.require(Right::ViewContacts)?;
    let filter = contacts::Filter { search: asked.search, company_id: asked.company_id };
    let page = PageRequest { cursor: asked.cursor, limit: asked.limit };
    Ok(Json(contacts::search(&http.db, &filter, &page).await?))
}

#[utoipa::path(post, path = "/contacts", tag = "contacts", operation_id = "create_contact", request_body = NewContact,
    responses((status = 201, body = Contact), (status = 422, body = Problem)))]
async fn create(
    State(http): State<HttpState>,
    caller: Caller,
    Body(new): Body<NewContact>,
) -> Answer<(StatusCode, Json<Contact>)> {
    caller.require(Right::EditContacts)?;
    let region = http.config.region();
    let contact =
        http.write(move |tx| Box::pin(async move { contacts::create(tx, region, &new).await })).await?;
    Ok((StatusCode::CREATED, Json(contact)))
}

#[utoipa::path(get, path = "/contacts/{id}", tag = "contacts", operation_id = "get_contact", params(("id" = Uuid, Path)),
    responses((status = 200, body = Contact), (status = 404, body = Problem)))]
async fn get(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Contact>> {
    caller.require(Right::ViewContacts)?;
    Ok(Json(contacts::get(&http.db, id).await?))
}

/// What is left out stays, `null` empties; lists are replaced whole.
#[utoipa::path(patch, path = "/contacts/{id}", tag = "contacts", operation_id = "update_contact", params(("id" = Uuid, Path)),
    request_body = ContactPatch,
    responses((status = 200, body = Contact), (status = 422, body = Problem)))]
async fn update(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(patch): Body<ContactPatch>,
) -> Answer<Json<Contact>> {
    caller.require(Right::EditContacts)?;
    let region = http.config.region();
    let contact =
        http.write(move |tx| Box::pin(async move { contacts::update(tx, region, id, &patch).await })).await?;
    Ok(Json(contact))
}

/// The contact is shown and found no more; its calls stay. It is in the audit log.
#[utoipa::path(delete, path = "/contacts/{id}", tag = "contacts", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn archive(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    caller.require(Right::EditContacts)?;
    let entry = caller.entry("contact.archived", Some(("contact", id)), json!({}));
    http.write(move |tx| {
        Box::pin(async move {
            entry.write(tx).await?;
            contacts::archive(tx, id).await
        })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What happened with a contact, the newest first.
#[utoipa::path(get, path = "/contacts/{id}/timeline", tag = "contacts",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<TimelineItem>), (status = 404, body = Problem)))]
async fn timeline(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(page): Asked<PageQuery>,
) -> Answer<Json<Page<TimelineItem>>> {
    caller.require(Right::ViewContacts)?;
    contacts::get(&http.db, id).await?;
    Ok(Json(interactions::timeline(&http.db, id, &page.into()).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNote {
    text: String,
}

/// A note on the timeline.
#[utoipa::path(post, path = "/contacts/{id}/notes", tag = "contacts",
    params(("id" = Uuid, Path)), request_body = NewNote,
    responses((status = 201, body = TimelineItem), (status = 422, body = Problem)))]
async fn add_note(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(note): Body<NewNote>,
) -> Answer<(StatusCode, Json<TimelineItem>)> {
    caller.require(Right::EditContacts)?;
    let user = caller.user.id;
    let item = http
        .write(move |tx| Box::pin(async move { interactions::add_note(tx, id, user, &note.text).await }))
        .await?;
    http.live.timeline_changed(id);
    Ok((StatusCode::CREATED, Json(item)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LookupQuery {
    /// In any spelling.
    number: String,
}

/// Whose number it is.
#[derive(Debug, Serialize, ToSchema)]
struct Lookup {
    #[serde(rename = "match")]
    match_kind: MatchKind,
    contacts: Vec<ContactSummary>,
}

#[utoipa::path(get, path = "/contacts/lookup", tag = "contacts", params(LookupQuery),
    responses((status = 200, body = Lookup), (status = 422, body = Problem)))]
async fn lookup(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(asked): Asked<LookupQuery>,
) -> Answer<Json<Lookup>> {
    caller.require(Right::ViewContacts)?;
    let number = phone::normalise(&asked.number, http.config.region()).map_err(crm::Error::from)?;
    let found = contacts::lookup_by_number(&http.db, &number.number).await?;
    Ok(Json(Lookup { match_kind: found.kind(), contacts: found.contacts().to_vec() }))
}
