//! Where calls wait, and who takes them.

use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Result, check,
    error::OrTaken,
    patch::present,
    sql::{self, Changes, Read, values},
    users::UserRef,
    words::{RecordingNotice, RecordingPolicy},
};

pub const DEFAULT_RING_TIMEOUT_MS: i64 = 20_000;
pub const DEFAULT_WRAP_UP_MS: i64 = 30_000;
/// Longer ringing, wrapping up or waiting than a day is a slip of the keyboard.
const MAX_TIME_MS: i64 = 86_400_000;
/// A hundred years: who wants more keeps for ever.
pub const MAX_KEEP_DAYS: i32 = 36_500;
/// A phone that rings shorter than this is not heard.
const MIN_RING_TIMEOUT_MS: i64 = 1_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct Queue {
    pub id: Uuid,
    pub name: String,
    /// An open list; `call` for now.
    pub channel: String,
    pub position: i32,
    /// Of two queues an agent serves the heavier first.
    pub weight: i32,
    pub ring_timeout_ms: i64,
    /// 0 means none.
    pub wrap_up_ms: i64,
    /// None waits for ever.
    pub max_wait_ms: Option<i64>,
    /// Names of prompts.
    pub greeting: Option<String>,
    pub music: Option<String>,
    pub overflow: Option<String>,
    pub active: bool,
    /// None: as the house has it.
    pub recording: Option<RecordingPolicy>,
    /// What its customers are told before a recording; none: as the house has it.
    pub recording_notice: Option<RecordingNotice>,
    /// How long recordings of its calls are kept; 0: for ever; none: as the house has it.
    pub recording_days: Option<i32>,
}

#[derive(Debug, Clone)]
pub struct NewQueue {
    pub name: String,
    pub channel: String,
    pub position: i32,
    pub weight: i32,
    pub ring_timeout_ms: i64,
    pub wrap_up_ms: i64,
    pub max_wait_ms: Option<i64>,
    pub greeting: Option<String>,
    pub music: Option<String>,
    pub overflow: Option<String>,
}

impl NewQueue {
    /// A queue for calls with the usual times.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            channel: "call".to_owned(),
            position: 0,
            weight: 0,
            ring_timeout_ms: DEFAULT_RING_TIMEOUT_MS,
            wrap_up_ms: DEFAULT_WRAP_UP_MS,
            max_wait_ms: None,
            greeting: None,
            music: None,
            overflow: None,
        }
    }
}

/// What is left out stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueuePatch {
    pub name: Option<String>,
    pub weight: Option<i32>,
    pub ring_timeout_ms: Option<i64>,
    pub wrap_up_ms: Option<i64>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub max_wait_ms: Option<Option<i64>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub greeting: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub music: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub overflow: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub recording: Option<Option<RecordingPolicy>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub recording_notice: Option<Option<RecordingNotice>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub recording_days: Option<Option<i32>>,
}

/// One line of who serves what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Membership {
    pub queue_id: Uuid,
    pub user_id: Uuid,
}

const COLUMNS: &str = "id, name, channel, position, weight, ring_timeout_ms, wrap_up_ms, max_wait_ms, greeting, \
     music, overflow, active, recording, recording_notice, recording_days";

/// Active queues in their order.
pub async fn list(db: &impl Read) -> Result<Vec<Queue>> {
    let sql = format!("SELECT {COLUMNS} FROM queues WHERE active ORDER BY position, name");
    sql::rows(db, &sql, vec![]).await
}

pub async fn get(db: &impl Read, id: Uuid) -> Result<Queue> {
    let sql = format!("SELECT {COLUMNS} FROM queues WHERE id = $1");
    sql::row(db, &sql, values![id]).await?.ok_or(Error::NotFound { what: "queue" })
}

/// Made, or changed when there is one of this name.
pub async fn upsert(tx: &impl Read, new: &NewQueue) -> Result<Queue> {
    check_time("ring_timeout_ms", new.ring_timeout_ms, MIN_RING_TIMEOUT_MS)?;
    check_time("wrap_up_ms", new.wrap_up_ms, 0)?;
    if let Some(max_wait_ms) = new.max_wait_ms {
        check_time("max_wait_ms", max_wait_ms, 0)?;
    }
    let sql = format!(
        "INSERT INTO queues ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, TRUE, NULL, NULL, NULL) \
         ON CONFLICT (name) DO UPDATE SET channel = excluded.channel, position = excluded.position, \
         weight = excluded.weight, ring_timeout_ms = excluded.ring_timeout_ms, wrap_up_ms = excluded.wrap_up_ms, \
         max_wait_ms = excluded.max_wait_ms, greeting = excluded.greeting, music = excluded.music, \
         overflow = excluded.overflow, active = TRUE RETURNING {COLUMNS}"
    );
    let row = values![
        Uuid::now_v7(),
        check::name("name", &new.name)?,
        check::name("channel", &new.channel)?,
        new.position,
        new.weight,
        new.ring_timeout_ms,
        new.wrap_up_ms,
        new.max_wait_ms,
        check::option("greeting", new.greeting.as_deref())?,
        check::option("music", new.music.as_deref())?,
        check::option("overflow", new.overflow.as_deref())?,
    ];
    sql::row(tx, &sql, row).await?.ok_or(Error::NotFound { what: "queue" })
}

