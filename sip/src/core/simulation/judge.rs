//! What must hold at the end.

use std::time::Duration;

use super::{Side, user::Seen};
use crate::EndedBy;

/// Both ends know within this time: 64*T1, and what the last copy needs to arrive.
const NEWS_TAKES_AT_MOST: Duration = Duration::from_secs(40);

/// Time for several copies of an INVITE, of its challenge, and of the INVITE with the answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the calls of all seeds ended: a simulation in which one of these never happens has
/// stopped to test it.
#[derive(Debug, Default)]
pub(super) struct Tally {
    calls: u32,
    talked: u32,
    cancelled: u32,
    cancel_crossed_answer: u32,
    refused: u32,
    nobody_answered: u32,
    both_hung_up: u32,
    reoffers: u32,
    /// UPDATE and PRACK requests, copies included.
    updates: u32,
    pracks: u32,
    lost_without_trace: u32,
}

impl Tally {
    pub fn sent(&mut self, bytes: &[u8]) {
        self.updates += u32::from(bytes.starts_with(b"UPDATE "));
        self.pracks += u32::from(bytes.starts_with(b"PRACK "));
    }

    pub fn is_varied(&self) {
        let Self { talked, cancelled, refused, nobody_answered, reoffers, updates, pracks, .. } = self;
        let common = [talked, cancelled, refused, nobody_answered, reoffers, updates, pracks];
        assert!(self.calls < 1000 || common.iter().all(|n| **n > 20), "{self:?}");
        assert!(self.calls < 3000 || (self.cancel_crossed_answer > 0 && self.both_hung_up > 0), "{self:?}");
        // 12 % are lost each way: an INVITE that never gets through is a wonder.
        assert!(self.lost_without_trace * 500 <= self.calls, "{self:?}");
    }
}

/// No transaction, dialog, leg, alarm or question outlives its call.
pub(super) fn nothing_is_left(sides: &[Side; 2]) {
    for side in sides {
        let core = &side.core;
        assert_eq!((core.legs.len(), core.dialogs.len()), (0, 0), "legs and dialogs");
        assert_eq!((core.clients.len(), core.servers.len()), (0, 0), "transactions");
        assert_eq!((core.merged.len(), core.questions.len(), core.alarms.len()), (0, 0, 0), "the rest");
    }
}

pub(super) fn both_agree(sides: &[Side; 2], tally: &mut Tally) {
    for (caller, callee) in [(&sides[0], &sides[1]), (&sides[1], &sides[0])] {
        for (call_id, leg) in &caller.placed {
            let called = callee.taken.get(call_id).map(|leg| &callee.legs[leg]);
            agree(call_id, &caller.legs[leg], called, tally);
        }
    }
}

fn agree(call_id: &str, out: &Seen, inc: Option<&Seen>, tally: &mut Tally) {
    let at_caller = out.ended.as_ref().expect("the caller was told the end");
    tally.calls += 1;
    tally.reoffers += out.reoffers_answered;
    let Some(inc) = inc else {
        // The INVITE never arrived, or its CANCEL overtook it.
        assert!(matches!(at_caller.by, EndedBy::Local | EndedBy::Timeout), "{call_id} {out:?}");
        assert!(!out.answered);
        // Who gives up within seconds may be faster than a few lost packets.
        let waited = out.ended_at.zip(out.placed_at).map(|(end, begin)| end - begin);
        let patient = waited.is_some_and(|waited| waited > PATIENCE);
        tally.lost_without_trace += u32::from(at_caller.by == EndedBy::Timeout && patient);
        return;
    };
    let at_callee = inc.ended.as_ref().expect("the callee was told the end");
    let what = format!("{call_id}: caller {out:?}, callee {inc:?}");
    if (at_caller.by, at_callee.by) == (EndedBy::Timeout, EndedBy::Timeout) {
        // All our answers were lost, and neither user did anything.
        assert!(!out.answered && !inc.confirmed, "{what}");
        tally.lost_without_trace += 1;
        return;
    }
    let (first, last) = (out.ended_at.min(inc.ended_at), out.ended_at.max(inc.ended_at));
    assert!(last.zip(first).is_some_and(|(last, first)| last - first < NEWS_TAKES_AT_MOST), "{what}");
    match (at_caller.by, at_callee.by) {
        // Only who hung up may say so, and the other must know it.
        (EndedBy::Remote, EndedBy::Local) => assert!(inc.hung_up, "{what}"),
        (EndedBy::Local, EndedBy::Remote) => assert!(out.hung_up, "{what}"),
        (EndedBy::Local, EndedBy::Local) => {
            assert!(out.hung_up && inc.hung_up, "{what}");
            tally.both_hung_up += 1;
        }
        // Nobody answered: our timer, seen by the callee as a CANCEL, or as a refusal or an
        // answer of its own that came too late.
        (EndedBy::Timeout, EndedBy::Remote | EndedBy::Local) => {
            assert!(at_caller.code == 408 && !out.answered, "{what}");
            tally.nobody_answered += 1;
        }
        _ => panic!("{what}"),
    }
    if at_caller.by == EndedBy::Remote && !out.answered {
        assert_eq!(at_caller.code, at_callee.code, "{what}");
        tally.refused += 1;
    }
    if out.answered {
        // 481: a re-INVITE overtook the BYE, and found that the call was over.
        let normal = |code| matches!(code, 200 | 481);
        assert!(normal(at_caller.code) && normal(at_callee.code), "{what}");
        tally.talked += u32::from(inc.confirmed);
    }
    if at_caller.by == EndedBy::Local && !out.answered {
        tally.cancelled += 1;
        tally.cancel_crossed_answer += u32::from(inc.confirmed);
    }
}
