//! Why the configuration stops start-up: where, which key, and the reason.

use std::fmt;
use std::path::PathBuf;

use figment::error::Kind;
use figment::{Figment, Metadata, Source};

/// Shown to the administrator as it is.
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

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    File(PathBuf),
    Variable(String),
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Default => f.write_str("built-in default"),
        }
    }
}

impl Origin {
    pub(super) fn of(metadata: Option<&Metadata>) -> Self {
        match metadata.and_then(|metadata| metadata.source.as_ref()) {
            Some(Source::File(path)) => Self::File(path.clone()),
            Some(Source::Custom(name)) => Self::Variable(name.clone()),
            _ => Self::Default,
        }
    }
}

impl ConfigError {
    pub(super) fn from_figment(figment: &Figment, error: &figment::Error) -> Self {
        let mut path = error.path.clone();
        let reason = match &error.kind {
            Kind::UnknownField(field, known) => {
                if path.last() != Some(field) {
                    path.push(field.clone());
                }
                format!("unknown key; known here: {}", known.join(", "))
            }
            kind => kind.to_string(),
        };
        let key = path.join(".");
        let metadata = figment.find_metadata(&key).or(error.metadata.as_ref());
        let origin = Origin::of(metadata);
        if key.is_empty() { Self::Unreadable { origin, reason } } else { Self::Key { origin, key, reason } }
    }

    pub(super) fn key(figment: &Figment, key: &str, reason: impl Into<String>) -> Self {
        Self::Key {
            origin: Origin::of(figment.find_metadata(key)),
            key: key.to_owned(),
            reason: reason.into(),
        }
    }
}
