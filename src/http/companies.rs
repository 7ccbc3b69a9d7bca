//! Companies.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::companies::{self, Company, CompanyPatch, NewCompany};
use crm::contacts::{self, ContactSummary};
use crm::rights::Right;
use crm::{Page, PageRequest};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Asked, Body, Id};
use super::page::PageQuery;
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update))
        .routes(routes!(contacts_of))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CompanyQuery {
    /// Beginnings of words, or a number in any spelling.
    search: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 200, 50 unless given.
    limit: Option<u32>,
}

/// Companies by name.
#[utoipa::path(get, path = "/companies", tag = "companies", operation_id = "list_companies",
    params(CompanyQuery), responses((status = 200, body = Page<Company>)))]
async fn list(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(asked): Asked<CompanyQuery>,
) -> Answer<Json<Page<Company>>> {
    caller.require(Right::ViewContacts)?;
    let page = PageRequest { cursor: asked.cursor, limit: asked.limit };
    let search = asked.search.unwrap_or_default();
    Ok(Json(companies::search(&http.db, &search, &page).await?))
}

#[utoipa::path(post, path = "/companies", tag = "companies", operation_id = "create_company",
    request_body = NewCompany,
    responses((status = 201, body = Company), (status = 422, body = Problem)))]
async fn create(
    State(http): State<HttpState>,
    caller: Caller,
    Body(new): Body<NewCompany>,
) -> Answer<(StatusCode, Json<Company>)> {
    caller.require(Right::EditContacts)?;
    let region = http.config.region();
    let company =
        http.write(move |tx| Box::pin(async move { companies::create(tx, region, &new).await })).await?;
    Ok((StatusCode::CREATED, Json(company)))
}

#[utoipa::path(get, path = "/companies/{id}", tag = "companies", operation_id = "get_company",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Company), (status = 404, body = Problem)))]
async fn get(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Company>> {
    caller.require(Right::ViewContacts)?;
    Ok(Json(companies::get(&http.db, id).await?))
}

/// What is left out stays, `null` empties.
#[utoipa::path(patch, path = "/companies/{id}", tag = "companies", operation_id = "update_company",
    params(("id" = Uuid, Path)), request_body = CompanyPatch,
    responses((status = 200, body = Company), (status = 422, body = Problem)))]
async fn update(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(patch): Body<CompanyPatch>,
) -> Answer<Json<Company>> {
    caller.require(Right::EditContacts)?;
    let region = http.config.region();
    let company = http
        .write(move |tx| Box::pin(async move { companies::update(tx, region, id, &patch).await }))
        .await?;
    Ok(Json(company))
}

/// Who works there.
#[utoipa::path(get, path = "/companies/{id}/contacts", tag = "companies",
    operation_id = "list_company_contacts", params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<ContactSummary>), (status = 404, body = Problem)))]
async fn contacts_of(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Asked(page): Asked<PageQuery>,
) -> Answer<Json<Page<ContactSummary>>> {
    caller.require(Right::ViewContacts)?;
    companies::get(&http.db, id).await?;
    let filter = contacts::Filter { search: None, company_id: Some(id) };
    Ok(Json(contacts::search(&http.db, &filter, &page.into()).await?))
}
