//! Calls: the one place where signalling, media, queue and database meet.
//!
//! Every truth here has one owner. A call is a task (`task/`) that owns its legs and its sound; the
//! floor (`floor/`) owns the queue engine; the board (`board/`) owns what is shown; the phones'
//! keeper (`phones.rs`) knows which phones are there. They speak by messages over bounded queues.
//! What a call does next is decided by a pure machine (`flow/`), who gets it by another
//! (`callcenter`).
//!
//! If the process dies, `recovery.rs` finishes at the next start what this node had open.

mod board;
mod clock;
mod control;
mod dialled;
mod directory;
mod end;
mod floor;
mod flow;
mod inbound;
mod journal;
mod keeping;
mod lamps;
mod lease;
mod media_security;
mod notice;
mod phones;
mod pickup;
mod record_policy;
mod recovery;
mod segments;
mod shared;
mod sounds;
mod start;
mod stop;
mod task;
mod told;
mod who;

pub use directory::{Devices, restored as restored_bindings};
pub use recovery::run as recover;
pub use shared::{OutboundTrunk, Shared};
pub use sounds::{Language, SoundError, Sounds};
pub use start::{CallsError, CallsParts, Running, start};
pub use told::Told;
