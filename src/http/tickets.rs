//! Tickets: what customers ask for.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::rights::Right;
use crm::tickets::{self, NewTicket, Ticket, TicketPatch};
use crm::words::TicketStatus;
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
struct TicketQuery {
    /// Beginnings of words, or the number.
    search: Option<String>,
    contact_id: Option<Uuid>,
    company_id: Option<Uuid>,
    status: Option<TicketStatus>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 200, 50 unless given.
    limit: Option<u32>,
}

/// The newest first.
#[utoipa::path(get, path = "/tickets", tag = "tickets", operation_id = "list_tickets",
    params(TicketQuery), responses((status = 200, body = Page<Ticket>)))]
async fn list(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(asked): Asked<TicketQuery>,
) -> Answer<Json<Page<Ticket>>> {
    caller.require(Right::ViewContacts)?;
    let page = PageRequest { cursor: asked.cursor, limit: asked.limit };
    let filter = tickets::Filter {
        search: asked.search,
        contact_id: asked.contact_id,
        company_id: asked.company_id,
        status: asked.status,
    };
    Ok(Json(tickets::search(&http.db, &filter, &page).await?))
}

/// One of a contact also enters that one's timeline.
#[utoipa::path(post, path = "/tickets", tag = "tickets", operation_id = "create_ticket",
    request_body = NewTicket,
    responses((status = 201, body = Ticket), (status = 422, body = Problem)))]
async fn create(
    State(http): State<HttpState>,
    caller: Caller,
    Body(new): Body<NewTicket>,
) -> Answer<(StatusCode, Json<Ticket>)> {
    caller.require(Right::EditContacts)?;
    let by = caller.user.id;
    let ticket =
        http.write(move |tx| Box::pin(async move { tickets::create(tx, Some(by), &new).await })).await?;
    if let Some(contact) = &ticket.contact {
        http.live.timeline_changed(contact.id);
    }
    Ok((StatusCode::CREATED, Json(ticket)))
}

#[utoipa::path(get, path = "/tickets/{id}", tag = "tickets", operation_id = "get_ticket",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Ticket), (status = 404, body = Problem)))]
async fn get(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Ticket>> {
    caller.require(Right::ViewContacts)?;
    Ok(Json(tickets::get(&http.db, id).await?))
}

/// What is left out stays, `null` empties.
#[utoipa::path(patch, path = "/tickets/{id}", tag = "tickets", operation_id = "update_ticket",
    params(("id" = Uuid, Path)), request_body = TicketPatch,
    responses((status = 200, body = Ticket), (status = 422, body = Problem)))]
async fn update(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(patch): Body<TicketPatch>,
) -> Answer<Json<Ticket>> {
    caller.require(Right::EditContacts)?;
    let former = tickets::get(&http.db, id).await?.contact;
    let ticket = http.write(move |tx| Box::pin(async move { tickets::update(tx, id, &patch).await })).await?;
    // Both, when it has moved from one contact to another.
    let now = ticket.contact.as_ref().map(|contact| contact.id);
    let before = former.map(|contact| contact.id).filter(|before| Some(*before) != now);
    for contact in [before, now].into_iter().flatten() {
        http.live.timeline_changed(contact);
    }
    Ok(Json(ticket))
}
