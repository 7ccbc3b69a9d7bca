//! Legs: what the user of the crate sees of a dialog, from the first INVITE to the end.

mod again;
mod cancel;
mod early;
mod end;
mod fork;
mod glare;
mod incoming;
mod login;
mod offer;
mod outgoing;
mod refer;
mod reliable;
mod requests;
mod retransmit;
mod state;
mod timer;

pub(crate) use outgoing::CallSpec;
pub(super) use state::{LegState, Phase};

use super::{Alarm, Core, Output, time::Time};
use crate::{LegEvent, LegId, api::leg::Command};

impl Core {
    /// Takes a leg out of the table for the time of `work`, and puts it back unless it is
    /// over.
    pub(super) fn with_leg(&mut self, now: Time, id: LegId, work: impl FnOnce(&mut Self, &mut LegState)) {
        let Some(mut leg) = self.legs.remove(&id) else {
            return;
        };
        work(self, &mut leg);
        self.leg_next_offer(now, &mut leg);
        if matches!(leg.phase, Phase::Over) {
            self.drop_offer(now, &mut leg);
            self.drop_refers(now, &mut leg);
        }
        self.keep_leg(leg);
    }

    pub(super) fn keep_leg(&mut self, leg: LegState) {
        if matches!(leg.phase, Phase::Over) {
            self.alarms.set(Alarm::Leg(leg.id), None);
            self.dialogs.remove(&leg.key());
            self.record_over(&leg.dialog.call_id);
            return;
        }
        self.alarms.set(Alarm::Leg(leg.id), leg.deadline());
        self.legs.insert(leg.id, leg);
    }

    /// Tells the user, unless the end has been told.
    pub(super) fn tell(&mut self, leg: &LegState, event: LegEvent) {
        if !leg.told_end {
            self.out.push_back(Output::Event { leg: leg.id, event });
        }
    }

    /// A command of the leg's user. Commands that come too late are ignored.
    pub fn command(&mut self, now: Time, id: LegId, command: Command) {
        self.record_time(now);
        self.with_leg(now, id, |core, leg| match command {
            Command::Ring => core.leg_progress(now, leg, 180, bytes::Bytes::new()),
            Command::Progress(body) => core.leg_progress(now, leg, 183, body),
            Command::Answer(body) => core.leg_answer(now, leg, body),
            Command::Reject(code, reason) => core.leg_reject(now, leg, code, &reason),
            Command::Reoffer(body) => core.leg_reoffer(now, leg, body),
            Command::AcceptReoffer(body) => core.leg_accept_reoffer(now, leg, body),
            Command::RefuseReoffer(code) => core.leg_refuse_reoffer(now, leg, code),
            Command::Info(content_type, body) => core.leg_info(now, leg, &content_type, body),
            Command::AcceptRefer(id) => core.leg_accept_refer(now, leg, id),
            Command::RefuseRefer(id, code) => core.leg_refuse_refer(now, leg, id, code),
            Command::NotifyRefer { id, code, reason, last } => {
                core.leg_notify_refer(now, leg, id, code, &reason, last);
            }
            Command::End(reason) => core.leg_end(now, leg, reason),
        });
    }
}
