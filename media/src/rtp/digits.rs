//! RFC 4733 events, collected: one digit a press, whatever was lost or doubled on the way.

use std::time::{Duration, Instant};

use super::CLOCK_HZ;

/// Updates come every 20 to 50 ms; a key whose end was lost is up after this long without one.
const TIMEOUT: Duration = Duration::from_millis(250);
/// Digits of a noisy line that arrive at once: a long number held up by the network.
const BURST_LIMIT: u32 = 32;
/// A digit and the pause after it last at least 80 ms (ITU-T Q.24); half of that is a flood.
const REFILL: Duration = Duration::from_millis(40);
/// Characters of the event codes 0 to 15 (RFC 4733 section 3.2).
const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];

/// The event code of a digit, in either case.
pub(crate) fn code_of(digit: char) -> Option<u8> {
    let digit = digit.to_ascii_uppercase();
    (0..16).find(|code| DIGITS[usize::from(*code)] == digit)
}

/// A key that went up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Press {
    pub digit: char,
    pub duration_ms: u32,
}

/// The keys of one leg's far end.
#[derive(Debug)]
pub(crate) struct DigitCollector {
    /// Of the durations.
    clock_hz: u32,
    state: State,
    flood: Flood,
}

/// Bounds what a hostile end can make its owner read.
#[derive(Debug, Default)]
struct Flood {
    spent: u32,
    refilled: Option<Instant>,
}

impl Flood {
    /// Whether one more digit may pass.
    fn admits(&mut self, now: Instant) -> bool {
        let since = self.refilled.map_or(Duration::ZERO, |at| now.duration_since(at));
        let credit = u32::try_from(since.as_millis() / REFILL.as_millis()).unwrap_or(u32::MAX);
        if credit > 0 || self.refilled.is_none() {
            self.refilled = Some(now);
        }
        self.spent = self.spent.saturating_sub(credit);
        if self.spent >= BURST_LIMIT {
            return false;
        }
        self.spent += 1;
        true
    }
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Nothing,
    Down {
        digit: char,
        timestamp: u32,
        duration_ticks: u16,
        updated: Instant,
    },
    /// Reported; its repeated ends are still to come.
    Up {
        timestamp: u32,
    },
}

/// The four bytes of an event (RFC 4733 section 2.3).
struct Payload {
    digit: char,
    end: bool,
    duration_ticks: u16,
}

impl Default for DigitCollector {
    fn default() -> DigitCollector {
        DigitCollector { clock_hz: CLOCK_HZ, state: State::default(), flood: Flood::default() }
    }
}

impl DigitCollector {
    /// The clock agreed for events.
    pub(crate) fn set_clock(&mut self, clock_hz: u32) {
        self.clock_hz = clock_hz;
    }

    /// An event packet of that RTP timestamp. Payloads that are short or no digit are ignored.
    /// At most two keys go up at once: one whose end was lost, and a short one after it.
    pub(crate) fn packet(&mut self, now: Instant, timestamp: u32, payload: &[u8]) -> [Option<Press>; 2] {
        let Some(payload) = Payload::read(payload) else {
            return [None, None];
        };
        let newer = |before: u32| timestamp.wrapping_sub(before).cast_signed() > 0;
        let mut unended = None;
        let known_duration = match self.state {
            State::Up { timestamp: before } if !newer(before) => return [None, None],
            State::Down { timestamp: before, duration_ticks, .. } if before == timestamp => duration_ticks,
            State::Down { timestamp: before, .. } if !newer(before) => return [None, None],
            State::Down { .. } => {
                unended = self.release();
                0
            }
            State::Up { .. } | State::Nothing => 0,
        };
        self.state = State::Down {
            digit: payload.digit,
            timestamp,
            // Reordered updates must not shorten it.
            duration_ticks: payload.duration_ticks.max(known_duration),
            updated: now,
        };
        let ended = if payload.end { self.release() } else { None };
        [unended, ended].map(|press| press.filter(|_| self.flood.admits(now)))
    }

    /// A key that went up unheard.
    pub(crate) fn poll(&mut self, now: Instant) -> Option<Press> {
        match self.state {
            State::Down { updated, .. } if now.duration_since(updated) >= TIMEOUT => self.release(),
            State::Down { .. } | State::Up { .. } | State::Nothing => None,
        }
    }

    /// The far end has changed: its timestamps start anew, and a key held counts as released.
    pub(crate) fn restart(&mut self) -> Option<Press> {
        let held = self.release();
        self.state = State::Nothing;
        held
    }

