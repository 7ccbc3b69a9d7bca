//! The one clock of the core.

use std::{
    ops::{Add, Sub},
    time::Duration,
};

/// Milliseconds since 1970 UTC. The shell reads the wall clock once, at its start, and adds
/// monotonic time from then on: a wall clock that is set back never moves a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Time(pub i64);

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, rhs: Duration) -> Self {
        let ms = i64::try_from(rhs.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(ms))
    }
}

impl Sub for Time {
    type Output = Duration;

    /// Zero when `rhs` is later.
    fn sub(self, rhs: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(rhs.0)).unwrap_or(0))
    }
}
