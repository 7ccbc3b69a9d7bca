//! Incoming calls: from the INVITE to the ACK.

use std::time::Duration;

use bytes::Bytes;

use super::{
    reliable::Reliable,
    state::{LegState, Phase, Unacked},
};
use crate::{
    EndedBy, LegEvent, Origin, Party,
    core::{
        Core, NewCall, Output, dialog::Dialog, flow::Flow, inbound::RETRY_AFTER_S, reach::Phone, time::Time,
        transaction::ServerKey,
    },
    wire::{ALLOW, Request, Response, SUPPORTED, SipUri, clean, lists},
};

/// How long an incoming call may ring. Longer than any caller's patience: whoever is still there
/// has lost our answers and gave up without a word, as no CANCEL may come before a provisional
/// answer (RFC 3261 section 9.1).
const RINGS_AT_MOST: Duration = Duration::from_secs(600);

/// Headers that are handed to the user as they came.
const PASSED_ON: [&str; 5] = ["P-Asserted-Identity", "Diversion", "History-Info", "Privacy", "User-to-User"];

impl Core {
    /// An INVITE whose origin is proven: a new leg.
    pub(in crate::core) fn admit(
        &mut self,
        now: Time,
        key: &ServerKey,
        flow: Flow,
        request: &Request,
        from: Origin,
    ) {
        // The table may have filled while the directory was asked.
        if !self.accepting || self.legs.len() >= self.config.max_calls {
            self.refuse(now, key, 503, &[("Retry-After", RETRY_AFTER_S)]);
            return;
        }
        if let Some(min_s) = self.interval_too_small(request) {
            // RFC 4028 section 9.
            self.refuse(now, key, 422, &[("Min-SE", &min_s.to_string())]);
            return;
        }
        let replaces = match self.leg_to_replace(request) {
            Ok(replaces) => replaces,
            Err(code) => {
                self.refuse(now, key, code, &[]);
                return;
            }
        };
        let tag = self.dice.token();
        let pinned = matches!(from, Origin::Device(_));
        let Some(dialog) = Dialog::incoming(request, flow, &self.own_name(&flow), tag, pinned) else {
            // Section 8.1.1.8: an INVITE must carry a Contact.
            self.refuse(now, key, 400, &[("Warning", "399 sip \"Contact\"")]);
            return;
        };
        let Some(server) = self.servers.get_mut(key).filter(|s| s.transaction.is_open()) else {
            return;
        };
        let id = crate::LegId(self.next_leg);
        self.next_leg += 1;
        server.leg = Some(id);
        let binding = match &from {
            Origin::Device(username) => self.binding_of(now, username, &flow, &dialog.target),
            Origin::Trunk(_) => None,
        };
        let user = |uri: Option<SipUri>| uri.map(|uri| uri.user).unwrap_or_default();
        let phone = match (&from, &binding) {
            (Origin::Device(username), Some(binding)) => Some(Phone::of(username, binding)),
            (Origin::Device(username), None) => Some(Phone::unregistered(username, &dialog.target)),
            (Origin::Trunk(_), _) => None,
        };
        let call = NewCall {
            leg: id,
            from,
            caller: Party {
                user: user(request.head.from.sip_uri()),
                display: request.head.from.display.clone(),
            },
            called: user(SipUri::parse(&request.uri)),
            to_user: user(request.head.to.sip_uri()),
            replaces,
            flow,
            binding,
            body: request.body.clone(),
            sip_call_id: request.head.call_id.clone(),
            headers: passed_on(request),
        };
        let mut leg = LegState::new(id, dialog, Phase::Offered { invite: key.clone() });
        leg.reach = phone.into();
        leg.answer_by = Some(now + RINGS_AT_MOST);
        leg.session.remote = request.body.clone();
        leg.session.hear(&request.headers);
        if lists(&request.headers, "Require", "100rel") {
            leg.reliable = Some(Reliable::new(&mut self.dice));
        }
        self.record_leg(&leg.dialog.call_id);
        self.record_invite(key, flow);
        self.dialogs.insert(leg.key(), id);
        self.keep_leg(leg);
        self.out.push_back(Output::Incoming(Box::new(call)));
    }

    /// An answer inside the INVITE's transaction, with the dialog's tag and our Contact.
    pub(super) fn dialog_answer(&self, leg: &LegState, key: &ServerKey, code: u16) -> Option<Response> {
        let request = &self.servers.get(key)?.transaction.request;
        let mut response = request.answer(code, &leg.dialog.local_tag);
        // Section 12.1.1: the route of the dialog is copied.
        for route in request.headers.all("Record-Route") {
            response.headers.push("Record-Route", route);
        }
        response.headers.push("Contact", leg.dialog.contact.as_str());
        if code > 100 {
            response.headers.push("Allow", ALLOW);
            response.headers.push("Supported", SUPPORTED);
        }
        Some(response)
    }

