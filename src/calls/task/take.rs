//! *Pick up* in the console: the agent's own phone rings beside the colleague's, and who answers first has the call. The
//! colleague's rings on until then, so that nothing is lost if the other does not answer.

use callcenter::{AgentId, CallId, Input};
use tracing::{error, info};

use super::CallTask;
use super::listen::COMPLETED_ELSEWHERE;
use crate::calls::floor::{Answer, WishRefusal};
use crate::calls::flow::{Phase, Pickable, Side};

impl CallTask {
    /// The agent is reserved before the phone rings: no offer comes on top.
    pub(super) async fn ring_taker(&mut self, by: AgentId) -> Result<(), WishRefusal> {
        let side = self.rings_a_colleague().ok_or(WishRefusal::NotNow)?;
        if self.rings_at_phone_of(side, by) {
            return Err(WishRefusal::NotNow);
        }
        if let Some(Pickable::Offer { .. }) = self.flow.pickable(side)
            && !self.is_for(by).await
        {
            return Err(WishRefusal::NotInQueue);
        }
        self.reserve(by).await?;
        self.takers.push(by);
        let Ok(username) = self.rings(by) else { return Err(WishRefusal::PhoneNotReachable) };
        let ways = self.ways_to(by.0, username, true).await.unwrap_or_default();
        let mut rings = false;
        for way in ways {
            rings |= self.ring_by(side, way.picking_up()).await.is_ok();
        }
        // Who cannot be rung is let go with the others.
        if rings { Ok(()) } else { Err(WishRefusal::PhoneNotReachable) }
    }

    /// The side at which a colleague's phone rings, for a call that another may have. A parked call rings nowhere.
    fn rings_a_colleague(&self) -> Option<Side> {
        if self.flow.phase() == Phase::Parked {
            return None;
        }
        let mut sides = [Side::Party, Side::Customer].into_iter();
        sides.find(|side| self.flow.pickable(*side).is_some() && self.legs.rings_for(*side))
    }

    fn rings_at_phone_of(&self, side: Side, agent: AgentId) -> bool {
        self.legs.everybody().any(|(of, slot)| of == side && slot.user == Some(agent.0))
    }

    async fn is_for(&self, agent: AgentId) -> bool {
        let Some(queue) = self.facts.queue else { return true };
        match crm::queues::of_user(&self.shared.db, agent.0).await {
            Ok(queues) => queues.iter().any(|served| served.id == queue),
            Err(failure) => {
                error!(%failure, "queues of the agent not read");
                false
            }
        }
    }

    /// The taker's phone has answered: whether the call is still to be had.
    pub(super) async fn takes(&mut self, side: Side, by: AgentId) -> bool {
        let is_theirs = match self.flow.pickable(side) {
            // Reserved by the invitation.
            Some(Pickable::Direct) => true,
            Some(Pickable::Offer { offer, agent }) => {
                let input = Input::PickedUp { offer, from: agent, by };
                matches!(self.shared.floor.ask(input).await, Answer::Done)
            }
            None => false,
        };
        info!(agent = %by, is_theirs, "picked up from the console");
        if is_theirs {
            self.takers.retain(|taker| *taker != by);
        }
        is_theirs
    }

    /// Ends the phones that ring for nothing any more, and frees whose phone rings no longer.
    pub(super) async fn let_takers_go(&mut self) {
        for by in self.takers.clone() {
            let side = self.legs.everybody().find(|(_, slot)| slot.picks_up && slot.user == Some(by.0));
            match side.map(|(side, _)| side) {
                Some(side) if self.flow.pickable(side).is_some() => continue,
                Some(_) => self.stop_taking(by),
                None => {}
            }
            self.takers.retain(|taker| *taker != by);
            let call = CallId(self.facts.id);
            self.shared.floor.feed(Input::CallFinished { agent: by, call }).await;
        }
    }

    pub(super) fn stop_taking(&mut self, by: AgentId) {
        for slot in self.legs.take_takers(by) {
            self.end_leg(slot, COMPLETED_ELSEWHERE);
        }
    }
}
