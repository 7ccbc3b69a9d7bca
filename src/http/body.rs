//! Request bodies, queries and path ids, whose refusals are problem documents at the field.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::problem::Problem;

/// A JSON body. The content type must say so, which a form on another site cannot.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refused(&rejection)),
        }
    }
}

fn refused(rejection: &JsonRejection) -> Problem {
    let detail = rejection.body_text();
    match rejection {
        JsonRejection::MissingJsonContentType(_) => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "invalid")
                .param("reason", "not_json")
                .detail(detail)
        }
        JsonRejection::JsonDataError(_) => {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
                .param("reason", "shape")
                .detail(detail.clone());
            match quoted(&detail) {
                Some(field) => problem.field(field),
                None => problem,
            }
        }
        rejection if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large")
        }
        _ => Problem::new(StatusCode::BAD_REQUEST, "invalid").param("reason", "not_json").detail(detail),
    }
}

/// The field in "… missing field `name` …" or "… target type: name: …".
fn quoted(detail: &str) -> Option<String> {
    let field = match detail.split_once("field `") {
        Some((_, rest)) => rest.split('`').next(),
        None => detail.split_once("target type: ").and_then(|(_, rest)| rest.split(':').next()),
    }?;
    let plain = !field.is_empty()
        && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.[]".contains(&byte));
    plain.then(|| field.to_owned())
}

/// A query string.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(query_refused(&rejection)),
        }
    }
}

fn query_refused(rejection: &QueryRejection) -> Problem {
    let detail = rejection.body_text();
    let field = detail
        .split_once("query string: ")
        .and_then(|(_, rest)| rest.split(':').next())
        .filter(|field| field.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
        .map(str::to_owned);
    let problem = Problem::new(StatusCode::BAD_REQUEST, "invalid").param("reason", "query").detail(detail);
    match field {
        Some(field) => problem.field(field),
        None => problem,
    }
}

/// The one id in the path; what is no id names nothing.
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Path::<Uuid>::from_request_parts(parts, state)
            .await
            .map(|Path(id)| Self(id))
            .map_err(|_| Problem::not_found("route"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn the_field_is_found_in_the_reason() {
        for (detail, field) in [
            (
                "Failed to deserialize the JSON body into the target type: missing field `email` at line 1 column 2",
                Some("email"),
            ),
            (
                "Failed to deserialize the JSON body into the target type: phones[0].kind: unknown variant `x`",
                Some("phones[0].kind"),
            ),
            ("Failed to deserialize the JSON body into the target type: invalid type: null at line 1", None),
        ] {
            assert_eq!(quoted(detail).as_deref(), field, "{detail}");
        }
    }
}
