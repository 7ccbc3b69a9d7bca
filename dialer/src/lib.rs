//! Call lists, attempts, calling rules and pacing.
//!
//! Pacing stands; it is pure. Lists, attempts and the runner come with the campaigns.

mod pacing;

pub use pacing::{Floor, MAX_LINES_PER_TICK, Progressive};
