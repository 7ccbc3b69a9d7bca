//! Offers of our user that wait: for the one under way, and after a glare (RFC 3261 section 14.1).

use std::time::Duration;

use bytes::Bytes;

use super::state::{LegState, Offer, Phase};
use crate::{
    LegEvent,
    core::{Core, time::Time},
    wire::Response,
};

/// How often an offer is tried again. After 491 both sides draw their pause anew each time, from
/// ranges that do not overlap: a peer that refuses so often means it.
const RETRIES_MAX: u8 = 4;

/// Longest pause of a 500 that means "not now" (section 14.2), seconds.
const RETRY_AFTER_MAX_S: u64 = 10;

/// An offer of our user that is to be sent as soon as the session allows it.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub body: Bytes,
    /// How often it was refused for now.
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

    /// Our offer was refused for now: false when the refusal stands.
    pub(super) fn offer_again(
        &mut self,
        now: Time,
        leg: &mut LegState,
        (body, tries): (&Bytes, u8),
        response: &Response,
    ) -> bool {
        if tries >= RETRIES_MAX {
            return false;
        }
        let pause = match response.code {
            // Section 14.1: who made the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in steps of
            // 10 ms.
            491 if leg.dialog.ours => Duration::from_millis(2100 + 10 * self.dice.below(191)),
            491 => Duration::from_millis(10 * self.dice.below(201)),
            // Section 14.2: the peer has not seen our ACK, or its user has not answered yet.
            500 => match retry_after(response) {
                Some(pause) => pause,
                None => return false,
            },
            _ => return false,
        };
        let (body, tries) = match leg.next_offer.take() {
            Some(newer) => (newer.body, newer.tries),
            None => (body.clone(), tries + 1),
        };
        leg.next_offer = Some(Waiting { body, tries, not_before: now + pause });
        true
    }
}

/// A pause of the range of section 14.2; who asks for more refuses.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers.get("Retry-After")?.split([';', '(']).next()?.trim().parse().ok()?;
    (seconds <= RETRY_AFTER_MAX_S).then(|| Duration::from_secs(seconds))
}
