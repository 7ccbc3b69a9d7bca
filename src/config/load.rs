//! Defaults, then the file, then the environment, then the command line; then the checks that
//! types cannot make.

use std::net::SocketAddr;
use std::path::Path;

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::Value;

use super::{Config, ConfigError, Origin, Origins, Setting, check, env};

/// What overriding variables begin with.
pub const ENV_PREFIX: &str = "CENTRALITA_";

/// Names that begin like an override but belong to the command line.
const NOT_OVERRIDES: [&str; 1] = ["CENTRALITA_CONFIG"];

/// A configuration, and where each of its values stands.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    pub origins: Origins,
}

/// Reads the configuration. `file`: must exist when given. `environment`: name and value of every
/// variable of the process; others than `CENTRALITA_…` are passed over.
///
/// # Errors
/// The first unknown key or bad value, with its origin.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(path) = file {
        std::fs::File::open(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        figment = figment.merge(Toml::file_exact(path));
    }
    finish(over(figment, environment)?)
}

/// The demo's configuration: [`Config::demo`], the environment, and `options` of the command line.
/// Sound goes where signalling goes, signalling over TLS is a port above, and https as far above http as
/// 443 is above 80, unless the environment says otherwise.
///
/// # Errors
/// As [`load`].
pub fn load_demo(
    environment: impl IntoIterator<Item = (String, String)>,
    options: impl IntoIterator<Item = Setting>,
) -> Result<Loaded, ConfigError> {
    let mut figment = over(Figment::from(Serialized::defaults(Config::demo())), environment)?;
    for option in options {
        figment = figment.merge(option);
    }
    let loaded = finish(figment.clone())?;
    let Some(first) = loaded.config.sip.listen.first() else { return Ok(loaded) };
    let mut follow = |leader: &str, key: &str, value: Value| {
        if loaded.origins.of(key) == Origin::Default {
            figment = figment.clone().merge(Setting::new(loaded.origins.of(leader), key, value));
        }
    };
    follow("sip.listen", "media.bind", first.ip().to_string().into());
    if let Some(port) = tls_port(first.port()) {
        follow("sip.listen", "sip.listen_tls", vec![SocketAddr::new(first.ip(), port).to_string()].into());
    }
    let http = loaded.config.http.listen;
    if let Some(port) = https_port(http.port()) {
        follow("http.listen", "http.listen_tls", SocketAddr::new(http.ip(), port).to_string().into());
    }
    finish(figment)
}

/// As 443 goes with 80 and 8443 with 8080; any port goes with any port.
fn https_port(port: u16) -> Option<u16> {
    if port == 0 { Some(0) } else { port.checked_add(443 - 80) }
}

/// As 5061 goes with 5060 (RFC 3261 section 19.1.2); any port goes with any port.
fn tls_port(port: u16) -> Option<u16> {
    if port == 0 { Some(0) } else { port.checked_add(1) }
}

fn over(
    mut figment: Figment,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Figment, ConfigError> {
    let shapes =
        Value::serialize(Config::default()).map_err(|error| ConfigError::from_figment(&figment, &error))?;
    let mut variables: Vec<_> = environment
        .into_iter()
        .filter(|(name, _)| name.starts_with(ENV_PREFIX) && !NOT_OVERRIDES.contains(&&**name))
        .collect();
    variables.sort();
    for (name, text) in variables {
        figment = figment.merge(env::read(name, ENV_PREFIX, &text, &shapes));
    }
    Ok(figment)
}

fn finish(figment: Figment) -> Result<Loaded, ConfigError> {
    let config = figment.extract().map_err(|error| ConfigError::from_figment(&figment, &error))?;
    let origins = Origins::new(figment);
    check::check(&config).map_err(|(key, reason)| ConfigError::key(&origins, &key, reason))?;
    Ok(Loaded { config, origins })
}
