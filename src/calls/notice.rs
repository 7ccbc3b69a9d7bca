//! What the customer is told before a recording begins, and what the answer is: a pure machine. Nothing is recorded
//! before it has settled.

use crm::words::{RecordingConsent, RecordingNotice};

use super::flow::Sound;

/// The key that agrees, and the one that refuses.
const AGREES: char = '1';
const REFUSES: char = '2';
/// The question is put this often; then there is no answer.
const TIMES_ASKED: u8 = 2;
/// What is broken off, by music for instance, is begun anew this often in a call.
const BEGUN_LIMIT: u8 = 5;

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Say(Sound),
    /// Say [`Notice::key_late`] when no key has come for a while.
    AwaitKey,
    Settled(RecordingConsent),
}

/// Whether a recording may begin, as far as the customer is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    May,
    /// Something is to be said first.
    First,
    UnderWay,
    /// The customer did not answer; whoever wants it may have the question put again.
    Unanswered,
    Refused,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unsaid,
    Announcing,
    Asking {
        time: u8,
    },
    AwaitingKey {
        time: u8,
    },
    Settled(RecordingConsent),
}

/// One call's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    state: State,
    begun: u8,
}

impl Notice {
    pub fn standing(self, wanted: RecordingNotice) -> Standing {
        use RecordingConsent::{Announced, Given, Refused, Unanswered};
        match (self.state, wanted) {
            // A refusal holds wherever the call goes.
            (State::Settled(Refused), _) => Standing::Refused,
            (_, RecordingNotice::Silent) => Standing::May,
            (State::Announcing | State::Asking { .. } | State::AwaitingKey { .. }, _) => Standing::UnderWay,
            (State::Settled(Given), _) | (State::Settled(Announced), RecordingNotice::Announce) => {
                Standing::May
            }
            (State::Settled(Unanswered), RecordingNotice::Consent) => Standing::Unanswered,
            (State::Unsaid | State::Settled(Announced | Unanswered), _) if self.begun == BEGUN_LIMIT => {
                Standing::Unanswered
            }
            (State::Unsaid | State::Settled(Announced | Unanswered), _) => Standing::First,
        }
    }

    pub fn is_under_way(self) -> bool {
        matches!(self.state, State::Announcing | State::Asking { .. } | State::AwaitingKey { .. })
    }

    pub fn is_refused(self) -> bool {
        self.state == State::Settled(RecordingConsent::Refused)
    }

    /// To be asked only where the standing is [`Standing::First`] or, by hand, [`Standing::Unanswered`].
    pub fn begin(&mut self, wanted: RecordingNotice) -> Option<Step> {
        self.begun = self.begun.saturating_add(1);
        match wanted {
            RecordingNotice::Silent => None,
            RecordingNotice::Announce => {
                self.state = State::Announcing;
                Some(Step::Say(Sound::RecordingNotice))
            }
            RecordingNotice::Consent => Some(self.ask(1)),
        }
    }

    fn ask(&mut self, time: u8) -> Step {
        self.state = State::Asking { time };
        Step::Say(Sound::RecordingConsent)
    }

    fn settle(&mut self, answer: RecordingConsent) -> Step {
        self.state = State::Settled(answer);
        Step::Settled(answer)
    }

    /// It was heard to its end.
    pub fn said(&mut self) -> Option<Step> {
        match self.state {
            State::Announcing => Some(self.settle(RecordingConsent::Announced)),
            State::Asking { time } => {
                self.state = State::AwaitingKey { time };
                Some(Step::AwaitKey)
            }
            State::Unsaid | State::AwaitingKey { .. } | State::Settled(_) => None,
        }
    }

    /// The customer pressed a key, be it before the question is over. Another key is no answer.
    pub fn key(&mut self, key: char) -> Option<Step> {
        let is_asked = matches!(self.state, State::Asking { .. } | State::AwaitingKey { .. });
        match key {
            AGREES if is_asked => Some(self.settle(RecordingConsent::Given)),
            REFUSES if is_asked => Some(self.settle(RecordingConsent::Refused)),
            _ => None,
        }
    }

