//! Carrying out what the flow asks for.

use std::time::Duration;

use bytes::Bytes;
use callcenter::CallId;
use callcenter::{Input, OfferFailure, QueueId};
use media::{Direction, Repeat, sdp};
use tokio::time::Instant;
use tracing::{info, warn};

use super::legs::Place;
use super::notice::KEY_WAIT;
use super::{CallTask, LegSlot};
use crate::calls::flow::{Action, Miss, Side, Sound, Wait};
use crate::calls::journal::LegEnd;
use crate::calls::sounds::QueueSounds;

/// How long the customer hears music while an agent's page is loaded anew.
const REJOIN_LIMIT: Duration = Duration::from_secs(30);
/// Between two tries to ring a page that was loaded anew: as often as its phone tries to register.
const RING_BACK_PAUSE: Duration = Duration::from_secs(1);

/// RFC 3261 section 21.4.26: who is refused for the sound's sake is told why.
const NOT_AS_SET: &str = "Encryption of sound is not as set for this phone";

impl CallTask {
    pub(super) async fn act(&mut self, action: Action) {
        match action {
            Action::Answer(side) => self.answer(side).await,
            Action::LetRing(side) => self.let_ring(side),
            Action::Progress(side) => self.progress(side),
            Action::HearEarly(side) => self.hear_early(side),
            Action::Reject { side, code } => self.reject(side, code),
            Action::Play { to, sound, forever } => self.play(to, sound, forever),
            Action::StopPlaying(side) => self.stop_playing(side),
            Action::JoinQueue(other) => self.join_queue(other).await,
            Action::LeaveFloor => {
                let call = CallId(self.facts.id);
                self.shared.floor.feed(Input::CallGone { call }).await;
            }
            Action::Ring { side, callee } => self.ring(side, callee).await,
            Action::AcceptOffer { agent, offer } => {
                let call = CallId(self.facts.id);
                self.shared.floor.accept(call, agent, offer).await;
            }
            Action::FailOffer { agent, offer, why } => {
                let why = failure(why);
                self.shared.floor.feed(Input::OfferFailed { agent, offer, why }).await;
            }
            Action::Drop(side) => {
                self.hang_up_leg(side, "");
                self.free_customer_of_hold(side);
            }
            Action::Connect { agent } => self.connect(agent).await,
            Action::Mix(sides) => self.mix(&sides),
            Action::Sit(side) => self.sit_brought(side).await,
            Action::Seat(from) => {
                for slot in self.legs.reseat(from, Side::Party) {
                    self.end_leg(slot, "");
                }
                self.free_customer_of_hold(Side::Party);
            }
            Action::Wait(what) => {
                self.waits.insert(what, Instant::now() + self.patience(what));
            }
            Action::OutboundAnswered { agent } => {
                let call = CallId(self.facts.id);
                self.shared.floor.feed(Input::OutboundAnswered { agent, call }).await;
            }
            Action::AgentDone { agent } => {
                let call = CallId(self.facts.id);
                self.shared.floor.feed(Input::CallFinished { agent, call }).await;
            }
            Action::Finish(end) => self.ended = Some(end),
        }
    }

    async fn join_queue(&mut self, other: Option<QueueId>) {
        if let Some(QueueId(queue)) = other {
            self.facts.queue = Some(queue);
            self.facts.sounds = QueueSounds::of(&self.shared.db, queue).await;
            self.live.queue_id = Some(queue);
        }
        let Some(queue) = self.facts.queue else {
            warn!("a call without a queue cannot join one");
            return;
        };
        let now = self.shared.clock.now_utc();
        self.live.queued_at = Some(now);
        self.journal.queued(queue, now);
        // Shown as waiting before an agent is shown as ringing for it.
        self.show_phase().await;
        let call = CallId(self.facts.id);
        self.shared.floor.join_queue(call, QueueId(queue)).await;
    }

    fn play(&mut self, to: Side, sound: Sound, forever: bool) {
        if to == Side::Customer {
            self.interrupt_notice();
        }
        let prompt = self.shared.sounds.get(sound, &self.facts.sounds, self.facts.language);
        let repeat = if forever { Repeat::Forever } else { Repeat::Once };
        let Some(slot) = self.slot(to) else { return };
        let leg = slot.media;
        let play = self.session.play(leg, prompt, repeat);
        self.playing = (!forever).then_some((play, sound));
    }

    fn stop_playing(&mut self, side: Side) {
        if side == Side::Customer {
            self.interrupt_notice();
        }
        if let Some(leg) = self.slot(side).map(|slot| slot.media) {
            self.session.stop_playing(leg);
        }
        self.playing = None;
    }

    /// Both sides hear one another from here on, and every word is kept.
    async fn connect(&mut self, agent: Option<callcenter::AgentId>) {
        self.mix(&[Side::Customer, Side::Party]);
        let now = self.shared.clock.now_utc();
        self.live.answered_at.get_or_insert(now);
        self.live.agent_id = agent.map(|agent| agent.0);
        self.journal.answered(self.live.agent_id, now);
        self.record_as_the_house_wants().await;
        info!("connected");
    }

