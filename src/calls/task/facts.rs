//! What is known of a call from its first moment.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::calls::sounds::{Language, QueueSounds};
use crate::views::{ContactRef, Direction, LiveCall, LiveCallState, MatchKind, RecordingState};

/// Where a call is led, when that is not a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The phone that this user has chosen.
    User(Uuid),
    /// A number outside, in E.164, over the outbound trunk.
    Number(String),
}

/// Who calls whom, and by which way.
#[derive(Clone, Debug)]
pub struct CallFacts {
    pub id: Uuid,
    pub direction: Direction,
    pub trunk: Option<String>,
    /// E.164 where the number could be read, else as it was received.
    pub caller: String,
    pub called: String,
    pub caller_display: Option<String>,
    pub contact: Option<ContactRef>,
    pub match_kind: MatchKind,
    pub queue: Option<Uuid>,
    pub agent: Option<Uuid>,
    /// The outside number or phone that is rung when no queue is in play.
    pub destination: Option<Destination>,
    /// What the customer is spoken to in.
    pub language: Language,
    /// What the queue plays instead of the usual.
    pub sounds: QueueSounds,
    pub test: bool,
}

impl CallFacts {
    /// The customer's number, whichever way the call goes.
    pub fn far_number(&self) -> &str {
        match self.direction {
            Direction::Inbound => &self.caller,
            Direction::Outbound => &self.called,
        }
    }

    /// What an agent's phone shows beside the number.
    pub fn far_name(&self) -> Option<String> {
        let contact = self.contact.as_ref().map(|contact| contact.name.clone());
        contact.or_else(|| self.caller_display.clone())
    }

    /// Nobody from outside is in it.
    pub fn is_among_colleagues(&self) -> bool {
        self.direction == Direction::Outbound && matches!(self.destination, Some(Destination::User(_)))
    }

    pub fn live(&self, now: DateTime<Utc>) -> LiveCall {
        LiveCall {
            id: self.id,
            direction: self.direction,
            state: match self.direction {
                Direction::Inbound => LiveCallState::Greeting,
                Direction::Outbound => LiveCallState::Dialling,
            },
            caller: self.caller.clone(),
            called: self.called.clone(),
            contact: self.contact.clone(),
            match_kind: self.match_kind,
            queue_id: self.queue,
            agent_id: self.agent,
            started_at: now,
            state_since: now,
            queued_at: None,
            answered_at: None,
            test: self.test,
            participants: Vec::new(),
            consulting: false,
            parked_slot: None,
            parked_by: None,
            recording: RecordingState::Off,
            recording_since: now,
            recording_rule: None,
        }
    }
}
