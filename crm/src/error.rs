//! What can go wrong, in words from which the HTTP layer makes its problem documents.

use sea_orm::{DbErr, SqlErr};
use serde_json::{Map, Value};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such record, or one that has been archived.
    #[error("{what} not found")]
    NotFound { what: &'static str },
    /// Another record is in the way, or the record has moved on.
    #[error("conflict at {field}: {code}")]
    Conflict { field: &'static str, code: &'static str },
    /// The caller's value cannot be taken. `params` complete the message of `code`.
    #[error("{field} is not valid: {code}")]
    Invalid { field: &'static str, code: &'static str, params: Map<String, Value> },
    /// The write was taken up but did not end in its time; nothing of it was kept.
    #[error("a write took longer than {limit_ms} ms and was undone")]
    TooSlow { limit_ms: u64 },
    /// The write's closure panicked; nothing of it was kept.
    #[error("a write panicked and was undone")]
    Panicked,
    /// The transaction that this write shared with others could not be committed.
    #[error("commit failed: {0}")]
    Commit(String),
    /// The database is being closed.
    #[error("the database is closed")]
    Closed,
    /// A sealed value could not be opened or sealed.
    #[error(transparent)]
    Key(#[from] crate::keys::KeyError),
    /// A password could not be hashed; says why.
    #[error("password hashing: {0}")]
    Password(String),
    /// A stored value does not read as what it should be.
    #[error("damaged record: {0}")]
    Damaged(String),
    #[error("migration: {0}")]
    Migration(#[source] DbErr),
    #[error("database: {0}")]
    Database(#[source] DbErr),
}

impl Error {
    pub fn invalid(field: &'static str, code: &'static str) -> Self {
        Self::Invalid { field, code, params: Map::new() }
    }

    /// `code` with one parameter, such as the limit that was passed.
    pub fn invalid_with(
        field: &'static str,
        code: &'static str,
        name: &str,
        value: impl Into<Value>,
    ) -> Self {
        let params = Map::from_iter([(name.to_owned(), value.into())]);
        Self::Invalid { field, code, params }
    }

    /// A number that PostgreSQL gives to conflicts between transactions that are worth another
    /// try: serialization failure and deadlock.
    pub(crate) fn is_worth_a_retry(&self) -> bool {
        let Self::Database(err) = self else {
            return false;
        };
        sqlstate(err).is_some_and(|code| code == "40001" || code == "40P01")
    }
}

impl From<DbErr> for Error {
    fn from(err: DbErr) -> Self {
        match err.sql_err() {
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::invalid("reference", "unknown_reference"),
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Conflict { field: "record", code: "exists" },
            _ => Self::Database(err),
        }
    }
}

fn sqlstate(err: &DbErr) -> Option<String> {
    let (DbErr::Exec(inner) | DbErr::Query(inner)) = err else {
        return None;
    };
    let sea_orm::RuntimeErr::SqlxError(sqlx) = inner else {
        return None;
    };
    Some(sqlx.as_database_error()?.code()?.into_owned())
}

/// Turns "there is one already" into a message at the field that has to change.
pub(crate) trait OrTaken<T> {
    fn or_taken(self, field: &'static str) -> Result<T>;
}

impl<T> OrTaken<T> for Result<T> {
    fn or_taken(self, field: &'static str) -> Self {
        match self {
            Err(Error::Conflict { field: "record", code: "exists" }) => {
                Err(Error::Conflict { field, code: "taken" })
            }
            other => other,
        }
    }
}
