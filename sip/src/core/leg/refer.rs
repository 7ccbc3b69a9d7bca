//! REFER of the peer, and the subscription that comes with it (RFC 3515).

use std::time::Duration;

use bytes::Bytes;

use super::state::{LegState, Phase};
use crate::{
    LegEvent, ReferId,
    core::{Core, Owner, time::Time, transaction::ServerKey},
    wire::{BadReferTo, Method, Request, clean, refer_to},
};

/// How long the user may think about a REFER; then it gets 500. Far less than timer F of the peer.
const REFER_ANSWER: Duration = Duration::from_secs(10);

/// How long the peer is told what became of it: longer than any phone rings.
const SUBSCRIPTION: Duration = Duration::from_secs(180);

/// Transfers of one leg at a time: a phone has one under way, and perhaps one that failed.
const REFERS_MAX: usize = 4;

/// Longest Referred-By that is told.
const REFERRED_BY_MAX_BYTES: usize = 512;

/// One REFER.
#[derive(Debug)]
pub(crate) struct Refer {
    id: ReferId,
    state: State,
    /// Whether the peer wants to hear how it goes (RFC 4488).
    subscribed: bool,
    until: Time,
}

#[derive(Debug)]
enum State {
    /// Our user is asked.
    Asked { key: ServerKey },
    /// It is being done.
    Accepted,
}

/// When one of them is due.
pub(super) fn deadline(refers: &[Refer]) -> Option<Time> {
    refers.iter().map(|refer| refer.until).min()
}

impl Core {
    pub(super) fn leg_referred(&mut self, now: Time, leg: &mut LegState, key: &ServerKey, request: &Request) {
        if !matches!(leg.phase, Phase::Up) || leg.refers.len() >= REFERS_MAX {
            let wait_s = self.dice.below(10).to_string();
            self.refuse(now, key, 500, &[("Retry-After", &wait_s)]);
            return;
        }
        let mut values = request.headers.all("Refer-To");
        // Section 2.4.1: exactly one.
        let target = match (values.next(), values.next()) {
            (Some(value), None) => refer_to(value),
            _ => Err(BadReferTo::Malformed),
        };
        let refer_to = match target {
            Ok(refer_to) => refer_to,
            Err(why) => {
                let code = match why {
                    BadReferTo::Malformed => 400,
                    BadReferTo::Scheme => 416,
                    BadReferTo::Method => 501,
                };
                self.refuse(now, key, code, &[]);
                return;
            }
        };
        let id = ReferId(request.head.cseq);
        // RFC 4488 section 4.
        let quiet =
            request.headers.get("Refer-Sub").is_some_and(|sub| sub.trim().eq_ignore_ascii_case("false"));
        let state = State::Asked { key: key.clone() };
        leg.refers.push(Refer { id, state, subscribed: !quiet, until: now + REFER_ANSWER });
        let referred_by = request.headers.get("Referred-By").filter(|by| by.len() <= REFERRED_BY_MAX_BYTES);
        let referred_by = referred_by.map(str::to_owned);
        self.tell(leg, LegEvent::Refer { id, refer_to, referred_by });
    }

    /// 202, and the first NOTIFY (section 2.4.4).
    pub(super) fn leg_accept_refer(&mut self, now: Time, leg: &mut LegState, id: ReferId) {
        let Some(refer) = leg.refers.iter_mut().find(|refer| refer.id == id) else {
            return;
        };
        let State::Asked { key } = std::mem::replace(&mut refer.state, State::Accepted) else {
            return;
        };
        refer.until = now + SUBSCRIPTION;
        let subscribed = refer.subscribed;
        if !subscribed {
            leg.refers.retain(|refer| refer.id != id);
        }
        if let Some(mut response) = self.dialog_answer(leg, &key, 202) {
            if !subscribed {
                response.headers.push("Refer-Sub", "false");
            }
            self.respond(now, &key, response);
        }
        self.leg_notify_refer(now, leg, id, 100, "Trying", false);
    }

    pub(super) fn leg_refuse_refer(&mut self, now: Time, leg: &mut LegState, id: ReferId, code: u16) {
        let Some(at) = leg.refers.iter().position(|refer| refer.id == id) else {
            return;
        };
        if let State::Asked { key } = &leg.refers[at].state {
            let code = if (300..700).contains(&code) { code } else { 603 };
            self.refuse(now, key, code, &[]);
            leg.refers.remove(at);
        }
    }

    /// Tells the peer how its transfer goes (section 2.4.5).
    pub(super) fn leg_notify_refer(
        &mut self,
        now: Time,
        leg: &mut LegState,
        id: ReferId,
        code: u16,
        reason: &str,
        last: bool,
    ) {
        let Some(at) = leg.refers.iter().position(|r| r.id == id && matches!(r.state, State::Accepted))
        else {
            return;
        };
        let left_s = (leg.refers[at].until - now).as_secs();
        if last {
            leg.refers.remove(at);
        }
        if !matches!(leg.phase, Phase::Up) {
            return;
        }
        leg.dialog.local_seq = leg.dialog.local_seq.saturating_add(1);
        let flow = leg.dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        headers.push("Event", format!("refer;id={}", id.0));
        let state =
            if last { "terminated;reason=noresource".to_owned() } else { format!("active;expires={left_s}") };
        headers.push("Subscription-State", state);
        headers.push("Content-Type", "message/sipfrag;version=2.0");
        let body = Bytes::from(format!("SIP/2.0 {} {}\r\n", code.clamp(100, 699), clean(reason)));
        if let Ok(notify) = leg.dialog.request(headers, Method::Notify, leg.dialog.local_seq, body) {
            // Whoever does not want to know any more says so, and is not asked again.
            self.send_request(now, notify, flow, Owner::Leg(leg.id));
        }
    }

    pub(super) fn tick_refers(&mut self, now: Time, leg: &mut LegState) {
        while let Some(refer) = leg.refers.iter().find(|refer| refer.until <= now) {
            let id = refer.id;
            match refer.state {
                State::Asked { .. } => self.leg_refuse_refer(now, leg, id, 500),
                State::Accepted => self.leg_notify_refer(now, leg, id, 408, "Request Timeout", true),
            }
        }
    }

    /// The dialog ends: what nobody has answered gets 487 (RFC 3261 section 15.1.2).
    pub(super) fn drop_refers(&mut self, now: Time, leg: &mut LegState) {
        for refer in std::mem::take(&mut leg.refers) {
            if let State::Asked { key } = refer.state {
                self.refuse(now, &key, 487, &[]);
            }
        }
    }
}
