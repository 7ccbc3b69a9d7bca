//! Telephones: those that an administrator hands out, and the browser as one.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use crm::devices::{self, Device, NewDevice};
use crm::rights::Right;
use crm::users;
use crm::words::{DeviceKind, MediaSecurity};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::{Body, Id};
use super::problem::{Answer, Problem};
use super::relays::{self, IceServer};
use super::{Caller, HttpState};
use crate::views::PhoneServer;

/// A browser's secret is good for one registration and its refreshes; a page renews it in time.
const BROWSER_SECRET_LASTS: Duration = Duration::from_secs(60 * 60);

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(new_password))
        .routes(routes!(change, delete))
        .routes(routes!(browser))
}

/// A telephone with its password, which is shown this once and kept nowhere in plain text.
#[derive(Serialize, ToSchema)]
struct NewPhone {
    #[serde(flatten)]
    device: Device,
    password: String,
    /// Where it may register; the encrypted first.
    servers: Vec<PhoneServer>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhoneCreation {
    /// The name it registers with: letters, digits, `.`, `_`, `-`.
    username: String,
    /// What people call it.
    label: String,
    /// `optional` unless said.
    media_security: Option<MediaSecurity>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhoneChange {
    media_security: MediaSecurity,
}

/// The telephones of a user.
#[utoipa::path(get, path = "/users/{id}/phones", tag = "phones", operation_id = "list_phones",
    params(("id" = Uuid, Path)), responses((status = 200, body = [Device]), (status = 403, body = Problem)))]
async fn list(State(http): State<HttpState>, caller: Caller, Id(id): Id) -> Answer<Json<Vec<Device>>> {
    caller.require(Right::ManageUsers)?;
    Ok(Json(devices::list_for_user(&http.db, id).await?))
}

/// A desk or soft phone for a user.
#[utoipa::path(post, path = "/users/{id}/phones", tag = "phones", operation_id = "create_phone",
    params(("id" = Uuid, Path)), request_body = PhoneCreation,
    responses((status = 201, body = NewPhone), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create(
    State(http): State<HttpState>,
    caller: Caller,
    Id(id): Id,
    Body(body): Body<PhoneCreation>,
) -> Answer<(StatusCode, Json<NewPhone>)> {
    caller.require(Right::ManageUsers)?;
    users::by_id(&http.db, id).await?;
    let password = devices::new_password();
    let new = NewDevice {
        user_id: id,
        username: body.username,
        password: password.clone(),
        realm: http.config.sip.realm.clone(),
        kind: DeviceKind::Desk,
        label: body.label,
        media_security: body.media_security.unwrap_or(MediaSecurity::Optional),
    };
    let entry = caller.entry("phone.created", Some(("user", id)), json!({ "username": new.username }));
    let keys = http.keys.clone();
    let device = http
        .write(move |tx| {
            Box::pin(async move {
                entry.write(tx).await?;
                devices::create(tx, &keys, &new).await
            })
        })
        .await?;
    http.calls.phones_changed();
    Ok((StatusCode::CREATED, Json(NewPhone { device, password, servers: http.phone_servers.to_vec() })))
}

/// Another password for a telephone; the one before is good no longer.
#[utoipa::path(post, path = "/users/{id}/phones/{phone}/password", tag = "phones",
    operation_id = "renew_phone_password", params(("id" = Uuid, Path), ("phone" = Uuid, Path)),
    responses((status = 200, body = NewPhone), (status = 404, body = Problem)))]
async fn new_password(
    State(http): State<HttpState>,
    caller: Caller,
    Path((user, phone)): Path<(Uuid, Uuid)>,
) -> Answer<Json<NewPhone>> {
    caller.require(Right::ManageUsers)?;
    let device = devices::of_user(&http.db, user, phone).await?;
    let password = devices::new_password();
    let entry =
        caller.entry("phone.password_changed", Some(("user", user)), json!({ "username": device.username }));
    let (keys, realm) = (http.keys.clone(), http.config.sip.realm.clone());
    let (username, secret) = (device.username.clone(), password.clone());
    http.write(move |tx| {
        Box::pin(async move {
            entry.write(tx).await?;
            devices::replace_secret(tx, &keys, &username, &secret, &realm).await
        })
    })
    .await?;
    Ok(Json(NewPhone { device, password, servers: http.phone_servers.to_vec() }))
}

