//! By which of our listeners a request came.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// Whether words were encrypted between the peer (a browser, or a proxy in front) and us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Plain,
    Encrypted,
}

impl Door {
    #[must_use]
    pub fn of(extensions: &axum::http::Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self::Plain)
    }

    #[must_use]
    pub fn is_encrypted(self) -> bool {
        self == Self::Encrypted
    }
}

impl<S: Sync> FromRequestParts<S> for Door {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}
