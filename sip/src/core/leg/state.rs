//! What a leg knows.

use bytes::Bytes;

use super::{
    glare::Waiting,
    login::Login,
    outgoing::Calling,
    refer::{self, Refer},
    reliable::Reliable,
    timer::Session,
};
use crate::{
    LegId,
    core::{
        dialog::Dialog,
        flow::Flow,
        reach::Reach,
        time::Time,
        transaction::{ClientKey, ServerKey},
    },
};
use std::time::Duration;

/// One leg.
#[derive(Debug)]
pub(crate) struct LegState {
    pub id: LegId,
    pub dialog: Dialog,
    pub phase: Phase,
    /// A change of the session that is under way.
    pub offer: Offer,
    /// Incoming: when nobody has answered for too long.
    pub answer_by: Option<Time>,
    /// Incoming: provisional answers that the caller acknowledges.
    pub reliable: Option<Reliable>,
    /// What both sides have described, and the timer of it.
    pub session: Session,
    /// A 2xx of ours that waits for its ACK.
    pub unacked: Option<Unacked>,
    /// An offer of our user that waits for its turn.
    pub next_offer: Option<Waiting>,
    /// Transfers that the peer asked for.
    pub refers: Vec<Refer>,
    /// The latest ACK of ours, for copies of the 2xx: CSeq, flow, bytes.
    pub last_ack: Option<(u32, Flow, Bytes)>,
    /// For challenges of the peer.
    pub login: Login,
    /// Which device the peer is, and whether its connection stands.
    pub reach: Reach,
    /// Whether `Ended` has been told. The leg lives on until the peer knows it too.
    pub told_end: bool,
}

/// Where the leg stands.
#[derive(Debug)]
pub(crate) enum Phase {
    /// Outgoing, without final answer.
    Calling(Box<Calling>),
    /// Incoming, without final answer.
    Offered { invite: ServerKey },
    /// Incoming, answered with 2xx, no ACK yet. RFC 3261 section 15: no BYE before it, so a
    /// wish to end waits.
    Answered { bye: Option<Bye> },
    /// Both sides know that the call stands.
    Up,
    /// Our BYE is under way.
    Closing { bye: ClientKey },
    /// Nothing left to do.
    Over,
}

/// A wish to end with BYE.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bye {
    /// Reason header.
    pub reason: Option<String>,
}

/// A re-INVITE or UPDATE.
#[derive(Debug)]
pub(crate) enum Offer {
    None,
    /// Ours waits for its final answer.
    Ours {
        key: ClientKey,
        what: Ours,
    },
    /// The peer's waits for our user.
    Theirs {
        key: ServerKey,
        body: Bytes,
        until: Time,
    },
}

/// What a request of ours is about.
#[derive(Clone, Debug)]
pub(crate) enum Ours {
    /// An offer of our user, and how often it was refused with 491 before.
    Change { body: Bytes, tries: u8 },
    /// Nothing new: the session goes on (RFC 4028).
    Refresh,
}

/// A 2xx that is repeated until the ACK (RFC 3261 section 13.3.1.4).
#[derive(Debug)]
pub(crate) struct Unacked {
    pub cseq: u32,
    pub bytes: Bytes,
    pub flow: Flow,
    pub resend_at: Time,
    pub pause: Duration,
    pub until: Time,
    /// Whether the 2xx carried our offer, so that the ACK brings the answer.
    pub offered: bool,
}

impl LegState {
    pub fn new(id: LegId, dialog: Dialog, phase: Phase) -> Self {
        Self {
            id,
            dialog,
            phase,
            offer: Offer::None,
            answer_by: None,
            reliable: None,
            session: Session::default(),
            unacked: None,
            next_offer: None,
            refers: Vec::new(),
            last_ack: None,
            login: Login::default(),
            reach: Reach::default(),
            told_end: false,
        }
    }

    /// Whether its end has been told or is under way.
    pub fn is_ending(&self) -> bool {
        self.told_end || matches!(self.phase, Phase::Closing { .. } | Phase::Over)
    }

    /// Its key in the table of dialogs.
    pub fn key(&self) -> (String, String) {
        (self.dialog.call_id.clone(), self.dialog.local_tag.clone())
    }

    /// When the leg wants to be looked at.
    pub fn deadline(&self) -> Option<Time> {
        let phase = match &self.phase {
            Phase::Calling(calling) => Some(calling.deadline()),
            Phase::Offered { .. } => self.answer_by,
            _ => None,
        };
        let offer = match &self.offer {
            Offer::Theirs { until, .. } => Some(*until),
            Offer::None | Offer::Ours { .. } => None,
        };
        let unacked = self.unacked.as_ref().map(|u| u.resend_at.min(u.until));
        let waiting = self.next_offer.as_ref().filter(|_| self.may_offer()).map(|w| w.not_before);
        let timer = self.session.deadline(self.may_refresh());
        let reliable = self.reliable.as_ref().and_then(Reliable::deadline);
        let refer = refer::deadline(&self.refers);
        [phase, offer, unacked, waiting, timer, reliable, refer].into_iter().flatten().min()
    }
}
