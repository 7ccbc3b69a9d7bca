//! Recordings after their call: the sum that proves them whole, and the rules that let go of them.

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Error, Result,
    audit::{self, AuditEvent},
    holds,
    sql::{self, Read, values},
};

/// Characters of a sum: SHA-256 in hex.
const SUM_CHARS: usize = 64;

/// A file, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct KeptFile {
    pub id: Uuid,
    pub call_id: Uuid,
    /// Relative to the data folder.
    pub path: String,
    pub started_at: DateTime<Utc>,
    /// Of the file as stored; none: not known yet.
    pub sha256: Option<String>,
}

/// A recording that nothing holds and a rule may let go of.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Candidate {
    pub id: Uuid,
    pub call_id: Uuid,
    pub started_at: DateTime<Utc>,
    /// Its queue's rule in days, 0: for ever; none: the house's.
    pub queue_days: Option<i32>,
}

/// What a recording is let go for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    pub id: Uuid,
    pub call_id: Uuid,
    pub days: i32,
    /// For the audit log: `house`, `queue`, `command line`.
    pub rule: &'static str,
}

/// Where to go on in a walk through recordings, by age.
pub type After = (DateTime<Utc>, Uuid);

const FILE: &str = "r.id, r.call_id, r.path, r.started_at, r.sha256 FROM recordings r \
     JOIN calls c ON c.id = r.call_id";

/// Those of `node` that are closed and have no sum yet.
pub async fn unsummed(db: &impl Read, node: &str, limit: u32) -> Result<Vec<KeptFile>> {
    let sql = format!(
        "SELECT {FILE} WHERE r.status = 'ready' AND r.sha256 IS NULL AND r.intact IS NULL AND c.node = $1 \
         ORDER BY r.id LIMIT {limit}"
    );
    sql::rows(db, &sql, values![node]).await
}

/// The closed ones of `node` that began at `since` or later, the oldest first.
pub async fn closed(
    db: &impl Read,
    node: &str,
    since: Option<DateTime<Utc>>,
    after: Option<After>,
    limit: u32,
) -> Result<Vec<KeptFile>> {
    let mut filter = sql::Filter::default();
    filter.plain("r.status = 'ready'").and("c.node = ?", node).and_some("r.started_at >= ?", since);
    if let Some((at, id)) = after {
        filter.after("(r.started_at, r.id) > (?, ?)", at.into(), id);
    }
    let (conditions, values) = filter.finish();
    let sql = format!("SELECT {FILE} {conditions} ORDER BY r.started_at, r.id LIMIT {limit}");
    sql::rows(db, &sql, values).await
}

/// The sum of a file that had none. One that is there stays: a later sum would make a changed file true.
pub async fn set_sum(tx: &impl Read, id: Uuid, sha256: &str) -> Result<()> {
    if sha256.len() != SUM_CHARS || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::invalid("sha256", "not_a_sum"));
    }
    let sql = "UPDATE recordings SET sha256 = $1 WHERE id = $2 AND status = 'ready' AND sha256 IS NULL";
    sql::exec(tx, sql, values![sha256, id]).await.map(drop)
}

/// What a look at the file found.
pub async fn set_verified(tx: &impl Read, id: Uuid, intact: bool, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE recordings SET intact = $1, verified_at = $2 WHERE id = $3 AND status = 'ready'";
    sql::exec(tx, sql, values![intact, at, id]).await.map(drop)
}

/// The days that queues have for themselves, without those that keep for ever.
pub async fn rules_of_queues(db: &impl Read) -> Result<Vec<i32>> {
    sql::column(db, "SELECT DISTINCT recording_days FROM queues WHERE recording_days > 0", vec![]).await
}

/// Recordings of `node` that began before `before` and that nothing holds, the oldest first.
pub async fn candidates(
    db: &impl Read,
    node: &str,
    before: DateTime<Utc>,
    after: Option<After>,
    limit: u32,
) -> Result<Vec<Candidate>> {
    let mut filter = sql::Filter::default();
    filter.plain("r.status = 'ready'").and("c.node = ?", node).and("r.started_at < ?", before);
    if let Some((at, id)) = after {
        filter.after("(r.started_at, r.id) > (?, ?)", at.into(), id);
    }
    filter.plain(&format!("NOT {}", holds::HELD));
    let (conditions, values) = filter.finish();
    let sql = format!(
        "SELECT r.id, r.call_id, r.started_at, q.recording_days AS queue_days FROM recordings r \
         JOIN calls c ON c.id = r.call_id LEFT JOIN queues q ON q.id = c.queue_id {conditions} \
         ORDER BY r.started_at, r.id LIMIT {limit}"
    );
    sql::rows(db, &sql, values).await
}

/// Marks those of them that nothing holds at this moment, each with its line in the audit log. Their
/// files are to be removed after that. Answers how many it marked.
pub async fn expire(tx: &impl Read, due: &[Expiry], at: DateTime<Utc>) -> Result<u64> {
    holds::pass_gate(tx).await?;
    let sql = format!(
        "UPDATE recordings SET status = 'expired', expired_at = $1, expired_days = $2 WHERE id IN \
         (SELECT r.id FROM recordings r JOIN calls c ON c.id = r.call_id \
         WHERE r.id = $3 AND r.status = 'ready' AND NOT {})",
        holds::HELD
    );
    let mut marked = 0;
    for expiry in due {
        if sql::exec(tx, &sql, values![at, expiry.days, expiry.id]).await? == 0 {
            continue;
        }
        marked += 1;
        let entry = AuditEvent {
            user_id: None,
            action: "recording.expired",
            subject: Some(("recording", expiry.id)),
            ip: None,
            details: json!({ "call_id": expiry.call_id, "days": expiry.days, "rule": expiry.rule }),
        };
        audit::add(tx, &entry).await?;
    }
    Ok(marked)
}

/// Those of `node` that were let go and whose file has not been removed yet, after this id.
pub async fn unremoved(db: &impl Read, node: &str, after: Option<Uuid>, limit: u32) -> Result<Vec<KeptFile>> {
    let mut filter = sql::Filter::default();
    filter.plain("r.status = 'expired' AND r.removed_at IS NULL").and("c.node = ?", node);
    filter.and_some("r.id > ?", after);
    let (conditions, values) = filter.finish();
    sql::rows(db, &format!("SELECT {FILE} {conditions} ORDER BY r.id LIMIT {limit}"), values).await
}

/// Their files are gone.
pub async fn set_removed(tx: &impl Read, ids: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE recordings SET removed_at = $1 WHERE status = 'expired' AND id IN ({})",
        sql::marks(2, ids.len())
    );
    let values = std::iter::once(Value::from(at)).chain(ids.iter().map(|id| Value::from(*id))).collect();
    sql::exec(tx, &sql, values).await.map(drop)
}
