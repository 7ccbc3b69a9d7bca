//! Time, handed in.

use serde::{Deserialize, Serialize};

/// A moment in milliseconds since 1970-01-01T00:00Z.
///
/// The engine never goes back: a moment before one that it has seen counts as the latest seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(u64);

impl Time {
    pub const fn from_unix_ms(unix_ms: u64) -> Time {
        Time(unix_ms)
    }

    pub const fn unix_ms(self) -> u64 {
        self.0
    }

    /// `ms` later; the end of time stays the end of time.
    #[must_use]
    pub const fn plus_ms(self, ms: u64) -> Time {
        Time(self.0.saturating_add(ms))
    }

    #[must_use]
    pub const fn minus_ms(self, ms: u64) -> Time {
        Time(self.0.saturating_sub(ms))
    }

    /// Milliseconds from `earlier` to here; 0 when `earlier` is later.
    pub const fn ms_since(self, earlier: Time) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
