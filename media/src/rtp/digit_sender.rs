//! Digits sent as RFC 4733 events, one packet a tick.

use std::collections::VecDeque;

use super::TURNS_A_SECOND;
use super::digits::code_of;
use crate::error::MediaError;

/// Digits in one order, and waiting on one leg: a card number with room to spare.
const DIGITS_LIMIT: usize = 64;
/// Turns that a key sounds, 100 ms: above the 40 ms that receivers must recognise (RFC 4733 section
/// 2.5.2.2, ITU-T Q.24).
const DIGIT_TURNS: u16 = 5;
/// The end is sent three times (RFC 4733 section 2.5.1.4).
const END_PACKETS: u8 = 3;
/// Then 60 ms of silence, so that two digits stay two.
const PAUSE_TICKS_COUNT: u8 = 3;
/// -10 dBm0, what phones send.
const VOLUME: u8 = 10;

/// Digits that were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DigitSequence(Vec<u8>);

impl DigitSequence {
    pub(crate) fn parse(digits: &str) -> Result<DigitSequence, MediaError> {
        let refused = MediaError::BadDigits { limit: DIGITS_LIMIT };
        // Bytes first: the length bounds the work.
        if digits.is_empty() || digits.len() > DIGITS_LIMIT {
            return Err(refused);
        }
        let codes: Option<Vec<u8>> = digits.chars().map(code_of).collect();
        codes.map(DigitSequence).ok_or(refused)
    }
}

/// Digits on their way to one leg.
#[derive(Debug)]
pub(crate) struct DigitSender {
    /// A turn of the worker in ticks of the events' clock.
    turn_ticks: u16,
    waiting: VecDeque<u8>,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle,
    Sounding { code: u8, turns: u16 },
    Ending { code: u8, left: u8 },
    Pausing { left: u8 },
}

/// What goes out in one tick.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Event {
        /// Whether it is the event's first packet.
        begins: bool,
        payload: [u8; 4],
    },
    Silence,
    /// All digits are out.
    Done,
}

impl DigitSender {
    /// For events on that clock.
    pub(crate) fn new(clock_hz: u32) -> DigitSender {
        // 960 at 48 kHz, the fastest clock of all.
        let turn_ticks = u16::try_from(clock_hz / TURNS_A_SECOND).unwrap_or(u16::MAX / DIGIT_TURNS);
        DigitSender { turn_ticks, waiting: VecDeque::new(), state: State::Idle }
    }

    /// Adds digits behind those waiting. Says how many found no room.
    pub(crate) fn push(&mut self, digits: DigitSequence) -> usize {
        let room = DIGITS_LIMIT.saturating_sub(self.waiting.len());
        let refused = digits.0.len().saturating_sub(room);
        self.waiting.extend(digits.0.into_iter().take(room));
        refused
    }

    /// One tick of 20 ms.
    pub(crate) fn tick(&mut self) -> Turn {
        match self.state {
            State::Idle => match self.waiting.pop_front() {
                None => Turn::Done,
                Some(code) => {
                    self.state = State::Sounding { code, turns: 1 };
                    event(code, true, false, self.turn_ticks)
                }
            },
            State::Sounding { code, turns } => {
                let turns = turns + 1;
                if turns < DIGIT_TURNS {
                    self.state = State::Sounding { code, turns };
                    return event(code, false, false, turns * self.turn_ticks);
                }
                self.state = State::Ending { code, left: END_PACKETS - 1 };
                event(code, false, true, turns * self.turn_ticks)
            }
            State::Ending { code, left } => {
                self.state = match left - 1 {
                    0 => State::Pausing { left: PAUSE_TICKS_COUNT },
                    left => State::Ending { code, left },
                };
                event(code, false, true, DIGIT_TURNS * self.turn_ticks)
            }
            State::Pausing { left } => {
                self.state = match left - 1 {
                    0 => State::Idle,
                    left => State::Pausing { left },
                };
                Turn::Silence
            }
        }
    }
}

fn event(code: u8, begins: bool, end: bool, duration: u16) -> Turn {
    let [high, low] = duration.to_be_bytes();
    Turn::Event { begins, payload: [code, (u8::from(end) << 7) | VOLUME, high, low] }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::digits::DigitCollector;
    use super::*;

    #[test]
    fn what_is_sent_is_collected() {
        let mut sender = DigitSender::new(8_000);
        let digits = DigitSequence::parse("1123*#aD").expect("digits");
        assert_eq!(sender.push(digits), 0);
        let mut collector = DigitCollector::default();
        let mut heard = String::new();
        let mut timestamp = 0;
        let mut now = Instant::now();
        for tick in 0.. {
            now += Duration::from_millis(20);
            match sender.tick() {
                Turn::Done => break,
                Turn::Silence => {}
                Turn::Event { begins, payload } => {
                    if begins {
                        timestamp = tick * 160;
                    }
                    for press in collector.packet(now, timestamp, &payload).into_iter().flatten() {
                        assert_eq!(press.duration_ms, 100);
                        heard.push(press.digit);
                    }
                }
            }
        }
        assert_eq!(heard, "1123*#AD");
    }

    #[test]
    fn each_digit_begins_once_and_ends_three_times() {
        let mut sender = DigitSender::new(8_000);
        sender.push(DigitSequence::parse("9").expect("a digit"));
        let (mut begins_seen, mut ends_seen, mut packets) = (0, 0, 0);
        while let turn @ (Turn::Event { .. } | Turn::Silence) = sender.tick() {
            if let Turn::Event { begins, payload } = turn {
                packets += 1;
                begins_seen += u32::from(begins);
                ends_seen += u32::from(payload[1] & 0x80 != 0);
            }
        }
        assert_eq!((begins_seen, ends_seen, packets), (1, 3, 7));
    }

    #[test]
    fn nonsense_is_refused() {
        for nonsense in ["", "12x", "１", &"1".repeat(65)] {
            assert!(DigitSequence::parse(nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn the_queue_is_bounded() {
        let mut sender = DigitSender::new(8_000);
        let many = DigitSequence::parse(&"5".repeat(64)).expect("as many as go");
        assert_eq!(sender.push(many.clone()), 0);
        assert_eq!(sender.push(many), 64);
    }
}
