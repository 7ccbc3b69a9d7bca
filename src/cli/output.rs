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
    #[error("{}", in_words(.0))]
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
    #[error("recordings that are not whole: {0}")]
    NotWhole(u64),
    #[error("standard input has no password in its first line")]
    NoPassword,
}

/// The codes that a person at the command line meets, as a sentence; the console has its own.
fn in_words(error: &crm::Error) -> String {
    let crm::Error::Invalid { field, code, params } = error else {
        return match error {
            crm::Error::Conflict { field, code: "taken" } => format!("{field}: somebody has it already"),
            other => other.to_string(),
        };
    };
    // Passwords are bounded by what hashing them costs, which goes by bytes.
    let long = if *field == "password" { "bytes" } else { "characters" };
    match (*code, params.get("min"), params.get("max")) {
        ("too_short", Some(min), _) => format!("{field}: at least {min} characters are needed"),
        ("too_long", _, Some(max)) => format!("{field}: at most {max} {long} are taken"),
        ("empty", ..) => format!("{field}: must not be empty"),
        ("control_characters", ..) => format!("{field}: must not hold control characters"),
        ("not_an_address", ..) => format!("{field}: is no mail address"),
        _ => error.to_string(),
    }
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

#[cfg(test)]
mod tests {
    use super::Failure;

    #[tokio::test]
    async fn a_refused_password_says_what_is_needed() {
        let refused = async |password: &str| {
            let error = crm::password::hash(password).await.expect_err("a refusal");
            Failure::from(error).to_string()
        };
        assert_eq!(refused("short").await, "password: at least 8 characters are needed");
        assert_eq!(refused(&"x".repeat(2000)).await, "password: at most 1024 bytes are taken");
    }
}
