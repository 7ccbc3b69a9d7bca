//! What the engine asks for, to be carried out in order.

use serde::Serialize;

use crate::{After, AgentId, AgentState, CallId, OfferId, QueueId, SettingsError, Strategy, Time};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Ring this agent's phone for this call.
    Offer { offer: OfferId, call: CallId, agent: AgentId, queue: QueueId, until: Time, why: Explanation },
    /// Stop the ringing.
    WithdrawOffer { offer: OfferId, call: CallId, agent: AgentId, why: Withdrawal },
    /// The offer was answered in time: bridge the two.
    Connect { call: CallId, agent: AgentId, offer: OfferId },
    /// The agent's state changed. These, with [`Output::AfterChanged`], replay to the state.
    AgentChanged { agent: AgentId, from: AgentState, to: AgentState, at: Time },
    /// What the agent becomes after the present call; the state itself stays.
    AfterChanged { agent: AgentId, after: After },
    /// The call is in line. `position` starts at 1 and counts those whose phone rings too.
    CallQueued { call: CallId, queue: QueueId, position: usize },
    /// The longest wait passed, or the queue is gone: play the overflow message. The call has
    /// left the engine; its later `CallGone` is refused as unknown.
    CallOverflowed { call: CallId, queue: QueueId, waited_ms: u64 },
    /// Nobody answered the agent's own call, or the invited agent did not, for
    /// [`crate::MAX_DIALLING_MS`]: end that. It has left the engine.
    DiallingExpired { call: CallId, agent: AgentId },
    /// The input came too late or cannot be; nothing changed by it.
    Refused { input: &'static str, reason: Refusal },
}

/// Why this agent was chosen, for the call's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub strategy: Strategy,
    /// Agents of the queue who could have been offered the call, the chosen one included.
    pub candidates: usize,
    /// The chosen agent's time Ready since the last call.
    pub idle_ms: u64,
    /// The caller's time in line.
    pub waited_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawal {
    CallerGone,
    RingTimeout,
    AgentNotReady,
    AgentLoggedOut,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    #[error("no such agent")]
    UnknownAgent,
    #[error("no such queue")]
    UnknownQueue,
    /// Never came, or has left.
    #[error("no such call")]
    UnknownCall,
    /// The call is here already.
    #[error("the call is here already")]
    DuplicateCall,
    /// The offer was withdrawn, failed or answered before, or is another agent's: hang that leg up.
    #[error("the offer no longer stands")]
    StaleOffer,
    /// The agent is not in this call, or not in the part of it that the input speaks of.
    #[error("the agent is not in this call")]
    NotInThatCall,
    /// The agent does not serve the queue whose call was to be picked up.
    #[error("the agent does not serve this queue")]
    NotInThatQueue,
    #[error("the agent is not in wrap-up")]
    NotInWrapUp,
    /// The agent has an offer, a call or wrap-up.
    #[error("the agent is busy")]
    AgentBusy,
    #[error("the agent is logged out")]
    LoggedOut,
    /// Longer than [`crate::MAX_REASON_BYTES`].
    #[error("the reason's code is too long")]
    ReasonTooLong,
    #[error("queue {queue}: {error}")]
    InvalidQueue { queue: QueueId, error: SettingsError },
    /// [`crate::MAX_AGENTS`], [`crate::MAX_CALLS`] or [`crate::MAX_QUEUES`] is reached.
    #[error("at most {limit} of these")]
    Full { limit: usize },
}
