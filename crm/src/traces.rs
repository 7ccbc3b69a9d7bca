//! What was said in SIP about calls: one row a call, in a form that is its writer's to read.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    Result,
    sql::{self, Read, values},
};

/// The messages of a call that has ended.
#[derive(Debug, Clone)]
pub struct NewTrace {
    pub call_id: Uuid,
    pub kept_at: DateTime<Utc>,
    pub messages: i32,
    /// Messages that there was no room for.
    pub left_out: i64,
    pub body: Vec<u8>,
}

/// As it was written.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Trace {
    pub left_out: i64,
    pub body: Vec<u8>,
}

pub async fn add(tx: &impl Read, new: &NewTrace) -> Result<()> {
    let row = vec![
        ("call_id", new.call_id.into()),
        ("kept_at", new.kept_at.into()),
        ("messages", new.messages.into()),
        ("left_out", new.left_out.into()),
        ("body", new.body.clone().into()),
    ];
    sql::insert(tx, "call_traces", row).await
}

/// None of a call that was never kept, or is forgotten.
pub async fn of_call(db: &impl Read, call: Uuid) -> Result<Option<Trace>> {
    sql::row(db, "SELECT left_out, body FROM call_traces WHERE call_id = $1", values![call]).await
}

/// Removes the oldest of those kept before `before`, at most `limit`; answers how many.
pub async fn forget(tx: &impl Read, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let sql = format!(
        "DELETE FROM call_traces WHERE call_id IN \
         (SELECT call_id FROM call_traces WHERE kept_at < $1 ORDER BY kept_at LIMIT {limit})"
    );
    sql::exec(tx, &sql, values![before]).await
}
