//! What one party of a demo call does and when: a pure machine that is fed the time and what happened.
//!
//! The same machine serves the agents' demo phones, the customers who call and those who are called;
//! they differ in their [`Manner`] alone.

use std::time::{Duration, Instant};

/// How long a phone that nobody answers goes on ringing before it refuses by itself. The caller's own
/// ring time is shorter; this only keeps a forgotten call from staying for ever (RFC 3261 §16.6: 3 min).
const RING_LIMIT: Duration = Duration::from_secs(180);
/// How long the other side's last word is waited for after hanging up: 64·T1 (RFC 3261 §17.1.2.2) and a bit.
const GOODBYE_LIMIT: Duration = Duration::from_secs(35);
/// No demo call lives longer, whatever happens to the hub in between.
const CALL_LIMIT: Duration = Duration::from_secs(30 * 60);

/// How a called party takes an INVITE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pickup {
    /// Rings, then answers by itself.
    After(Duration),
    /// Rings and is answered by an [`Order::Answer`] alone, if ever.
    Never,
    /// 486 Busy Here at once.
    Busy,
}

/// How a party behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    pub pickup: Pickup,
    /// Hangs up after having talked for so long; `None` leaves that to the other side.
    pub talk: Option<Duration>,
}

/// What a person presses on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Answer,
    Reject,
    HangUp,
}

/// What happened on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The far side answered our call.
    FarAnswered,
    Ordered(Order),
    /// The leg is over, whoever ended it.
    Ended,
    /// Nothing but time.
    Tick,
}

/// What to do on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Send 180.
    Ring,
    /// Send 200 and begin to speak.
    Answer,
    /// Begin to speak.
    Speak,
    /// Refuse with this final code.
    Refuse(u16),
    /// CANCEL or BYE, as the leg's state has it.
    HangUp,
    /// Let go of everything; the last act.
    Leave,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ringing { answer_at: Option<Instant>, until: Instant },
    Dialling { until: Instant },
    Talking { until: Instant },
    Leaving { until: Instant },
    Gone,
}

/// One party of one call.
#[derive(Debug)]
pub struct Party {
    manner: Manner,
    state: State,
}

impl Party {
    /// A party that is being called, and its first act.
    pub fn called(now: Instant, manner: Manner) -> (Self, Act) {
        let ringing = |after: Option<Duration>| State::Ringing {
            answer_at: after.map(|it| now + it),
            until: now + RING_LIMIT,
        };
        let (state, act) = match manner.pickup {
            Pickup::After(after) => (ringing(Some(after)), Act::Ring),
            Pickup::Never => (ringing(None), Act::Ring),
            Pickup::Busy => (State::Leaving { until: now + GOODBYE_LIMIT }, Act::Refuse(486)),
        };
        (Self { manner, state }, act)
    }

    /// A party that has just dialled.
    pub fn calling(now: Instant, manner: Manner) -> Self {
        Self { manner, state: State::Dialling { until: now + RING_LIMIT } }
    }

    pub fn handle(&mut self, now: Instant, input: Input) -> Option<Act> {
        match (self.state, input) {
            (State::Gone, _) => None,
            (_, Input::Ended) => self.leave(),
            (State::Ringing { .. }, Input::Ordered(Order::Answer)) => Some(self.answer(now)),
            (State::Ringing { .. }, Input::Ordered(Order::Reject)) => Some(self.refuse(now, 486)),
            // A phone that is hung up while it rings says no for everybody (RFC 3261 §21.6.2).
            (State::Ringing { .. }, Input::Ordered(Order::HangUp)) => Some(self.refuse(now, 603)),
            (State::Dialling { .. }, Input::FarAnswered) => {
                self.talk(now);
                Some(Act::Speak)
            }
            (State::Dialling { .. } | State::Talking { .. }, Input::Ordered(Order::HangUp)) => {
                Some(self.hang_up(now))
            }
            (_, Input::Tick) => self.tick(now),
            // Answer on a talking phone, a second 200, an order to a leaving party: nothing to do.
            _ => None,
        }
    }

    /// When to call [`Party::handle`] with [`Input::Tick`]; `None` once all is over.
    pub fn next_deadline(&self) -> Option<Instant> {
        match self.state {
            State::Ringing { answer_at, until } => Some(answer_at.map_or(until, |at| at.min(until))),
            State::Dialling { until } | State::Talking { until } | State::Leaving { until } => Some(until),
            State::Gone => None,
        }
    }

    fn tick(&mut self, now: Instant) -> Option<Act> {
        match self.state {
            State::Ringing { answer_at: Some(at), .. } if now >= at => Some(self.answer(now)),
            // 480 Temporarily Unavailable: rang and nobody came (RFC 3261 §21.4.18).
            State::Ringing { until, .. } if now >= until => Some(self.refuse(now, 480)),
            State::Dialling { until } | State::Talking { until } if now >= until => Some(self.hang_up(now)),
            State::Leaving { until } if now >= until => self.leave(),
            _ => None,
        }
    }

    fn talk(&mut self, now: Instant) {
        let length = self.manner.talk.map_or(CALL_LIMIT, |talk| talk.min(CALL_LIMIT));
        self.state = State::Talking { until: now + length };
    }

    fn answer(&mut self, now: Instant) -> Act {
        self.talk(now);
        Act::Answer
    }

    fn refuse(&mut self, now: Instant, code: u16) -> Act {
        self.state = State::Leaving { until: now + GOODBYE_LIMIT };
        Act::Refuse(code)
    }

    fn hang_up(&mut self, now: Instant) -> Act {
        self.state = State::Leaving { until: now + GOODBYE_LIMIT };
        Act::HangUp
    }

