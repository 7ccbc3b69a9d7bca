//! Outgoing calls: from the INVITE to its final answer.

use bytes::Bytes;

use super::{
    early::Early,
    login::Login,
    state::{LegState, Phase},
};
use crate::{
    CallError, LegEvent, LegId, OutboundCall,
    core::{
        Core, Owner,
        dialog::{Dialog, Names},
        flow::Flow,
        reach::Phone,
        time::Time,
        transaction::ClientKey,
    },
    wire::{ALLOW, Method, Response, SipUri, clean, encode_user, quoted},
};

/// Headers of the caller's choice in one INVITE.
const EXTRA_HEADERS_MAX: usize = 16;

/// A call to be made, with its way.
#[derive(Debug)]
pub(crate) struct CallSpec {
    pub call: OutboundCall,
    pub flow: Flow,
    /// Request URI.
    pub target: String,
    /// Path of the binding: the route of the INVITE (RFC 3327).
    pub path: Vec<String>,
    /// Whether the callee is reached through the flow alone.
    pub pinned: bool,
    /// The device that is called, if it is one of ours.
    pub phone: Option<Phone>,
}

/// An INVITE without final answer.
#[derive(Debug)]
pub(crate) struct Calling {
    pub invite: ClientKey,
    pub call: OutboundCall,
    ring_until: Time,
    /// Whether a provisional answer has come: a CANCEL must wait for it (section 9.1).
    pub heard: bool,
    /// Who has answered provisionally.
    pub early: Vec<Early>,
    pub cancel: Cancel,
}

/// Whether the call is being cancelled.
#[derive(Debug)]
pub(crate) enum Cancel {
    No,
    /// As soon as a provisional answer allows it.
    Wanted {
        reason: Option<String>,
    },
    /// Sent. Without a final answer by then, the call counts as cancelled (section 9.1).
    Sent {
        until: Time,
    },
}

impl Calling {
    pub fn early_with(&mut self, tag: &str) -> Option<&mut Early> {
        self.early.iter_mut().find(|early| early.dialog.remote_tag.as_deref() == Some(tag))
    }

    pub fn deadline(&self) -> Time {
        match self.cancel {
            Cancel::No => self.ring_until,
            // Timer B ends it when nothing is ever heard.
            Cancel::Wanted { .. } => Time(i64::MAX),
            Cancel::Sent { until } => until,
        }
    }
}

impl Core {
    /// Places a call; returns its leg and its Call-ID.
    pub fn call(&mut self, now: Time, spec: CallSpec) -> Result<(LegId, String), CallError> {
        if !self.accepting {
            return Err(CallError::Closed);
        }
        if self.legs.len() >= self.config.max_calls {
            return Err(CallError::Busy);
        }
        let CallSpec { call, flow, target, path, pinned, phone } = spec;
        let realm = self.config.realm.clone();
        let display =
            call.from_display.as_deref().map(|display| format!("{} ", quoted(display))).unwrap_or_default();
        let to_host = SipUri::parse(&target)
            .filter(|_| !pinned)
            .map(|uri| host_text(&uri.host))
            .filter(|host| !host.is_empty())
            .unwrap_or_else(|| realm.clone());
        let from_user = encode_user(&call.from_user);
        let names = Names {
            from: format!("{display}<sip:{from_user}@{realm}>"),
            to: format!("<sip:{}@{to_host}>", encode_user(&call.to_user)),
            target,
            user: call.from_user.clone(),
            host: self.own_name(&flow),
            routes: path,
            pinned,
        };
        let call_id = self.dice.long_token();
        let dialog = Dialog::outgoing(names, call_id.clone(), self.dice.token(), flow);
        let ring_until = now + call.ring_timeout;
        let id = self.new_leg_id();
        let mut leg = LegState::new(id, dialog, Phase::Over);
        leg.reach = phone.into();
        leg.login = Login::new(call.credentials.clone());
        leg.session.describe(&call.body);
        self.record_time(now);
        self.record_leg(&call_id);
        let Some(invite) = self.send_invite(now, &leg, &call) else {
            self.record_over(&call_id);
            return Err(CallError::Invalid);
        };
        leg.phase = Phase::Calling(Box::new(Calling {
            invite,
            call,
            ring_until,
            heard: false,
            early: Vec::new(),
            cancel: Cancel::No,
        }));
        self.dialogs.insert(leg.key(), id);
        self.keep_leg(leg);
        Ok((id, call_id))
    }

