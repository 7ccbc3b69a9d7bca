//! Where a value came from, so that whoever has to repair it knows where to look.

use std::fmt;
use std::path::PathBuf;

use figment::{Figment, Metadata, Source};

/// What marks an option among figment's sources; a variable has its own mark.
const OPTION: &str = "option";
const VARIABLE: &str = "environment";

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    File(PathBuf),
    Variable(String),
    /// Of the command line, with its dashes.
    Option(String),
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Option(name) => write!(f, "option {name}"),
            Self::Default => f.write_str("built-in default"),
        }
    }
}

impl Origin {
    pub(super) fn of(metadata: Option<&Metadata>) -> Self {
        let Some(metadata) = metadata else { return Self::Default };
        match &metadata.source {
            Some(Source::File(path)) => Self::File(path.clone()),
            Some(Source::Custom(name)) if metadata.name == OPTION => Self::Option(name.clone()),
            Some(Source::Custom(name)) => Self::Variable(name.clone()),
            _ => Self::Default,
        }
    }

    pub(super) fn to_metadata(&self) -> Metadata {
        let metadata = match self {
            Self::File(path) => Metadata::from("file", Source::File(path.clone())),
            Self::Variable(name) => Metadata::from(VARIABLE, Source::Custom(name.clone())),
            Self::Option(name) => Metadata::from(OPTION, Source::Custom(name.clone())),
            Self::Default => Metadata::named("default"),
        };
        metadata.interpolater(|_, path| path.join("."))
    }
}

/// Where each value of a loaded configuration stands.
pub struct Origins(Figment);

impl Origins {
    pub(super) fn new(figment: Figment) -> Self {
        Self(figment)
    }

    /// `key` as in `http.listen`.
    #[must_use]
    pub fn of(&self, key: &str) -> Origin {
        Origin::of(self.0.find_metadata(key))
    }
}

/// The layers hold passwords: nothing is shown.
impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origins").finish_non_exhaustive()
    }
}
