//! The commands that run a hub.

use std::path::{Path, PathBuf};

use super::args::{ConfigFile, DEMO_KEYS, Demo};
use super::output::Failure;
use crate::config::{self, Config, Mode};
use crate::{hub, ops};

/// Read when no other file is named and it is there.
const DEFAULT_FILE: &str = "centralita.toml";

pub fn serve(file: &ConfigFile) -> Result<(), Failure> {
    run(load(file)?, Mode::Serve)
}

pub fn demo(options: &Demo) -> Result<(), Failure> {
    let defaults = Config::demo(options.data.clone(), options.http, options.sip, options.rtp_ports);
    let others = environment().filter(|(name, _)| !DEMO_KEYS.contains(&name.as_str()));
    let config = config::load_over(&defaults, None, others)?;
    run(config, Mode::Demo { staffed: options.staffed })
}

/// The configuration of the commands that take a file.
///
/// # Errors
/// As [`config::load`].
pub fn load(file: &ConfigFile) -> Result<Config, Failure> {
    let path: Option<PathBuf> =
        file.file.clone().or_else(|| Path::new(DEFAULT_FILE).exists().then(|| PathBuf::from(DEFAULT_FILE)));
    Ok(config::load(path.as_deref(), environment())?)
}

/// Variables that are not text cannot be ours.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn run(config: Config, mode: Mode) -> Result<(), Failure> {
    ops::start_logging(&config.log)?;
    runtime()?.block_on(async { Ok(hub::run(config, mode).await?) })
}

/// The asynchronous runtime; packets never pass through it.
///
/// # Errors
/// The system gives no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)
}
