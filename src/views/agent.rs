//! An agent as the agent's own screen and the supervisors' wall see them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AgentState, LiveCall, PhoneKind, QueueRef, ScreenPop};

/// One agent, as shown to everybody who may see the wall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgentView {
    /// The user's id: an agent is a user who handles calls.
    pub id: Uuid,
    pub display_name: String,
    pub state: AgentState,
    /// Why the agent is not ready: a code of the not-ready reasons (`break`, `lunch` …) or one of
    /// the hub's own, `missed_call`, `rejected`, `phone_unavailable`, `logged_in`.
    pub reason: Option<String>,
    pub since: DateTime<Utc>,
    /// When the state ends by itself (ring time, wrap-up).
    pub until: Option<DateTime<Utc>>,
    pub call_id: Option<Uuid>,
    pub queue_id: Option<Uuid>,
    /// What the agent asked for during a call and gets after it.
    pub pending: Option<PendingState>,
    pub phone_reachable: bool,
    /// The queues that the agent serves.
    pub queues: Vec<Uuid>,
}

/// A state asked for during a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PendingState {
    NotReady,
    LoggedOut,
}

/// Everything that the agent's own screen shows about calls; the whole object each time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MyAgent {
    pub agent: AgentView,
    pub phones: Vec<Phone>,
    /// The phone that rings, once the agent has one.
    pub phone_id: Option<Uuid>,
    pub current: Option<LiveCall>,
    pub pop: Option<ScreenPop>,
    pub wrap_up: Option<WrapUp>,
    pub queues: Vec<QueueRef>,
}

/// Where the agent can be rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
// A contact's phone is another thing with the same name.
#[schema(as = AgentPhone)]
pub struct Phone {
    pub id: Uuid,
    pub kind: PhoneKind,
    pub label: String,
    pub reachable: bool,
}

/// The time after a call, with what has been noted on the call so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WrapUp {
    pub call_id: Uuid,
    pub until: DateTime<Utc>,
    pub disposition_id: Option<Uuid>,
    pub note: String,
    pub ticket_id: Option<Uuid>,
    pub lead_id: Option<Uuid>,
}

/// What an agent, or a supervisor for an agent, may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedState {
    Ready,
    /// `reason`: a code of the not-ready reasons, checked by HTTP against the table.
    NotReady {
        reason: String,
    },
    LoggedOut,
}
