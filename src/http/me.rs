//! One's own preferences and password.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::password;
use crm::users::{self, Preferences, User};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Body;
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(prefer)).routes(routes!(change_password))
}

/// Language, theme, density; what is left out stays. An empty language follows the browser.
#[utoipa::path(patch, path = "/me", tag = "session", request_body = Preferences,
    responses((status = 200, body = User), (status = 422, body = Problem)))]
async fn prefer(
    State(http): State<HttpState>,
    caller: Caller,
    Body(wish): Body<Preferences>,
) -> Answer<Json<User>> {
    let id = caller.user.id;
    let user =
        http.write(move |tx| Box::pin(async move { users::set_preferences(tx, id, &wish).await })).await?;
    Ok(Json(user))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    current: String,
    new: String,
}

/// Another password; all other sessions of the user end.
#[utoipa::path(post, path = "/me/password", tag = "session", request_body = PasswordChange,
    responses((status = 204), (status = 422, body = Problem)))]
async fn change_password(
    State(http): State<HttpState>,
    caller: Caller,
    Body(change): Body<PasswordChange>,
) -> Answer<StatusCode> {
    let email = &caller.user.email;
    http.count_attempt(email, caller.ip)?;
    if users::verify_password(&http.db, email, &change.current).await?.is_none() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_credentials").field("current"));
    }
    http.forget_attempts(email, caller.ip);
    let hash = password::hash(&change.new).await.map_err(|error| {
        let mut problem = Problem::from(error);
        if problem.field.is_some() {
            problem.field = Some("new".into());
        }
        problem
    })?;
    let (id, keep) = (caller.user.id, caller.session_id());
    let entry = caller.entry("user.password_changed", Some(("user", id)), json!({}));
    http.write(move |tx| {
        Box::pin(async move {
            entry.write(tx).await?;
            users::set_password(tx, id, &hash, keep).await
        })
    })
    .await?;
    http.live.access_changed();
    Ok(StatusCode::NO_CONTENT)
}
