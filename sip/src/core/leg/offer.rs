//! Changes of a running session: re-INVITE (RFC 3261 section 14) and UPDATE (RFC 3311).

use std::time::Duration;

use bytes::Bytes;

use super::{
    end::reason_of,
    incoming::with_sdp,
    state::{LegState, Offer, Phase},
};
use crate::{
    EndedBy, LegEvent,
    core::{
        Core, Owner,
        time::Time,
        transaction::{ClientKey, ServerKey},
    },
    wire::{ALLOW, Method, Request, Response},
};

/// How long the user may think about the peer's offer; then it gets 500. Far less than
/// timer B of the peer.
const REOFFER_ANSWER: Duration = Duration::from_secs(10);

impl Core {
    /// The peer sent a re-INVITE or an UPDATE.
    pub(super) fn leg_offered(&mut self, now: Time, leg: &mut LegState, key: &ServerKey, request: &Request) {
        let invite = request.method == Method::Invite;
        if invite {
            self.refuse(now, key, 100, &[]);
        }
        match (&leg.phase, &leg.offer) {
            (Phase::Closing { .. }, _) => {
                self.refuse(now, key, 481, &[]);
                return;
            }
            // Section 14.2, RFC 3311 section 5.2: glare.
            (_, Offer::Ours { .. }) => {
                self.refuse(now, key, 491, &[]);
                return;
            }
            // An earlier offer has no final answer or its 2xx no ACK yet.
            (Phase::Offered { .. } | Phase::Answered { .. } | Phase::Calling(_), _)
            | (_, Offer::Theirs { .. }) => {
                let wait_s = self.dice.below(10).to_string();
                self.refuse(now, key, 500, &[("Retry-After", &wait_s)]);
                return;
            }
            _ if leg.unacked.is_some() => {
                let wait_s = self.dice.below(10).to_string();
                self.refuse(now, key, 500, &[("Retry-After", &wait_s)]);
                return;
            }
            _ => {}
        }
        leg.dialog.refresh_target(&request.headers);
        if request.body.is_empty() && !invite {
            // RFC 3311 section 5.2: an UPDATE without offer refreshes the target alone.
            if let Some(response) = self.dialog_answer(leg, key, 200) {
                self.respond(now, key, response);
            }
            return;
        }
        if let Some(server) = self.servers.get_mut(key) {
            server.leg = Some(leg.id);
        }
        leg.offer = Offer::Theirs { key: key.clone(), until: now + REOFFER_ANSWER };
        let body = (!request.body.is_empty()).then(|| request.body.clone());
        self.tell(leg, LegEvent::Reoffer { body });
    }

    pub(super) fn leg_accept_reoffer(&mut self, now: Time, leg: &mut LegState, body: Bytes) {
        let Offer::Theirs { key, .. } = std::mem::replace(&mut leg.offer, Offer::None) else {
            return;
        };
        let invite =
            self.servers.get(&key).is_some_and(|server| server.transaction.request.method == Method::Invite);
        if invite {
            self.accept_invite(now, leg, &key, body);
        } else if let Some(mut response) = self.dialog_answer(leg, &key, 200) {
            with_sdp(&mut response, body);
            self.respond(now, &key, response);
        }
    }

    pub(super) fn leg_refuse_reoffer(&mut self, now: Time, leg: &mut LegState, code: u16) {
        if let Offer::Theirs { key, .. } = std::mem::replace(&mut leg.offer, Offer::None) {
            let code = if (400..700).contains(&code) { code } else { 488 };
            self.refuse(now, &key, code, &[]);
        }
    }

    /// Our own re-INVITE. The caller has seen that it may go out.
    pub(super) fn send_offer(&mut self, now: Time, leg: &mut LegState, body: Bytes, tries: u8) {
        leg.login.begin();
        leg.dialog.local_seq = leg.dialog.local_seq.saturating_add(1);
        let flow = leg.dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        headers.push("Allow", ALLOW);
        if !body.is_empty() {
            headers.push("Content-Type", "application/sdp");
        }
        let invite = leg.dialog.request(headers, Method::Invite, leg.dialog.local_seq, body.clone());
        match invite {
            Ok(invite) => {
                let invite = self.send_request(now, invite, flow, Owner::Leg(leg.id));
                leg.offer = Offer::Ours { invite, body, tries };
            }
            Err(_) => self.tell(leg, LegEvent::ReofferRefused { code: 500 }),
        }
    }

    /// An answer to our re-INVITE.
    pub(super) fn reoffer_response(
        &mut self,
        now: Time,
        leg: &mut LegState,
        key: &ClientKey,
        response: &Response,
    ) {
        match response.code {
            ..200 => {}
            200..300 => {
                leg.offer = Offer::None;
                leg.dialog.refresh_target(&response.headers);
                self.leg_send_ack(leg, response.head.cseq);
                let body = response.body.clone();
                self.tell(leg, LegEvent::ReofferAnswered { body });
            }
            // Section 12.2.1.2: the peer no longer knows the dialog.
            408 | 481 => {
                leg.offer = Offer::None;
                let reason = reason_of(&response.headers, &response.reason);
                self.tell_end(leg, EndedBy::Remote, response.code, reason);
                self.leg_bye(now, leg, None);
            }
            code => {
                let Offer::Ours { body, tries, .. } = std::mem::replace(&mut leg.offer, Offer::None) else {
                    return;
                };
                if let Some(invite) = self.ask_again(now, leg, key, response) {
                    leg.offer = Offer::Ours { invite, body, tries };
                } else if code != 491 || !self.offer_collided(now, leg, body, tries) {
                    self.tell(leg, LegEvent::ReofferRefused { code });
                }
            }
        }
    }
}
