//! One key set from outside the file: by an environment variable or by an option of the command.

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::Origin;

/// One value, a layer of its own above the file, so that an error can name where it came from.
pub struct Setting {
    origin: Origin,
    key: String,
    value: Value,
}

impl Setting {
    pub(super) fn new(origin: Origin, key: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { origin, key: key.into(), value: value.into() }
    }

    /// What the option `name` (`--http`) says of `key`.
    #[must_use]
    pub fn option(name: &str, key: &str, value: impl Into<Value>) -> Self {
        Self::new(Origin::Option(name.to_owned()), key, value)
    }
}

impl Provider for Setting {
    fn metadata(&self) -> Metadata {
        self.origin.to_metadata()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let nested = figment::util::nest(&self.key, self.value.clone());
        let dict = nested.into_dict().unwrap_or_default();
        Ok(Profile::Default.collect(dict))
    }
}
