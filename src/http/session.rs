//! Signing in and out.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use crm::rights::{self, Right};
use crm::sessions;
use crm::users::{self, User};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::audit::Entry;
use super::auth::{Via, by_session};
use super::body::Body;
use super::problem::{Answer, Problem};
use super::{Caller, ClientIp, Door, HttpState, MaybeCaller, check_origin, cookie};
use crate::views::Hub;

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(current, sign_in, sign_out))
}

/// Who is signed in, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    user: User,
    rights: Vec<Right>,
    /// For the header `X-CSRF-Token` of every unsafe request; empty for programs with a token.
    csrf_token: String,
    hub: Hub,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    email: String,
    password: String,
}

/// The session of the cookie or token.
#[utoipa::path(get, path = "/session", tag = "session",
    responses((status = 200, body = Session), (status = 401, body = Problem)))]
async fn current(State(http): State<HttpState>, caller: Caller) -> Json<Session> {
    let csrf_token = match &caller.via {
        Via::Session { csrf, .. } => csrf.clone(),
        Via::Token { .. } => String::new(),
    };
    Json(Session::of(caller.user, csrf_token, &http))
}

/// Signs in with address and password, and sets the cookie.
#[utoipa::path(post, path = "/session", tag = "session", request_body = Login, security(()),
    responses((status = 200, body = Session), (status = 401, body = Problem),
        (status = 429, body = Problem)))]
async fn sign_in(
    State(http): State<HttpState>,
    ClientIp(ip): ClientIp,
    door: Door,
    headers: HeaderMap,
    Body(login): Body<Login>,
) -> Answer<Response> {
    check_origin(&headers)?;
    http.count_attempt(&login.email, ip)?;
    let Some(user) = users::verify_password(&http.db, &login.email, &login.password).await? else {
        tracing::info!(%ip, "sign-in refused");
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong_credentials"));
    };
    http.forget_attempts(&login.email, ip);
    // The session that this browser had, if any, ends: nobody would ever use it again.
    let former = match cookie::read(&headers) {
        Some(token) => by_session(&http, token, ip).await?.and_then(|caller| caller.session_id()),
        None => None,
    };
    let user_id = user.id;
    let entry = Entry::new(Some(user_id), ip, "session.opened", Some(("user", user_id)), json!({}));
    let session = http
        .write(move |tx| {
            Box::pin(async move {
                if let Some(former) = former {
                    sessions::delete(tx, former).await?;
                }
                entry.write(tx).await?;
                sessions::create(tx, user_id, Some(&ip.to_string())).await
            })
        })
        .await?;
    tracing::info!(user = %user_id, %ip, "signed in");
    let cookie = cookie::set(&session.token, http.is_https(door));
    let body = Json(Session::of(user, session.csrf, &http));
    Ok(with_cookie(cookie, body.into_response()))
}

/// Signs out. Without a session there is nothing to do.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
async fn sign_out(
    State(http): State<HttpState>,
    door: Door,
    MaybeCaller(caller): MaybeCaller,
) -> Answer<Response> {
    if let Some(caller) = &caller
        && let Some(id) = caller.session_id()
    {
        let entry = caller.entry("session.closed", Some(("user", caller.user.id)), json!({}));
        http.write(move |tx| {
            Box::pin(async move {
                entry.write(tx).await?;
                sessions::delete(tx, id).await
            })
        })
        .await?;
        http.live.access_changed();
    }
    let cookie = cookie::clear(http.is_https(door));
    Ok(with_cookie(cookie, StatusCode::NO_CONTENT.into_response()))
}

impl Session {
    fn of(user: User, csrf_token: String, http: &HttpState) -> Self {
        Self { rights: rights::of(user.role), user, csrf_token, hub: Hub::clone(&http.hub) }
    }
}

fn with_cookie(cookie: Option<HeaderValue>, mut response: Response) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
