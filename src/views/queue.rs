//! A queue with its numbers of this moment.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A queue: who waits, who serves it, and how today went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueueView {
    pub id: Uuid,
    pub name: String,
    /// Calls that wait, those that ring at an agent included.
    pub waiting: u32,
    /// Since when the call waits that has waited longest.
    pub longest_wait_since: Option<DateTime<Utc>>,
    /// Agents of the queue by state.
    pub ready: u32,
    pub offered: u32,
    pub talking: u32,
    pub wrap_up: u32,
    pub not_ready: u32,
    /// Calls since midnight of the hub's time zone.
    pub answered_today: u32,
    pub abandoned_today: u32,
    pub ring_timeout_ms: u64,
    pub wrap_up_ms: u64,
    /// `null`: callers may wait without end.
    pub max_wait_ms: Option<u64>,
}
