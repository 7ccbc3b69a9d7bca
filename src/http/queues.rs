//! Queues: their numbers of this moment, their settings, and who serves them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::queues::{self, NewQueue, Queue, QueuePatch};
use crm::rights::{self, Right};
use crm::users::{self, UserRef};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Body, Id};
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};
use crate::views::QueueView;

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(sounds))
        .routes(routes!(get, update))
        .routes(routes!(members, set_members))
}

/// Queues with their numbers of this moment.
#[utoipa::path(get, path = "/queues", tag = "queues", operation_id = "list_queues",
    responses((status = 200, body = [QueueView])))]
async fn list(State(http): State<HttpState>, caller: Caller) -> Answer<Json<Vec<QueueView>>> {
    caller.require(Right::ViewQueues)?;
    Ok(Json(http.calls.wall().await.queues))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QueueCreation {
    name: String,
}

/// A queue for calls with the usual times; nobody serves it and no number leads to it yet.
#[utoipa::path(post, path = "/queues", tag = "queues", operation_id = "create_queue",
    request_body = QueueCreation,
    responses((status = 201, body = Queue), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    State(http): State<HttpState>,
    caller: Caller,
    Body(body): Body<QueueCreation>,
) -> Answer<(StatusCode, Json<Queue>)> {
    caller.require(Right::ManageSettings)?;
    let entry = caller.entry("queue.created", None, json!({ "name": body.name }));
    let queue = http
        .write(move |tx| {
            Box::pin(async move {
                let queue = queues::create(tx, &NewQueue::named(&body.name)).await?;
                entry.about("queue", queue.id).write(tx).await?;
                Ok(queue)
            })
        })
        .await?;
    http.calls.queues_changed();
    Ok((StatusCode::CREATED, Json(queue)))
}

/// Names of the sounds that a queue may play as greeting, music and overflow message.
#[utoipa::path(get, path = "/sounds", tag = "queues", operation_id = "list_sounds",
    responses((status = 200, body = [String])))]
async fn sounds(State(http): State<HttpState>, caller: Caller) -> Answer<Json<Vec<String>>> {
    caller.require(Right::ViewQueues)?;
    Ok(Json(http.calls.sounds()))
}

fn check_sounds(http: &HttpState, patch: &QueuePatch) -> Answer<()> {
    let wanted = [("greeting", &patch.greeting), ("music", &patch.music), ("overflow", &patch.overflow)];
    let known = http.calls.sounds();
    for (field, name) in wanted {
        let name = name.as_ref().and_then(|name| name.as_deref()).map(str::trim);
        if name.is_some_and(|name| !name.is_empty() && !known.iter().any(|one| one == name)) {
            return Err(Problem::invalid(field, "unknown"));
        }
    }
    Ok(())
}

/// A queue's settings.
#[utoipa::path(get, path = "/queues/{id}", tag = "queues", operation_id = "get_queue",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Queue), (status = 404, body = Problem)))]
async fn get(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Queue>> {
    caller.require(Right::ViewQueues)?;
    Ok(Json(queues::get(&http.db, id).await?))
}

/// What is left out stays, `null` empties. Calls that wait already follow the new settings.
#[utoipa::path(patch, path = "/queues/{id}", tag = "queues", operation_id = "update_queue",
    params(("id" = Uuid, Path)), request_body = QueuePatch,
    responses((status = 200, body = Queue), (status = 422, body = Problem)))]
async fn update(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(patch): Body<QueuePatch>,
) -> Answer<Json<Queue>> {
    caller.require(Right::ManageSettings)?;
    check_sounds(&http, &patch)?;
    let entry = caller.entry("queue.changed", Some(("queue", id)), json!({}));
    let queue = http
        .write(move |tx| {
            Box::pin(async move {
                entry.write(tx).await?;
                queues::update(tx, id, &patch).await
            })
        })
        .await?;
    http.calls.queues_changed();
    Ok(Json(queue))
}

/// Who serves the queue.
#[utoipa::path(get, path = "/queues/{id}/members", tag = "queues",
    operation_id = "list_queue_members", params(("id" = Uuid, Path)),
    responses((status = 200, body = [UserRef]), (status = 404, body = Problem)))]
async fn members(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Vec<UserRef>>> {
    caller.require(Right::ViewQueues)?;
    queues::get(&http.db, id).await?;
    Ok(Json(queues::members(&http.db, id).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Members {
    /// Users who handle calls; they and no others serve the queue from now on.
    user_ids: Vec<Uuid>,
}

#[utoipa::path(put, path = "/queues/{id}/members", tag = "queues",
    operation_id = "set_queue_members", params(("id" = Uuid, Path)), request_body = Members,
    responses((status = 200, body = [UserRef]), (status = 422, body = Problem)))]
async fn set_members(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(members): Body<Members>,
) -> Answer<Json<Vec<UserRef>>> {
    caller.require(Right::ManageSettings)?;
    let wanted = members.user_ids;
    let details = json!({ "members": wanted.len() });
    let entry = caller.entry("queue.members_changed", Some(("queue", id)), details);
    let members = http
        .write(move |tx| {
            Box::pin(async move {
                let users = users::list(tx).await?;
                let able = |wanted: &Uuid| {
                    users.iter().any(|user| user.id == *wanted && rights::may(user.role, Right::HandleCalls))
                };
                if !wanted.iter().all(able) {
                    return Err(crm::Error::invalid("user_ids", "not_an_agent"));
                }
                entry.write(tx).await?;
                queues::set_members(tx, id, &wanted).await?;
                queues::members(tx, id).await
            })
        })
        .await?;
    http.calls.queues_changed();
    Ok(Json(members))
}
