//! Full-text search: the words are cut by us, the index is each engine's own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// One row a record; the words lie in an FTS5 table under the same row number.
/// `contentless_delete` needs SQLite 3.43, which is compiled in.
/// The tokenizer only splits at blanks and compares bytes: the cutting has been done.
const SQLITE: &str = r#"
CREATE TABLE search_docs (
    doc INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL UNIQUE
);
CREATE VIRTUAL TABLE search_words USING fts5(
    words, content='', contentless_delete=1, detail='none', prefix='2 3',
    tokenize='unicode61 remove_diacritics 0'
);
"#;

const POSTGRES: &str = r"
CREATE TABLE search_docs (
    subject_id uuid PRIMARY KEY NOT NULL,
    kind text NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX search_docs_words ON search_docs USING gin (words);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = match manager.get_database_backend() {
            DbBackend::Sqlite => SQLITE,
            _ => POSTGRES,
        };
        crate::dialect::run(manager, sql).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
