//! Sources that guess passwords.

use std::{collections::HashMap, net::IpAddr, time::Duration};

use crate::core::time::Time;

/// Sources that are remembered; beyond that the one with the oldest failure is forgotten.
const SOURCES_MAX: usize = 4096;

/// Wrong answers within [`WINDOW`] that a source may give: a misconfigured phone stays below.
const FAILURES_MAX: u32 = 20;

const WINDOW: Duration = Duration::from_secs(60);

/// How long a guessing source is not answered.
const SILENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Source {
    failures: u32,
    since: Time,
    silent_until: Option<Time>,
}

/// Counts wrong answers by source address.
#[derive(Debug, Default)]
pub(crate) struct Flood(HashMap<IpAddr, Source>);

impl Flood {
    /// Whether requests of this source without good credentials are dropped.
    pub fn is_silenced(&self, now: Time, source: IpAddr) -> bool {
        self.0.get(&source).and_then(|s| s.silent_until).is_some_and(|until| now < until)
    }

    /// Notes a wrong answer. Returns true when the source is silenced by it.
    pub fn note_failure(&mut self, now: Time, source: IpAddr) -> bool {
        if self.0.len() >= SOURCES_MAX && !self.0.contains_key(&source) {
            let oldest = self.0.iter().min_by_key(|(_, s)| s.since).map(|(a, _)| *a);
            oldest.and_then(|oldest| self.0.remove(&oldest));
        }
        let entry = self.0.entry(source).or_insert(Source { failures: 0, since: now, silent_until: None });
        if now - entry.since > WINDOW {
            entry.failures = 0;
            entry.since = now;
        }
        entry.failures += 1;
        if entry.failures > FAILURES_MAX {
            entry.failures = 0;
            entry.silent_until = Some(now + SILENCE);
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guesser_is_silenced_for_a_minute() {
        let mut flood = Flood::default();
        let source = IpAddr::from([192, 0, 2, 1]);
        let now = Time(0);
        for _ in 0..FAILURES_MAX {
            assert!(!flood.note_failure(now, source));
        }
        assert!(!flood.is_silenced(now, source));
        assert!(flood.note_failure(now, source));
        assert!(flood.is_silenced(now, source));
        assert!(!flood.is_silenced(now + SILENCE, source));
    }

    #[test]
    fn the_table_is_bounded() {
        let mut flood = Flood::default();
        for n in 0..u32::try_from(SOURCES_MAX).expect("small") + 100 {
            flood.note_failure(Time(i64::from(n)), IpAddr::from(n.to_be_bytes()));
        }
        assert_eq!(flood.0.len(), SOURCES_MAX);
    }
}
