//! Users who do anything at any time.

use super::{Dice, Ended, LegEvent, Time};
use crate::api::leg::Command;

#[derive(Clone, Debug)]
pub(super) enum Action {
    Ring,
    Progress,
    Answer,
    Reject(u16),
    Reoffer,
    Accept,
    Refuse,
    End,
}

impl Action {
    pub fn command(&self) -> Command {
        match self {
            Self::Ring => Command::Ring,
            Self::Progress => Command::Progress("early".into()),
            Self::Answer => Command::Answer("answer".into()),
            Self::Reject(code) => Command::Reject(*code, String::new()),
            Self::Reoffer => Command::Reoffer("again".into()),
            Self::Accept => Command::AcceptReoffer("yes".into()),
            Self::Refuse => Command::RefuseReoffer(488),
            Self::End => Command::End(None),
        }
    }
}

/// What the user of one leg has seen and done.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub answered: bool,
    pub confirmed: bool,
    pub hung_up: bool,
    pub reoffers_answered: u32,
    pub ended: Option<Ended>,
    pub ended_at: Option<Time>,
    /// When the caller began.
    pub placed_at: Option<Time>,
}

impl Seen {
    pub fn acted(&mut self, action: &Action) {
        if matches!(action, Action::End | Action::Reject(_)) && self.ended.is_none() {
            self.hung_up = true;
        }
    }

    pub fn told(&mut self, now: Time, event: &LegEvent) {
        assert!(self.ended.is_none(), "{event:?} after {:?}", self.ended);
        match event {
            LegEvent::Answered { body } => {
                assert!(!self.answered && body == "answer");
                self.answered = true;
            }
            LegEvent::Confirmed => {
                assert!(!self.confirmed);
                self.confirmed = true;
            }
            LegEvent::ReofferAnswered { body } => {
                assert_eq!(body, "yes");
                self.reoffers_answered += 1;
            }
            LegEvent::Ended(ended) => {
                self.ended = Some(ended.clone());
                self.ended_at = Some(now);
            }
            _ => {}
        }
    }
}

/// How long a caller lets it ring: some have no patience, some more than any timer.
pub(super) fn patience_ms(dice: &mut Dice) -> u64 {
    let longest_ms = if dice.below(2) == 0 { 5_000 } else { 90_000 };
    500 + dice.below(longest_ms)
}

/// Someone who calls may give up.
pub(super) fn caller(dice: &mut Dice) -> Vec<(u64, Action)> {
    match dice.below(3) {
        0 => vec![(dice.below(6000), Action::End)],
        _ => Vec::new(),
    }
}

/// Someone who is called rings, answers, refuses, hangs up, or does nothing at all.
pub(super) fn callee(dice: &mut Dice) -> Vec<(u64, Action)> {
    let mut plan = Vec::new();
    if dice.below(4) > 0 {
        plan.push((dice.below(500), Action::Ring));
    }
    if dice.below(4) == 0 {
        plan.push((dice.below(1500), Action::Progress));
    }
    if dice.below(4) == 0 {
        // Refused at once, unless the session stands already.
        plan.push((dice.below(3000), Action::Reoffer));
    }
    match dice.below(8) {
        0 => {}
        1 => plan.push((dice.below(4000), Action::Reject([486, 480, 603][usize_below(dice, 3)]))),
        2 => plan.push((dice.below(4000), Action::End)),
        _ => plan.push((dice.below(5000), Action::Answer)),
    }
    if dice.below(10) == 0 {
        // Hangs up at once, perhaps before the ACK.
        plan.push((dice.below(6000), Action::End));
    }
    plan
}

/// Two who talk change their media now and then, at the same time at times, and end. Most
/// calls outlive every timer, so that one that was forgotten shows.
pub(super) fn talker(dice: &mut Dice) -> Vec<(u64, Action)> {
    let mut plan = vec![(dice.below(120_000), Action::End)];
    for _ in 0..dice.below(3) {
        plan.push((dice.below(8000), Action::Reoffer));
    }
    plan
}

/// An offer is taken, refused or forgotten.
pub(super) fn offered(dice: &mut Dice) -> Vec<(u64, Action)> {
    match dice.below(6) {
        0 => Vec::new(),
        1 => vec![(dice.below(2000), Action::Refuse)],
        _ => vec![(dice.below(2000), Action::Accept)],
    }
}

fn usize_below(dice: &mut Dice, bound: u64) -> usize {
    usize::try_from(dice.below(bound)).expect("small")
}
