//! What time alone brings about.

use super::{Engine, Step};
use crate::line::Call;
use crate::{AgentId, AgentState, CallId, NotReadyReason, Output, Withdrawal};

impl Engine {
    /// Ends every transient state of an agent whose deadline has passed. What follows it is not
    /// transient, so this ends.
    pub(super) fn expire_agents(&mut self, step: &mut Step) {
        while let Some((due, agent)) = self.roster.first_due()
            && due <= step.now
        {
            self.expire_agent(step, agent);
        }
    }

    fn expire_agent(&mut self, step: &mut Step, agent: AgentId) {
        match self.state_of(agent) {
            Ok(AgentState::Offered { .. }) => {
                let next = AgentState::NotReady { reason: NotReadyReason::MissedCall, since: step.now };
                self.end_offer(step, agent, Some(Withdrawal::RingTimeout), next);
            }
            Ok(AgentState::WrapUp { after, .. }) => {
                let next = after.clone().state(step.now);
                self.enter(step, agent, next);
            }
            Ok(&AgentState::Dialling { call, .. }) => {
                self.let_go(agent, call);
                step.out.push(Output::DiallingExpired { call, agent });
                self.part(step, agent);
            }
            // Not transient: `AgentState::until` gives these no deadline.
            _ => {}
        }
    }

    /// Sends every waiting caller whose longest wait has passed to the overflow message.
    pub(super) fn overflow_due(&mut self, step: &mut Step) {
        while let Some((due, call)) = self.line.first_due()
            && due <= step.now
        {
            self.overflow(step, call);
        }
    }

    pub(super) fn overflow(&mut self, step: &mut Step, call: CallId) {
        if let Some(Call::Waiting(ticket)) = self.line.remove(call) {
            step.out.push(Output::CallOverflowed {
                call,
                queue: ticket.queue,
                waited_ms: step.now.ms_since(ticket.since),
            });
        }
    }
}
