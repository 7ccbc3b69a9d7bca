//! Logs: one line per fact, on standard error, so that standard output is a command's own.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Logging};

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    #[error("log.filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    #[error("logging was already set up")]
    Twice,
}

/// Call once, first thing.
///
/// # Errors
/// A filter that does not parse; a second call.
pub fn start_logging(config: &Logging) -> Result<(), LoggingError> {
    let filter = EnvFilter::builder().parse(&config.filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Colours are for eyes; a file or a journal gets plain text.
        .with_ansi(std::io::stderr().is_terminal());
    let done = match config.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    done.map_err(|_| LoggingError::Twice)
}
