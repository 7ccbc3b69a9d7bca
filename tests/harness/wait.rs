//! Waiting for something that will be true, without ever asserting how fast.

use std::time::{Duration, Instant};

/// Long enough for a shared, busy two-core machine; reached only when something is broken.
pub const PATIENCE: Duration = Duration::from_secs(90);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Looks until `look` gives something, and returns it.
///
/// # Panics
/// With `what` when it has not come within [`PATIENCE`].
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "never came: {what}");
        std::thread::sleep(BETWEEN_LOOKS);
    }
}
