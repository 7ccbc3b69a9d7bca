//! What the call hears next, from whichever side it comes.

use media::sdp;
use sip::LegEvent;
use tracing::{info, warn};

use super::{CallTask, LegSlot};
use crate::calls::floor::CallMessage;
use crate::calls::flow::{Event, Phase, Side};

enum Heard {
    Said(CallMessage),
    Leg(Side, Option<LegEvent>),
    Media(Option<media::Event>),
    TooLong,
}

impl CallTask {
    /// Waits for the next thing that the flow has to know; what it need not know is dealt with here.
    pub(super) async fn listen(&mut self) -> Option<Event> {
        let heard = tokio::select! {
            biased;
            Some(message) = self.mailbox.recv() => Heard::Said(message),
            event = next_of(&mut self.customer) => Heard::Leg(Side::Customer, event),
            event = next_of(&mut self.party) => Heard::Leg(Side::Party, event),
            event = self.media_events.recv() => Heard::Media(event),
            () = tokio::time::sleep_until(self.ends_at) => Heard::TooLong,
        };
        match heard {
            Heard::Said(message) => Some(said(message)),
            Heard::Leg(side, event) => self.leg_said(side, event).await,
            Heard::Media(event) => self.media_said(event),
            Heard::TooLong => {
                warn!("call is as long as a call may be: ended");
                Some(Event::Shutdown)
            }
        }
    }

    async fn leg_said(&mut self, side: Side, event: Option<LegEvent>) -> Option<Event> {
        match event {
            Some(LegEvent::Ringing { .. }) => {
                self.leg_rings(side).await;
                Some(Event::Ringing(side))
            }
            Some(LegEvent::Answered { body }) => self.leg_answered(side, &body).await,
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
            Some(LegEvent::Ended(ended)) => Some(self.leg_gone(side, &ended).await),
            None => Some(self.leg_lost(side).await),
            Some(LegEvent::Confirmed) => {
                self.leg_confirmed(side);
                None
            }
            Some(LegEvent::Info { .. }) => None,
            Some(LegEvent::Refer { id, .. }) => {
                let phone = self.slot(side)?.signalling.commands();
                if phone.refuse_refer(id, 603).is_err() {
                    info!(?side, "the leg ended before its transfer was refused");
                }
                None
            }
        }
    }

    /// The far end took the call: its SDP says where its sound goes.
    async fn leg_answered(&mut self, side: Side, body: &[u8]) -> Option<Event> {
        let now = self.shared.clock.now_utc();
        let session = self.session.clone();
        let slot = self.slot(side)?;
        let remote = match sdp::parse(body).and_then(|answer| sdp::accept(&answer)) {
            Ok(remote) => remote,
            Err(failure) => {
                warn!(?side, %failure, "answer without usable media");
                self.hang_up_leg(side, "media not supported").await;
                return Some(Event::LegEnded { side, code: 488 });
            }
        };
        slot.remote = Some(remote);
        slot.answered = true;
        session.connect(slot.media, remote);
        let row = slot.row;
        self.journal.leg_answered(row, now);
        Some(Event::Answered(side))
    }

    /// The ACK for our answer came: only now has the far end of a leg that came in been answered.
    fn leg_confirmed(&mut self, side: Side) {
        let now = self.shared.clock.now_utc();
        if let Some(row) = self.slot(side).map(|slot| slot.row) {
            self.journal.leg_answered(row, now);
        }
    }

    fn media_said(&mut self, event: Option<media::Event>) -> Option<Event> {
        match event? {
            media::Event::PlayFinished { play, .. } => {
                let (waited_for, sound) = self.playing?;
                if play != waited_for {
                    return None;
                }
                self.playing = None;
                Some(Event::SoundOver(sound))
            }
            media::Event::Inactive { leg, silent_ms } => {
                let side = self.side_of(leg)?;
                if self.is_held() {
                    return None;
                }
                info!(?side, silent_ms, "no sound any more");
                // A phone that has not been connected yet has nothing to say.
                let matters = side == Side::Customer || self.flow.phase() == Phase::Talking;
                matters.then_some(Event::MediaDead(side))
            }
            media::Event::RecordingClosed { duration_ms, bytes, error, .. } => {
                self.recording_closed(duration_ms, bytes, error);
                None
            }
            media::Event::LegClosed { leg, stats } => {
                tracing::debug!(?leg, ?stats, "leg media closed");
                None
            }
            _ => None,
        }
    }

    fn side_of(&self, leg: media::LegId) -> Option<Side> {
        let is = |slot: &Option<LegSlot>| slot.as_ref().is_some_and(|slot| slot.media == leg);
        if is(&self.customer) {
            Some(Side::Customer)
        } else if is(&self.party) {
            Some(Side::Party)
        } else {
            None
        }
    }
}

/// The next event of a leg; a side without one stays silent for ever.
async fn next_of(slot: &mut Option<LegSlot>) -> Option<LegEvent> {
    match slot {
        Some(slot) => slot.signalling.event().await,
        None => std::future::pending().await,
    }
}

fn said(message: CallMessage) -> Event {
    match message {
        CallMessage::Offered { offer, agent } => Event::Offered { offer, agent },
        CallMessage::Withdrawn { offer } => Event::Withdrawn { offer },
        CallMessage::Accepted { offer } => Event::Accepted { offer },
        CallMessage::Stale { offer } => Event::Stale { offer },
        CallMessage::Overflowed => Event::Overflowed,
        CallMessage::DiallingExpired => Event::DiallingExpired,
        CallMessage::HangUp => Event::HangUpAsked,
        CallMessage::Reject => Event::RejectAsked,
        CallMessage::Shutdown => Event::Shutdown,
    }
}
