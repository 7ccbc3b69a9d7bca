//! The calls log, the running calls, and the counts of a day.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::summary::{CallSummary, select};
use crate::{
    Page, PageRequest, Result, phone,
    search::{Kind, index},
    sql::{self, Filter, Read, backend, values},
    words::{CallState, Direction, Quality},
};

/// Far above what one machine can carry: the bound of one answer, not of the hub.
const MAX_LIVE_CALLS: u32 = 10_000;

/// Which calls a list shows. All of what is given must be met.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CallFilter {
    pub state: Option<CallState>,
    pub direction: Option<Direction>,
    pub queue_id: Option<Uuid>,
    pub agent_id: Option<Uuid>,
    pub contact_id: Option<Uuid>,
    pub quality: Option<Quality>,
    /// Begun at or after.
    pub from: Option<DateTime<Utc>>,
    /// Begun before.
    pub to: Option<DateTime<Utc>>,
    /// A part of a number in any spelling, else beginnings of the contact's words.
    pub search: Option<String>,
}

/// The newest first.
pub async fn list(db: &impl Read, filter: &CallFilter, page: &PageRequest) -> Result<Page<CallSummary>> {
    let mut conditions = Filter::default();
    conditions
        .and_some("c.state = ?", filter.state)
        .and_some("c.direction = ?", filter.direction)
        .and_some("c.queue_id = ?", filter.queue_id)
        .and_some("c.user_id = ?", filter.agent_id)
        .and_some("c.contact_id = ?", filter.contact_id)
        .and_some("c.quality = ?", filter.quality)
        .and_some("c.started_at >= ?", filter.from)
        .and_some("c.started_at < ?", filter.to);
    if let Some(query) = &filter.search {
        match phone::search_terms(query).and_then(|terms| terms.into_iter().next()) {
            // One value, met twice: the number may be on either side.
            Some(digits) => conditions.and("(c.caller LIKE ? OR c.called LIKE ?)", format!("%{digits}%")),
            None => {
                index::matching(&mut conditions, backend(db), "c.contact_id", Kind::Contact, query);
                &mut conditions
            }
        };
    }
    if let Some((at, id)) = page.after_time()? {
        conditions.after("(c.started_at, c.id) < (?, ?)", at.into(), id);
    }
    let tail = format!("ORDER BY c.started_at DESC, c.id DESC LIMIT {}", page.rows_to_fetch());
    let found = select(db, conditions, &tail).await?;
    Ok(Page::cut(found, page, |call| (call.started_at, call.id)))
}

/// What runs now, on all nodes, the oldest first.
pub async fn live(db: &impl Read) -> Result<Vec<CallSummary>> {
    let mut conditions = Filter::default();
    conditions.plain("c.ended_at IS NULL");
    select(db, conditions, &format!("ORDER BY c.started_at, c.id LIMIT {MAX_LIVE_CALLS}")).await
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct QueueCounts {
    pub queue_id: Uuid,
    /// Calls begun since then that an agent answered.
    pub answered: i64,
    /// Calls begun since then whose caller hung up before.
    pub abandoned: i64,
}

/// For each queue that had calls since `since`.
pub async fn queue_counts(db: &impl Read, since: DateTime<Utc>) -> Result<Vec<QueueCounts>> {
    let sql = "SELECT queue_id, COUNT(answered_at) AS answered, \
         COUNT(CASE WHEN end_cause = 'abandoned' THEN 1 END) AS abandoned \
         FROM calls WHERE queue_id IS NOT NULL AND started_at >= $1 GROUP BY queue_id";
    sql::rows(db, sql, values![since]).await
}
