//! The hub's clock for calls: Unix milliseconds that never run backwards.

use std::time::Instant;

use callcenter::Time;
use chrono::{DateTime, Utc};

/// Reads the wall clock once and counts on from there, so that a step of the system's time
/// neither ends a wrap-up early nor keeps an agent ringing. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started_unix_ms: u64,
    started: Instant,
}

impl Clock {
    pub fn start() -> Clock {
        Clock {
            started_unix_ms: u64::try_from(Utc::now().timestamp_millis()).unwrap_or(0),
            started: Instant::now(),
        }
    }

    pub fn now(&self) -> Time {
        let elapsed_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Time::from_unix_ms(self.started_unix_ms.saturating_add(elapsed_ms))
    }

    pub fn now_utc(&self) -> DateTime<Utc> {
        to_utc(self.now())
    }

    /// The instant at which `time` is reached; one that has passed is reached at once.
    pub fn instant_of(&self, time: Time) -> Instant {
        let after_start_ms = time.unix_ms().saturating_sub(self.started_unix_ms);
        self.started + std::time::Duration::from_millis(after_start_ms)
    }
}

/// The same moment as the database and the API write it.
pub fn to_utc(time: Time) -> DateTime<Utc> {
    i64::try_from(time.unix_ms())
        .ok()
        .and_then(DateTime::from_timestamp_millis)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