/// `Conflict { field: "name", code: "taken" }` when there is such a queue.
pub async fn create(tx: &impl Read, new: &NewQueue) -> Result<Queue> {
    let name = check::name("name", &new.name)?;
    let sql = "SELECT COUNT(*) FROM queues WHERE name = $1 AND active";
    if sql::scalar::<i64>(tx, sql, values![name]).await?.unwrap_or(0) > 0 {
        return Err(Error::Conflict { field: "name", code: "taken" });
    }
    upsert(tx, new).await
}

/// `Conflict { field: "name", code: "taken" }` when another queue has the name.
pub async fn update(tx: &impl Read, id: Uuid, patch: &QueuePatch) -> Result<Queue> {
    let mut changes = Changes::default();
    if let Some(name) = &patch.name {
        changes.set("name", check::name("name", name)?);
    }
    if let Some(ms) = patch.ring_timeout_ms {
        changes.set("ring_timeout_ms", check_time("ring_timeout_ms", ms, MIN_RING_TIMEOUT_MS)?);
    }
    if let Some(ms) = patch.wrap_up_ms {
        changes.set("wrap_up_ms", check_time("wrap_up_ms", ms, 0)?);
    }
    if let Some(ms) = patch.max_wait_ms {
        changes.set("max_wait_ms", ms.map(|ms| check_time("max_wait_ms", ms, 0)).transpose()?);
    }
    for (column, prompt) in
        [("greeting", &patch.greeting), ("music", &patch.music), ("overflow", &patch.overflow)]
    {
        if let Some(prompt) = prompt {
            changes.set(column, check::option(column, prompt.as_deref())?);
        }
    }
    if let Some(policy) = patch.recording {
        changes.set("recording", policy.map(|policy| policy.as_str().to_owned()));
    }
    if let Some(notice) = patch.recording_notice {
        changes.set("recording_notice", notice.map(|notice| notice.as_str().to_owned()));
    }
    if let Some(days) = patch.recording_days {
        changes.set("recording_days", days.map(check_days).transpose()?);
    }
    changes.set_some("weight", patch.weight);
    changes.apply(tx, "queues", id, "queue").await.or_taken("name")?;
    get(tx, id).await
}

/// By name.
pub async fn members(db: &impl Read, queue: Uuid) -> Result<Vec<UserRef>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        display_name: String,
    }
    let sql = "SELECT u.id, u.display_name FROM queue_members m JOIN users u ON u.id = m.user_id \
         WHERE m.queue_id = $1 ORDER BY u.display_name, u.id";
    let rows: Vec<Row> = sql::rows(db, sql, values![queue]).await?;
    Ok(rows.into_iter().map(|Row { id, display_name }| UserRef { id, display_name }).collect())
}

/// These, and no others, serve the queue.
pub async fn set_members(tx: &impl Read, queue: Uuid, users: &[Uuid]) -> Result<()> {
    get(tx, queue).await?;
    sql::exec(tx, "DELETE FROM queue_members WHERE queue_id = $1", values![queue]).await?;
    for user in users {
        let sql = "INSERT INTO queue_members (queue_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        sql::exec(tx, sql, values![queue, *user]).await?;
    }
    Ok(())
}

/// Who serves what, in active queues.
pub async fn memberships(db: &impl Read) -> Result<Vec<Membership>> {
    let sql = "SELECT m.queue_id, m.user_id FROM queue_members m JOIN queues q ON q.id = m.queue_id \
         WHERE q.active ORDER BY m.queue_id, m.user_id";
    sql::rows(db, sql, vec![]).await
}

/// Active queues that the user serves, in their order.
pub async fn of_user(db: &impl Read, user: Uuid) -> Result<Vec<Queue>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM queues WHERE active \
         AND id IN (SELECT queue_id FROM queue_members WHERE user_id = $1) ORDER BY position, name"
    );
    sql::rows(db, &sql, values![user]).await
}

fn check_days(days: i32) -> Result<i32> {
    match days {
        ..0 => Err(Error::invalid_with("recording_days", "too_small", "min", 0)),
        0..=MAX_KEEP_DAYS => Ok(days),
        _ => Err(Error::invalid_with("recording_days", "too_large", "max", MAX_KEEP_DAYS)),
    }
}

fn check_time(field: &'static str, ms: i64, min_ms: i64) -> Result<i64> {
    if ms < min_ms {
        return Err(Error::invalid_with(field, "too_small", "min", min_ms));
    }
    if ms > MAX_TIME_MS {
        return Err(Error::invalid_with(field, "too_large", "max", MAX_TIME_MS));
    }
    Ok(ms)
}
