//! What a leg does when its time comes.

use super::{
    outgoing::Cancel,
    state::{LegState, Offer, Phase},
};
use crate::{
    EndedBy,
    core::{Core, time::Time},
};

impl Core {
    pub(in crate::core) fn leg_tick(&mut self, now: Time, leg: &mut LegState) {
        self.tick_calling(now, leg);
        self.tick_offered(now, leg);
        self.tick_offer(now, leg);
        self.tick_unacked(now, leg);
        self.tick_reliable(now, leg);
        self.tick_timer(now, leg);
        self.tick_refers(now, leg);
    }

    fn tick_calling(&mut self, now: Time, leg: &mut LegState) {
        let Phase::Calling(calling) = &leg.phase else {
            return;
        };
        if calling.deadline() > now {
            return;
        }
        if let Cancel::Sent { .. } = calling.cancel {
            // Section 9.1: no final answer 64*T1 after the CANCEL.
            if let Some(client) = self.clients.get_mut(&calling.invite) {
                client.transaction.abandon();
                let deadline = client.transaction.deadline();
                let alarm = crate::core::Alarm::Client(calling.invite.clone());
                self.alarms.set(alarm, deadline);
            }
            leg.phase = Phase::Over;
            return;
        }
        self.tell_end(leg, EndedBy::Timeout, 408, "nobody answered".to_owned());
        self.leg_cancel(now, leg, None);
    }

    /// Nobody has answered an incoming call, and its caller is gone.
    fn tick_offered(&mut self, now: Time, leg: &mut LegState) {
        if matches!(leg.phase, Phase::Offered { .. }) && leg.answer_by.is_some_and(|by| by <= now) {
            self.leg_lost(now, leg, EndedBy::Timeout, 408, "nobody answered");
        }
    }

    fn tick_offer(&mut self, now: Time, leg: &mut LegState) {
        if matches!(&leg.offer, Offer::Theirs { until, .. } if *until <= now) {
            self.leg_refuse_reoffer(now, leg, 500);
        }
    }

    /// Section 13.3.1.4: T1, doubling up to T2, for 64*T1; then BYE.
    fn tick_unacked(&mut self, now: Time, leg: &mut LegState) {
        let t2 = self.config.timers.t2;
        let Some(unacked) = &mut leg.unacked else {
            return;
        };
        if unacked.until <= now {
            let reason = match &mut leg.phase {
                Phase::Answered { bye } => bye.take().and_then(|bye| bye.reason),
                _ => None,
            };
            self.tell_end(leg, EndedBy::Timeout, 408, "no ACK".to_owned());
            self.leg_bye(now, leg, reason);
        } else if unacked.resend_at <= now {
            unacked.pause = (unacked.pause * 2).min(t2);
            unacked.resend_at = now + unacked.pause;
            let (flow, bytes) = (unacked.flow, unacked.bytes.clone());
            self.send(flow, bytes);
        }
    }
}
