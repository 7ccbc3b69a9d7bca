//! A running call, and who is calling.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crm::words::{Quality, RecordingDecider};

use super::{CompanyRef, ContactRef, Direction, LeadRef, LiveCallState, MatchKind, TicketRef, TimelineItem};

/// A running call, as the wall and the agent's own screen show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LiveCall {
    pub id: Uuid,
    pub direction: Direction,
    pub state: LiveCallState,
    /// E.164 where the number could be read, else as it was received.
    pub caller: String,
    pub called: String,
    pub contact: Option<ContactRef>,
    #[serde(rename = "match")]
    pub match_kind: MatchKind,
    pub queue_id: Option<Uuid>,
    pub agent_id: Option<Uuid>,
    pub started_at: DateTime<Utc>,
    pub state_since: DateTime<Utc>,
    pub queued_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    /// A test call of the demo hub.
    pub test: bool,
    /// Everybody in the call or being rung for it, the customer first.
    pub participants: Vec<Participant>,
    /// The agent speaks, or is about to speak, with somebody else while the customer hears music.
    pub consulting: bool,
    /// Where a parked call is picked up.
    pub parked_slot: Option<u16>,
    /// Who parked it.
    pub parked_by: Option<Uuid>,
    /// Whether what is said is kept.
    pub recording: RecordingState,
    /// Since when that is so.
    pub recording_since: DateTime<Utc>,
    /// What may be done about it; absent until the call is connected.
    pub recording_rule: Option<RecordingRule>,
}

/// What the house allows of a call's recording. A pause is always allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordingRule {
    pub may_start: bool,
    pub may_stop: bool,
    pub decided_by: RecordingDecider,
}

/// Whether what is said in a call is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordingState {
    #[default]
    Off,
    /// The customer is told, or asked, before it may begin.
    Asking,
    On,
    /// For a secret, such as a card's number: neither sound nor keys are kept. Until shortly after the
    /// pause was ended, because what was said in it may come that late.
    Paused,
}

/// One of those in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Participant {
    /// The leg.
    pub leg_id: Uuid,
    pub kind: ParticipantKind,
    /// The user whose phone it is.
    pub user_id: Option<Uuid>,
    /// The number or the phone's name.
    pub peer: String,
    pub answered: bool,
    /// How the leg sounds; none while nothing has been heard.
    pub quality: Option<Quality>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParticipantKind {
    Customer,
    /// The agent whose call it is, or who it was handed to.
    Agent,
    /// Whom the agent asked in.
    Guest,
}

/// Who is calling, with what is open on them: shown before the call is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScreenPop {
    pub call_id: Uuid,
    pub number: String,
    /// The number grouped for reading, e.g. `+34 910 00 01 00`.
    pub number_display: String,
    #[serde(rename = "match")]
    pub match_kind: MatchKind,
    /// One when known, several when it may be any of them, none when unknown.
    pub contacts: Vec<PopContact>,
}

/// One contact on a screen pop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PopContact {
    pub id: Uuid,
    pub name: String,
    pub company: Option<CompanyRef>,
    pub job_title: Option<String>,
    pub language: Option<String>,
    pub open_tickets: Vec<TicketRef>,
    pub open_leads: Vec<LeadRef>,
    /// The latest interactions, newest first, at most five.
    pub recent: Vec<TimelineItem>,
}

/// Which kind of caller the demo's test call plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestCallScenario {
    /// The number of exactly one contact.
    #[default]
    Known,
    /// A number that several contacts share.
    Maybe,
    /// A number that nobody has.
    Unknown,
}

/// Who is now calling in for the demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TestCall {
    pub caller: String,
    pub name: Option<String>,
}
