//! What agents did all day: one row a state, the last one open.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Result,
    sql::{self, Read, values},
    text_enum::text_enum,
};

text_enum! {
    pub enum AgentState {
        LoggedOut = "logged_out", NotReady = "not_ready", Ready = "ready", Offered = "offered",
        Dialling = "dialling", Talking = "talking", WrapUp = "wrap_up",
    }
}

/// An agent went into a state.
#[derive(Debug, Clone)]
pub struct AgentChange {
    pub node: String,
    pub user_id: Uuid,
    pub state: AgentState,
    /// Code of the reason, when not ready.
    pub reason: Option<String>,
    pub call_id: Option<Uuid>,
    pub queue_id: Option<Uuid>,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct AgentStateRow {
    pub id: Uuid,
    pub user_id: Uuid,
    pub state: AgentState,
    pub reason: Option<String>,
    pub call_id: Option<Uuid>,
    pub queue_id: Option<Uuid>,
    pub since: DateTime<Utc>,
    pub until: Option<DateTime<Utc>>,
}

/// Ends the state before and begins this one.
pub async fn record(tx: &impl Read, change: &AgentChange) -> Result<()> {
    let sql = "UPDATE agent_state_history SET until = $1 WHERE user_id = $2 AND until IS NULL";
    sql::exec(tx, sql, values![change.at, change.user_id]).await?;
    let row = vec![
        ("id", Uuid::now_v7().into()),
        ("node", change.node.clone().into()),
        ("user_id", change.user_id.into()),
        ("state", change.state.into()),
        ("reason", change.reason.clone().into()),
        ("call_id", change.call_id.into()),
        ("queue_id", change.queue_id.into()),
        ("since", change.at.into()),
    ];
    sql::insert(tx, "agent_state_history", row).await
}

/// Ends what this node had open, at its start; answers how many states that were.
pub async fn close_open(tx: &impl Read, node: &str, at: DateTime<Utc>) -> Result<u64> {
    let sql = "UPDATE agent_state_history SET until = $1 WHERE node = $2 AND until IS NULL";
    sql::exec(tx, sql, values![at, node]).await
}

/// The states of an agent that began at `from` or later, in their order, `limit` at most.
pub async fn of_user(
    db: &impl Read,
    user: Uuid,
    from: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<AgentStateRow>> {
    let sql = format!(
        "SELECT id, user_id, state, reason, call_id, queue_id, since, until FROM agent_state_history \
         WHERE user_id = $1 AND since >= $2 ORDER BY since, id LIMIT {limit}"
    );
    sql::rows(db, &sql, values![user, from]).await
}