    fn release(&mut self) -> Option<Press> {
        let State::Down { digit, timestamp, duration_ticks, .. } = self.state else {
            return None;
        };
        self.state = State::Up { timestamp };
        Some(Press { digit, duration_ms: u32::from(duration_ticks) * 1_000 / self.clock_hz })
    }
}

impl Payload {
    fn read(payload: &[u8]) -> Option<Payload> {
        let [event, flags, high, low]: [u8; 4] = *payload.first_chunk()?;
        Some(Payload {
            digit: *DIGITS.get(usize::from(event))?,
            end: flags & 0x80 != 0,
            duration_ticks: u16::from_be_bytes([high, low]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(event: u8, end: bool, duration: u16) -> [u8; 4] {
        let [high, low] = duration.to_be_bytes();
        [event, if end { 0x8a } else { 0x0a }, high, low]
    }

    fn digits(presses: &[[Option<Press>; 2]]) -> String {
        presses.iter().flatten().flatten().map(|p| p.digit).collect()
    }

    #[test]
    fn a_press_is_one_digit_however_often_its_end_comes() {
        let now = Instant::now();
        let mut keys = DigitCollector::default();
        let seen: Vec<_> = [(false, 160), (false, 320), (true, 800), (true, 800), (true, 800)]
            .into_iter()
            .map(|(end, duration)| keys.packet(now, 5_000, &payload(5, end, duration)))
            .collect();
        assert_eq!(digits(&seen), "5");
        assert_eq!(seen[2][1].map(|p| p.duration_ms), Some(100));
        assert_eq!(keys.poll(now + TIMEOUT), None);
    }

    #[test]
    fn a_lost_end_is_made_up() {
        let now = Instant::now();
        let mut keys = DigitCollector::default();
        keys.packet(now, 100, &payload(11, false, 480));
        assert_eq!(keys.poll(now + TIMEOUT / 2), None);
        let press = keys.poll(now + TIMEOUT).expect("released");
        assert_eq!((press.digit, press.duration_ms), ('#', 60));
        // And by the next key.
        keys.packet(now, 9_000, &payload(1, false, 160));
        let seen = keys.packet(now, 10_000, &payload(2, true, 160));
        assert_eq!(digits(&[seen]), "12");
    }

    #[test]
    fn the_same_key_twice_is_two_digits() {
        let now = Instant::now();
        let mut keys = DigitCollector::default();
        let seen = [
            keys.packet(now, u32::MAX - 10, &payload(7, true, 400)),
            keys.packet(now, 700, &payload(7, true, 400)),
        ];
        assert_eq!(digits(&seen), "77");
    }

    #[test]
    fn stragglers_noise_and_other_events_are_ignored() {
        let now = Instant::now();
        let mut keys = DigitCollector::default();
        assert_eq!(keys.packet(now, 1, &[]), [None, None]);
        assert_eq!(keys.packet(now, 1, &[1, 0x80, 0]), [None, None]);
        // Event 16 is a hook flash, no digit.
        assert_eq!(keys.packet(now, 1, &payload(16, true, 400)), [None, None]);
        keys.packet(now, 5_000, &payload(3, true, 400));
        assert_eq!(keys.packet(now, 4_000, &payload(2, true, 400)), [None, None]);
    }

    #[test]
    fn a_flood_is_thinned_and_a_person_is_not() {
        let start = Instant::now();
        let mut keys = DigitCollector::default();
        let press = |keys: &mut DigitCollector, now, at: u32| {
            digits(&[keys.packet(now, at * 10, &payload(1, true, 400))]).len()
        };
        let flood: usize = (1..10_000)
            .map(|at| press(&mut keys, start + Duration::from_micros(u64::from(at) * 100), at))
            .sum();
        // A burst, then one each 40 ms of the second.
        assert!((50..60).contains(&flood), "{flood}");
        let mut keys = DigitCollector::default();
        let person: usize = (1..1_000)
            .map(|at| press(&mut keys, start + Duration::from_millis(u64::from(at) * 80), at))
            .sum();
        assert_eq!(person, 999);
    }

    #[test]
    fn every_digit_has_its_code() {
        for code in 0..16 {
            assert_eq!(code_of(DIGITS[usize::from(code)]), Some(code));
        }
        assert_eq!(code_of('d'), Some(15));
        assert_eq!(code_of('x'), None);
    }
}
