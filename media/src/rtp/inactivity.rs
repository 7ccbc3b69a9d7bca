//! Whether a leg that should be speaking has fallen silent.

use std::time::{Duration, Instant};

/// The watch over one leg.
#[derive(Debug)]
pub(crate) struct Inactivity {
    limit: Duration,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nobody is expected to speak.
    Off,
    Waiting {
        heard: Instant,
    },
    /// Said so; silent until the leg is heard again.
    Reported,
}

impl Inactivity {
    pub(crate) fn new(limit: Duration) -> Inactivity {
        Inactivity { limit, state: State::Off }
    }

    /// Signalling says whether the far end speaks. A watch that is on stays as it is.
    pub(crate) fn expect(&mut self, now: Instant, speaks: bool) {
        self.state = match (speaks, &self.state) {
            (false, _) => State::Off,
            (true, State::Off) => State::Waiting { heard: now },
            (true, State::Waiting { heard }) => State::Waiting { heard: *heard },
            (true, State::Reported) => State::Reported,
        };
    }

    /// Whether the far end is not expected to speak.
    pub(crate) fn is_off(&self) -> bool {
        matches!(self.state, State::Off)
    }

    /// A packet came.
    pub(crate) fn heard(&mut self, now: Instant) {
        match self.state {
            State::Off => {}
            State::Waiting { .. } | State::Reported => self.state = State::Waiting { heard: now },
        }
    }

    /// How long the leg has been silent, once it is too long.
    pub(crate) fn poll(&mut self, now: Instant) -> Option<Duration> {
        let State::Waiting { heard } = self.state else {
            return None;
        };
        let silent = now.duration_since(heard);
        if silent < self.limit {
            return None;
        }
        self.state = State::Reported;
        Some(silent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn silence_is_reported_once_and_again_after_a_sound() {
        let start = Instant::now();
        let mut watch = Inactivity::new(LIMIT);
        assert_eq!(watch.poll(start + LIMIT), None);
        watch.expect(start, true);
        assert_eq!(watch.poll(start + LIMIT / 2), None);
        assert_eq!(watch.poll(start + LIMIT), Some(LIMIT));
        assert_eq!(watch.poll(start + LIMIT * 2), None);
        watch.heard(start + LIMIT * 2);
        assert_eq!(watch.poll(start + LIMIT * 3), Some(LIMIT));
    }

    #[test]
    fn a_leg_on_hold_may_be_silent() {
        let start = Instant::now();
        let mut watch = Inactivity::new(LIMIT);
        watch.expect(start, true);
        watch.expect(start, false);
        watch.heard(start);
        assert_eq!(watch.poll(start + LIMIT * 9), None);
        // Taken off hold, it has the full time again.
        watch.expect(start + LIMIT * 9, true);
        assert_eq!(watch.poll(start + LIMIT * 9 + LIMIT / 2), None);
        assert_eq!(watch.poll(start + LIMIT * 10), Some(LIMIT));
    }

    #[test]
    fn a_re_invite_does_not_wind_the_clock_back() {
        let start = Instant::now();
        let mut watch = Inactivity::new(LIMIT);
        watch.expect(start, true);
        watch.expect(start + LIMIT / 2, true);
        assert_eq!(watch.poll(start + LIMIT), Some(LIMIT));
    }
}