/// How a desk phone's sound has to be encrypted, from its next call on.
#[utoipa::path(patch, path = "/users/{id}/phones/{phone}", tag = "phones", operation_id = "change_phone",
    params(("id" = Uuid, Path), ("phone" = Uuid, Path)), request_body = PhoneChange,
    responses((status = 200, body = Device), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change(
    State(http): State<HttpState>,
    caller: Caller,
    Path((user, phone)): Path<(Uuid, Uuid)>,
    Body(body): Body<PhoneChange>,
) -> Answer<Json<Device>> {
    caller.require(Right::ManageUsers)?;
    let device = devices::of_user(&http.db, user, phone).await?;
    let wanted = body.media_security;
    let entry = caller.entry(
        "phone.media_security_changed",
        Some(("user", user)),
        json!({ "username": device.username, "from": device.media_security, "to": wanted }),
    );
    let device = http
        .write(move |tx| {
            Box::pin(async move {
                entry.write(tx).await?;
                devices::secure_media(tx, &device, wanted).await?;
                devices::of_user(tx, user, phone).await
            })
        })
        .await?;
    http.calls.phones_changed();
    Ok(Json(device))
}

/// A telephone that is not used any more.
#[utoipa::path(delete, path = "/users/{id}/phones/{phone}", tag = "phones", operation_id = "delete_phone",
    params(("id" = Uuid, Path), ("phone" = Uuid, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete(
    State(http): State<HttpState>,
    caller: Caller,
    Path((user, phone)): Path<(Uuid, Uuid)>,
) -> Answer<StatusCode> {
    caller.require(Right::ManageUsers)?;
    let device = devices::of_user(&http.db, user, phone).await?;
    let entry = caller.entry("phone.deleted", Some(("user", user)), json!({ "username": device.username }));
    http.write(move |tx| {
        Box::pin(async move {
            entry.write(tx).await?;
            devices::delete(tx, phone).await
        })
    })
    .await?;
    http.calls.phones_changed();
    Ok(StatusCode::NO_CONTENT)
}

/// What the console's own phone registers with.
#[derive(Serialize, ToSchema)]
struct BrowserPhone {
    id: Uuid,
    username: String,
    password: String,
    /// The SIP domain, also the realm of the digest.
    domain: String,
    /// On the console's own origin; subprotocol `sip` (RFC 7118).
    websocket_path: String,
    /// The page asks again before then.
    expires_at: DateTime<Utc>,
    ice_servers: Vec<IceServer>,
}

/// Makes this browser the user's phone, with a secret that lasts an hour. A page that asks takes over
/// from the page that asked before.
#[utoipa::path(post, path = "/me/phone", tag = "phones", operation_id = "issue_browser_phone",
    responses((status = 200, body = BrowserPhone), (status = 403, body = Problem)))]
async fn browser(State(http): State<HttpState>, caller: Caller) -> Answer<Json<BrowserPhone>> {
    caller.require(Right::HandleCalls)?;
    let user = caller.user.id;
    let expires_at = crm::now() + BROWSER_SECRET_LASTS;
    let (keys, realm) = (http.keys.clone(), http.config.sip.realm.clone());
    // A call that begins in the last minute of the hour still goes on.
    let relayed_until = expires_at + Duration::from_secs(http.config.calls.max_call_minutes * 60);
    let known = devices::list_for_user(&http.db, user).await?;
    let (device, password) = http
        .write(move |tx| {
            Box::pin(async move { devices::issue_browser(tx, &keys, user, &realm, expires_at).await })
        })
        .await?;
    if !known.iter().any(|phone| phone.id == device.id) {
        http.calls.phones_changed();
    }
    Ok(Json(BrowserPhone {
        id: device.id,
        username: device.username,
        password,
        domain: http.config.sip.realm.clone(),
        websocket_path: super::softphone::PATH.to_owned(),
        expires_at,
        ice_servers: relays::for_user(&http.config.turn, user, relayed_until),
    }))
}
