//! CANCEL, both ways (RFC 3261 section 9).

use bytes::Bytes;

use super::{
    end::reason_of,
    state::{LegState, Offer, Phase},
};
use crate::{
    EndedBy,
    core::{
        Core, Owner,
        time::Time,
        transaction::{ClientKey, ServerKey},
    },
    wire::{Headers, Method, Request},
};

impl Core {
    /// Section 9.1: the CANCEL copies what names the INVITE.
    pub(super) fn send_cancel(&mut self, now: Time, invite: &ClientKey, reason: Option<String>) {
        let Some(client) = self.clients.get(invite) else {
            return;
        };
        let flow = client.transaction.flow;
        let request = &client.transaction.request;
        let mut headers = Headers::default();
        for name in ["Via", "Max-Forwards", "Route", "From", "To", "Call-ID"] {
            for value in request.headers.all(name) {
                headers.push(name, value);
            }
        }
        headers.push("CSeq", format!("{} CANCEL", request.head.cseq));
        if let Some(reason) = reason {
            headers.push("Reason", reason);
        }
        let uri = request.uri.clone();
        if let Ok(cancel) = Request::build(Method::Cancel, uri, headers, Bytes::new()) {
            self.send_request(now, cancel, flow, Owner::Nobody);
        }
    }

    /// The peer cancelled an INVITE of this leg that has no final answer (section 9.2); the
    /// CANCEL itself has been answered.
    pub(in crate::core) fn leg_cancelled(
        &mut self,
        now: Time,
        leg: &mut LegState,
        invite: &ServerKey,
        cancel: &Request,
    ) {
        match &leg.phase {
            Phase::Offered { invite: first } if first == invite => {
                let tag = leg.dialog.local_tag.clone();
                if let Some(request) = self.request_of(invite) {
                    self.respond(now, invite, request.answer(487, &tag));
                }
                let reason = reason_of(&cancel.headers, "cancelled");
                self.tell_end(leg, EndedBy::Remote, 487, reason);
                leg.phase = Phase::Over;
            }
            // A re-INVITE: only the offer is taken back.
            _ => {
                self.refuse(now, invite, 487, &[]);
                if matches!(&leg.offer, Offer::Theirs { key, .. } if key == invite) {
                    leg.offer = Offer::None;
                }
            }
        }
    }
}
