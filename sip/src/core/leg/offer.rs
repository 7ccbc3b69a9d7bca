//! Changes of a running session: re-INVITE (RFC 3261 section 14) and UPDATE (RFC 3311).

use std::time::Duration;

use bytes::Bytes;

use super::{
    end::reason_of,
    incoming::with_sdp,
    state::{LegState, Offer, Ours, Phase},
};
use crate::{
    EndedBy, LegEvent,
    core::{
        Core, Owner,
        time::Time,
        transaction::{ClientKey, ServerKey},
    },
    wire::{Method, Request, Response, SessionExpires},
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
        if request.body.is_empty() && !invite && !matches!(leg.phase, Phase::Closing { .. }) {
            self.leg_refreshed(now, leg, key, request);
            return;
        }
        let early = request.method == Method::Update && has_early_session(leg, &request.head.from_tag);
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
            (Phase::Offered { .. } | Phase::Calling(_), Offer::None) if early => {}
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
        if let Some(dialog) = leg.dialog_with(&request.head.from_tag) {
            dialog.refresh_target(&request.headers);
        }
        if let Some(min_s) = self.interval_too_small(request) {
            self.refuse(now, key, 422, &[("Min-SE", &min_s.to_string())]);
            return;
        }
        self.leg_asked(now, leg, key, request);
    }

    /// Our user is asked about an offer of the peer, unless it changes nothing.
    pub(super) fn leg_asked(&mut self, now: Time, leg: &mut LegState, key: &ServerKey, request: &Request) {
        if let Some(server) = self.servers.get_mut(key) {
            server.leg = Some(leg.id);
        }
        leg.offer =
            Offer::Theirs { key: key.clone(), body: request.body.clone(), until: now + REOFFER_ANSWER };
        if changes_nothing(leg, request) {
            let local = leg.session.local.clone();
            self.leg_accept_reoffer(now, leg, local);
            return;
        }
        let body = (!request.body.is_empty()).then(|| request.body.clone());
        self.tell(leg, LegEvent::Reoffer { body });
    }

    pub(super) fn leg_accept_reoffer(&mut self, now: Time, leg: &mut LegState, body: Bytes) {
        let Offer::Theirs { key, body: theirs, .. } = std::mem::replace(&mut leg.offer, Offer::None) else {
            return;
        };
        if !theirs.is_empty() {
            leg.session.remote = theirs;
        }
        let invite =
            self.servers.get(&key).is_some_and(|server| server.transaction.request.method == Method::Invite);
        if invite {
            self.accept_invite(now, leg, &key, body);
        } else if let Some(mut response) = self.dialog_answer(leg, &key, 200) {
            leg.session.describe(&body);
            with_sdp(&mut response, body);
            let update = |request: &Request| request.method == Method::Update;
            if let Some(request) = self.request_of(&key).filter(update) {
                self.answer_timer(now, &mut leg.session, &request, &mut response);
            }
            self.respond(now, &key, response);
        }
    }

    /// An UPDATE without offer (RFC 3311 section 5.2): the target and the session timer alone.
    fn leg_refreshed(&mut self, now: Time, leg: &mut LegState, key: &ServerKey, request: &Request) {
        if let Some(min_s) = self.interval_too_small(request) {
            self.refuse(now, key, 422, &[("Min-SE", &min_s.to_string())]);
            return;
        }
        if let Some(dialog) = leg.dialog_with(&request.head.from_tag) {
            dialog.refresh_target(&request.headers);
        }
        if let Some(mut response) = self.dialog_answer(leg, key, 200) {
            if matches!(leg.phase, Phase::Up | Phase::Answered { .. }) {
                self.answer_timer(now, &mut leg.session, request, &mut response);
            }
            self.respond(now, key, response);
        }
    }

    pub(super) fn leg_refuse_reoffer(&mut self, now: Time, leg: &mut LegState, code: u16) {
        if let Offer::Theirs { key, .. } = std::mem::replace(&mut leg.offer, Offer::None) {
            let code = if (400..700).contains(&code) { code } else { 488 };
            self.refuse(now, &key, code, &[]);
        }
    }

    /// Our own re-INVITE, or UPDATE before the call is answered. The caller has seen that it may
    /// go out.
    pub(super) fn send_offer(&mut self, now: Time, leg: &mut LegState, body: Bytes, tries: u8) {
        leg.login.begin();
        leg.dialog.local_seq = leg.dialog.local_seq.saturating_add(1);
        let flow = leg.dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        leg.session.begin();
        self.keep_timer(&leg.session, &mut headers);
        if !body.is_empty() {
            headers.push("Content-Type", "application/sdp");
        }
        let method = match leg.phase {
            Phase::Offered { .. } => Method::Update,
            _ => Method::Invite,
        };
        match leg.dialog.request(headers, method, leg.dialog.local_seq, body.clone()) {
            Ok(request) => {
                let key = self.send_request(now, request, flow, Owner::Leg(leg.id));
                leg.offer = Offer::Ours { key, what: Ours::Change { body, tries } };
            }
            Err(_) => self.tell(leg, LegEvent::ReofferRefused { code: 500 }),
        }
    }

    /// An answer to our re-INVITE or UPDATE.
    pub(super) fn reoffer_response(
        &mut self,
        now: Time,
        leg: &mut LegState,
        key: &ClientKey,
        response: &Response,
    ) {
        if !response.is_final() {
            return;
        }
        let Offer::Ours { what, .. } = std::mem::replace(&mut leg.offer, Offer::None) else {
            return;
        };
        match response.code {
            ..300 => self.reoffer_accepted(now, leg, what, response),
            // Section 12.2.1.2: the peer no longer knows the dialog.
            408 | 481 => {
                let reason = reason_of(&response.headers, &response.reason);
                self.leg_lost(now, leg, EndedBy::Remote, response.code, &reason);
            }
            code => {
                if let Some(key) = self.ask_again(now, leg, key, response) {
                    leg.offer = Offer::Ours { key, what };
                    return;
                }
                match what {
                    Ours::Refresh => self.refresh_refused(now, leg, response),
                    Ours::Change { body, tries } if leg.session.raise(response) => {
                        self.send_offer(now, leg, body, tries);
                    }
                    Ours::Change { body, tries } if self.offer_again(now, leg, (&body, tries), response) => {}
                    Ours::Change { .. } => self.tell(leg, LegEvent::ReofferRefused { code }),
                }
            }
        }
    }

    fn reoffer_accepted(&mut self, now: Time, leg: &mut LegState, what: Ours, response: &Response) {
        leg.dialog.refresh_target(&response.headers);
        if response.head.cseq_method == Method::Invite {
            self.leg_send_ack(leg, response.head.cseq);
        }
        let body = response.body.clone();
        let news = match what {
            Ours::Change { body: ours, .. } => {
                leg.session.describe(&ours);
                true
            }
            // The peer may have moved its media meanwhile (RFC 3264 section 8).
            Ours::Refresh => !body.is_empty() && body != leg.session.remote,
        };
        self.timer_answered(now, &mut leg.session, response);
        if news {
            if !body.is_empty() {
                leg.session.remote = body.clone();
            }
            self.tell(leg, LegEvent::ReofferAnswered { body });
        }
    }
}

/// Whether the peer of this tag and we have both described the session of a call that is not
/// answered: only then may it offer another (RFC 3311 section 5.1).
fn has_early_session(leg: &mut LegState, tag: &str) -> bool {
    match &mut leg.phase {
        Phase::Calling(calling) => calling.early_with(tag).is_some_and(|early| early.described),
        _ => leg.early_session(),
    }
}

/// Whether a re-INVITE or UPDATE only refreshes (RFC 4028 section 7.4): it offers what we have
/// already, or asks for what the peer has already. An INVITE without offer that names no session
/// interval wants something else.
fn changes_nothing(leg: &LegState, request: &Request) -> bool {
    let known = if request.body.is_empty() {
        SessionExpires::read(&request.headers).is_some()
    } else {
        request.body == leg.session.remote
    };
    known && !leg.session.local.is_empty()
}
