//! What was said: one row a file. The row is there before the file is.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Result,
    holds::HELD,
    sql::{self, Read, marks, values},
    words::RecordingStatus,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct Recording {
    pub id: Uuid,
    pub call_id: Uuid,
    /// Relative to the data folder; not for strangers.
    #[serde(skip)]
    pub path: String,
    pub status: RecordingStatus,
    pub started_at: DateTime<Utc>,
    pub duration_ms: Option<i64>,
    pub bytes: Option<i64>,
    pub sample_rate: i32,
    pub channels: i32,
    /// Of the file as stored, hex; none: not known yet.
    pub sha256: Option<String>,
    /// What the last look at the file found; none: nobody has looked.
    pub intact: Option<bool>,
    pub verified_at: Option<DateTime<Utc>>,
    /// When a rule let go of it, and of how many days the rule was.
    pub expired_at: Option<DateTime<Utc>>,
    pub expired_days: Option<i32>,
    /// No rule lets go of it: it, or its contact, is on hold.
    pub held: bool,
}

#[derive(Debug, Clone)]
pub struct NewRecording {
    pub id: Uuid,
    pub call_id: Uuid,
    /// Relative to the data folder, `/` between folders.
    pub path: String,
    pub started_at: DateTime<Utc>,
    pub sample_rate: i32,
    pub channels: i32,
}

/// What became of a recording.
#[derive(Debug, Clone)]
pub struct RecordingEnd {
    pub id: Uuid,
    /// `Ready`, or `Lost` when there is no file.
    pub status: RecordingStatus,
    pub duration_ms: i64,
    pub bytes: i64,
    /// What it turned out to be; `None` where there is no file to tell.
    pub sample_rate: Option<i32>,
}

fn select(conditions: &str) -> String {
    format!(
        "SELECT r.id, r.call_id, r.path, r.status, r.started_at, r.duration_ms, r.bytes, r.sample_rate, \
         r.channels, r.sha256, r.intact, r.verified_at, r.expired_at, r.expired_days, {HELD} AS held \
         FROM recordings r JOIN calls c ON c.id = r.call_id {conditions}"
    )
}

/// To be durable before the file is made: so a file is never without its row.
pub async fn begin(tx: &impl Read, new: &NewRecording) -> Result<()> {
    // The path is ours, but it is joined with a folder one day: nothing that leaves that folder.
    let leaves =
        new.path.split('/').any(|part| matches!(part, "" | "." | "..")) || new.path.contains(['\\', '\0']);
    if leaves {
        return Err(Error::invalid("path", "not_relative"));
    }
    let row = vec![
        ("id", new.id.into()),
        ("call_id", new.call_id.into()),
        ("path", new.path.clone().into()),
        ("status", RecordingStatus::Recording.into()),
        ("started_at", new.started_at.into()),
        ("sample_rate", new.sample_rate.into()),
        ("channels", new.channels.into()),
    ];
    sql::insert(tx, "recordings", row).await
}

/// The file is whole, or lost. May be said again, after a repair; its sum is taken after that.
pub async fn close(tx: &impl Read, end: &RecordingEnd) -> Result<()> {
    let sql = "UPDATE recordings SET status = $1, duration_ms = $2, bytes = $3, \
         sample_rate = COALESCE($4, sample_rate), sha256 = NULL, intact = NULL, verified_at = NULL \
         WHERE id = $5";
    let row = values![end.status, end.duration_ms, end.bytes, end.sample_rate, end.id];
    match sql::exec(tx, sql, row).await? {
        0 => Err(Error::NotFound { what: "recording" }),
        _ => Ok(()),
    }
}

pub async fn get(db: &impl Read, id: Uuid) -> Result<Recording> {
    let sql = select("WHERE r.id = $1");
    sql::row(db, &sql, values![id]).await?.ok_or(Error::NotFound { what: "recording" })
}

pub async fn of_call(db: &impl Read, call: Uuid) -> Result<Vec<Recording>> {
    let sql = select("WHERE r.call_id = $1 ORDER BY r.started_at, r.id");
    sql::rows(db, &sql, values![call]).await
}

/// Recordings of this node that are marked as being written though their call has ended.
pub async fn orphans(db: &impl Read, node: &str) -> Result<Vec<Recording>> {
    let sql = select("WHERE r.status = 'recording' AND c.node = $1 AND c.ended_at IS NOT NULL ORDER BY r.id");
    sql::rows(db, &sql, values![node]).await
}

/// Which of these paths no row knows: files without a call.
pub async fn unknown_paths(db: &impl Read, paths: &[String]) -> Result<Vec<String>> {
    /// Values in one statement, far below either engine's limit.
    const CHUNK: usize = 500;
    let mut unknown = Vec::new();
    for chunk in paths.chunks(CHUNK) {
        let sql = format!("SELECT path FROM recordings WHERE path IN ({})", marks(1, chunk.len()));
        let values = chunk.iter().map(|path| Value::from(path.clone())).collect();
        let known: Vec<String> = sql::column(db, &sql, values).await?;
        unknown.extend(chunk.iter().filter(|path| !known.contains(path)).cloned());
    }
    Ok(unknown)
}

/// Those that are there or being written, by call.
pub(crate) async fn ids_of_calls(db: &impl Read, calls: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        call_id: Uuid,
    }
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if calls.is_empty() {
        return Ok(found);
    }
    let sql = format!(
        "SELECT id, call_id FROM recordings WHERE status NOT IN ('lost', 'expired') AND call_id IN ({}) \
         ORDER BY started_at, id",
        marks(1, calls.len())
    );
    let values = calls.iter().map(|id| Value::from(*id)).collect();
    for row in sql::rows::<Row>(db, &sql, values).await? {
        found.entry(row.call_id).or_default().push(row.id);
    }
    Ok(found)
}
