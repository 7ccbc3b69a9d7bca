//! The commands that run a hub.

use std::path::{Path, PathBuf};

use super::args::{ConfigFile, Demo};
use super::output::Failure;
use crate::config::{self, ConfigError, Loaded, Mode};
use crate::hub::{self, HubError};
use crate::ops;

/// Read when no other file is named and it is there.
const DEFAULT_FILE: &str = "centralita.toml";

pub fn serve(file: &ConfigFile) -> Result<(), Failure> {
    run(load(file)?, Mode::Serve)
}

pub fn demo(options: &Demo) -> Result<(), Failure> {
    let loaded = config::load_demo(environment(), options.settings())?;
    run(loaded, Mode::Demo { staffed: options.staffed })
}

/// The configuration of the commands that take a file.
///
/// # Errors
/// As [`config::load`].
pub fn load(file: &ConfigFile) -> Result<Loaded, Failure> {
    let path: Option<PathBuf> =
        file.file.clone().or_else(|| Path::new(DEFAULT_FILE).exists().then(|| PathBuf::from(DEFAULT_FILE)));
    Ok(config::load(path.as_deref(), environment())?)
}

/// Variables that are not text cannot be ours.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn run(loaded: Loaded, mode: Mode) -> Result<(), Failure> {
    let Loaded { config, origins } = loaded;
    ops::start_logging(&config.log)?;
    let outcome = runtime()?.block_on(hub::run(config, mode));
    outcome.map_err(|error| match error {
        HubError::Unusable(unusable) => ConfigError::unusable(&origins, unusable).into(),
        other => other.into(),
    })
}

/// The asynchronous runtime; packets never pass through it.
///
/// # Errors
/// The system gives no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)
}
