//! Defaults, then the file, then the environment; then the checks that types cannot make.

use std::path::Path;

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::Value;

use super::env::Variable;
use super::{Config, ConfigError, check};

/// What overriding variables begin with.
pub const ENV_PREFIX: &str = "CENTRALITA_";

/// Names that begin like an override but belong to the command line.
const NOT_OVERRIDES: [&str; 1] = ["CENTRALITA_CONFIG"];

/// Reads the configuration. `file`: must exist when given. `environment`: name and value of every
/// variable of the process; others than `CENTRALITA_…` are passed over.
///
/// # Errors
/// The first unknown key or bad value, with its origin.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    load_over(&Config::default(), file, environment)
}

/// As [`load`], with other values for what neither file nor environment says.
///
/// # Errors
/// As [`load`].
pub fn load_over(
    defaults: &Config,
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let mut figment = Figment::from(Serialized::defaults(defaults));
    let defaults = Value::serialize(defaults).map_err(|error| ConfigError::from_figment(&figment, &error))?;
    if let Some(path) = file {
        std::fs::File::open(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        figment = figment.merge(Toml::file_exact(path));
    }
    let mut variables: Vec<_> = environment
        .into_iter()
        .filter(|(name, _)| name.starts_with(ENV_PREFIX) && !NOT_OVERRIDES.contains(&&**name))
        .collect();
    variables.sort();
    for (name, text) in variables {
        figment = figment.merge(Variable::read(name, ENV_PREFIX, &text, &defaults));
    }
    let config = figment.extract().map_err(|error| ConfigError::from_figment(&figment, &error))?;
    check::check(&config).map_err(|(key, reason)| ConfigError::key(&figment, &key, reason))?;
    Ok(config)
}
