//! The stage for the tests from outside: the built program on free ports in a fresh folder, real
//! phones around it, its API and its live events, and ears for what the phones and recordings hold.
//!
//! Everything started here is stopped when its handle is dropped, by process id. A helper that
//! cannot go on panics with what it saw: in a test that is the report. There are no timed asserts:
//! `eventually` waits long, because the machine is shared, and says what never came.

pub mod agent;
pub mod api;
pub mod authority;
pub mod baresip;
pub mod certificate;
pub mod curl;
mod dtls_certificate;
pub mod folder;
pub mod handset;
pub mod hub;
pub mod keys;
pub mod live;
pub mod netns;
pub mod pebble;
pub mod ports;
pub mod process;
pub mod records;
pub mod sipp;
pub mod sound;
pub mod wait;

pub use agent::AgentDesk;
pub use api::Api;
pub use hub::Hub;
pub use wait::eventually;

/// The number that leads to the queue [`SUPPORT`] in the demo.
pub const SUPPORT_NUMBER: &str = "+34910000100";
pub const SUPPORT: &str = "Support";
