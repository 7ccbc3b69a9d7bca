//! SQLite: write-ahead log, every commit flushed, one writing connection and many reading ones.

use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use super::{ACQUIRE_TIMEOUT, Db, DbConfig, Writer, writer};
use crate::{Error, Result};

/// How long to wait for another process (a command line beside the server) that writes.
const BUSY_TIMEOUT_MS: &str = "10000";
/// 16 MB of pages for the writer: the tables that calls touch stay in memory.
const WRITER_CACHE_KB: &str = "-16384";
/// 2 MB for each reader: beyond that the kernel's own cache of the file serves all of them, once and not each.
const READER_CACHE_KB: &str = "-2048";
/// The log is cut back to this after a checkpoint, should a burst have made it longer.
const JOURNAL_LIMIT_BYTES: &str = "67108864";

pub(super) async fn open(config: &DbConfig) -> Result<Db> {
    // An in-memory database is private to its connection: readers would see another one.
    if config.url.contains(":memory:") || config.url.contains("mode=memory") {
        return Err(Error::invalid("url", "needs_a_file"));
    }
    // The writer first: it makes the file and turns the log on.
    let writer = connect(&config.url, 1, true).await?;
    let readers = connect(&config.url, config.readers.max(1), false).await?;
    Ok(Db { readers, writer: Writer::Sqlite(writer::Handle::start(writer)) })
}

async fn connect(url: &str, connections: u32, writes: bool) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(if writes { 1 } else { 0 })
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A file does not hang up: neither test connections nor renew them.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        // Statements carry customers' data; they are not logged.
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .create_if_missing(writes)
                .foreign_keys(true)
                .pragma("busy_timeout", BUSY_TIMEOUT_MS)
                .pragma("cache_size", if writes { WRITER_CACHE_KB } else { READER_CACHE_KB })
                .pragma("synchronous", "FULL")
                .pragma("temp_store", "MEMORY");
            if writes {
                sqlite.pragma("journal_mode", "WAL").pragma("journal_size_limit", JOURNAL_LIMIT_BYTES)
            } else {
                sqlite.pragma("query_only", "ON")
            }
        });
    Ok(Database::connect(options).await?)
}
