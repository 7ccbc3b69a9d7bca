//! What the API and the live topics show: plain serialisable structs, one subject a file.
//!
//! Records of the database (call summaries, contacts, timeline items …) are `crm`'s own views and
//! are only re-exported here, so that a handler and the calls supervisor name them alike.

mod agent;
mod call;
mod hub;
mod phone_server;
mod queue;
mod team;
mod wall;

pub use agent::{AgentView, MyAgent, PendingState, Phone, WantedState, WrapUp};
pub use call::{
    LiveCall, Participant, ParticipantKind, PopContact, RecordingRule, RecordingState, ScreenPop, TestCall,
    TestCallScenario,
};
pub use hub::{DemoLogin, Hub, InboundNumber};
pub use phone_server::{PhoneServer, PhoneTransport};
pub use queue::QueueView;
pub use team::{Colleague, ParkedCall, RingingCall, Team, TeamQueue};
pub use wall::Wall;

pub use crm::agent_history::AgentState;
pub use crm::calls::{CallSummary, QueueRef};
pub use crm::companies::CompanyRef;
pub use crm::contacts::ContactRef;
pub use crm::interactions::TimelineItem;
pub use crm::leads::LeadRef;
pub use crm::tickets::TicketRef;
pub use crm::words::{CallState as LiveCallState, DeviceKind as PhoneKind, Direction, MatchKind};
