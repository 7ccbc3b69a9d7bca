//! The end of a leg.

use bytes::Bytes;

use super::state::{Bye, LegState, Offer, Phase};
use crate::{
    Ended, EndedBy, LegEvent,
    core::{Core, Owner, dialog::contact_uri, time::Time},
    wire::{Headers, Method, Response, clean},
};

/// Longest reason that is told to the user; it comes from the peer.
const REASON_MAX_CHARS: usize = 200;

/// Longest redirection that is told.
const REDIRECT_MAX_BYTES: usize = 512;

/// The Reason header (RFC 3326) or else the phrase.
pub(super) fn reason_of(headers: &Headers, phrase: &str) -> String {
    headers.get("Reason").unwrap_or(phrase).chars().take(REASON_MAX_CHARS).collect()
}

impl Core {
    /// Tells the user the end, once.
    pub(super) fn tell_end(&mut self, leg: &mut LegState, by: EndedBy, code: u16, reason: String) {
        self.tell(leg, LegEvent::Ended(Ended { by, code, reason, redirect_to: None }));
        leg.told_end = true;
    }

    /// Tells the user that the callee refused, once, and where it points to (RFC 3261 section
    /// 21.3).
    pub(super) fn tell_refusal(&mut self, leg: &mut LegState, response: &Response) {
        let redirect_to = (300..400)
            .contains(&response.code)
            .then(|| contact_uri(&response.headers))
            .flatten()
            .filter(|uri| uri.len() <= REDIRECT_MAX_BYTES);
        let reason = reason_of(&response.headers, &response.reason);
        let ended = Ended { by: EndedBy::Remote, code: response.code, reason, redirect_to };
        self.tell(leg, LegEvent::Ended(ended));
        leg.told_end = true;
    }

    /// The user ends the leg, in whatever state it is.
    pub(super) fn leg_end(&mut self, now: Time, leg: &mut LegState, reason: Option<String>) {
        let reason = reason.map(|reason| clean(&reason));
        match &mut leg.phase {
            Phase::Calling(_) => {
                self.tell_end(leg, EndedBy::Local, 487, reason.clone().unwrap_or_default());
                self.leg_cancel(now, leg, reason);
            }
            Phase::Offered { .. } => {
                self.leg_reject(now, leg, 480, reason.as_deref().unwrap_or(""));
            }
            Phase::Answered { bye } => {
                // RFC 3261 section 15: the callee waits for the ACK, or for its timeout.
                bye.get_or_insert(Bye { reason: reason.clone() });
                self.tell_end(leg, EndedBy::Local, 200, reason.unwrap_or_default());
            }
            Phase::Up => {
                self.tell_end(leg, EndedBy::Local, 200, reason.clone().unwrap_or_default());
                self.leg_bye(now, leg, reason);
            }
            Phase::Closing { .. } | Phase::Over => {}
        }
    }

    /// Sends BYE (section 15.1.1).
    pub(super) fn leg_bye(&mut self, now: Time, leg: &mut LegState, reason: Option<String>) {
        self.drop_offer(now, leg);
        self.drop_refers(now, leg);
        leg.unacked = None;
        leg.session.stop();
        leg.login.begin();
        leg.dialog.local_seq = leg.dialog.local_seq.saturating_add(1);
        let flow = leg.dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        if let Some(reason) = reason {
            headers.push("Reason", reason);
        }
        let bye = leg.dialog.request(headers, Method::Bye, leg.dialog.local_seq, Bytes::new());
        leg.phase = match bye {
            Ok(bye) => Phase::Closing { bye: self.send_request(now, bye, flow, Owner::Leg(leg.id)) },
            Err(_) => Phase::Over,
        };
    }

    /// The peer sent BYE (section 15.1.2); it has been answered.
    pub(super) fn leg_hung_up(&mut self, now: Time, leg: &mut LegState, reason: String) {
        self.drop_offer(now, leg);
        if let Phase::Offered { invite } = &leg.phase {
            let invite = invite.clone();
            self.refuse(now, &invite, 487, &[]);
        }
        self.tell_end(leg, EndedBy::Remote, 200, reason);
        leg.unacked = None;
        // Our own BYE may have crossed: the peer's answer to it finds nobody, which is fine.
        leg.phase = Phase::Over;
    }

    /// Section 15.1.2: a pending request of the peer gets 487 when the dialog ends.
    pub(super) fn drop_offer(&mut self, now: Time, leg: &mut LegState) {
        if let Offer::Theirs { key, .. } = std::mem::replace(&mut leg.offer, Offer::None) {
            self.refuse(now, &key, 487, &[]);
        }
    }
}
