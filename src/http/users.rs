//! Those who work here.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crm::password;
use crm::present;
use crm::rights::Right;
use crm::users::{self, NewUser, User, UserPatch};
use crm::words::{RecordingPolicy, Role};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id};
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update))
}

/// All users: a company has hundreds at most.
#[derive(Debug, Serialize, ToSchema)]
struct Users {
    items: Vec<User>,
    /// Always `null`: there is one page.
    next_cursor: Option<String>,
}

/// Users by name.
#[utoipa::path(get, path = "/users", tag = "users", operation_id = "list_users",
    responses((status = 200, body = Users), (status = 403, body = Problem)))]
async fn list(State(http): State<HttpState>, caller: Caller) -> Answer<Json<Users>> {
    caller.require(Right::ViewUsers)?;
    Ok(Json(Users { items: users::list(&http.db).await?, next_cursor: None }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserCreation {
    email: String,
    display_name: String,
    role: Role,
    /// At least eight characters.
    password: String,
    #[serde(default)]
    locale: Option<String>,
}

#[utoipa::path(post, path = "/users", tag = "users", operation_id = "create_user",
    request_body = UserCreation,
    responses((status = 201, body = User), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    State(http): State<HttpState>,
    caller: Caller,
    Body(body): Body<UserCreation>,
) -> Answer<(StatusCode, Json<User>)> {
    caller.require(Right::ManageUsers)?;
    let new = NewUser {
        email: body.email,
        display_name: body.display_name,
        password_hash: password::hash(&body.password).await?,
        role: body.role,
        locale: body.locale,
    };
    let entry = caller.entry("user.created", None, json!({ "role": new.role }));
    let user = http
        .write(move |tx| {
            Box::pin(async move {
                let user = users::create(tx, &new).await?;
                entry.about("user", user.id).write(tx).await?;
                Ok(user)
            })
        })
        .await?;
    http.calls.users_changed();
    Ok((StatusCode::CREATED, Json(user)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserChange {
    display_name: Option<String>,
    role: Option<Role>,
    active: Option<bool>,
    /// Whether a phone of theirs may send its calls elsewhere (302).
    redirect_allowed: Option<bool>,
    /// Whether their calls are recorded; `null`: as direction and house have it.
    #[serde(default, deserialize_with = "present")]
    recording: Option<Option<RecordingPolicy>>,
    /// Ends all sessions of the user.
    password: Option<String>,
}

/// Name, role, activity or password, for who manages users; how calls are led, for supervisors as
/// well. What is left out stays.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", operation_id = "update_user",
    params(("id" = Uuid, Path)), request_body = UserChange,
    responses((status = 200, body = User), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn update(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(change): Body<UserChange>,
) -> Answer<Json<User>> {
    let is_of_calls = change.display_name.is_none()
        && change.role.is_none()
        && change.active.is_none()
        && change.password.is_none();
    caller.require(if is_of_calls { Right::SetAgentState } else { Right::ManageUsers })?;
    let hash = match &change.password {
        Some(password) => Some(password::hash(password).await?),
        None => None,
    };
    let details = json!({
        "role": change.role,
        "active": change.active,
        "redirect_allowed": change.redirect_allowed,
        "recording": change.recording,
        "renamed": change.display_name.is_some(),
        "password": hash.is_some(),
    });
    let entry = caller.entry("user.changed", Some(("user", id)), details);
    let patch = UserPatch {
        display_name: change.display_name,
        role: change.role,
        active: change.active,
        redirect_allowed: change.redirect_allowed,
        recording: change.recording,
    };
    let keep = caller.session_id().filter(|_| caller.user.id == id);
    let user = http
        .write(move |tx| {
            Box::pin(async move {
                let user = users::update(tx, id, &patch).await?;
                let somebody_manages = users::list(tx)
                    .await?
                    .iter()
                    .any(|user| user.active && crm::rights::may(user.role, Right::ManageUsers));
                if !somebody_manages {
                    return Err(crm::Error::Conflict { field: "role", code: "last_admin" });
                }
                if let Some(hash) = &hash {
                    users::set_password(tx, id, hash, keep).await?;
                }
                entry.write(tx).await?;
                Ok(user)
            })
        })
        .await?;
    http.live.access_changed();
    http.calls.users_changed();
    Ok(Json(user))
}
