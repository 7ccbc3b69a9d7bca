//! The few words in which SQLite and PostgreSQL differ.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Token, its SQLite spelling, its PostgreSQL spelling.
const WORDS: [(&str, &str, &str); 5] = [
    // UUIDs are 16 bytes in SQLite; version 7 sorts by time in both.
    ("{uuid}", "BLOB", "uuid"),
    // RFC 3339 text in UTC, which sorts as it should.
    ("{time}", "TEXT", "timestamptz"),
    ("{json}", "TEXT", "jsonb"),
    ("{bytes}", "BLOB", "bytea"),
    // Names are compared byte by byte in both, so that a page's cursor means the same in both.
    ("{sorted}", "TEXT", "text COLLATE \"C\""),
];

pub(crate) fn spell(backend: DbBackend, sql: &str) -> String {
    WORDS.iter().fold(sql.to_owned(), |sql, (token, sqlite, postgres)| {
        let word = if backend == DbBackend::Sqlite { sqlite } else { postgres };
        sql.replace(token, word)
    })
}

/// Runs the statements of one step.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let sql = spell(manager.get_database_backend(), sql);
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}

/// Declares a step whose text is the same for both engines.
macro_rules! step {
    ($sql:expr) => {
        use sea_orm_migration::prelude::*;

        #[derive(DeriveMigrationName)]
        pub(crate) struct Migration;

        #[async_trait::async_trait]
        impl MigrationTrait for Migration {
            async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                crate::dialect::run(manager, $sql).await
            }

            // All or nothing on SQLite too, where it is not the default.
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}
pub(crate) use step;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_engine_reads_its_own_words() {
        let sql = "id {uuid}, at {time}, name {sorted}";
        assert_eq!(spell(DbBackend::Sqlite, sql), "id BLOB, at TEXT, name TEXT");
        assert_eq!(spell(DbBackend::Postgres, sql), "id uuid, at timestamptz, name text COLLATE \"C\"");
    }
}
