//! Which called numbers lead where.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::rights::Right;
use crm::routes::{self as inbound, NewRoute, Route, RouteTarget};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id};
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(delete))
}

/// In the order in which they are tried.
#[utoipa::path(get, path = "/routes", tag = "settings", operation_id = "list_routes",
    responses((status = 200, body = [Route]), (status = 403, body = Problem)))]
async fn list(State(http): State<HttpState>, caller: Caller) -> Answer<Json<Vec<Route>>> {
    caller.require(Right::ManageSettings)?;
    Ok(Json(inbound::list(&http.db).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RouteCreation {
    /// The first that fits is taken.
    #[serde(default)]
    position: i32,
    /// Digits of a number, `+` or not; `*` at the end stands for any further digits.
    pattern: String,
    /// What people call the number.
    label: String,
    target: RouteTarget,
}

/// A number that leads to a queue, a user or another number. It holds from the next call on.
#[utoipa::path(post, path = "/routes", tag = "settings", operation_id = "create_route",
    request_body = RouteCreation,
    responses((status = 201, body = Route), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    State(http): State<HttpState>,
    caller: Caller,
    Body(body): Body<RouteCreation>,
) -> Answer<(StatusCode, Json<Route>)> {
    caller.require(Right::ManageSettings)?;
    let target = checked(&http, body.target).await?;
    let entry = caller.entry("route.created", None, json!({ "pattern": body.pattern }));
    let new = NewRoute { position: body.position, pattern: body.pattern, label: body.label, target };
    let route = http
        .write(move |tx| {
            Box::pin(async move {
                let route = inbound::create(tx, &new).await?;
                entry.about("route", route.id).write(tx).await?;
                Ok(route)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(route)))
}

/// There must be something where the number leads.
async fn checked(http: &HttpState, target: RouteTarget) -> Answer<RouteTarget> {
    match target {
        RouteTarget::Queue { queue_id } => {
            crm::queues::get(&http.db, queue_id).await?;
            Ok(target)
        }
        RouteTarget::User { user_id } => {
            crm::users::by_id(&http.db, user_id).await?;
            Ok(target)
        }
        RouteTarget::External { number } => {
            let region = http.config.hub.default_region.parse();
            let region = region.map_err(|_| Problem::invalid("default_region", "unknown"))?;
            let read = crm::phone::normalise(&number, region)
                .map_err(|_| Problem::invalid("target.number", "not_a_number"))?;
            Ok(RouteTarget::External { number: read.number })
        }
    }
}

#[utoipa::path(delete, path = "/routes/{id}", tag = "settings", operation_id = "delete_route",
    params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn delete(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<StatusCode> {
    caller.require(Right::ManageSettings)?;
    let entry = caller.entry("route.deleted", Some(("route", id)), json!({}));
    http.write(move |tx| {
        Box::pin(async move {
            entry.write(tx).await?;
            inbound::delete(tx, id).await
        })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
