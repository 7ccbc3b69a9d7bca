//! What the API and the live topics show: plain serialisable structs, one subject a file.
//!
//! Records of the database (call summaries, contacts, timeline items …) are `crm`'s own views and
//! are only re-exported here, so that a handler and the calls supervisor name them alike.

mod agent;
mod call;
mod hub;
mod queue;
mod wall;

pub use agent::{AgentState, AgentView, MyAgent, PendingState, Phone, QueueRef, WantedState, WrapUp};
pub use call::{LiveCall, PopContact, ScreenPop, TestCall, TestCallScenario};
pub use hub::{DemoLogin, Hub, InboundNumber};
pub use queue::QueueView;
pub use wall::Wall;

pub use crm::words::{CallState as LiveCallState, DeviceKind as PhoneKind, Direction, MatchKind};
