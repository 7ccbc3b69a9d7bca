//! PostgreSQL: each write a transaction of its own; the server groups the flushes.

use std::time::Duration;

use rand::RngExt;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, TransactionTrait};

use super::{ACQUIRE_TIMEOUT, BoxFuture, Db, DbConfig, Tx, Writer, attempt::attempt};
use crate::{Error, Result};

/// Writers beside the readers: transactions that overlap share one flush.
const WRITERS: u32 = 8;
/// A transaction that loses this often in a row is told so.
const MAX_ATTEMPTS: u32 = 5;
/// Upper bound of the first pause between attempts; doubled each time, so that two that keep
/// meeting part.
const FIRST_PAUSE_MS: u64 = 4;

pub(super) async fn open(config: &DbConfig) -> Result<Db> {
    let readers = connect(&config.url, config.readers.max(1)).await?;
    let writers = connect(&config.url, WRITERS).await?;
    Ok(Db { readers, writer: Writer::Postgres(writers) })
}

async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // Statements carry customers' data; they are not logged.
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .set_application_name("centralita");
    Ok(Database::connect(options).await?)
}

pub(super) async fn write<T, F>(pool: &DatabaseConnection, work: F) -> Result<T>
where
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Clone,
{
    let mut attempts = 1;
    loop {
        match once(pool, work.clone()).await {
            Err(err) if err.is_worth_a_retry() && attempts < MAX_ATTEMPTS => {
                tracing::debug!(attempts, "transaction lost against another, trying again");
                let longest_ms = FIRST_PAUSE_MS << attempts;
                let pause_ms = rand::rng().random_range(1..=longest_ms);
                tokio::time::sleep(Duration::from_millis(pause_ms)).await;
                attempts += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn once<T, F>(pool: &DatabaseConnection, work: F) -> Result<T>
where
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>>,
{
    let tx = Tx { inner: pool.begin().await.map_err(Error::Database)? };
    match attempt(&tx, work).await {
        Ok(value) => {
            tx.inner.commit().await.map_err(Error::Database)?;
            Ok(value)
        }
        Err(err) => {
            if let Err(undo) = tx.inner.rollback().await {
                tracing::warn!(%undo, "rollback failed; the server undoes it with the connection");
            }
            Err(err)
        }
    }
}
