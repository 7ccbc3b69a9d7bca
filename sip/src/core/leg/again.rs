//! An INVITE that is sent once more, because the first was challenged or asked for too little.

use super::{
    outgoing::Cancel,
    state::{LegState, Phase},
};
use crate::{
    core::{Core, time::Time},
    wire::Response,
};

impl Core {
    /// RFC 3261 section 22.2: the request again, with credentials, a new CSeq and a new branch.
    pub(super) fn answer_challenge(&mut self, now: Time, leg: &mut LegState, response: &Response) -> bool {
        let Phase::Calling(calling) = &leg.phase else {
            return false;
        };
        if !matches!(calling.cancel, Cancel::No) {
            return false;
        }
        let cnonce = self.dice.token();
        leg.login.answer(response, "INVITE", &leg.dialog.target, &cnonce) && self.invite_again(now, leg)
    }

    /// RFC 4028 section 7.3.
    pub(super) fn ask_for_longer(&mut self, now: Time, leg: &mut LegState, response: &Response) -> bool {
        let wanted = matches!(&leg.phase, Phase::Calling(calling) if matches!(calling.cancel, Cancel::No));
        wanted && leg.session.raise(response) && self.invite_again(now, leg)
    }

    /// The INVITE once more, with a new CSeq and a new branch.
    fn invite_again(&mut self, now: Time, leg: &mut LegState) -> bool {
        let Phase::Calling(calling) = &leg.phase else {
            return false;
        };
        let call = calling.call.clone();
        leg.dialog.local_seq = leg.dialog.local_seq.saturating_add(1);
        let Some(invite) = self.send_invite(now, leg, &call) else {
            return false;
        };
        if let Phase::Calling(calling) = &mut leg.phase {
            calling.invite = invite;
            calling.heard = false;
            calling.early.clear();
        }
        true
    }
}
