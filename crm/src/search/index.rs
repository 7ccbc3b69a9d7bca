//! The words of each record in the engine's own full-text index.

use sea_orm::{DbBackend, Value};
use uuid::Uuid;

use super::{Kind, cut};
use crate::{
    Result, phone,
    sql::{self, Filter, Read, backend, values},
};

/// What a record is found by.
#[derive(Default)]
pub(crate) struct Doc<'a> {
    pub(crate) texts: Vec<&'a str>,
    /// E.164.
    pub(crate) numbers: Vec<&'a str>,
}

/// Makes the record findable by these words, and by no others.
pub(crate) async fn put(db: &impl Read, kind: Kind, id: Uuid, doc: Doc<'_>) -> Result<()> {
    let mut words = cut::words(&doc.texts.join(" "));
    words.extend(doc.numbers.iter().flat_map(|number| phone::search_words(number)));
    let words: Vec<String> = words.into_iter().collect();
    match backend(db) {
        DbBackend::Sqlite => put_sqlite(db, kind, id, &words).await,
        _ => put_postgres(db, kind, id, &words).await,
    }
}

async fn put_sqlite(db: &impl Read, kind: Kind, id: Uuid, words: &[String]) -> Result<()> {
    let known: Option<i64> =
        sql::scalar(db, "SELECT doc FROM search_docs WHERE subject_id = $1", values![id]).await?;
    let doc: i64 = match known {
        Some(doc) => {
            sql::exec(db, "DELETE FROM search_words WHERE rowid = $1", values![doc]).await?;
            doc
        }
        None => sql::scalar(
            db,
            "INSERT INTO search_docs (kind, subject_id) VALUES ($1, $2) RETURNING doc",
            values![kind.as_str(), id],
        )
        .await?
        .ok_or_else(|| crate::Error::Damaged("search_docs gave no row number".to_owned()))?,
    };
    let text = words.join(" ");
    sql::exec(db, "INSERT INTO search_words (rowid, words) VALUES ($1, $2)", values![doc, text]).await?;
    Ok(())
}

async fn put_postgres(db: &impl Read, kind: Kind, id: Uuid, words: &[String]) -> Result<()> {
    // The words are cut already: an array of lexemes goes past PostgreSQL's own parser, which
    // would read Chinese differently from locale to locale. They hold no blanks.
    let sql = "INSERT INTO search_docs (subject_id, kind, words) \
        VALUES ($1, $2, array_to_tsvector(array_remove(string_to_array($3, ' '), ''))) \
        ON CONFLICT (subject_id) DO UPDATE SET words = excluded.words";
    sql::exec(db, sql, values![id, kind.as_str(), words.join(" ")]).await?;
    Ok(())
}

pub(crate) async fn remove(db: &impl Read, id: Uuid) -> Result<()> {
    if backend(db) == DbBackend::Sqlite {
        let sql =
            "DELETE FROM search_words WHERE rowid IN (SELECT doc FROM search_docs WHERE subject_id = $1)";
        sql::exec(db, sql, values![id]).await?;
    }
    sql::exec(db, "DELETE FROM search_docs WHERE subject_id = $1", values![id]).await?;
    Ok(())
}

/// Adds "`column` is one of the records that the query finds". A query without words adds nothing;
/// one that can find nothing is told apart by the caller's empty page.
pub(crate) fn matching(filter: &mut Filter, backend: DbBackend, column: &str, kind: Kind, query: &str) {
    let terms = terms(query);
    if terms.is_empty() {
        return;
    }
    let kind = kind.as_str();
    let (condition, value): (String, Value) = match backend {
        DbBackend::Sqlite => (
            format!(
                "{column} IN (SELECT d.subject_id FROM search_words w JOIN search_docs d ON d.doc = w.rowid \
                 WHERE search_words MATCH ? AND d.kind = '{kind}')"
            ),
            spell(&terms, " AND ", " OR ", |word| format!("\"{word}\"*")).into(),
        ),
        _ => (
            format!(
                "{column} IN (SELECT subject_id FROM search_docs \
                 WHERE words @@ CAST(CAST(? AS text) AS tsquery) AND kind = '{kind}')"
            ),
            spell(&terms, " & ", " | ", |word| format!("'{word}':*")).into(),
        ),
    };
    filter.and(&condition, value);
}

/// All of these, each in any of its spellings. Words are letters and digits only: nothing in them
/// has a meaning in a query of either engine.
fn terms(query: &str) -> Vec<Vec<String>> {
    match phone::search_terms(query) {
        Some(spellings) => vec![spellings],
        None => cut::query(query).into_iter().map(|word| vec![word]).collect(),
    }
}

fn spell(terms: &[Vec<String>], and: &str, or: &str, word: impl Fn(&str) -> String) -> String {
    let one = |spellings: &Vec<String>| {
        let words: Vec<_> = spellings.iter().map(|spelling| word(spelling)).collect();
        format!("({})", words.join(or))
    };
    terms.iter().map(one).collect::<Vec<_>>().join(and)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_reaches_the_query_language() {
        for query in ["\" OR 1", "a* NOT b", "x' | y:*", "NEAR(a b)", "-\"", "a\u{0}b"] {
            for word in terms(query).into_iter().flatten() {
                assert!(word.chars().all(char::is_alphanumeric), "{query:?} gave {word:?}");
            }
        }
    }
}