    /// These hear one another, and nobody else hears them.
    fn mix(&mut self, sides: &[Side]) {
        let legs: Vec<media::LegId> =
            sides.iter().filter_map(|side| self.legs.get(*side)).map(|slot| slot.media).collect();
        self.session.conference(&legs);
    }

    pub(super) fn patience(&self, what: Wait) -> Duration {
        match what {
            Wait::Parked => Duration::from_secs(self.shared.config.calls.park_limit_s),
            Wait::Rejoin(_) => REJOIN_LIMIT,
            Wait::Again(_) => RING_BACK_PAUSE,
            Wait::Key => KEY_WAIT,
        }
    }

    fn reject(&mut self, side: Side, code: u16) {
        let now = self.shared.clock.now_utc();
        let Some(slot) = self.legs.take(Place::Seat(side)) else {
            return;
        };
        // A provisional or success code cannot refuse; what ended without one is unavailable.
        let code = if (400..700).contains(&code) { code } else { 480 };
        let _ = slot.signalling.commands().reject(code, if code == 488 { NOT_AS_SET } else { "" });
        self.session.remove_leg(slot.media);
        self.journal.leg_ended(slot.row, LegEnd::local(now, code));
    }

    /// Ends a side's legs in whatever way their state asks for. A side without any is nothing.
    pub(super) fn hang_up_leg(&mut self, side: Side, reason: &str) {
        for slot in self.legs.take_all(side) {
            self.end_leg(slot, reason);
        }
    }

    pub(super) fn end_leg(&mut self, slot: LegSlot, reason: &str) {
        let now = self.shared.clock.now_utc();
        let reason = (!reason.is_empty()).then(|| reason.to_owned());
        let _ = slot.signalling.commands().end(reason);
        self.session.remove_leg(slot.media);
        let code = if slot.answered { 200 } else { 487 };
        self.journal.leg_ended(slot.row, LegEnd::local(now, code));
    }

    /// The far end changed its media: a hold, another codec, another address. It is answered at
    /// once, and what it means for the other side is passed on there.
    pub(super) async fn take_reoffer(&mut self, side: Side, body: Option<Bytes>) {
        let session = self.session.clone();
        let Some(slot) = self.slot(side) else { return };
        let commands = slot.signalling.commands();
        let answered = match body.as_deref().map(sdp::parse) {
            // What was encrypted because it has to be stays so.
            Some(Ok(offer)) if let Err(unmet) = slot.demand.takes(offer.security()) => {
                warn!(?side, %unmet, "media change refused");
                let _ = commands.refuse_reoffer(488);
                return;
            }
            Some(Ok(offer)) => slot.sdp.answer(&offer, None, Direction::SendRecv),
            Some(Err(failure)) => Err(failure),
            None => {
                // An offer in our 200 would have to wait for its ACK; no phone we know needs it.
                let _ = commands.refuse_reoffer(488);
                return;
            }
        };
        let (answer, remote) = match answered {
            Ok(answered) => answered,
            Err(failure) => {
                info!(?side, %failure, "media change refused");
                let _ = commands.refuse_reoffer(488);
                return;
            }
        };
        let turned = slot.remote.map(|before| before.direction) != Some(remote.direction);
        slot.remote = Some(remote);
        session.connect(slot.media, remote);
        let _ = commands.accept_reoffer(answer);
        if turned {
            self.pass_direction_on(side.other(), remote.direction.mirrored());
            self.mark_segment();
            self.show_phase().await;
        }
    }

    /// A phone that held the customer by itself is gone: nobody else would take the hold back.
    fn free_customer_of_hold(&mut self, gone: Side) {
        let is_held = self.legs.get(Side::Customer).is_some_and(|slot| slot.answered && slot.is_held());
        if gone == Side::Party && is_held {
            self.pass_direction_on(Side::Customer, Direction::SendRecv);
        }
    }

    /// RFC 3264 section 8.4: who is put on hold hears so in the offer.
    pub(super) fn pass_direction_on(&mut self, side: Side, direction: Direction) {
        let Some(slot) = self.slot(side) else { return };
        if !slot.answered {
            return;
        }
        let codecs: Vec<_> = slot.codec().into_iter().collect();
        let body = slot.sdp.offer(&codecs, direction);
        let _ = slot.signalling.commands().reoffer(body);
    }

    pub(super) fn reoffer_answered(&mut self, side: Side, body: &[u8]) {
        let session = self.session.clone();
        let Some(slot) = self.slot(side) else { return };
        match sdp::parse(body).and_then(|answer| slot.sdp.accept(&answer)) {
            Ok(remote) => {
                slot.remote = Some(remote);
                session.connect(slot.media, remote);
            }
            Err(failure) => warn!(?side, %failure, "answer to our media change unreadable"),
        }
    }

    pub(super) fn is_held(&self) -> bool {
        self.legs.seated().any(|(_, slot)| slot.answered && slot.is_held())
    }
}

fn failure(miss: Miss) -> OfferFailure {
    match miss {
        Miss::NoAnswer => OfferFailure::NoAnswer,
        Miss::Busy => OfferFailure::Busy,
        Miss::Rejected => OfferFailure::Rejected,
        Miss::Unregistered => OfferFailure::Unregistered,
        Miss::Error => OfferFailure::Error,
    }
}
