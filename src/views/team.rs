//! What those who handle calls see of one another: whom a call can go on to, and what is parked.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AgentState, AgentView, ContactRef, LiveCall, QueueView};

/// The snapshot of topic `team`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Team {
    pub colleagues: Vec<Colleague>,
    pub queues: Vec<TeamQueue>,
    /// By slot.
    pub parked: Vec<ParkedCall>,
    /// Those that ring longest first.
    pub ringing: Vec<RingingCall>,
}

/// Somebody who handles calls. Why a colleague is not ready is nobody's business here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Colleague {
    /// The user's id.
    pub id: Uuid,
    pub display_name: String,
    pub state: AgentState,
    /// Whether the phone that would ring is registered.
    pub phone_reachable: bool,
    /// What another phone dials or watches to mean this colleague: the name under which the phone
    /// that rings registers. None for who has no phone.
    pub extension: Option<String>,
}

/// A queue that a call can be sent to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TeamQueue {
    pub id: Uuid,
    pub name: String,
    pub waiting: u32,
    pub ready: u32,
}

/// A customer who waits for somebody to pick the call up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ParkedCall {
    pub call_id: Uuid,
    pub slot: u16,
    pub since: DateTime<Utc>,
    /// The customer's number.
    pub number: String,
    pub contact: Option<ContactRef>,
    pub parked_by: Option<Uuid>,
}

/// A customer whose call rings at a colleague's phone, where another may take it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RingingCall {
    pub call_id: Uuid,
    pub since: DateTime<Utc>,
    /// The customer's number.
    pub number: String,
    pub contact: Option<ContactRef>,
    /// Whose phone rings.
    pub agent_id: Uuid,
    /// A queue's call is for those who serve the queue.
    pub queue_id: Option<Uuid>,
}

impl Colleague {
    pub fn new(agent: &AgentView, extension: Option<String>) -> Colleague {
        Colleague {
            id: agent.id,
            display_name: agent.display_name.clone(),
            state: agent.state,
            phone_reachable: agent.phone_reachable,
            extension,
        }
    }
}

impl From<&QueueView> for TeamQueue {
    fn from(queue: &QueueView) -> TeamQueue {
        let QueueView { id, name, waiting, ready, .. } = queue;
        TeamQueue { id: *id, name: name.clone(), waiting: *waiting, ready: *ready }
    }
}

impl RingingCall {
    /// None for a call that rings nowhere, or at a telephone outside.
    pub fn of(call: &LiveCall) -> Option<RingingCall> {
        Some(RingingCall {
            call_id: call.id,
            since: call.state_since,
            number: customers_number(call).clone(),
            contact: call.contact.clone(),
            agent_id: call.agent_id.filter(|_| call.state == super::LiveCallState::Ringing)?,
            queue_id: call.queue_id,
        })
    }
}

fn customers_number(call: &LiveCall) -> &String {
    match call.direction {
        super::Direction::Inbound => &call.caller,
        super::Direction::Outbound => &call.called,
    }
}

impl ParkedCall {
    /// None for a call that is not parked.
    pub fn of(call: &LiveCall) -> Option<ParkedCall> {
        Some(ParkedCall {
            call_id: call.id,
            slot: call.parked_slot.filter(|_| call.state == super::LiveCallState::Parked)?,
            since: call.state_since,
            number: customers_number(call).clone(),
            contact: call.contact.clone(),
            parked_by: call.parked_by,
        })
    }
}
