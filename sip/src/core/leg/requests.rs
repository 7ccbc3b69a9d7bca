//! Requests and answers inside a dialog.

use bytes::Bytes;

use super::{
    end::reason_of,
    state::{LegState, Offer, Phase},
};
use crate::{
    EndedBy, LegEvent,
    core::{
        Core, Owner,
        flow::Flow,
        tick::Failure,
        time::Time,
        transaction::{ClientKey, ServerKey},
    },
    wire::{ALLOW, Method, Request, Response, clean},
};

/// Longest body of an INFO of ours: a key press, or a small document; a UDP datagram that is not
/// cut to pieces holds less.
const INFO_MAX_BYTES: usize = 4096;

impl Core {
    /// A request with our tag in To.
    pub(in crate::core) fn leg_request(
        &mut self,
        now: Time,
        leg: &mut LegState,
        key: &ServerKey,
        flow: Flow,
        request: &Request,
    ) {
        // Another tag than the peer's: another dialog, which we do not have.
        let Some(dialog) = leg.dialog_with(&request.head.from_tag) else {
            self.refuse(now, key, 481, &[]);
            return;
        };
        // Section 12.2.2: an older CSeq came out of order.
        if dialog.remote_seq.is_some_and(|seq| request.head.cseq <= seq) {
            self.refuse(now, key, 500, &[]);
            return;
        }
        dialog.remote_seq = Some(request.head.cseq);
        if dialog.pinned {
            dialog.flow = flow;
            self.leg_heard(now, leg, flow);
        }
        match request.method {
            // Section 15: a callee that has not answered yet refuses, it does not hang up.
            Method::Bye if matches!(leg.phase, Phase::Calling(_)) => self.refuse(now, key, 481, &[]),
            Method::Bye => {
                self.refuse(now, key, 200, &[]);
                let reason = reason_of(&request.headers, "");
                self.leg_hung_up(now, leg, reason);
            }
            Method::Invite | Method::Update => self.leg_offered(now, leg, key, request),
            Method::Prack => self.leg_pracked(now, leg, key, request),
            Method::Refer => self.leg_referred(now, leg, key, request),
            Method::Info => {
                self.refuse(now, key, 200, &[]);
                let content_type = request.headers.get("Content-Type").unwrap_or_default().to_owned();
                let body = request.body.clone();
                self.tell(leg, LegEvent::Info { content_type, body });
            }
            Method::Options => {
                let extra = [("Allow", ALLOW), ("Accept", "application/sdp")];
                self.refuse(now, key, 200, &extra);
            }
            _ => self.refuse(now, key, 405, &[("Allow", ALLOW)]),
        }
    }

    /// INFO of our user. Its answer changes nothing.
    pub(super) fn leg_info(&mut self, now: Time, leg: &mut LegState, content_type: &str, body: Bytes) {
        if !matches!(leg.phase, Phase::Up) || body.len() > INFO_MAX_BYTES {
            return;
        }
        leg.dialog.local_seq = leg.dialog.local_seq.saturating_add(1);
        let flow = leg.dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        headers.push("Content-Type", clean(content_type));
        if let Ok(info) = leg.dialog.request(headers, Method::Info, leg.dialog.local_seq, body) {
            self.send_request(now, info, flow, Owner::Leg(leg.id));
        }
    }

    /// A response to a request of this leg.
    pub(in crate::core) fn leg_response(
        &mut self,
        now: Time,
        leg: &mut LegState,
        key: &ClientKey,
        flow: Flow,
        response: &Response,
    ) {
        match &leg.phase {
            Phase::Calling(calling) if calling.invite == *key => {
                self.calling_response(now, leg, flow, response);
                return;
            }
            Phase::Closing { bye } if bye == key => {
                // Section 15.1.1: whatever the answer is, the call is over; but a peer that
                // wants to know who asks would keep it up.
                if response.is_final() {
                    leg.phase = match self.ask_again(now, leg, key, response) {
                        Some(bye) => Phase::Closing { bye },
                        None => Phase::Over,
                    };
                }
                return;
            }
            _ => {}
        }
        match &leg.offer {
            Offer::Ours { key: ours, .. } if ours == key => {
                self.reoffer_response(now, leg, key, response);
            }
            _ if response.head.cseq_method == Method::Invite && (200..300).contains(&response.code) => {
                self.late_2xx(now, leg, key, response);
            }
            _ if matches!(response.code, 401 | 407) => self.prove_once(now, leg, key, response),
            _ => {}
        }
    }

    /// A copy of a 2xx, or the 2xx of another branch of a forked INVITE.
    fn late_2xx(&mut self, now: Time, leg: &mut LegState, key: &ClientKey, response: &Response) {
        let tag = response.head.to_tag.clone().unwrap_or_default();
        if leg.dialog.remote_tag.as_deref() == Some(tag.as_str()) {
            // Section 13.2.2.4: the ACK is repeated with every copy.
            match &leg.last_ack {
                Some((cseq, flow, bytes)) if *cseq == response.head.cseq => {
                    self.send(*flow, bytes.clone());
                }
                _ => self.leg_send_ack(leg, response.head.cseq),
            }
            return;
        }
        let dialog = leg.dialog.clone();
        self.hang_up_fork(now, key, dialog, response);
    }

    /// A request of this leg got no answer.
    pub(in crate::core) fn leg_failed(
        &mut self,
        now: Time,
        leg: &mut LegState,
        key: &ClientKey,
        failure: Failure,
    ) {
        let (by, code) = match failure {
            Failure::Timeout => (EndedBy::Timeout, 408),
            Failure::Transport => (EndedBy::Transport, 503),
        };
        match &leg.phase {
            Phase::Calling(calling) if calling.invite == *key => {
                self.tell_end(leg, by, code, "no answer to INVITE".to_owned());
                leg.phase = Phase::Over;
            }
            Phase::Closing { bye } if bye == key => leg.phase = Phase::Over,
            _ => {
                if matches!(&leg.offer, Offer::Ours { key: ours, .. } if ours == key) {
                    // Section 12.2.1.2: no answer inside a dialog ends it.
                    leg.offer = Offer::None;
                    self.leg_lost(now, leg, by, code, "no answer to re-INVITE");
                }
            }
        }
    }
}
