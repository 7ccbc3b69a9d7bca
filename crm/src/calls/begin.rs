//! The first row of a call.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Result, check,
    sql::{self, Read},
    words::{CallState, Direction, MatchKind},
};

#[derive(Debug, Clone)]
pub struct NewCall {
    /// Version 7: calls sort by it.
    pub id: Uuid,
    /// Who drives the call, and until when it may be taken for alive.
    pub node: String,
    pub lease_until: DateTime<Utc>,
    pub direction: Direction,
    pub trunk: Option<String>,
    /// E.164 where it could be read so, else as it came.
    pub caller: String,
    pub called: String,
    pub queue_id: Option<Uuid>,
    /// The agent who dials, on outbound calls.
    pub user_id: Option<Uuid>,
    pub contact_id: Option<Uuid>,
    pub match_kind: MatchKind,
    pub state: CallState,
    pub started_at: DateTime<Utc>,
    pub test: bool,
}

pub async fn begin(tx: &impl Read, new: &NewCall) -> Result<()> {
    let row = vec![
        ("id", new.id.into()),
        ("node", new.node.clone().into()),
        ("lease_until", new.lease_until.into()),
        ("direction", new.direction.into()),
        ("state", new.state.into()),
        ("trunk", new.trunk.clone().into()),
        ("caller", check::wire(&new.caller).into()),
        ("called", check::wire(&new.called).into()),
        ("queue_id", new.queue_id.into()),
        ("user_id", new.user_id.into()),
        ("contact_id", new.contact_id.into()),
        ("match_kind", new.match_kind.into()),
        ("started_at", new.started_at.into()),
        ("state_since", new.started_at.into()),
        ("note", "".into()),
        ("test", new.test.into()),
    ];
    sql::insert(tx, "calls", row).await
}
