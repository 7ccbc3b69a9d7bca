//! What the call hears next, from whichever side it comes.

use std::collections::BTreeMap;

use callcenter::AgentId;
use media::sdp;
use sip::LegEvent;
use tracing::{info, warn};

use tokio::time::Instant;

use super::CallTask;
use super::legs::Place;
use crate::calls::floor::CallMessage;
use crate::calls::flow::{Event, Phase, Side, Wait};

/// RFC 3326 section 3.1: a phone told so shows no missed call.
pub(super) const COMPLETED_ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";

enum Heard {
    Said(CallMessage),
    Leg(Place, Option<LegEvent>),
    Media(Option<media::Event>),
    WaitOver(Wait),
    TooLong,
}

impl CallTask {
    /// Waits for the next thing that the flow has to know; what it need not know is dealt with here.
    pub(super) async fn listen(&mut self) -> Option<Event> {
        let heard = tokio::select! {
            biased;
            Some(message) = self.mailbox.recv() => Heard::Said(message),
            (place, event) = self.legs.next() => Heard::Leg(place, event),
            event = self.media_events.recv() => Heard::Media(event),
            wait = first_over(&self.waits) => Heard::WaitOver(wait),
            () = tokio::time::sleep_until(self.ends_at) => Heard::TooLong,
        };
        match heard {
            Heard::Said(message) => self.said(message).await,
            Heard::Leg(place, event) => self.leg_said(place, event).await,
            Heard::WaitOver(wait) => {
                self.waits.remove(&wait);
                if wait == Wait::Key {
                    return self.key_late().await;
                }
                Some(Event::WaitOver(wait))
            }
            Heard::Media(event) => self.media_said(event).await,
            Heard::TooLong => {
                warn!("call is as long as a call may be: ended");
                Some(Event::Shutdown)
            }
        }
    }

    async fn leg_said(&mut self, place: Place, event: Option<LegEvent>) -> Option<Event> {
        let side = place.side();
        match event {
            Some(LegEvent::Ringing { body, .. }) => {
                self.leg_rings(place).await;
                let speaks = body.is_some_and(|body| self.described_early(place, &body));
                Some(if speaks { Event::EarlyMedia(side) } else { Event::Ringing(side) })
            }
            Some(LegEvent::Answered { body }) => self.leg_answered(place, &body).await,
            Some(LegEvent::Reoffer { body }) => {
                self.take_reoffer(side, body).await;
                None
            }
            Some(LegEvent::ReofferAnswered { body }) => {
                self.reoffer_answered(side, &body);
                None
            }
            Some(LegEvent::ReofferRefused { code }) => {
                info!(?side, code, "media change refused by the other side");
                None
            }
            Some(LegEvent::Ended(ended)) => self.leg_gone(place, &ended).await,
            None => self.leg_lost(place),
            Some(LegEvent::Confirmed) => {
                self.leg_confirmed(side);
                None
            }
            Some(LegEvent::Info { .. }) => None,
            // A page reloads or its network is away.
            Some(LegEvent::FlowLost) => Some(Event::PhoneLost(side)),
            Some(LegEvent::FlowBack { resumed }) => Some(Event::PhoneBack { side, resumed }),
            Some(LegEvent::Refer { id, refer_to, .. }) => self.referred(place, id, refer_to).await,
        }
    }

    /// The far end took the call: its SDP says where its sound goes. The other phones that rang for
    /// the same seat stop.
    async fn leg_answered(&mut self, place: Place, body: &[u8]) -> Option<Event> {
        let now = self.shared.clock.now_utc();
        let side = place.side();
        let mut slot = self.legs.take(place)?;
        let answered = match slot.remote {
            // RFC 3262 section 5: the description came before, and came for certain.
            Some(early) if body.is_empty() => Ok(early),
            _ => sdp::parse(body).and_then(|answer| slot.sdp.accept(&answer)),
        };
        let remote = match answered {
            Ok(remote) => remote,
            Err(failure) => {
                warn!(?side, %failure, "answer without usable media");
                self.end_leg(slot, "media not supported");
                let others_ring = self.legs.rings_for(side);
                return (!others_ring).then_some(Event::LegEnded { side, code: 488 });
            }
        };
        let taker = slot.user.filter(|_| std::mem::take(&mut slot.picks_up)).map(AgentId);
        if let Some(by) = taker
            && !self.takes(side, by).await
        {
            self.end_leg(slot, COMPLETED_ELSEWHERE);
            return None;
        }
        slot.remote = Some(remote);
        slot.answered = true;
        self.session.connect(slot.media, remote);
        self.journal.leg_answered(slot.row, now);
        for loser in self.legs.take_forks(side) {
            self.end_leg(loser, COMPLETED_ELSEWHERE);
        }
        self.legs.sit(side, slot);
        Some(match taker {
            Some(by) => Event::PickedUp { side, by },
            None => Event::Answered(side),
        })
    }

    /// The ACK for our answer came: only now has the far end of a leg that came in been answered.
    fn leg_confirmed(&mut self, side: Side) {
        let now = self.shared.clock.now_utc();
        if let Some(row) = self.slot(side).map(|slot| slot.row) {
            self.journal.leg_answered(row, now);
        }
    }

    async fn media_said(&mut self, event: Option<media::Event>) -> Option<Event> {
        match event? {
            media::Event::PlayFinished { play, .. } if self.notice_is(play) => self.notice_said().await,
            media::Event::Digit { leg, digit, .. } => self.key_pressed(leg, digit).await,
            media::Event::PlayFinished { play, .. } => {
                let (waited_for, sound) = self.playing?;
                if play != waited_for {
                    return None;
                }
                self.playing = None;
                self.sound_over(sound).await
            }
            media::Event::Inactive { leg, silent_ms } => {
                let side = self.side_of(leg)?;
                if self.is_held() {
                    return None;
                }
                info!(?side, silent_ms, "no sound any more");
                // A phone that has not been connected yet has nothing to say.
                let phase = self.flow.phase();
                let matters = side == Side::Customer || matches!(phase, Phase::Talking | Phase::Held);
                matters.then_some(Event::MediaDead(side))
            }
            closed @ media::Event::RecordingClosed { .. } => {
                self.recording_closed(closed).await;
                None
            }
            media::Event::LegClosed { leg, stats } => {
                tracing::debug!(?leg, ?stats, "leg media closed");
                self.heard_to_the_end(leg, &stats);
                None
            }
            media::Event::RecordingMarked { mark, offset_ms } => {
                self.recording_marked(mark, offset_ms).await;
                None
            }
            media::Event::Quality { leg, stats } => {
                self.heard_so_far(leg, &stats).await;
                None
            }
            _ => None,
        }
    }

    pub(super) fn side_of(&self, leg: media::LegId) -> Option<Side> {
        self.legs.place_of(leg).map(Place::side)
    }
}

/// The first whose time is over; while there is none, never.
async fn first_over(waits: &BTreeMap<Wait, Instant>) -> Wait {
    let first = waits.iter().min_by_key(|(_, until)| **until);
    let Some((wait, until)) = first else { return std::future::pending().await };
    tokio::time::sleep_until(*until).await;
    *wait
}
