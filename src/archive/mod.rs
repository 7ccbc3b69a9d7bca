//! Recordings after their call: summed, kept as long as the rules say, and let go.
//!
//! One task, off every call's way. It may die at any point: a file without a sum is summed at the
//! next start, a file whose row is marked as let go is removed by the next sweep.

mod retention;
mod sum;
mod sweep;
mod task;
#[cfg(test)]
mod tests;

pub use retention::Policy;
pub use sum::{Finding, look};
pub use sweep::{Swept, sweep};
pub use task::{Archive, start};
