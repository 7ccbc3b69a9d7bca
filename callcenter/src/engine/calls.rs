//! Calls: arrived, gone, finished, and those that agents dial.

use super::{Engine, Step};
use crate::limits::{DEFAULT_WRAP_UP_MS, MAX_CALLS, MAX_DIALLING_MS};
use crate::line::{Call, Ticket};
use crate::{After, AgentId, AgentState, CallId, Output, QueueId, Refusal, Withdrawal};

impl Engine {
    pub(super) fn arrived(
        &mut self,
        step: &mut Step,
        call: CallId,
        queue: QueueId,
        priority: i32,
    ) -> Result<(), Refusal> {
        self.room_for(call)?;
        if !self.queues.contains_key(&queue) {
            return Err(Refusal::UnknownQueue);
        }
        self.last_ticket += 1;
        let mut ticket = Ticket { queue, priority, since: step.now, number: self.last_ticket, due: None };
        ticket.due = self.patience_end(&ticket);
        self.line.put(call, Call::Waiting(ticket));
        step.out.push(Output::CallQueued { call, queue, position: self.line.position(&ticket) });
        Ok(())
    }

    pub(super) fn gone(&mut self, step: &mut Step, call: CallId) -> Result<(), Refusal> {
        let guests = self.guests_of(call);
        match self.line.remove(call) {
            None if guests.is_empty() => return Err(Refusal::UnknownCall),
            None | Some(Call::Waiting(_)) => {}
            Some(Call::Ringing { agent, .. }) => {
                let next = AgentState::Ready { since: step.now };
                self.end_offer(step, agent, Some(Withdrawal::CallerGone), next);
            }
            Some(Call::With { agent }) => self.part(step, agent),
        }
        for agent in guests {
            self.guests.remove(&(call, agent));
            self.part(step, agent);
        }
        Ok(())
    }

    pub(super) fn finished(&mut self, step: &mut Step, agent: AgentId, call: CallId) -> Result<(), Refusal> {
        match self.state_of(agent)? {
            AgentState::Talking { call: its, .. } | AgentState::Dialling { call: its, .. }
                if *its == call =>
            {
                self.let_go(agent, call);
                self.part(step, agent);
                Ok(())
            }
            _ => Err(Refusal::NotInThatCall),
        }
    }

    pub(super) fn outbound(&mut self, step: &mut Step, agent: AgentId, call: CallId) -> Result<(), Refusal> {
        let after = self.free_after(agent)?;
        self.room_for(call)?;
        self.line.put(call, Call::With { agent });
        self.dial(step, agent, call, after, false);
        Ok(())
    }

    pub(super) fn invited(&mut self, step: &mut Step, agent: AgentId, call: CallId) -> Result<(), Refusal> {
        let after = self.free_after(agent)?;
        if self.guests.len() >= MAX_CALLS {
            return Err(Refusal::Full { limit: MAX_CALLS });
        }
        self.guests.insert((call, agent));
        self.dial(step, agent, call, after, true);
        Ok(())
    }

    fn dial(&mut self, step: &mut Step, agent: AgentId, call: CallId, after: After, invited: bool) {
        let until = step.now.plus_ms(MAX_DIALLING_MS);
        self.enter(step, agent, AgentState::Dialling { call, until, after, since: step.now, invited });
    }

    /// What an agent who is free for a call of another kind than an offer becomes after it.
    pub(super) fn free_after(&self, agent: AgentId) -> Result<After, Refusal> {
        match self.state_of(agent)? {
            AgentState::Ready { .. } => Ok(After::Ready),
            AgentState::NotReady { reason, .. } => Ok(After::NotReady(reason.clone())),
            AgentState::LoggedOut { .. } => Err(Refusal::LoggedOut),
            AgentState::Offered { .. }
            | AgentState::Dialling { .. }
            | AgentState::Talking { .. }
            | AgentState::WrapUp { .. } => Err(Refusal::AgentBusy),
        }
    }

    pub(super) fn moved(
        &mut self,
        step: &mut Step,
        agent: AgentId,
        from: CallId,
        to: CallId,
    ) -> Result<(), Refusal> {
        let mut moved = self.state_of(agent)?.clone();
        match &mut moved {
            AgentState::Talking { call, since, .. } if *call == from => {
                (*call, *since) = (to, step.now);
            }
            _ => return Err(Refusal::NotInThatCall),
        }
        self.let_go(agent, from);
        self.guests.insert((to, agent));
        self.enter(step, agent, moved);
        Ok(())
    }

    fn guests_of(&self, call: CallId) -> Vec<AgentId> {
        let low = (call, AgentId(uuid::Uuid::nil()));
        let high = (call, AgentId(uuid::Uuid::max()));
        self.guests.range(low..=high).map(|(_, agent)| *agent).collect()
    }

    /// The agent has this call no longer; the call stays if it is another's.
    pub(super) fn let_go(&mut self, agent: AgentId, call: CallId) {
        if !self.guests.remove(&(call, agent)) {
            self.line.remove(call);
        }
    }

    pub(super) fn outbound_answered(
        &mut self,
        step: &mut Step,
        agent: AgentId,
        call: CallId,
    ) -> Result<(), Refusal> {
        let after = match self.state_of(agent)? {
            AgentState::Dialling { call: its, after, .. } if *its == call => after.clone(),
            _ => return Err(Refusal::NotInThatCall),
        };
        self.enter(step, agent, AgentState::Talking { call, queue: None, after, since: step.now });
        Ok(())
    }

    /// The agent's call is over and out of the table: wrap-up, if there was a conversation.
    pub(super) fn part(&mut self, step: &mut Step, agent: AgentId) {
        let next = match self.state_of(agent) {
            Ok(AgentState::Talking { call, queue, after, .. }) => {
                let (call, queue, after) = (*call, *queue, after.clone());
                match self.wrap_up_ms(queue) {
                    0 => after.state(step.now),
                    wrap_up_ms => AgentState::WrapUp {
                        call,
                        queue,
                        until: step.now.plus_ms(wrap_up_ms),
                        after,
                        since: step.now,
                    },
                }
            }
            Ok(AgentState::Dialling { after, .. }) => after.clone().state(step.now),
            _ => return,
        };
        self.enter(step, agent, next);
    }

    fn wrap_up_ms(&self, queue: Option<QueueId>) -> u64 {
        queue.and_then(|queue| self.queues.get(&queue)).map_or(DEFAULT_WRAP_UP_MS, |queue| queue.wrap_up_ms)
    }

    fn room_for(&self, call: CallId) -> Result<(), Refusal> {
        if self.line.get(call).is_some() {
            return Err(Refusal::DuplicateCall);
        }
        if self.line.len() >= MAX_CALLS {
            return Err(Refusal::Full { limit: MAX_CALLS });
        }
        Ok(())
    }
}
