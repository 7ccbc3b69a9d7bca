//! Agents, queues and routing as pure state machines: no clock, no I/O.
//!
//! One owner feeds [`Engine::handle`] with what happened and the time at which it happened, and
//! carries out the [`Output`]s in their order. The same inputs always give the same outputs. Every
//! input is understood in every state: what comes too late, or cannot be, is [`Output::Refused`]
//! and changes nothing.
//!
//! # The rules
//!
//! - **Longest idle first.** Idle is the time spent Ready since the agent's last call. It stands
//!   still, but is not lost, while the agent is Not ready (a short break costs no place and a
//!   long one earns none), and starts anew after a call, after a missed or rejected offer, and
//!   after a logout. A caller who hangs up while the phone rings costs the agent nothing.
//! - **Which call.** The queue of the highest weight, then the call of the highest priority, then
//!   the one that waits longest. A call keeps its place while phones ring for it in vain.
//! - **One at a time.** An agent has one offer, call or wrap-up; a call has one offer.
//! - **Every transient state has a deadline** that the engine keeps: ring time, wrap-up,
//!   dialling, the longest wait. [`Engine::next_deadline`] says when [`Input::Tick`] is due. An
//!   answer at the very end of the ring time is too late.
//! - **Longest wait.** A phone that rings when it passes rings on: the call overflows only if
//!   that offer fails.
//! - **Asked during a call, done after it.** Not ready and logout wait for the end of the call and
//!   its wrap-up; during an offer they withdraw it at once. Ready ends a wrap-up.
//! - **Wrap-up follows a conversation**, in or out. Dialling that nobody answered has none.

mod agent;
mod engine;
mod ids;
mod input;
mod limits;
mod line;
mod output;
mod queue;
mod roster;
mod time;

pub use agent::{After, AgentState, AgentView, NotReadyReason, PhoneTrouble};
pub use engine::Engine;
pub use ids::{AgentId, CallId, OfferId, QueueId};
pub use input::{Input, OfferFailure};
pub use limits::{
    DEFAULT_WRAP_UP_MS, MAX_AGENTS, MAX_CALLS, MAX_DIALLING_MS, MAX_QUEUES, MAX_REASON_BYTES, MAX_RING_MS,
    MAX_WRAP_UP_MS,
};
pub use output::{Explanation, Output, Refusal, Withdrawal};
pub use queue::{QueueSettings, QueueView, SettingsError, Strategy, WaitingCall};
pub use time::Time;
