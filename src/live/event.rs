//! What an event says.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::views::{
    AgentView, CallSummary, Colleague, LiveCall, MyAgent, ParkedCall, QueueView, RingingCall, TeamQueue,
};

/// The payload of an event, told apart by `type`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Agent(Box<MyAgent>),
    AgentChanged {
        agent: AgentView,
    },
    CallChanged {
        call: Box<LiveCall>,
    },
    CallEnded {
        call_id: Uuid,
    },
    QueueChanged {
        queue: QueueView,
    },
    ColleagueChanged {
        colleague: Colleague,
    },
    TeamQueueChanged {
        queue: TeamQueue,
    },
    /// All that are parked now.
    ParkedChanged {
        parked: Vec<ParkedCall>,
    },
    /// All that ring at somebody's phone now.
    RingingChanged {
        ringing: Vec<RingingCall>,
    },
    CallFinished {
        call: Box<CallSummary>,
        /// Whose call it was: decides who is told, and is in `call` already.
        #[serde(skip)]
        #[schema(ignore)]
        agent: Option<Uuid>,
    },
    TimelineChanged {
        contact_id: Uuid,
    },
}

/// What an event is about: of several within one frame, the last alone is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entity {
    Agent(Uuid),
    Call(Uuid),
    Queue(Uuid),
    Parked,
    Ringing,
}

impl Event {
    /// Set where a later event about the same says everything that this one does.
    pub fn entity(&self) -> Option<Entity> {
        match self {
            Self::AgentChanged { agent } => Some(Entity::Agent(agent.id)),
            Self::CallChanged { call } => Some(Entity::Call(call.id)),
            Self::CallEnded { call_id } => Some(Entity::Call(*call_id)),
            Self::QueueChanged { queue } => Some(Entity::Queue(queue.id)),
            Self::ColleagueChanged { colleague } => Some(Entity::Agent(colleague.id)),
            Self::TeamQueueChanged { queue } => Some(Entity::Queue(queue.id)),
            Self::ParkedChanged { .. } => Some(Entity::Parked),
            Self::RingingChanged { .. } => Some(Entity::Ringing),
            Self::Agent(_) | Self::CallFinished { .. } | Self::TimelineChanged { .. } => None,
        }
    }

    /// The one agent whose event it is, where that decides who may have it.
    pub fn audience(&self) -> Option<Uuid> {
        match self {
            Self::CallFinished { agent, .. } => *agent,
            _ => None,
        }
    }
}
