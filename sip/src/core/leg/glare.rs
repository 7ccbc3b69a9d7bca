//! Offers of our user that wait: for the one under way, and after a glare (RFC 3261 section 14.1).

use std::time::Duration;

use bytes::Bytes;

use super::state::{LegState, Offer, Phase};
use crate::{
    LegEvent,
    core::{Core, time::Time},
};

/// How often an offer is tried again after 491. Both sides draw their pause anew each time, from
/// ranges that do not overlap: a peer that answers 491 so often does not mean glare.
const GLARE_RETRIES_MAX: u8 = 4;

/// An offer of our user that is to be sent as soon as the session allows it.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub body: Bytes,
    /// How often it was refused with 491.
    pub tries: u8,
    pub not_before: Time,
}

impl LegState {
    /// Whether an INVITE or UPDATE of ours may begin.
    pub(super) fn may_offer(&self) -> bool {
        let stands = match self.phase {
            Phase::Up => true,
            // RFC 3311 section 5.1: an UPDATE may come before the final answer.
            Phase::Offered { .. } => self.early_session() && self.session.peer_updates,
            _ => false,
        };
        stands && matches!(self.offer, Offer::None) && self.unacked.is_none()
    }
}

impl Core {
    /// A new offer of our user. It replaces one that waits.
    pub(super) fn leg_reoffer(&mut self, now: Time, leg: &mut LegState, body: Bytes) {
        let early =
            matches!(leg.phase, Phase::Offered { .. }) && leg.early_session() && leg.session.peer_updates;
        if !early && !matches!(leg.phase, Phase::Up | Phase::Answered { bye: None }) {
            self.tell(leg, LegEvent::ReofferRefused { code: 491 });
            return;
        }
        // After a glare the pause is the peer's turn, whatever we have to say by now.
        let not_before = leg.next_offer.as_ref().map_or(now, |waiting| waiting.not_before);
        leg.next_offer = Some(Waiting { body, tries: 0, not_before });
    }

    /// Sends the offer that waits, once it may (section 14.1: not while another INVITE is in
    /// progress, either way).
    pub(super) fn leg_next_offer(&mut self, now: Time, leg: &mut LegState) {
        if !leg.may_offer() {
            return;
        }
        if let Some(waiting) = leg.next_offer.take_if(|waiting| waiting.not_before <= now) {
            self.send_offer(now, leg, waiting.body, waiting.tries);
        }
    }

    /// Our offer met one of the peer: false when it was tried often enough.
    pub(super) fn offer_collided(&mut self, now: Time, leg: &mut LegState, body: &Bytes, tries: u8) -> bool {
        if tries >= GLARE_RETRIES_MAX {
            return false;
        }
        // Section 14.1: who made the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in steps of
        // 10 ms.
        let pause_ms =
            if leg.dialog.ours { 2100 + 10 * self.dice.below(191) } else { 10 * self.dice.below(201) };
        let not_before = now + Duration::from_millis(pause_ms);
        let (body, tries) = match leg.next_offer.take() {
            Some(newer) => (newer.body, newer.tries),
            None => (body.clone(), tries + 1),
        };
        leg.next_offer = Some(Waiting { body, tries, not_before });
        true
    }
}