    pub fn key_late(&mut self) -> Option<Step> {
        match self.state {
            State::AwaitingKey { time } if time < TIMES_ASKED => Some(self.ask(time + 1)),
            State::AwaitingKey { .. } => Some(self.settle(RecordingConsent::Unanswered)),
            State::Unsaid | State::Announcing | State::Asking { .. } | State::Settled(_) => None,
        }
    }

    /// The customer hears something else now. True when that cut it short.
    pub fn broken_off(&mut self) -> bool {
        let was_under_way = self.is_under_way();
        if was_under_way {
            self.state = State::Unsaid;
        }
        was_under_way
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RecordingConsent::{Announced, Given, Refused, Unanswered};
    use RecordingNotice::{Announce, Consent, Silent};

    const ASK: Option<Step> = Some(Step::Say(Sound::RecordingConsent));

    fn asked() -> Notice {
        let mut notice = Notice::default();
        assert_eq!(notice.begin(Consent), ASK);
        notice
    }

    #[test]
    fn an_announcement_counts_when_it_was_heard_to_its_end() {
        let mut notice = Notice::default();
        assert_eq!(notice.standing(Silent), Standing::May);
        assert_eq!(notice.standing(Announce), Standing::First);
        assert_eq!(notice.begin(Announce), Some(Step::Say(Sound::RecordingNotice)));
        assert_eq!(notice.standing(Announce), Standing::UnderWay);
        assert_eq!(notice.key('2'), None, "nothing was asked");
        assert!(notice.broken_off());
        assert_eq!(notice.standing(Announce), Standing::First);
        notice.begin(Announce);
        assert_eq!(notice.said(), Some(Step::Settled(Announced)));
        assert_eq!((notice.standing(Announce), notice.standing(Consent)), (Standing::May, Standing::First));
    }

    #[test]
    fn a_key_settles_it_before_and_after_the_end_of_the_question() {
        for (key, answer, standing) in [('1', Given, Standing::May), ('2', Refused, Standing::Refused)] {
            let mut early = asked();
            let mut late = asked();
            assert_eq!(late.said(), Some(Step::AwaitKey));
            for notice in [&mut early, &mut late] {
                assert_eq!(notice.key('5'), None);
                assert_eq!(notice.key(key), Some(Step::Settled(answer)));
                assert_eq!(notice.key('1'), None, "it is settled");
                assert_eq!(notice.key_late(), None);
                assert_eq!(notice.said(), None);
                assert_eq!(notice.standing(Consent), standing);
            }
        }
    }

    #[test]
    fn it_is_asked_twice_and_then_there_is_no_answer() {
        let mut notice = asked();
        notice.said();
        assert_eq!(notice.key_late(), ASK);
        assert_eq!(notice.key_late(), None, "it is being said");
        notice.said();
        assert_eq!(notice.key_late(), Some(Step::Settled(Unanswered)));
        assert_eq!(notice.standing(Consent), Standing::Unanswered);
        assert_eq!(notice.standing(Announce), Standing::First);
        assert_eq!(notice.begin(Consent), ASK, "by hand");
        assert_eq!(notice.key('1'), Some(Step::Settled(Given)));
    }

    #[test]
    fn a_refusal_holds_wherever_the_call_goes() {
        let mut notice = asked();
        notice.key('2');
        for wanted in [Silent, Announce, Consent] {
            assert_eq!(notice.standing(wanted), Standing::Refused);
        }
        assert!(!notice.broken_off() && notice.is_refused());
    }

    #[test]
    fn what_is_broken_off_again_and_again_is_given_up() {
        let mut notice = Notice::default();
        for _ in 0..BEGUN_LIMIT {
            assert_eq!(notice.standing(Consent), Standing::First);
            notice.begin(Consent);
            notice.broken_off();
        }
        assert_eq!(notice.standing(Consent), Standing::Unanswered);
    }
}
