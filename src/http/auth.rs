//! Who is calling: a console's session or a program's token, the one place that decides it.
//!
//! A handler that takes a [`Caller`] cannot forget the CSRF and origin checks: without them there
//! is no `Caller` for an unsafe request with a cookie.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use chrono::Utc;
use crm::rights::{Right, may};
use crm::users::User;
use crm::{Lane, sessions, tokens};
use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use uuid::Uuid;

use super::HttpState;
use super::client::{ClientIp, check_origin};
use super::cookie;
use super::problem::Problem;

/// The header that proves that a page of ours sent the request.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// Ours are 43 characters; nothing longer is looked up.
const MAX_TOKEN_BYTES: usize = 256;

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    pub user: User,
    pub ip: IpAddr,
    pub via: Via,
}

/// How they did. `Debug` shows no token.
#[derive(Clone)]
pub enum Via {
    Session { id: Uuid, token: String, csrf: String },
    Token { id: Uuid, token: String },
}

impl std::fmt::Debug for Via {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Session { id, .. } => write!(f, "Session({id})"),
            Self::Token { id, .. } => write!(f, "Token({id})"),
        }
    }
}

impl Caller {
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        may(self.user.role, right)
    }

    /// # Errors
    /// `not_allowed` without the right.
    pub fn require(&self, right: Right) -> Result<(), Problem> {
        if self.may(right) { Ok(()) } else { Err(Problem::not_allowed()) }
    }

    /// The session's id, for a console.
    #[must_use]
    pub fn session_id(&self) -> Option<Uuid> {
        match self.via {
            Via::Session { id, .. } => Some(id),
            Via::Token { .. } => None,
        }
    }

    /// The same caller as the database knows it now; `None` when its session, token or user is
    /// no longer good.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn renewed(&self, state: &HttpState) -> Result<Option<Self>, crm::Error> {
        match &self.via {
            Via::Session { token, .. } => by_session(state, token, self.ip).await,
            Via::Token { token, .. } => by_token(state, token, self.ip).await,
        }
    }
}

pub(super) async fn by_session(
    state: &HttpState,
    token: &str,
    ip: IpAddr,
) -> Result<Option<Caller>, crm::Error> {
    let Some(session) = sessions::by_token(&state.db, token).await? else { return Ok(None) };
    let id = session.id;
    if session.wants_touch(Utc::now()) {
        state.db.write(Lane::Calls, move |tx| Box::pin(async move { sessions::touch(tx, id).await })).await?;
    }
    let via = Via::Session { id, token: token.to_owned(), csrf: session.csrf };
    Ok(Some(Caller { user: session.user, ip, via }))
}

async fn by_token(state: &HttpState, token: &str, ip: IpAddr) -> Result<Option<Caller>, crm::Error> {
    let Some((id, user)) = tokens::by_token(&state.db, token).await? else { return Ok(None) };
    if state.touches.is_due(id) {
        state.db.write(Lane::Calls, move |tx| Box::pin(async move { tokens::touch(tx, id).await })).await?;
    }
    let via = Via::Token { id, token: token.to_owned() };
    Ok(Some(Caller { user, ip, via }))
}

impl FromRequestParts<HttpState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let ClientIp(ip) = ClientIp::from_request_parts(parts, state).await?;
        if let Some(token) = bearer(&parts.headers) {
            return by_token(state, token, ip).await?.ok_or_else(Problem::not_signed_in);
        }
        let token = cookie::read(&parts.headers)
            .filter(|token| token.len() <= MAX_TOKEN_BYTES)
            .ok_or_else(Problem::not_signed_in)?;
        let caller = by_session(state, token, ip).await?.ok_or_else(Problem::not_signed_in)?;
        if !is_safe(&parts.method) {
            check_origin(&parts.headers)?;
            check_csrf(&caller, &parts.headers)?;
        }
        Ok(caller)
    }
}

/// A caller where one is not needed: who is not signed in is `None`, what is wrong with a
/// signed-in request is still refused.
pub struct MaybeCaller(pub Option<Caller>);

impl FromRequestParts<HttpState> for MaybeCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        match Caller::from_request_parts(parts, state).await {
            Ok(caller) => Ok(Self(Some(caller))),
            Err(problem) if problem.code == "not_signed_in" => Ok(Self(None)),
            Err(problem) => Err(problem),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && token.len() <= MAX_TOKEN_BYTES).then_some(token)
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn check_csrf(caller: &Caller, headers: &HeaderMap) -> Result<(), Problem> {
    let Via::Session { csrf, .. } = &caller.via else { return Ok(()) };
    let given = headers.get(CSRF_HEADER).map_or(&[][..], |value| value.as_bytes());
    if same(csrf.as_bytes(), given) { Ok(()) } else { Err(Problem::new(StatusCode::FORBIDDEN, "csrf")) }
}

/// Equality in a time that tells nothing of where the difference lies.
fn same(ours: &[u8], given: &[u8]) -> bool {
    let differences = ours.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b));
    ours.len() == given.len() && std::hint::black_box(differences) == 0
}

/// Writes the two ways of signing in into the OpenAPI document.
pub struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(cookie::NAME))),
        );
        components.add_security_scheme(
            "token",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        );
        let none: [&str; 0] = [];
        document.security =
            Some(vec![SecurityRequirement::new("session", none), SecurityRequirement::new("token", none)]);
    }
}