    /// 180 or 183.
    pub(super) fn leg_progress(&mut self, now: Time, leg: &mut LegState, code: u16, body: Bytes) {
        let Phase::Offered { invite } = &leg.phase else {
            return;
        };
        if leg.reliable.is_some() {
            let invite = invite.clone();
            self.reliable_progress(now, leg, &invite, code, body);
            return;
        }
        if let Some(mut response) = self.dialog_answer(leg, invite, code) {
            leg.session.describe(&body);
            with_sdp(&mut response, body);
            let invite = invite.clone();
            self.respond(now, &invite, response);
        }
    }

    /// 200 to the INVITE (section 13.3.1.4).
    pub(super) fn leg_answer(&mut self, now: Time, leg: &mut LegState, body: Bytes) {
        let Phase::Offered { invite } = &leg.phase else {
            return;
        };
        let invite = invite.clone();
        if let Some(reliable) = &mut leg.reliable {
            if reliable.holds(&body) {
                return;
            }
            reliable.stop();
        }
        self.accept_invite(now, leg, &invite, body);
        leg.phase = Phase::Answered { bye: None };
    }

    /// Sends a 2xx to an INVITE and keeps it until its ACK.
    pub(super) fn accept_invite(&mut self, now: Time, leg: &mut LegState, key: &ServerKey, body: Bytes) {
        let Some(mut response) = self.dialog_answer(leg, key, 200) else {
            return;
        };
        leg.session.describe(&body);
        with_sdp(&mut response, body);
        let Some(server) = self.servers.get(key) else {
            return;
        };
        let request = &server.transaction.request;
        self.answer_timer(now, &mut leg.session, request, &mut response);
        leg.unacked = Some(Unacked {
            cseq: request.head.cseq,
            offered: request.body.is_empty(),
            bytes: response.to_bytes(),
            flow: server.transaction.reply,
            resend_at: now + self.config.timers.t1,
            pause: self.config.timers.t1,
            until: now + self.config.timers.transaction(),
        });
        self.respond(now, key, response);
    }

    /// A final answer of 300 or above.
    pub(super) fn leg_reject(&mut self, now: Time, leg: &mut LegState, code: u16, reason: &str) {
        let Phase::Offered { invite } = &leg.phase else {
            return;
        };
        let invite = invite.clone();
        let code = if (300..700).contains(&code) { code } else { 480 };
        let tag = leg.dialog.local_tag.clone();
        if let Some(request) = self.request_of(&invite) {
            let mut response = request.answer(code, &tag);
            // A text with a cause is a Reason header (RFC 3326), any other the phrase.
            if reason.contains(";cause=") {
                response.headers.push("Reason", clean(reason));
            } else if !reason.trim().is_empty() {
                response.reason = clean(reason);
            }
            if code == 488 && !reason.trim().is_empty() {
                // RFC 3261 sections 21.4.26 and 20.43: why, for the people who set the phone up.
                let why = crate::wire::quoted(&clean(reason));
                response.headers.push("Warning", format!("399 sip {why}"));
            }
            self.respond(now, &invite, response);
        }
        self.tell_end(leg, EndedBy::Local, code, reason.to_owned());
        leg.phase = Phase::Over;
    }

    /// An ACK inside the dialog.
    pub(in crate::core) fn leg_ack(&mut self, now: Time, leg: &mut LegState, flow: Flow, ack: &Request) {
        if leg.dialog.remote_tag.as_deref() != Some(ack.head.from_tag.as_str())
            || leg.unacked.as_ref().is_none_or(|u| u.cseq != ack.head.cseq)
        {
            return;
        }
        let offered = leg.unacked.take().is_some_and(|u| u.offered);
        if leg.dialog.pinned {
            leg.dialog.flow = flow;
        }
        if let Phase::Answered { bye } = &mut leg.phase {
            let bye = bye.take();
            leg.phase = Phase::Up;
            self.tell(leg, LegEvent::Confirmed);
            if let Some(bye) = bye {
                self.leg_bye(now, leg, bye.reason);
                return;
            }
        }
        if offered && !ack.body.is_empty() && ack.body != leg.session.remote {
            // Section 13.2.1: our offer went out in the 2xx, the answer comes in the ACK.
            leg.session.remote = ack.body.clone();
            self.tell(leg, LegEvent::ReofferAnswered { body: ack.body.clone() });
        }
    }
}

/// Puts an SDP body into an answer.
pub(super) fn with_sdp(response: &mut Response, body: Bytes) {
    if !body.is_empty() {
        response.headers.push("Content-Type", "application/sdp");
        response.body = body;
    }
}

fn passed_on(request: &Request) -> Vec<(String, String)> {
    /// Headers handed over: what a call screen can show.
    const PASSED_ON_MAX: usize = 16;
    request
        .headers
        .iter()
        .filter(|(name, _)| {
            name.get(..2).is_some_and(|x| x.eq_ignore_ascii_case("X-"))
                || PASSED_ON.iter().any(|known| known.eq_ignore_ascii_case(name))
        })
        .take(PASSED_ON_MAX)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
