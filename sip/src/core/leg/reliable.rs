//! Our own provisional answers when the caller wants to be sure of them (RFC 3262 section 3).

use std::time::Duration;

use bytes::Bytes;

use super::{
    incoming::with_sdp,
    state::{LegState, Phase},
};
use crate::{
    EndedBy, LegEvent,
    core::{Core, dice::Dice, flow::Flow, time::Time, transaction::ServerKey},
    wire::Request,
};

/// First RSeq: anything up to here, far below the 2**31 - 1 of the section.
const FIRST_RSEQ_MAX: u64 = 1 << 20;

/// Reliable provisional answers of one INVITE. One is under way at a time.
#[derive(Debug)]
pub(crate) struct Reliable {
    rseq: u32,
    pending: Option<Pending>,
    /// The next answer, when that one has arrived. The last wins.
    next: Option<(u16, Bytes)>,
    /// A 2xx that waits for the description before it.
    answer: Option<Bytes>,
    /// Whether the caller has our description.
    pub described: bool,
}

/// A provisional answer without PRACK.
#[derive(Debug)]
struct Pending {
    bytes: Bytes,
    flow: Flow,
    described: bool,
    pause: Duration,
    /// `None` once the final answer has gone out, which ends the copies.
    resend_at: Option<Time>,
    until: Time,
}

impl Reliable {
    pub fn new(dice: &mut Dice) -> Self {
        let rseq = u32::try_from(dice.below(FIRST_RSEQ_MAX)).unwrap_or(0);
        Self { rseq, pending: None, next: None, answer: None, described: false }
    }

    pub fn deadline(&self) -> Option<Time> {
        let pending = self.pending.as_ref()?;
        pending.resend_at.map(|at| at.min(pending.until))
    }

    /// The final answer goes out.
    pub fn stop(&mut self) {
        self.next = None;
        if let Some(pending) = &mut self.pending {
            pending.resend_at = None;
        }
    }

    /// Section 3: no 2xx before a description that is under way has arrived. True when it waits.
    pub fn holds(&mut self, answer: &Bytes) -> bool {
        let waits = self.pending.as_ref().is_some_and(|pending| pending.described);
        if waits {
            self.answer = Some(answer.clone());
        }
        waits
    }
}

impl Core {
    /// 180 or 183, sent until it is acknowledged.
    pub(super) fn reliable_progress(
        &mut self,
        now: Time,
        leg: &mut LegState,
        invite: &ServerKey,
        code: u16,
        body: Bytes,
    ) {
        let Some(mut response) = self.dialog_answer(leg, invite, code) else {
            return;
        };
        let Some(reliable) = &mut leg.reliable else {
            return;
        };
        if reliable.answer.is_some() {
            return;
        }
        if reliable.pending.is_some() {
            let earlier = reliable.next.take().map(|(_, body)| body).unwrap_or_default();
            reliable.next = Some((code, if body.is_empty() { earlier } else { body }));
            return;
        }
        reliable.rseq += 1;
        response.headers.push("Require", "100rel");
        response.headers.push("RSeq", reliable.rseq.to_string());
        leg.session.describe(&body);
        let described = !body.is_empty();
        with_sdp(&mut response, body);
        if let Some(server) = self.servers.get(invite) {
            let t1 = self.config.timers.t1;
            reliable.pending = Some(Pending {
                bytes: response.to_bytes(),
                flow: server.transaction.reply,
                described,
                pause: t1,
                resend_at: Some(now + t1),
                until: now + self.config.timers.transaction(),
            });
        }
        self.respond(now, invite, response);
    }

    pub(super) fn tick_reliable(&mut self, now: Time, leg: &mut LegState) {
        let Some(pending) = leg.reliable.as_mut().and_then(|reliable| reliable.pending.as_mut()) else {
            return;
        };
        let Some(resend_at) = pending.resend_at else {
            return;
        };
        if pending.until <= now {
            // Section 3: a caller that never acknowledges is refused.
            self.leg_lost(now, leg, EndedBy::Timeout, 408, "no PRACK");
        } else if resend_at <= now {
            pending.pause *= 2;
            pending.resend_at = Some(now + pending.pause);
            let (flow, bytes) = (pending.flow, pending.bytes.clone());
            self.send(flow, bytes);
        }
    }

    /// A PRACK: the answer has arrived, and what waited for it goes out.
    pub(super) fn leg_pracked(&mut self, now: Time, leg: &mut LegState, key: &ServerKey, prack: &Request) {
        let invite = match &leg.phase {
            Phase::Offered { invite } => self.request_of(invite),
            _ => None,
        };
        let means = rack(prack);
        let pending = leg.reliable.as_mut().and_then(|reliable| {
            let right = means.is_some_and(|(rseq, cseq)| {
                rseq == reliable.rseq && invite.as_ref().is_none_or(|invite| invite.head.cseq == cseq)
            });
            reliable.pending.take_if(|_| right)
        });
        let (Some(pending), Some(reliable)) = (pending, leg.reliable.as_mut()) else {
            self.refuse(now, key, 481, &[]);
            return;
        };
        reliable.described |= pending.described;
        let (next, answer) = (reliable.next.take(), reliable.answer.take());
        let offered = invite.as_ref().is_some_and(|invite| invite.body.is_empty());
        if !prack.body.is_empty() && !offered {
            // Section 5: the session stands, and the caller already wants another.
            self.leg_asked(now, leg, key, prack);
        } else {
            if let Some(response) = self.dialog_answer(leg, key, 200) {
                self.respond(now, key, response);
            }
            if !prack.body.is_empty() {
                leg.session.remote = prack.body.clone();
                self.tell(leg, LegEvent::ReofferAnswered { body: prack.body.clone() });
            }
        }
        match (answer, next) {
            (Some(body), _) => self.leg_answer(now, leg, body),
            (None, Some((code, body))) => self.leg_progress(now, leg, code, body),
            (None, None) => {}
        }
    }

    /// The peer cannot be talked to any more: whatever state the leg is in, it ends.
    pub(super) fn leg_lost(&mut self, now: Time, leg: &mut LegState, by: EndedBy, code: u16, why: &str) {
        self.tell_end(leg, by, code, why.to_owned());
        match &mut leg.phase {
            Phase::Offered { invite } => {
                let invite = invite.clone();
                let tag = leg.dialog.local_tag.clone();
                if let Some(request) = self.request_of(&invite) {
                    self.respond(now, &invite, request.answer(504, &tag));
                }
                leg.phase = Phase::Over;
            }
            // RFC 3261 section 15: no BYE before the ACK.
            Phase::Answered { bye } => drop(bye.get_or_insert_default()),
            _ => self.leg_bye(now, leg, None),
        }
    }
}

impl LegState {
    /// Whether both sides have described the session of an incoming call that is not answered.
    pub(super) fn early_session(&self) -> bool {
        let described = self.reliable.as_ref().is_some_and(|reliable| reliable.described);
        described && !self.session.remote.is_empty()
    }
}

/// RAck: RSeq and CSeq of the answer that arrived (section 7.2).
fn rack(prack: &Request) -> Option<(u32, u32)> {
    let mut words = prack.headers.get("RAck")?.split_whitespace();
    let numbers = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    (words.next() == Some("INVITE")).then_some(numbers)
}
