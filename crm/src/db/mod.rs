//! The way into the database, on SQLite and on PostgreSQL.
//!
//! Reads go to a pool. Writes go through [`Db::write`], and what they answer is durable.

mod attempt;
mod postgres;
mod sqlite;
mod writer;

use std::{future::Future, pin::Pin, time::Duration};

use sea_orm::{DatabaseConnection, DatabaseExecutor, DatabaseTransaction};

use crate::{Error, Result, sql::Read};

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Readers when nothing else is asked for: a wall, a few agents and a report at once.
pub const DEFAULT_READERS: u32 = 8;
/// How long a read may wait for a free reader before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long one write closure may take: while it runs on SQLite, every other write waits.
pub const WRITE_LIMIT: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub struct DbConfig {
    /// `sqlite:PATH` (a file, made when missing) or `postgres://…`.
    pub url: String,
    /// Connections for reading; 1 at least.
    pub readers: u32,
}

impl DbConfig {
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), readers: DEFAULT_READERS }
    }

    /// The embedded database in this file.
    pub fn sqlite(path: &std::path::Path) -> Self {
        Self::new(format!("sqlite:{}", path.display()))
    }
}

/// Whose turn comes first when both want to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Whatever somebody waits for: calls, agents, forms.
    Calls,
    /// Imports and other long work, in closures of a few hundred rows: one such closure is the
    /// longest that a call's write has to wait.
    Bulk,
}

/// The write transaction that a closure works in.
pub struct Tx {
    inner: DatabaseTransaction,
}

impl Read for Tx {
    fn executor(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Transaction(&self.inner)
    }
}

/// A handle to the database; clones share it.
#[derive(Clone)]
pub struct Db {
    readers: DatabaseConnection,
    writer: Writer,
}

#[derive(Clone)]
enum Writer {
    Sqlite(writer::Handle),
    Postgres(DatabaseConnection),
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("engine", &self.engine()).finish_non_exhaustive()
    }
}

impl Read for Db {
    fn executor(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Connection(&self.readers)
    }
}

impl Db {
    /// Opens the database; changes nothing in it (see [`Db::migrate`]).
    pub async fn open(config: &DbConfig) -> Result<Self> {
        match config.url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => sqlite::open(config).await,
            Some("postgres" | "postgresql") => postgres::open(config).await,
            _ => Err(Error::invalid("url", "unknown_database")),
        }
    }

    /// `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        match self.writer {
            Writer::Sqlite(_) => "sqlite",
            Writer::Postgres(_) => "postgres",
        }
    }

    /// Runs `work` in a transaction of its own and answers once that is on disk.
    ///
    /// An error from `work` undoes what it did, and only that. On SQLite closures run one after
    /// the other in savepoints of a shared transaction, so that one flush serves many; on
    /// PostgreSQL each has its own transaction and is run again (hence `Clone`) when the server
    /// reports a deadlock or a serialization failure. After an error of a statement, return it:
    /// PostgreSQL takes no further statement in that transaction.
    ///
    /// Dropping the returned future does not undo the write.
    pub async fn write<T, F>(&self, lane: Lane, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Clone + Send + 'static,
    {
        match &self.writer {
            Writer::Sqlite(handle) => handle.write(lane, work).await,
            Writer::Postgres(pool) => postgres::write(pool, work).await,
        }
    }

    /// The readers' pool, for what this crate has no function for. SQL belongs in here, though.
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<()> {
        let on = match &self.writer {
            Writer::Sqlite(handle) => handle.connection(),
            Writer::Postgres(pool) => pool,
        };
        migrations::run(on).await.map_err(Error::Migration)
    }

    /// Schema steps that are still to be run.
    pub async fn pending_migrations(&self) -> Result<usize> {
        migrations::pending(&self.readers).await.map_err(Error::Migration)
    }

    /// Whether a reader answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.readers.ping().await?)
    }

    /// Lets the writes that were taken up finish, refuses further ones, closes all connections.
    pub async fn close(&self) -> Result<()> {
        if let Writer::Sqlite(handle) = &self.writer {
            handle.close().await;
            handle.connection().close_by_ref().await?;
        }
        Ok(self.readers.close_by_ref().await?)
    }
}