    pub(super) fn send_invite(
        &mut self,
        now: Time,
        leg: &LegState,
        call: &OutboundCall,
    ) -> Option<ClientKey> {
        let flow = leg.dialog.flow;
        let mut headers = self.new_headers(&flow);
        headers.push("Allow", ALLOW);
        self.ask_for_timer(&leg.session, &mut headers);
        for (name, value) in &leg.login.answers {
            headers.push(name, value.as_str());
        }
        for (name, value) in call.headers.iter().take(EXTRA_HEADERS_MAX) {
            if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') || name.is_empty() {
                return None;
            }
            headers.push(name, clean(value));
        }
        if !call.body.is_empty() {
            headers.push("Content-Type", "application/sdp");
        }
        let invite =
            leg.dialog.request(headers, Method::Invite, leg.dialog.local_seq, call.body.clone()).ok()?;
        Some(self.send_request(now, invite, flow, Owner::Leg(leg.id)))
    }

    /// An answer to the INVITE of a call that has no final answer yet.
    pub(super) fn calling_response(
        &mut self,
        now: Time,
        leg: &mut LegState,
        flow: Flow,
        response: &Response,
    ) {
        let Phase::Calling(calling) = &mut leg.phase else {
            return;
        };
        match response.code {
            ..200 => {
                calling.heard = true;
                let wanted = matches!(calling.cancel, Cancel::Wanted { .. });
                if response.code > 100 && self.early_answer(now, leg, response) {
                    let body = (!response.body.is_empty()).then(|| response.body.clone());
                    let code = response.code;
                    self.tell(leg, LegEvent::Ringing { code, body });
                }
                if wanted {
                    self.leg_cancel(now, leg, None);
                }
            }
            200..300 => self.call_answered(now, leg, flow, response),
            401 | 407 if self.answer_challenge(now, leg, response) => {}
            422 if self.ask_for_longer(now, leg, response) => {}
            _ => {
                self.tell_refusal(leg, response);
                leg.phase = Phase::Over;
            }
        }
    }

    fn call_answered(&mut self, now: Time, leg: &mut LegState, flow: Flow, response: &Response) {
        let tag = response.head.to_tag.clone().unwrap_or_default();
        if let Phase::Calling(calling) = &mut leg.phase {
            if let Some(client) = self.clients.get_mut(&calling.invite) {
                client.forks.push(tag.clone());
            }
            if let Some(early) = calling.early_with(&tag) {
                leg.dialog = early.dialog.clone();
            }
        }
        leg.dialog.establish(response);
        if leg.dialog.pinned {
            leg.dialog.flow = flow;
        }
        leg.phase = Phase::Up;
        leg.session.remote = response.body.clone();
        self.timer_answered(now, &mut leg.session, response);
        self.leg_send_ack(leg, response.head.cseq);
        if leg.told_end {
            // The 2xx crossed our CANCEL (section 9.1): hang up what we no longer want.
            self.leg_bye(now, leg, None);
        } else {
            let body = response.body.clone();
            self.tell(leg, LegEvent::Answered { body });
        }
    }

    /// The ACK to a 2xx: a request of its own, outside any transaction (section 13.2.2.4).
    pub(super) fn leg_send_ack(&mut self, leg: &mut LegState, cseq: u32) {
        let flow = leg.dialog.next_hop();
        let headers = self.new_headers(&flow);
        if let Ok(ack) = leg.dialog.request(headers, Method::Ack, cseq, Bytes::new()) {
            let bytes = ack.to_bytes();
            leg.last_ack = Some((cseq, flow, bytes.clone()));
            self.send(flow, bytes);
        }
    }

    /// Cancels, or remembers to as soon as it is allowed.
    pub(super) fn leg_cancel(&mut self, now: Time, leg: &mut LegState, reason: Option<String>) {
        let until = now + self.config.timers.transaction();
        let Phase::Calling(calling) = &mut leg.phase else {
            return;
        };
        let reason = match &calling.cancel {
            Cancel::Sent { .. } => return,
            Cancel::Wanted { reason } => reason.clone(),
            Cancel::No => reason,
        };
        if !calling.heard {
            calling.cancel = Cancel::Wanted { reason };
            return;
        }
        calling.cancel = Cancel::Sent { until };
        let invite = calling.invite.clone();
        self.send_cancel(now, &invite, reason);
    }
}

fn host_text(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}
