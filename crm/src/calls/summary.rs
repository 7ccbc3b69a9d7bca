//! Calls as lists and pages show them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::legs::{self, Leg};
use crate::{
    Error, Result,
    contacts::ContactRef,
    dispositions::{DispositionRef, Label},
    leads::LeadRef,
    linked::contact_ref,
    recordings::{self, Recording},
    sql::{self, Filter, Read, marks, values},
    tickets::TicketRef,
    users::UserRef,
    words::{
        CallEndedBy, CallState, Direction, EndCause, LeadStatus, MatchKind, Quality, RecordingConsent,
        RecordingDecider, TicketPriority, TicketStatus,
    },
};

/// A queue as shown beside a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueRef {
    pub id: Uuid,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallSummary {
    pub id: Uuid,
    pub direction: Direction,
    pub state: CallState,
    pub state_since: DateTime<Utc>,
    pub caller: String,
    pub called: String,
    pub contact: Option<ContactRef>,
    #[serde(rename = "match")]
    pub match_kind: MatchKind,
    pub queue: Option<QueueRef>,
    pub agent: Option<UserRef>,
    pub started_at: DateTime<Utc>,
    pub queued_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub end_cause: Option<EndCause>,
    pub ended_by: Option<CallEndedBy>,
    /// From the queue, or the beginning, to the answer; to the end where nobody answered.
    pub wait_ms: Option<i64>,
    /// From the answer to the end; none where nobody answered.
    pub talk_ms: Option<i64>,
    pub disposition: Option<DispositionRef>,
    pub note: String,
    pub ticket: Option<TicketRef>,
    pub lead: Option<LeadRef>,
    pub wrap_up_ended_at: Option<DateTime<Utc>>,
    /// Of its worst leg; none before the end, or where no sound went.
    pub quality: Option<Quality>,
    /// Those that can be, or will be, listened to.
    pub recording_ids: Vec<Uuid>,
    pub test: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallDetail {
    #[serde(flatten)]
    pub call: CallSummary,
    pub legs: Vec<Leg>,
    pub recordings: Vec<Recording>,
    /// Whose wish it was that it was recorded, or not; none where there was no conversation.
    pub recording_decided_by: Option<RecordingDecider>,
    /// What the customer was told of a recording and answered; none where nothing was to be said.
    pub recording_consent: Option<RecordingConsent>,
    pub recording_consent_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct RecordedBecause {
    recording_decided_by: Option<RecordingDecider>,
    recording_consent: Option<RecordingConsent>,
    recording_consent_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    direction: Direction,
    state: CallState,
    state_since: DateTime<Utc>,
    caller: String,
    called: String,
    contact_id: Option<Uuid>,
    contact_first_name: Option<String>,
    contact_last_name: Option<String>,
    contact_company_name: Option<String>,
    match_kind: MatchKind,
    queue_id: Option<Uuid>,
    queue_name: Option<String>,
    user_id: Option<Uuid>,
    user_name: Option<String>,
    started_at: DateTime<Utc>,
    queued_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    end_cause: Option<EndCause>,
    ended_by: Option<CallEndedBy>,
    wait_ms: Option<i64>,
    talk_ms: Option<i64>,
    disposition_id: Option<Uuid>,
    disposition_code: Option<String>,
    disposition_label: Option<Label>,
    note: String,
    ticket_id: Option<Uuid>,
    ticket_number: Option<i64>,
    ticket_subject: Option<String>,
    ticket_status: Option<TicketStatus>,
    ticket_priority: Option<TicketPriority>,
    lead_id: Option<Uuid>,
    lead_title: Option<String>,
    lead_status: Option<LeadStatus>,
    wrap_up_ended_at: Option<DateTime<Utc>>,
    quality: Option<Quality>,
    test: bool,
}

const SELECT: &str = "SELECT c.id, c.direction, c.state, c.state_since, c.caller, c.called, c.contact_id, \
     k.first_name AS contact_first_name, k.last_name AS contact_last_name, co.name AS contact_company_name, \
     c.match_kind, c.queue_id, q.name AS queue_name, c.user_id, u.display_name AS user_name, \
     c.started_at, c.queued_at, c.answered_at, c.ended_at, c.end_cause, c.ended_by, c.wait_ms, c.talk_ms, \
     c.disposition_id, d.code AS disposition_code, d.label AS disposition_label, c.note, \
     c.ticket_id, t.number AS ticket_number, t.subject AS ticket_subject, t.status AS ticket_status, \
     t.priority AS ticket_priority, c.lead_id, l.title AS lead_title, l.status AS lead_status, \
     c.wrap_up_ended_at, c.quality, c.test FROM calls c \
     LEFT JOIN contacts k ON k.id = c.contact_id LEFT JOIN companies co ON co.id = k.company_id \
     LEFT JOIN queues q ON q.id = c.queue_id LEFT JOIN users u ON u.id = c.user_id \
     LEFT JOIN dispositions d ON d.id = c.disposition_id LEFT JOIN tickets t ON t.id = c.ticket_id \
     LEFT JOIN leads l ON l.id = c.lead_id";

/// `tail` orders and limits; the calls table is `c`.
pub(super) async fn select(db: &impl Read, filter: Filter, tail: &str) -> Result<Vec<CallSummary>> {
    let (conditions, values) = filter.finish();
    let rows: Vec<Row> = sql::rows(db, &format!("{SELECT} {conditions} {tail}"), values).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut recordings = recordings::ids_of_calls(db, &ids).await?;
    Ok(rows.into_iter().map(|row| summary(row, &mut recordings)).collect())
}

/// In no particular order; unknown ones are left out. A page's worth of ids at most.
pub async fn by_ids(db: &impl Read, ids: &[Uuid]) -> Result<Vec<CallSummary>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{SELECT} WHERE c.id IN ({})", marks(1, ids.len()));
    let values: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
    let rows: Vec<Row> = sql::rows(db, &sql, values).await?;
    let mut recordings = recordings::ids_of_calls(db, ids).await?;
    Ok(rows.into_iter().map(|row| summary(row, &mut recordings)).collect())
}

pub async fn get(db: &impl Read, id: Uuid) -> Result<CallDetail> {
    let sql = format!("{SELECT} WHERE c.id = $1");
    let row: Row = sql::row(db, &sql, values![id]).await?.ok_or(Error::NotFound { what: "call" })?;
    let mut recordings = recordings::ids_of_calls(db, &[id]).await?;
    let sql = "SELECT recording_decided_by, recording_consent, recording_consent_at FROM calls WHERE id = $1";
    let because: RecordedBecause =
        sql::row(db, sql, values![id]).await?.ok_or(Error::NotFound { what: "call" })?;
    Ok(CallDetail {
        call: summary(row, &mut recordings),
        legs: legs::of_call(db, id).await?,
        recordings: recordings::of_call(db, id).await?,
        recording_decided_by: because.recording_decided_by,
        recording_consent: because.recording_consent,
        recording_consent_at: because.recording_consent_at,
    })
}

fn summary(row: Row, recordings: &mut HashMap<Uuid, Vec<Uuid>>) -> CallSummary {
    let contact = contact_ref(
        row.contact_id,
        row.contact_first_name.as_deref(),
        row.contact_last_name.as_deref(),
        row.contact_company_name.as_deref(),
    );
    let ticket = (|| {
        Some(TicketRef {
            id: row.ticket_id?,
            number: row.ticket_number?,
            subject: row.ticket_subject?,
            status: row.ticket_status?,
            priority: row.ticket_priority?,
        })
    })();
    CallSummary {
        id: row.id,
        direction: row.direction,
        state: row.state,
        state_since: row.state_since,
        caller: row.caller,
        called: row.called,
        contact,
        match_kind: row.match_kind,
        queue: (|| Some(QueueRef { id: row.queue_id?, name: row.queue_name? }))(),
        agent: UserRef::some(row.user_id, row.user_name),
        started_at: row.started_at,
        queued_at: row.queued_at,
        answered_at: row.answered_at,
        ended_at: row.ended_at,
        end_cause: row.end_cause,
        ended_by: row.ended_by,
        wait_ms: row.wait_ms,
        talk_ms: row.talk_ms,
        disposition: (|| {
            Some(DispositionRef {
                id: row.disposition_id?,
                code: row.disposition_code?,
                label: row.disposition_label?,
            })
        })(),
        note: row.note,
        ticket,
        lead: (|| Some(LeadRef { id: row.lead_id?, title: row.lead_title?, status: row.lead_status? }))(),
        wrap_up_ended_at: row.wrap_up_ended_at,
        quality: row.quality,
        recording_ids: recordings.remove(&row.id).unwrap_or_default(),
        test: row.test,
    }
}
