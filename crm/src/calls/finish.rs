//! The end of a call: call, legs, recording and timeline entry in one transaction.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    legs::{LegEnd, leg_ended},
    quality,
};
use crate::{
    Error, Result,
    interactions::{self, Entry},
    recordings::{self, RecordingEnd},
    sql::{self, Read, values},
    words::{CallEndedBy, Direction, EndCause, LegEndedBy},
};

#[derive(Debug, Clone)]
pub struct FinishCall {
    pub call_id: Uuid,
    pub at: DateTime<Utc>,
    pub by: CallEndedBy,
    pub cause: EndCause,
    /// How legs ended that are not closed yet. Those that are not named end with the call, by us.
    pub legs: Vec<LegEnd>,
    /// When the file was closed before; else it is closed later by [`recordings::close`].
    pub recordings: Vec<RecordingEnd>,
}

#[derive(FromQueryResult)]
struct Open {
    direction: Direction,
    started_at: DateTime<Utc>,
    queued_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    contact_id: Option<Uuid>,
    company_id: Option<Uuid>,
    user_id: Option<Uuid>,
    ticket_id: Option<Uuid>,
    lead_id: Option<Uuid>,
}

/// Closes a call. False, and nothing done, when it had ended before.
///
/// `wait_ms` runs from the queue (or the beginning, where there was none) to the answer, or to the
/// end of a call that nobody answered; `talk_ms` from the answer to the end.
pub async fn finish(tx: &impl Read, end: &FinishCall) -> Result<bool> {
    finish_with(tx, end, LegEndedBy::Local).await
}

pub(super) async fn finish_with(tx: &impl Read, end: &FinishCall, others: LegEndedBy) -> Result<bool> {
    let sql = "SELECT c.direction, c.started_at, c.queued_at, c.answered_at, c.ended_at, c.contact_id, k.company_id, \
         c.user_id, c.ticket_id, c.lead_id FROM calls c LEFT JOIN contacts k ON k.id = c.contact_id WHERE c.id = $1";
    let open: Open =
        sql::row(tx, sql, values![end.call_id]).await?.ok_or(Error::NotFound { what: "call" })?;
    if open.ended_at.is_some() {
        return Ok(false);
    }
    let waited_from = open.queued_at.unwrap_or(open.started_at);
    let wait_ms = ms_between(waited_from, open.answered_at.unwrap_or(end.at));
    let talk_ms = open.answered_at.map(|answered_at| ms_between(answered_at, end.at));
    // The condition guards against another writer between the two statements on PostgreSQL.
    // Whose phone only rang has no part in the call; the legs remember who it was.
    let agent = open.user_id.filter(|_| open.answered_at.is_some() || open.direction == Direction::Outbound);
    let sql = "UPDATE calls SET state = 'ended', state_since = $1, ended_at = $1, ended_by = $2, end_cause = $3, \
         wait_ms = $4, talk_ms = $5, user_id = $6, quality = $7 WHERE id = $8 AND ended_at IS NULL";
    let heard = quality::word_of_call(tx, end.call_id).await?;
    let row = values![end.at, end.by, end.cause, wait_ms, talk_ms, agent, heard, end.call_id];
    if sql::exec(tx, sql, row).await? == 0 {
        return Ok(false);
    }
    for leg in &end.legs {
        leg_ended(tx, leg).await?;
    }
    let sql = "UPDATE legs SET ended_at = $1, ended_by = $2 WHERE call_id = $3 AND ended_at IS NULL";
    sql::exec(tx, sql, values![end.at, others, end.call_id]).await?;
    for recording in &end.recordings {
        recordings::close(tx, recording).await?;
    }
    let entry = Entry {
        direction: Some(open.direction),
        contact_id: open.contact_id,
        company_id: open.company_id,
        user_id: agent,
        ticket_id: open.ticket_id,
        lead_id: open.lead_id,
        call_id: Some(end.call_id),
        ..Entry::new("call", "", open.started_at)
    };
    interactions::add(tx, &entry).await?;
    Ok(true)
}

fn ms_between(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    (to - from).num_milliseconds().max(0)
}