    fn leave(&mut self) -> Option<Act> {
        self.state = State::Gone;
        Some(Act::Leave)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER_THREE: Manner = Manner { pickup: Pickup::After(Duration::from_secs(3)), talk: None };

    fn seconds(from: Instant, count: u64) -> Instant {
        from + Duration::from_secs(count)
    }

    #[test]
    fn rings_then_answers_by_itself_and_not_before() {
        let start = Instant::now();
        let (mut phone, act) = Party::called(start, AFTER_THREE);
        assert_eq!(act, Act::Ring);
        assert_eq!(phone.next_deadline(), Some(seconds(start, 3)));
        assert_eq!(phone.handle(seconds(start, 2), Input::Tick), None);
        assert_eq!(phone.handle(seconds(start, 3), Input::Tick), Some(Act::Answer));
        assert_eq!(phone.handle(seconds(start, 60), Input::Tick), None);
    }

    #[test]
    fn answer_is_pressed_before_the_three_seconds() {
        let start = Instant::now();
        let (mut phone, _) = Party::called(start, AFTER_THREE);
        assert_eq!(phone.handle(seconds(start, 1), Input::Ordered(Order::Answer)), Some(Act::Answer));
        assert_eq!(phone.handle(seconds(start, 3), Input::Tick), None, "answers once");
        assert_eq!(phone.handle(seconds(start, 4), Input::Ordered(Order::Answer)), None);
        assert_eq!(phone.handle(seconds(start, 5), Input::Ordered(Order::HangUp)), Some(Act::HangUp));
        assert_eq!(phone.handle(seconds(start, 5), Input::Ended), Some(Act::Leave));
        assert_eq!(phone.next_deadline(), None);
    }

    #[test]
    fn reject_is_486_and_hanging_up_a_ringing_phone_603() {
        let start = Instant::now();
        for (order, code) in [(Order::Reject, 486), (Order::HangUp, 603)] {
            let (mut phone, _) = Party::called(start, AFTER_THREE);
            assert_eq!(phone.handle(start, Input::Ordered(order)), Some(Act::Refuse(code)));
            assert_eq!(phone.handle(seconds(start, 3), Input::Tick), None, "a refused call is not answered");
            assert_eq!(phone.handle(seconds(start, 3), Input::Ended), Some(Act::Leave));
        }
    }

    #[test]
    fn caller_gives_up_while_it_rings() {
        let start = Instant::now();
        let (mut phone, _) = Party::called(start, AFTER_THREE);
        assert_eq!(phone.handle(seconds(start, 1), Input::Ended), Some(Act::Leave));
        assert_eq!(phone.handle(seconds(start, 3), Input::Tick), None);
    }

    #[test]
    fn staffed_phone_hangs_up_after_its_talk() {
        let start = Instant::now();
        let manner = Manner { talk: Some(Duration::from_secs(8)), ..AFTER_THREE };
        let (mut phone, _) = Party::called(start, manner);
        assert_eq!(phone.handle(seconds(start, 3), Input::Tick), Some(Act::Answer));
        assert_eq!(phone.next_deadline(), Some(seconds(start, 11)));
        assert_eq!(phone.handle(seconds(start, 11), Input::Tick), Some(Act::HangUp));
    }

    #[test]
    fn busy_and_silent_customers() {
        let start = Instant::now();
        let (_, act) = Party::called(start, Manner { pickup: Pickup::Busy, talk: None });
        assert_eq!(act, Act::Refuse(486));
        let (mut silent, act) = Party::called(start, Manner { pickup: Pickup::Never, talk: None });
        assert_eq!(act, Act::Ring);
        assert_eq!(silent.handle(start + RING_LIMIT, Input::Tick), Some(Act::Refuse(480)));
    }

    #[test]
    fn a_caller_speaks_once_answered_and_leaves_in_time() {
        let start = Instant::now();
        let mut caller =
            Party::calling(start, Manner { pickup: Pickup::Never, talk: Some(Duration::from_secs(60)) });
        assert_eq!(caller.handle(seconds(start, 1), Input::FarAnswered), Some(Act::Speak));
        assert_eq!(caller.handle(seconds(start, 1), Input::FarAnswered), None);
        assert_eq!(caller.handle(seconds(start, 61), Input::Tick), Some(Act::HangUp));
        assert_eq!(
            caller.handle(seconds(start, 61) + GOODBYE_LIMIT, Input::Tick),
            Some(Act::Leave),
            "never stuck"
        );
    }

    #[test]
    fn no_state_is_without_a_deadline_whatever_comes() {
        let inputs = [
            Input::FarAnswered,
            Input::Ordered(Order::Answer),
            Input::Ordered(Order::Reject),
            Input::Ordered(Order::HangUp),
            Input::Tick,
            Input::Ended,
        ];
        for seed in 0..200 {
            let mut chance = super::super::chance::Chance::new(seed);
            let mut now = Instant::now();
            let mut party = if chance.percent(50) {
                Party::called(now, AFTER_THREE).0
            } else {
                Party::calling(now, AFTER_THREE)
            };
            let mut left = false;
            for _ in 0..10_000 {
                let Some(deadline) = party.next_deadline() else {
                    break;
                };
                now = if chance.percent(70) { deadline } else { now + Duration::from_millis(100) };
                let input = if chance.percent(80) { Input::Tick } else { *chance.pick(&inputs) };
                if party.handle(now, input) == Some(Act::Leave) {
                    assert!(!std::mem::replace(&mut left, true), "leaves once, seed {seed}");
                }
            }
            assert!(left, "stuck with seed {seed}");
        }
    }
}
