//! A phone that is in two calls of ours joins them (RFC 5589 section 7): REFER with Replaces. The
//! far end of the call that the phone began on the side comes into the customer's call with its leg,
//! its sound and its agent; the phone leaves both.

use std::time::Duration;

use callcenter::{AgentId, CallId, Input};
use media::Direction;
use sip::{LegControl, LegId, ReferId, Replaces};
use tokio::sync::oneshot;
use tracing::{info, warn};
use uuid::Uuid;

use super::CallTask;
use super::legs::Place;
use super::refer::code_of;
use super::ring::{channel, role};
use crate::calls::floor::{CallMessage, Fetch, GiveUp, Given, WishRefusal};
use crate::calls::flow::{Event, Side};
use crate::calls::journal::{LegEnd, NewLeg};

/// How long one call waits for the other. Two that wait for one another get out of it by this.
const GIVE_UP_LIMIT: Duration = Duration::from_secs(2);

/// What the leg's row says of an end that is none for its far end.
const MOVED: &str = "moved to another call";

impl CallTask {
    /// The phone of `by` names another of its calls.
    pub(super) async fn joined_by_phone(
        &mut self,
        by: AgentId,
        refer: ReferId,
        replaces: &Replaces,
    ) -> Option<Event> {
        let (commands, mine) = {
            let phone = &self.legs.get(Side::Party)?.signalling;
            (phone.commands(), phone.id)
        };
        let other = match self.shared.sip.leg_of(replaces).await {
            Some(leg) => self.shared.floor.call_of(leg).await.map(|call| (leg, call)),
            None => None,
        };
        let Some((leg, call)) = other.filter(|(_, call)| call.0 != self.facts.id) else {
            info!("no such call to be joined with");
            // RFC 3891 section 3: what is not known cannot be replaced.
            let _ = commands.refuse_refer(refer, 481);
            return None;
        };
        if !self.flow.is_beside() {
            return self.join(by, call, leg, &commands, refer).await;
        }
        // Asked for in the call on the side: the customer's call is the one that stays.
        let from = CallId(self.facts.id);
        let asked_on = commands.clone();
        let fetch = Fetch { by, mine: leg, from, theirs: mine, asked_on, refer };
        if !self.shared.floor.tell(call, CallMessage::Fetch(Box::new(fetch))).await {
            let _ = commands.refuse_refer(refer, 481);
        }
        None
    }

    pub(super) async fn fetch(&mut self, asked: Fetch) -> Option<Event> {
        let Fetch { by, mine, from, theirs, asked_on, refer } = asked;
        let slot = self.legs.get(Side::Party);
        if !slot.is_some_and(|slot| slot.signalling.id == mine && slot.user == Some(by.0)) {
            let _ = asked_on.refuse_refer(refer, 403);
            return None;
        }
        self.join(by, from, theirs, &asked_on, refer).await
    }

    async fn join(
        &mut self,
        by: AgentId,
        from: CallId,
        leg: LegId,
        phone: &LegControl,
        refer: ReferId,
    ) -> Option<Event> {
        let (reply, answer) = oneshot::channel();
        let session = self.session.clone();
        let asked_on = phone.clone();
        let asked = GiveUp { by, leg, to: CallId(self.facts.id), asked_on, refer, session, reply };
        let asked = CallMessage::GiveUp(Box::new(asked));
        let given = if self.flow.may_be_joined() && self.shared.floor.tell(from, asked).await {
            match tokio::time::timeout(GIVE_UP_LIMIT, answer).await {
                Ok(Ok(given)) => given,
                Ok(Err(_)) | Err(_) => Err(WishRefusal::NotNow),
            }
        } else {
            Err(WishRefusal::NotNow)
        };
        match given {
            Ok(given) => {
                info!(other = %from.0, "joined with another call by the phone");
                if given.paused {
                    self.bring_pause().await;
                }
                let agent = given.agent;
                self.brought = Some(given);
                Some(Event::Brought { agent })
            }
            Err(refusal) => {
                info!(?refusal, "calls not joined");
                let _ = phone.refuse_refer(refer, code_of(refusal));
                None
            }
        }
    }

    /// The far end goes over into the other call, if the phone that asks is the one that is here.
    pub(super) async fn give_up(&mut self, asked: GiveUp) -> Option<Event> {
        let GiveUp { by, leg, to, asked_on, refer, session, reply } = asked;
        let phone = self.legs.get(Side::Party);
        let is_here = phone.is_some_and(|slot| slot.signalling.id == leg && slot.user == Some(by.0));
        let was_held = phone.is_some_and(super::LegSlot::is_held);
        let paused = self.recorder.is_paused();
        let agent = self.flow.may_give_up().filter(|_| is_here && !reply.is_closed());
        let far = self.legs.get(Side::Customer).filter(|slot| slot.answered).map(|slot| slot.media);
        let (Some(agent), Some(far)) = (agent, far) else {
            let _ = reply.send(Err(WishRefusal::NotNow));
            return None;
        };
        let theirs = self.session.clone();
        let side = channel(Side::Party);
        // It waits for another worker's tick.
        let moved = tokio::task::spawn_blocking(move || session.adopt(&theirs, far, side)).await;
        let Ok(Ok(media)) = moved else {
            warn!(?moved, "the far end's sound cannot be moved");
            let _ = reply.send(Err(WishRefusal::NotNow));
            return None;
        };
        let mut slot = self.legs.take(Place::Seat(Side::Customer))?;
        let now = self.shared.clock.now_utc();
        let end = LegEnd { reason: Some(MOVED.to_owned()), ..LegEnd::local(now, 200) };
        self.journal.leg_ended(slot.row, end);
        self.hearing.forget(far);
        slot.media = media;
        if let Some(agent) = agent {
            let from = CallId(self.facts.id);
            self.shared.floor.feed(Input::Moved { agent, from, to }).await;
        }
        // A leg that is gone says so through its own event.
        let _ = asked_on.accept_refer(refer);
        let _ = asked_on.notify_refer(refer, 200, "OK", true);
        // Whoever has stopped waiting drops the leg, which ends it.
        let _ = reply.send(Ok(Given { slot, agent, was_held, paused }));
        Some(Event::GivenUp)
    }

    /// Gives the far end that was brought its place and its row.
    pub(super) async fn sit_brought(&mut self, side: Side) {
        let Some(Given { mut slot, was_held, .. }) = self.brought.take() else { return };
        let now = self.shared.clock.now_utc();
        slot.row = Uuid::now_v7();
        self.journal.leg_added(NewLeg {
            id: slot.row,
            role: role(side),
            user: slot.user,
            peer: slot.peer.clone(),
            sip_call_id: slot.signalling.sip_call_id.clone(),
            at: now,
        });
        self.journal.leg_answered(slot.row, now);
        self.shared.floor.seat(slot.signalling.id, CallId(self.facts.id)).await;
        self.shared.trace.belongs(&slot.signalling.sip_call_id, self.facts.id).await;
        self.hearing.begin(slot.media, slot.row);
        self.legs.sit(side, slot);
        if was_held {
            // RFC 3264 section 8.4: nobody else would take the hold back.
            self.pass_direction_on(side, Direction::SendRecv);
        }
    }
}
