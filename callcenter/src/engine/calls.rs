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
        match self.line.remove(call).ok_or(Refusal::UnknownCall)? {
            Call::Waiting(_) => {}
            Call::Ringing { agent, .. } => {
                let next = AgentState::Ready { since: step.now };
                self.end_offer(step, agent, Some(Withdrawal::CallerGone), next);
            }
            Call::With { agent } => self.part(step, agent),
        }
        Ok(())
    }

    pub(super) fn finished(&mut self, step: &mut Step, agent: AgentId, call: CallId) -> Result<(), Refusal> {
        match self.state_of(agent)? {
            AgentState::Talking { call: its, .. } | AgentState::Dialling { call: its, .. }
                if *its == call =>
            {
                self.line.remove(call);
                self.part(step, agent);
                Ok(())
            }
            _ => Err(Refusal::NotInThatCall),
        }
    }

    pub(super) fn outbound(&mut self, step: &mut Step, agent: AgentId, call: CallId) -> Result<(), Refusal> {
        let after = match self.state_of(agent)? {
            AgentState::Ready { .. } => After::Ready,
            AgentState::NotReady { reason, .. } => After::NotReady(reason.clone()),
            AgentState::LoggedOut { .. } => return Err(Refusal::LoggedOut),
            AgentState::Offered { .. }
            | AgentState::Dialling { .. }
            | AgentState::Talking { .. }
            | AgentState::WrapUp { .. } => return Err(Refusal::AgentBusy),
        };
        self.room_for(call)?;
        self.line.put(call, Call::With { agent });
        self.enter(
            step,
            agent,
            AgentState::Dialling { call, until: step.now.plus_ms(MAX_DIALLING_MS), after, since: step.now },
        );
        Ok(())
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
