//! Leads: chances of business.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::leads::{self, Lead, LeadPatch, NewLead};
use crm::rights::Right;
use crm::words::LeadStatus;
use crm::{Page, PageRequest};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Asked, Body, Id};
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, update))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LeadQuery {
    /// Beginnings of words.
    search: Option<String>,
    contact_id: Option<Uuid>,
    company_id: Option<Uuid>,
    status: Option<LeadStatus>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 200, 50 unless given.
    limit: Option<u32>,
}

/// The newest first.
#[utoipa::path(get, path = "/leads", tag = "leads", operation_id = "list_leads",
    params(LeadQuery), responses((status = 200, body = Page<Lead>)))]
async fn list(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(asked): Asked<LeadQuery>,
) -> Answer<Json<Page<Lead>>> {
    caller.require(Right::ViewContacts)?;
    let page = PageRequest { cursor: asked.cursor, limit: asked.limit };
    let filter = leads::Filter {
        search: asked.search,
        contact_id: asked.contact_id,
        company_id: asked.company_id,
        status: asked.status,
    };
    Ok(Json(leads::search(&http.db, &filter, &page).await?))
}

/// One of a contact also enters that one's timeline.
#[utoipa::path(post, path = "/leads", tag = "leads", operation_id = "create_lead",
    request_body = NewLead,
    responses((status = 201, body = Lead), (status = 422, body = Problem)))]
async fn create(
    State(http): State<HttpState>,
    caller: Caller,
    Body(new): Body<NewLead>,
) -> Answer<(StatusCode, Json<Lead>)> {
    caller.require(Right::EditContacts)?;
    let by = caller.user.id;
    let lead = http.write(move |tx| Box::pin(async move { leads::create(tx, Some(by), &new).await })).await?;
    if let Some(contact) = &lead.contact {
        http.live.timeline_changed(contact.id);
    }
    Ok((StatusCode::CREATED, Json(lead)))
}

#[utoipa::path(get, path = "/leads/{id}", tag = "leads", operation_id = "get_lead",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Lead), (status = 404, body = Problem)))]
async fn get(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Lead>> {
    caller.require(Right::ViewContacts)?;
    Ok(Json(leads::get(&http.db, id).await?))
}

/// What is left out stays, `null` empties.
#[utoipa::path(patch, path = "/leads/{id}", tag = "leads", operation_id = "update_lead",
    params(("id" = Uuid, Path)), request_body = LeadPatch,
    responses((status = 200, body = Lead), (status = 422, body = Problem)))]
async fn update(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(patch): Body<LeadPatch>,
) -> Answer<Json<Lead>> {
    caller.require(Right::EditContacts)?;
    let former = leads::get(&http.db, id).await?.contact;
    let lead = http.write(move |tx| Box::pin(async move { leads::update(tx, id, &patch).await })).await?;
    // Both, when it has moved from one contact to another.
    let now = lead.contact.as_ref().map(|contact| contact.id);
    let before = former.map(|contact| contact.id).filter(|before| Some(*before) != now);
    for contact in [before, now].into_iter().flatten() {
        http.live.timeline_changed(contact);
    }
    Ok(Json(lead))
}
