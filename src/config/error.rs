//! Why the configuration stops start-up: where, which key, and the reason.

use std::path::PathBuf;

use figment::Figment;
use figment::error::Kind;

use super::{Origin, Origins};

/// Shown to the administrator as it is, in one line. Never holds a password.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// One key with a bad value, or that does not exist.
    #[error("{origin}: {key}: {reason}")]
    Key { origin: Origin, key: String, reason: String },
    /// The file is not TOML, or not text in UTF-8.
    #[error("{origin}: {reason}")]
    Unreadable { origin: Origin, reason: String },
}

/// A value that reads well, but nothing starts with it: an address that cannot be bound. Where it
/// stands, [`Origins`] knows. Never holds a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct Unusable {
    /// As in `http.listen`.
    pub key: &'static str,
    pub reason: String,
}

impl Unusable {
    #[must_use]
    pub fn new(key: &'static str, reason: String) -> Self {
        Self { key, reason }
    }
}

impl ConfigError {
    /// A value that reads well but cannot be.
    pub(super) fn key(origins: &Origins, key: &str, reason: impl Into<String>) -> Self {
        Self::Key { origin: origins.of(key), key: key.to_owned(), reason: reason.into() }
    }

    #[must_use]
    pub fn unusable(origins: &Origins, Unusable { key, reason }: Unusable) -> Self {
        Self::key(origins, key, reason)
    }

    pub(super) fn from_figment(figment: &Figment, error: &figment::Error) -> Self {
        let mut path = error.path.clone();
        // Which item of a list it was is seen from the value; the key is the list's.
        if path.last().is_some_and(|item| item.bytes().all(|byte| byte.is_ascii_digit())) {
            path.pop();
        }
        if let Kind::UnknownField(field, _) = &error.kind
            && path.last() != Some(field)
        {
            path.push(field.clone());
        }
        let key = path.join(".");
        let reason = reason(&key, &error.kind);
        let metadata = figment.find_metadata(&key).or(error.metadata.as_ref());
        let origin = Origin::of(metadata);
        if key.is_empty() { Self::Unreadable { origin, reason } } else { Self::Key { origin, key, reason } }
    }
}

fn reason(key: &str, kind: &Kind) -> String {
    match kind {
        Kind::UnknownField(_, known) => format!("unknown key; known here: {}", known.join(", ")),
        Kind::UnknownVariant(found, known) => format!("{found:?} is none of {}", known.join(", ")),
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) if is_secret(key) => {
            format!("expected {expected}")
        }
        Kind::Message(text) if key.is_empty() => without_excerpt(text),
        kind => kind.to_string(),
    }
}

/// Values that may be, or hold, a password.
fn is_secret(key: &str) -> bool {
    key == "database.url" || key.ends_with(".password")
}

/// A message of the TOML parser shows the line in which it stumbled, and that may hold a password.
/// The line's number says enough.
fn without_excerpt(text: &str) -> String {
    let is_excerpt = |line: &str| {
        line.split_once('|')
            .is_some_and(|(number, _)| number.bytes().all(|b| b == b' ' || b.is_ascii_digit()))
    };
    text.lines().filter(|line| !is_excerpt(line)).collect::<Vec<_>>().join(": ")
}
