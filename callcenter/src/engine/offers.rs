//! An offer's life: made, then answered, failed, or withdrawn.

use super::{Engine, Step};
use crate::line::{Call, Ticket};
use crate::{
    After, AgentId, AgentState, CallId, Explanation, OfferFailure, OfferId, Output, QueueSettings, Refusal,
    Strategy, Withdrawal,
};

/// Who is offered what, decided by routing.
pub(super) struct Match {
    pub(super) call: CallId,
    pub(super) ticket: Ticket,
    pub(super) agent: AgentId,
    pub(super) candidates: usize,
    pub(super) strategy: Strategy,
    pub(super) ring_timeout_ms: u64,
}

impl Match {
    pub(super) fn new(
        call: CallId,
        ticket: Ticket,
        agent: AgentId,
        candidates: usize,
        queue: &QueueSettings,
    ) -> Match {
        Match {
            call,
            ticket,
            agent,
            candidates,
            strategy: queue.strategy,
            ring_timeout_ms: queue.ring_timeout_ms,
        }
    }
}

impl Engine {
    pub(super) fn offer(&mut self, step: &mut Step, found: Match) {
        let Match { call, ticket, agent, .. } = found;
        let offer = self.new_offer_id();
        let until = step.now.plus_ms(found.ring_timeout_ms);
        let idle_ms = self.roster.get(agent).map_or(0, |agent| agent.idle_ms(step.now));
        self.line.put(call, Call::Ringing { ticket, agent, offer });
        self.enter(
            step,
            agent,
            AgentState::Offered { call, queue: ticket.queue, offer, until, since: step.now },
        );
        step.out.push(Output::Offer {
            offer,
            call,
            agent,
            queue: ticket.queue,
            until,
            why: Explanation {
                strategy: found.strategy,
                candidates: found.candidates,
                idle_ms,
                waited_ms: step.now.ms_since(ticket.since),
            },
        });
    }

    pub(super) fn accepted(
        &mut self,
        step: &mut Step,
        agent: AgentId,
        offer: OfferId,
    ) -> Result<(), Refusal> {
        let (call, queue) = match *self.state_of(agent)? {
            AgentState::Offered { call, queue, offer: standing, .. } if standing == offer => (call, queue),
            _ => return Err(Refusal::StaleOffer),
        };
        self.line.put(call, Call::With { agent });
        self.enter(
            step,
            agent,
            AgentState::Talking { call, queue: Some(queue), after: After::Ready, since: step.now },
        );
        step.out.push(Output::Connect { call, agent, offer });
        Ok(())
    }

    /// One step: at no moment has the caller nobody, nor are two agents bound.
    pub(super) fn picked_up(
        &mut self,
        step: &mut Step,
        offer: OfferId,
        from: AgentId,
        by: AgentId,
    ) -> Result<(), Refusal> {
        let (call, queue) = match *self.state_of(from)? {
            AgentState::Offered { call, queue, offer: standing, .. } if standing == offer => (call, queue),
            _ => return Err(Refusal::StaleOffer),
        };
        let after = match self.state_of(by)? {
            // Whose own phone was rung for this.
            AgentState::Dialling { call: its, after, invited: true, .. } if *its == call => after.clone(),
            _ => self.free_after(by)?,
        };
        if !self.roster.get(by).is_some_and(|agent| agent.serves(queue)) {
            return Err(Refusal::NotInThatQueue);
        }
        self.guests.remove(&(call, by));
        self.line.put(call, Call::With { agent: by });
        self.enter(step, by, AgentState::Talking { call, queue: Some(queue), after, since: step.now });
        self.enter(step, from, AgentState::Ready { since: step.now });
        Ok(())
    }

    pub(super) fn failed(
        &mut self,
        step: &mut Step,
        agent: AgentId,
        offer: OfferId,
        why: OfferFailure,
    ) -> Result<(), Refusal> {
        if self.state_of(agent)?.offer() != Some(offer) {
            return Err(Refusal::StaleOffer);
        }
        let next = AgentState::NotReady { reason: why.reason(), since: step.now };
        // The leg ended by itself: nothing to withdraw.
        self.end_offer(step, agent, None, next);
        Ok(())
    }

    /// Ends the offer of this agent, who becomes `next`. The caller keeps the place in line, or
    /// overflows when the longest wait passed during the ringing.
    pub(super) fn end_offer(
        &mut self,
        step: &mut Step,
        agent: AgentId,
        withdrawal: Option<Withdrawal>,
        next: AgentState,
    ) {
        let Ok(&AgentState::Offered { call, offer, .. }) = self.state_of(agent) else {
            return;
        };
        if let Some(why) = withdrawal {
            step.out.push(Output::WithdrawOffer { offer, call, agent, why });
        }
        self.enter(step, agent, next);
        // A caller who is gone was taken out of the line before.
        if let Some(&Call::Ringing { ticket, .. }) = self.line.get(call) {
            self.line.put(call, Call::Waiting(ticket));
            if ticket.due.is_some_and(|due| due <= step.now) {
                self.overflow(step, call);
            }
        }
    }
}
