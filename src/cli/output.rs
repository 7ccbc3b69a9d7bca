//! Standard output and standard error of the commands.

use std::io::Write;

use crate::config::ConfigError;
use crate::ops::LoggingError;

/// Why a command failed: one line for the administrator.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("{0}")]
    Logging(#[from] LoggingError),
    #[error("the runtime does not start: {0}")]
    Runtime(#[source] std::io::Error),
    #[error("{0}")]
    Crm(#[from] crm::Error),
    #[error("{0}")]
    Hub(#[from] crate::hub::HubError),
    #[error("{what}: {source}")]
    Io {
        what: String,
        #[source]
        source: std::io::Error,
    },
    #[error("no user has the address {email}")]
    NoSuchUser { email: String },
    #[error("standard input has no password in its first line")]
    NoPassword,
}

/// Prints a command's result.
///
/// # Errors
/// Standard output is closed.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|source| Failure::Io { what: "standard output".to_owned(), source })
}

/// One line on standard error.
pub fn complain(failure: &Failure) {
    // If even standard error is closed, the exit code says it.
    let _ = writeln!(std::io::stderr(), "centralita: {failure}");
}
