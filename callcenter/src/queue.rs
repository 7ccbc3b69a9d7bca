//! A queue's settings and its picture at one moment.

use serde::{Deserialize, Serialize};

use crate::limits::{MAX_RING_MS, MAX_WRAP_UP_MS};
use crate::{AgentId, CallId, QueueId, Time};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSettings {
    pub id: QueueId,
    pub name: String,
    pub strategy: Strategy,
    /// How long one agent's phone rings: 1 to [`MAX_RING_MS`].
    pub ring_timeout_ms: u64,
    /// At most [`MAX_WRAP_UP_MS`]; 0 is no wrap-up.
    pub wrap_up_ms: u64,
    /// After this long the caller hears the overflow message; `None` waits for ever, 0 never
    /// waits: such a caller is offered at once or overflows.
    pub max_wait_ms: Option<u64>,
    /// An agent of several queues serves the one of the highest weight first.
    pub weight: i32,
}

impl QueueSettings {
    pub const DEFAULT_RING_TIMEOUT_MS: u64 = 20_000;

    /// With the defaults: ring 20 s, wrap-up 30 s, no longest wait, weight 0.
    pub fn new(id: QueueId, name: impl Into<String>) -> QueueSettings {
        QueueSettings {
            id,
            name: name.into(),
            strategy: Strategy::LongestIdle,
            ring_timeout_ms: Self::DEFAULT_RING_TIMEOUT_MS,
            wrap_up_ms: crate::DEFAULT_WRAP_UP_MS,
            max_wait_ms: None,
            weight: 0,
        }
    }

    /// # Errors
    /// The first value that is out of its range.
    pub fn validate(&self) -> Result<(), SettingsError> {
        if self.ring_timeout_ms == 0 || self.ring_timeout_ms > MAX_RING_MS {
            return Err(SettingsError::RingTimeout { ms: self.ring_timeout_ms });
        }
        if self.wrap_up_ms > MAX_WRAP_UP_MS {
            return Err(SettingsError::WrapUp { ms: self.wrap_up_ms });
        }
        Ok(())
    }
}

/// What is wrong with a queue's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SettingsError {
    #[error("ring_timeout_ms must be 1 to {MAX_RING_MS}, not {ms}")]
    RingTimeout { ms: u64 },
    #[error("wrap_up_ms must be at most {MAX_WRAP_UP_MS}, not {ms}")]
    WrapUp { ms: u64 },
    /// The first queue with this id was taken.
    #[error("the queue is listed twice")]
    Twice,
}

/// How a queue chooses among the agents who could take a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Strategy {
    LongestIdle,
}

/// One queue at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueueView {
    pub id: QueueId,
    pub name: String,
    /// Callers not yet talking, in the order in which they will be served.
    pub waiting: Vec<WaitingCall>,
    /// Since when the caller who has waited longest waits. Not always the first in line: another
    /// may have a higher priority.
    pub longest_wait_since: Option<Time>,
    /// Members who would be offered a call now: Ready, and their phone reachable.
    pub ready: usize,
    /// Members who are Ready but whose phone cannot be reached.
    pub ready_unreachable: usize,
    pub not_ready: usize,
    /// Agents whose phone rings for a call of this queue.
    pub offered: usize,
    /// Agents who talk in a call of this queue.
    pub talking: usize,
    /// Agents in the wrap-up of a call of this queue.
    pub wrap_up: usize,
    /// Members who are logged in, whatever they do.
    pub logged_in: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingCall {
    pub call: CallId,
    pub since: Time,
    pub priority: i32,
    /// Whose phone rings for this call.
    pub offered_to: Option<AgentId>,
}
