//! The parties of a call: one leg each, and one for each agent whose phone rang.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::quality::{self, JudgedQuality};
use crate::{
    Result, check,
    sql::{self, Read, values},
    words::{LegEndedBy, LegRole},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct Leg {
    pub id: Uuid,
    pub role: LegRole,
    /// Whose phone it is, on agents' legs.
    pub user_id: Option<Uuid>,
    /// A number or a device.
    pub peer: String,
    pub sip_call_id: String,
    pub started_at: DateTime<Utc>,
    pub ringing_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_by: Option<LegEndedBy>,
    /// The final SIP code; 200 for a normal BYE.
    pub code: Option<i32>,
    pub reason: Option<String>,
    /// Once it has ended; none where no sound went either way.
    #[sea_orm(skip)]
    pub quality: Option<JudgedQuality>,
}

#[derive(Debug, Clone)]
pub struct NewLeg {
    pub id: Uuid,
    pub call_id: Uuid,
    pub role: LegRole,
    pub user_id: Option<Uuid>,
    pub peer: String,
    pub sip_call_id: String,
    pub started_at: DateTime<Utc>,
}

/// How a leg ended.
#[derive(Debug, Clone)]
pub struct LegEnd {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub by: LegEndedBy,
    pub code: Option<i32>,
    pub reason: Option<String>,
}

pub async fn add_leg(tx: &impl Read, new: &NewLeg) -> Result<()> {
    let row = vec![
        ("id", new.id.into()),
        ("call_id", new.call_id.into()),
        ("role", new.role.into()),
        ("user_id", new.user_id.into()),
        ("peer", check::wire(&new.peer).into()),
        ("sip_call_id", check::wire(&new.sip_call_id).into()),
        ("started_at", new.started_at.into()),
    ];
    sql::insert(tx, "legs", row).await
}

/// The first time counts.
pub async fn leg_ringing(tx: &impl Read, leg: Uuid, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE legs SET ringing_at = $1 WHERE id = $2 AND ringing_at IS NULL";
    sql::exec(tx, sql, values![at, leg]).await.map(drop)
}

/// The first time counts.
pub async fn leg_answered(tx: &impl Read, leg: Uuid, at: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE legs SET answered_at = $1 WHERE id = $2 AND answered_at IS NULL";
    sql::exec(tx, sql, values![at, leg]).await.map(drop)
}

/// The first end counts.
pub async fn leg_ended(tx: &impl Read, end: &LegEnd) -> Result<()> {
    let sql = "UPDATE legs SET ended_at = $1, ended_by = $2, code = $3, reason = $4 \
         WHERE id = $5 AND ended_at IS NULL";
    let reason = end.reason.as_deref().map(check::wire);
    sql::exec(tx, sql, values![end.at, end.by, end.code, reason, end.id]).await.map(drop)
}

pub(super) async fn of_call(db: &impl Read, call: Uuid) -> Result<Vec<Leg>> {
    let sql = "SELECT id, role, user_id, peer, sip_call_id, started_at, ringing_at, answered_at, ended_at, \
         ended_by, code, reason FROM legs WHERE call_id = $1 ORDER BY started_at, id";
    let mut legs: Vec<Leg> = sql::rows(db, sql, values![call]).await?;
    let mut heard = quality::of_call(db, call).await?;
    for leg in &mut legs {
        leg.quality = heard.remove(&leg.id);
    }
    Ok(legs)
}
