//! An agent's state.

use serde::{Deserialize, Serialize};

use crate::{AgentId, CallId, OfferId, QueueId, Time};

/// What an agent does now. `since` is when this state began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AgentState {
    LoggedOut {
        since: Time,
    },
    NotReady {
        reason: NotReadyReason,
        since: Time,
    },
    /// Waits for a call. Offered none while the phone is unreachable or no queue is served.
    Ready {
        since: Time,
    },
    /// The phone rings for a waiting call until `until`.
    Offered {
        call: CallId,
        queue: QueueId,
        offer: OfferId,
        until: Time,
        since: Time,
    },
    /// The agent's own outbound call is being set up, until `until` at the longest; or, `invited`,
    /// the agent's phone rings for a call that another agent has.
    Dialling {
        call: CallId,
        until: Time,
        after: After,
        since: Time,
        invited: bool,
    },
    /// `queue` is `None` for a call that the agent dialled.
    Talking {
        call: CallId,
        queue: Option<QueueId>,
        after: After,
        since: Time,
    },
    /// The paperwork after a call, until `until` at the longest.
    WrapUp {
        call: CallId,
        queue: Option<QueueId>,
        until: Time,
        after: After,
        since: Time,
    },
}

/// What an agent who has a call becomes after it and its wrap-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    Ready,
    /// Asked for during the call, or what the agent was before dialling.
    NotReady(NotReadyReason),
    LoggedOut,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotReadyReason {
    /// A code from the company's table of reasons, at most [`crate::MAX_REASON_BYTES`] long.
    Chosen(String),
    /// Just logged in.
    LoggedIn,
    /// The phone rang and nobody answered.
    MissedCall,
    /// The agent declined an offer.
    Rejected,
    /// The phone could not be rung.
    PhoneUnavailable(PhoneTrouble),
}

impl NotReadyReason {
    /// The word for record, API and console.
    pub fn code(&self) -> &str {
        match self {
            NotReadyReason::Chosen(code) => code,
            NotReadyReason::LoggedIn => "logged_in",
            NotReadyReason::MissedCall => "missed_call",
            NotReadyReason::Rejected => "rejected",
            NotReadyReason::PhoneUnavailable(_) => "phone_unavailable",
        }
    }
}

impl After {
    pub(crate) fn state(self, now: Time) -> AgentState {
        match self {
            After::Ready => AgentState::Ready { since: now },
            After::NotReady(reason) => AgentState::NotReady { reason, since: now },
            After::LoggedOut => AgentState::LoggedOut { since: now },
        }
    }
}

/// What was wrong with the agent's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneTrouble {
    Busy,
    Unregistered,
    Error,
}

impl AgentState {
    /// The word for record, API and console.
    pub fn word(&self) -> &'static str {
        match self {
            AgentState::LoggedOut { .. } => "logged_out",
            AgentState::NotReady { .. } => "not_ready",
            AgentState::Ready { .. } => "ready",
            AgentState::Offered { .. } => "offered",
            AgentState::Dialling { .. } => "dialling",
            AgentState::Talking { .. } => "talking",
            AgentState::WrapUp { .. } => "wrap_up",
        }
    }

    pub fn since(&self) -> Time {
        match self {
            AgentState::LoggedOut { since }
            | AgentState::NotReady { since, .. }
            | AgentState::Ready { since }
            | AgentState::Offered { since, .. }
            | AgentState::Dialling { since, .. }
            | AgentState::Talking { since, .. }
            | AgentState::WrapUp { since, .. } => *since,
        }
    }

    /// When the state ends by itself: offered, dialling and wrap-up only.
    pub fn until(&self) -> Option<Time> {
        match self {
            AgentState::Offered { until, .. }
            | AgentState::Dialling { until, .. }
            | AgentState::WrapUp { until, .. } => Some(*until),
            _ => None,
        }
    }

    pub fn call(&self) -> Option<CallId> {
        match self {
            AgentState::Offered { call, .. }
            | AgentState::Dialling { call, .. }
            | AgentState::Talking { call, .. }
            | AgentState::WrapUp { call, .. } => Some(*call),
            _ => None,
        }
    }

    /// The queue that the agent's call came from.
    pub fn queue(&self) -> Option<QueueId> {
        match self {
            AgentState::Offered { queue, .. } => Some(*queue),
            AgentState::Talking { queue, .. } | AgentState::WrapUp { queue, .. } => *queue,
            _ => None,
        }
    }

    pub fn offer(&self) -> Option<OfferId> {
        match self {
            AgentState::Offered { offer, .. } => Some(*offer),
            _ => None,
        }
    }

    pub fn reason(&self) -> Option<&NotReadyReason> {
        match self {
            AgentState::NotReady { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// What comes after the call; `None` for an agent who has none.
    pub fn after(&self) -> Option<&After> {
        match self {
            AgentState::Dialling { after, .. }
            | AgentState::Talking { after, .. }
            | AgentState::WrapUp { after, .. } => Some(after),
            _ => None,
        }
    }

    pub(crate) fn after_mut(&mut self) -> Option<&mut After> {
        match self {
            AgentState::Dialling { after, .. }
            | AgentState::Talking { after, .. }
            | AgentState::WrapUp { after, .. } => Some(after),
            _ => None,
        }
    }
}

/// One agent at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentView {
    pub id: AgentId,
    pub state: AgentState,
    /// As given by `SetMembers`, in the order of their ids; queues that do not exist included.
    pub queues: Vec<QueueId>,
    pub phone_reachable: bool,
    /// Time Ready since the last call, the rule's measure. Stands still while Not ready.
    pub idle_ms: u64,
}
