//! The supervisors' wall.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AgentView, LiveCall, QueueView};

/// Everything that moves on the floor: the snapshot of topic `wall`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Wall {
    pub agents: Vec<AgentView>,
    /// Running calls only.
    pub calls: Vec<LiveCall>,
    pub queues: Vec<QueueView>,
}
