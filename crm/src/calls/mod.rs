//! Calls: written as they go, closed in one transaction.
//!
//! What a crash leaves behind: a call whose row is open, its legs and its recording with it. The
//! node that drove it closes them at its next start, see [`recover`].

mod begin;
mod finish;
mod legs;
mod list;
mod notes;
mod progress;
mod quality;
mod recover;
mod summary;

pub use self::begin::{NewCall, begin};
pub use self::finish::{FinishCall, finish};
pub use self::legs::{Leg, LegEnd, NewLeg, add_leg, leg_answered, leg_ended, leg_ringing};
pub use self::list::{CallFilter, QueueCounts, list, live, queue_counts};
pub use self::notes::{CallNotes, set_contact, set_disposition, wrap_up_ended};
pub use self::progress::{
    answered, offered, queued, recording_consent, recording_decided, renew_leases, set_state,
};
pub use self::quality::{JudgedQuality, LegQuality, QualityCourse, add_leg_quality};
pub use self::recover::{Recovered, recover};
pub use self::summary::{CallDetail, CallSummary, QueueRef, by_ids, get};
