//! What the engine is told.

use serde::{Deserialize, Serialize};

use crate::{AgentId, CallId, NotReadyReason, OfferId, PhoneTrouble, QueueId, QueueSettings};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// All queues there are. Callers in a queue that is gone overflow; phones that ring for it
    /// ring on. A queue with invalid settings is refused by itself and keeps its former ones.
    SetQueues(Vec<QueueSettings>),
    /// All queues this agent serves; makes the agent known. Takes effect on the next offer.
    SetMembers {
        agent: AgentId,
        queues: Vec<QueueId>,
    },
    /// Logged out becomes Not ready; takes back a logout asked for during a call.
    AgentLoggedIn {
        agent: AgentId,
    },
    /// During a call or wrap-up: after it. During an offer: withdraws it and logs out at once.
    AgentLoggedOut {
        agent: AgentId,
    },
    /// Logs in too. During a call: takes back what was asked for after it; ends a wrap-up.
    AgentReady {
        agent: AgentId,
    },
    /// Logs in too. During a call or wrap-up: after it. During an offer: withdraws it.
    AgentNotReady {
        agent: AgentId,
        reason: NotReadyReason,
    },
    WrapUpFinished {
        agent: AgentId,
    },
    /// Whether the agent's phone can be rung; unreachable until told. A phone that is lost while
    /// it rings may still answer: the offer stands until its deadline.
    AgentPhone {
        agent: AgentId,
        reachable: bool,
    },
    /// A caller enters the queue. Higher `priority` is served first within the queue.
    CallArrived {
        call: CallId,
        queue: QueueId,
        priority: i32,
    },
    /// The caller hung up, in whatever state the call was.
    CallGone {
        call: CallId,
    },
    /// The agent's phone answered.
    OfferAccepted {
        agent: AgentId,
        offer: OfferId,
    },
    OfferFailed {
        agent: AgentId,
        offer: OfferId,
        why: OfferFailure,
    },
    /// A colleague of the same queue took the call that rings at `from`: that one missed nothing and
    /// is Ready again. Refused unless `by` is Ready or Not ready.
    PickedUp {
        offer: OfferId,
        from: AgentId,
        by: AgentId,
    },
    /// The conversation, or the dialling, is over.
    CallFinished {
        agent: AgentId,
        call: CallId,
    },
    /// The agent dials: refused unless Ready or Not ready.
    OutboundStarted {
        agent: AgentId,
        call: CallId,
    },
    /// The agent is rung for a call that is here already (transfer, consultation, conference) or
    /// was a moment ago: refused unless Ready or Not ready. Ends like a call that the agent dialled.
    Invited {
        agent: AgentId,
        call: CallId,
    },
    /// The dialled customer, or the invited agent, answered.
    OutboundAnswered {
        agent: AgentId,
        call: CallId,
    },
    /// The agent's phone went over from one call into another, which goes on: an attended transfer by
    /// a phone. The state stays, its time begins anew; the agent is a guest there.
    Moved {
        agent: AgentId,
        from: CallId,
        to: CallId,
    },
    /// Nothing but time: does what is due.
    Tick,
}

impl Input {
    /// The input's name, for logs and [`crate::Output::Refused`].
    pub fn name(&self) -> &'static str {
        match self {
            Input::SetQueues(_) => "set_queues",
            Input::SetMembers { .. } => "set_members",
            Input::AgentLoggedIn { .. } => "agent_logged_in",
            Input::AgentLoggedOut { .. } => "agent_logged_out",
            Input::AgentReady { .. } => "agent_ready",
            Input::AgentNotReady { .. } => "agent_not_ready",
            Input::WrapUpFinished { .. } => "wrap_up_finished",
            Input::AgentPhone { .. } => "agent_phone",
            Input::CallArrived { .. } => "call_arrived",
            Input::CallGone { .. } => "call_gone",
            Input::OfferAccepted { .. } => "offer_accepted",
            Input::OfferFailed { .. } => "offer_failed",
            Input::PickedUp { .. } => "picked_up",
            Input::CallFinished { .. } => "call_finished",
            Input::OutboundStarted { .. } => "outbound_started",
            Input::Invited { .. } => "invited",
            Input::OutboundAnswered { .. } => "outbound_answered",
            Input::Moved { .. } => "moved",
            Input::Tick => "tick",
        }
    }
}

/// Why the agent's phone did not take the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferFailure {
    /// Nobody answered in the phone's own time, shorter than the queue's.
    NoAnswer,
    Busy,
    /// The agent declined.
    Rejected,
    Unregistered,
    Error,
}

impl OfferFailure {
    /// What the agent is Not ready for afterwards.
    pub fn reason(self) -> NotReadyReason {
        match self {
            OfferFailure::NoAnswer => NotReadyReason::MissedCall,
            OfferFailure::Rejected => NotReadyReason::Rejected,
            OfferFailure::Busy => NotReadyReason::PhoneUnavailable(PhoneTrouble::Busy),
            OfferFailure::Unregistered => NotReadyReason::PhoneUnavailable(PhoneTrouble::Unregistered),
            OfferFailure::Error => NotReadyReason::PhoneUnavailable(PhoneTrouble::Error),
        }
    }
}
