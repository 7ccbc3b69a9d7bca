//! What becomes of a call while it runs. A call that has ended is not touched any more.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Result,
    sql::{self, Read, values},
    words::{CallState, RecordingConsent, RecordingDecider},
};

/// The call waits in a queue. The first time it was queued stays.
pub async fn queued(tx: &impl Read, call: Uuid, queue: Uuid, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE calls SET state = 'waiting', state_since = $1, queue_id = $2, \
         queued_at = COALESCE(queued_at, $1) WHERE id = $3 AND ended_at IS NULL";
    sql::exec(tx, sql, values![at, queue, call]).await.map(drop)
}

/// An agent's phone rings for the call.
pub async fn offered(tx: &impl Read, call: Uuid, agent: Uuid, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE calls SET state = 'ringing', state_since = $1, user_id = $2 \
         WHERE id = $3 AND ended_at IS NULL";
    sql::exec(tx, sql, values![at, agent, call]).await.map(drop)
}

/// Both talk. On outbound calls `agent` dialled and the customer answered; none on forwarded calls.
pub async fn answered(tx: &impl Read, call: Uuid, agent: Option<Uuid>, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE calls SET state = 'talking', state_since = $1, user_id = COALESCE($2, user_id), \
         answered_at = COALESCE(answered_at, $1) WHERE id = $3 AND ended_at IS NULL";
    sql::exec(tx, sql, values![at, agent, call]).await.map(drop)
}

/// Whose wish it is that it is recorded, or not.
pub async fn recording_decided(tx: &impl Read, call: Uuid, by: RecordingDecider) -> Result<()> {
    let sql = "UPDATE calls SET recording_decided_by = $1 WHERE id = $2 AND ended_at IS NULL";
    sql::exec(tx, sql, values![by, call]).await.map(drop)
}

/// What the customer was told of a recording and answered; asked again, the last answer counts.
pub async fn recording_consent(
    tx: &impl Read,
    call: Uuid,
    answer: RecordingConsent,
    at: DateTime<Utc>,
) -> Result<()> {
    let sql = "UPDATE calls SET recording_consent = $1, recording_consent_at = $2 WHERE id = $3 AND ended_at IS NULL";
    sql::exec(tx, sql, values![answer, at, call]).await.map(drop)
}

/// Greeting, back to waiting after a missed offer, held, overflow. Whoever was rung before is
/// forgotten when the call waits again: the legs remember.
pub async fn set_state(tx: &impl Read, call: Uuid, state: CallState, at: DateTime<Utc>) -> Result<()> {
    let forget =
        if matches!(state, CallState::Waiting | CallState::Overflow) { ", user_id = NULL" } else { "" };
    let sql =
        format!("UPDATE calls SET state = $1, state_since = $2{forget} WHERE id = $3 AND ended_at IS NULL");
    sql::exec(tx, &sql, values![state, at, call]).await.map(drop)
}

/// All running calls of this node are alive; answers how many there are.
pub async fn renew_leases(tx: &impl Read, node: &str, until: DateTime<Utc>) -> Result<u64> {
    let sql = "UPDATE calls SET lease_until = $1 WHERE node = $2 AND ended_at IS NULL";
    sql::exec(tx, sql, values![until, node]).await
}
