//! Callees of one INVITE that answer after the first (RFC 3261 section 13.2.2.4): nobody speaks
//! with them, so each gets its ACK, and then a BYE.

use bytes::Bytes;

use crate::{
    core::{Core, Owner, dialog::Dialog, time::Time, transaction::ClientKey},
    wire::{Method, Response},
};

/// Callees that are hung up on one INVITE. A proxy that forks further is broken, and its callees
/// end by themselves, without an ACK.
const FORKS_MAX: usize = 16;

impl Core {
    /// A 2xx of another callee than the one whom the call belongs to. `dialog` is any of this
    /// INVITE.
    pub(super) fn hang_up_fork(
        &mut self,
        now: Time,
        key: &ClientKey,
        mut dialog: Dialog,
        response: &Response,
    ) {
        let tag = response.head.to_tag.clone().unwrap_or_default();
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        let known = client.forks.contains(&tag);
        if !known {
            if client.forks.len() >= FORKS_MAX {
                return;
            }
            client.forks.push(tag);
        }
        dialog.establish(response);
        let flow = dialog.next_hop();
        let headers = self.new_headers(&flow);
        if let Ok(ack) = dialog.request(headers, Method::Ack, response.head.cseq, Bytes::new()) {
            self.send(flow, ack.to_bytes());
        }
        if known {
            return;
        }
        let headers = self.new_headers(&flow);
        let cseq = dialog.local_seq.saturating_add(1);
        if let Ok(bye) = dialog.request(headers, Method::Bye, cseq, Bytes::new()) {
            self.send_request(now, bye, flow, Owner::Nobody);
        }
    }

    /// An answer to a request of a leg that is over: the transaction of its INVITE lives on for
    /// 64*T1 (RFC 6026 section 7.2), as other callees may answer.
    pub(in crate::core) fn answer_without_leg(&mut self, now: Time, key: &ClientKey, response: &Response) {
        if response.head.cseq_method != Method::Invite || !(200..300).contains(&response.code) {
            return;
        }
        let Some(client) = self.clients.get(key) else {
            return;
        };
        let (request, flow) = (&client.transaction.request, client.transaction.flow);
        // A re-INVITE belongs to one callee, who knows how the call ended.
        if request.head.to_tag.is_none()
            && let Some(dialog) = Dialog::of_request(request, flow)
        {
            self.hang_up_fork(now, key, dialog, response);
        }
    }
}
