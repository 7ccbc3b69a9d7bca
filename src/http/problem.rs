//! The one place that turns errors into HTTP: problem documents as RFC 9457 has them, each with a
//! stable `code` that the console translates. A stranger sees no internals.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::calls_port::CallError;

/// A problem document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    pub status: u16,
    /// Stable, snake_case: `errors.<code>` in the console's languages.
    pub code: &'static str,
    /// For people who read the API's answers, English.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub detail: Option<Box<str>>,
    /// Values for the translated text.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// The field of the request at which the problem lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub field: Option<Box<str>>,
}

/// What handlers answer.
pub type Answer<T> = Result<T, Problem>;

impl Problem {
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code,
            detail: None,
            params: Map::new(),
            field: None,
        }
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<Box<str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    #[must_use]
    pub fn param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn field(mut self, field: impl Into<Box<str>>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in")
    }

    #[must_use]
    pub fn not_allowed() -> Self {
        Self::new(StatusCode::FORBIDDEN, "not_allowed")
    }

    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found").param("what", what)
    }

    /// `reason`: a stable word for what is wrong with the field, e.g. `empty`.
    #[must_use]
    pub fn invalid(field: impl Into<Box<str>>, reason: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid").param("reason", reason).field(field)
    }

    #[must_use]
    pub fn too_many_attempts(retry_after_s: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").param("retry_after_s", retry_after_s)
    }

    /// Something broke: the log has it, the stranger does not.
    #[must_use]
    pub fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = %chain(error), "a request failed inside");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }
}

/// An error with its sources, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.params.get("retry_after_s").and_then(Value::as_u64);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<crm::Error> for Problem {
    fn from(error: crm::Error) -> Self {
        match error {
            crm::Error::NotFound { what } => Self::not_found(what),
            crm::Error::Conflict { field, code } => {
                Self::new(StatusCode::CONFLICT, "conflict").param("reason", code).field(field)
            }
            crm::Error::Invalid { field, code, params } => {
                let mut problem = Self::invalid(field, code);
                problem.params.extend(params);
                problem
            }
            crm::Error::TooSlow { .. } | crm::Error::Closed => {
                tracing::warn!(%error, "a request could not be served now");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "internal")
            }
            other => Self::internal(&other),
        }
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        let detail = error.to_string();
        let problem = match error {
            CallError::NotFound { what } => return Self::not_found(what),
            CallError::CallGone => Self::new(StatusCode::GONE, "call_gone"),
            CallError::PhoneNotReachable => Self::new(StatusCode::CONFLICT, "phone_not_reachable"),
            CallError::AgentBusy => Self::new(StatusCode::CONFLICT, "agent_busy"),
            CallError::RecordingPolicy => Self::new(StatusCode::CONFLICT, "recording_policy"),
            CallError::NotInQueue => Self::new(StatusCode::FORBIDDEN, "not_in_queue"),
            CallError::RecordingRefused => Self::new(StatusCode::CONFLICT, "recording_refused"),
            CallError::NotNow => Self::new(StatusCode::CONFLICT, "not_now"),
            CallError::ColleagueBusy => Self::new(StatusCode::CONFLICT, "colleague_busy"),
            CallError::NotReadyForCalls => Self::new(StatusCode::CONFLICT, "not_ready_for_calls"),
            CallError::NumberInvalid => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "number_invalid").field("number")
            }
            CallError::OutboundRefused => {
                Self::new(StatusCode::FORBIDDEN, "outbound_refused").field("number")
            }
            CallError::Invalid { field, code } => Self::invalid(field, code),
            CallError::DemoOnly => Self::new(StatusCode::FORBIDDEN, "demo_only"),
            CallError::Crm(error) => return error.into(),
            CallError::Internal(_) => return Self::internal(&error),
        };
        problem.detail(detail)
    }
}
