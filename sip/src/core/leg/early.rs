//! Early dialogs of one INVITE of ours (RFC 3261 section 12.1.2): each callee that a proxy rings
//! has its own. Their reliable answers are acknowledged here (RFC 3262).

use bytes::Bytes;

use super::state::{LegState, Phase};
use crate::{
    core::{Core, Owner, dialog::Dialog, time::Time},
    wire::{Method, Response, lists},
};

/// Early dialogs of one call: more phones than anybody has. Answers of further branches are told,
/// but not acknowledged.
const EARLY_DIALOGS_MAX: usize = 8;

/// One branch of a forked INVITE that has answered provisionally.
#[derive(Debug)]
pub(crate) struct Early {
    pub dialog: Dialog,
    /// RSeq of the latest reliable answer.
    rseq: Option<u32>,
    /// Whether it has answered our offer reliably, so that either side may offer again.
    pub described: bool,
}

impl LegState {
    /// The dialog with the peer of this tag, early ones included.
    pub(in crate::core) fn dialog_with(&mut self, tag: &str) -> Option<&mut Dialog> {
        if self.dialog.remote_tag.as_deref() == Some(tag) {
            return Some(&mut self.dialog);
        }
        match &mut self.phase {
            Phase::Calling(calling) => calling.early_with(tag).map(|early| &mut early.dialog),
            _ => None,
        }
    }

    /// The tag of the peer that was heard last.
    pub(in crate::core) fn newest_remote_tag(&self) -> Option<&str> {
        let early = match &self.phase {
            Phase::Calling(calling) => {
                calling.early.last().and_then(|early| early.dialog.remote_tag.as_deref())
            }
            _ => None,
        };
        early.or(self.dialog.remote_tag.as_deref())
    }
}

impl Core {
    /// A provisional answer above 100. False when it is a copy, or came out of order.
    pub(super) fn early_answer(&mut self, now: Time, leg: &mut LegState, response: &Response) -> bool {
        let Phase::Calling(calling) = &mut leg.phase else {
            return false;
        };
        let Some(tag) = response.head.to_tag.as_deref() else {
            return true;
        };
        if calling.early_with(tag).is_none() && calling.early.len() < EARLY_DIALOGS_MAX {
            let mut dialog = leg.dialog.clone();
            dialog.establish(response);
            calling.early.push(Early { dialog, rseq: None, described: false });
        }
        leg.session.hear(&response.headers);
        let Some(early) = calling.early_with(tag) else {
            return true;
        };
        if !lists(&response.headers, "Require", "100rel") {
            return true;
        }
        let rseq = response.headers.get("RSeq").and_then(|rseq| rseq.trim().parse::<u32>().ok());
        // RFC 3262 section 4: in order, and each once.
        let Some(rseq) = rseq.filter(|rseq| early.rseq.is_none_or(|last| last.checked_add(1) == Some(*rseq)))
        else {
            return false;
        };
        early.rseq = Some(rseq);
        early.described |= !response.body.is_empty();
        early.dialog.local_seq = early.dialog.local_seq.saturating_add(1);
        let dialog = early.dialog.clone();
        let flow = dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        headers.push("RAck", format!("{rseq} {} INVITE", response.head.cseq));
        if let Ok(prack) = dialog.request(headers, Method::Prack, dialog.local_seq, Bytes::new()) {
            // Without an answer the callee gives up; the INVITE says so.
            self.send_request(now, prack, flow, Owner::Leg(leg.id));
        }
        true
    }
}
