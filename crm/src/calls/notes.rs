//! What people add to a call: who it was, how it went, what it was about.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Result, check, interactions,
    patch::present,
    sql::{self, Changes, Read, values},
    words::MatchKind,
};

/// What is left out stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CallNotes {
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub disposition_id: Option<Option<Uuid>>,
    pub note: Option<String>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<Option<Uuid>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub lead_id: Option<Option<Uuid>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<Option<Uuid>>,
}

/// Takes what is given, during the call and after it; the timeline follows.
pub async fn set_disposition(tx: &impl Read, call: Uuid, notes: &CallNotes) -> Result<()> {
    let mut changes = Changes::default();
    changes
        .set_some("disposition_id", notes.disposition_id)
        .set_some("ticket_id", notes.ticket_id)
        .set_some("lead_id", notes.lead_id);
    if let Some(note) = &notes.note {
        changes.set("note", check::text("note", note)?);
    }
    changes.apply(tx, "calls", call, "call").await?;
    if let Some(ticket) = notes.ticket_id {
        let sql = "UPDATE interactions SET ticket_id = $1 WHERE call_id = $2";
        sql::exec(tx, sql, values![ticket, call]).await?;
    }
    if let Some(lead) = notes.lead_id {
        let sql = "UPDATE interactions SET lead_id = $1 WHERE call_id = $2";
        sql::exec(tx, sql, values![lead, call]).await?;
    }
    match notes.contact_id {
        Some(Some(contact)) => set_contact(tx, call, Some(contact), MatchKind::Known).await,
        Some(None) => set_contact(tx, call, None, MatchKind::Unknown).await,
        None => Ok(()),
    }
}

/// Who the other party is; the call's timeline entry follows.
pub async fn set_contact(tx: &impl Read, call: Uuid, contact: Option<Uuid>, kind: MatchKind) -> Result<()> {
    let sql = "UPDATE calls SET contact_id = $1, match_kind = $2 WHERE id = $3";
    match sql::exec(tx, sql, values![contact, kind, call]).await? {
        0 => Err(Error::NotFound { what: "call" }),
        _ => interactions::move_call(tx, call, contact).await,
    }
}

/// The agent is done with the call. The first time counts.
pub async fn wrap_up_ended(tx: &impl Read, call: Uuid, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE calls SET wrap_up_ended_at = $1 WHERE id = $2 AND wrap_up_ended_at IS NULL";
    sql::exec(tx, sql, values![at, call]).await.map(drop)
}
