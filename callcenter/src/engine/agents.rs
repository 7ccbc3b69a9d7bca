//! What agents ask for: log in and out, Ready, Not ready, wrap-up finished.

use super::{Engine, Step};
use crate::limits::MAX_REASON_BYTES;
use crate::{After, AgentId, AgentState, NotReadyReason, Output, Refusal, Withdrawal};

impl Engine {
    pub(super) fn logged_in(&mut self, step: &mut Step, agent: AgentId) -> Result<(), Refusal> {
        self.meet(step, agent)?;
        let state = self.state_of(agent)?;
        if matches!(state, AgentState::LoggedOut { .. }) {
            let reason = NotReadyReason::LoggedIn;
            self.enter(step, agent, AgentState::NotReady { reason, since: step.now });
        } else if state.after() == Some(&After::LoggedOut) {
            self.set_after(step, agent, After::Ready);
        }
        Ok(())
    }

    pub(super) fn logged_out(&mut self, step: &mut Step, agent: AgentId) -> Result<(), Refusal> {
        match self.state_of(agent)? {
            AgentState::LoggedOut { .. } => {}
            AgentState::NotReady { .. } | AgentState::Ready { .. } => {
                self.enter(step, agent, AgentState::LoggedOut { since: step.now });
            }
            AgentState::Offered { .. } => {
                let next = AgentState::LoggedOut { since: step.now };
                self.end_offer(step, agent, Some(Withdrawal::AgentLoggedOut), next);
            }
            AgentState::Dialling { .. } | AgentState::Talking { .. } | AgentState::WrapUp { .. } => {
                self.set_after(step, agent, After::LoggedOut)
            }
        }
        Ok(())
    }

    pub(super) fn ready(&mut self, step: &mut Step, agent: AgentId) -> Result<(), Refusal> {
        self.meet(step, agent)?;
        match self.state_of(agent)? {
            AgentState::Ready { .. } | AgentState::Offered { .. } => {}
            AgentState::LoggedOut { .. } | AgentState::NotReady { .. } | AgentState::WrapUp { .. } => {
                self.enter(step, agent, AgentState::Ready { since: step.now });
            }
            AgentState::Dialling { .. } | AgentState::Talking { .. } => {
                self.set_after(step, agent, After::Ready);
            }
        }
        Ok(())
    }

    pub(super) fn not_ready(
        &mut self,
        step: &mut Step,
        agent: AgentId,
        reason: NotReadyReason,
    ) -> Result<(), Refusal> {
        if reason.code().len() > MAX_REASON_BYTES {
            return Err(Refusal::ReasonTooLong);
        }
        self.meet(step, agent)?;
        match self.state_of(agent)? {
            AgentState::NotReady { reason: now, .. } if *now == reason => {}
            AgentState::LoggedOut { .. } | AgentState::NotReady { .. } | AgentState::Ready { .. } => {
                self.enter(step, agent, AgentState::NotReady { reason, since: step.now });
            }
            AgentState::Offered { .. } => {
                let next = AgentState::NotReady { reason, since: step.now };
                self.end_offer(step, agent, Some(Withdrawal::AgentNotReady), next);
            }
            AgentState::Dialling { .. } | AgentState::Talking { .. } | AgentState::WrapUp { .. } => {
                self.set_after(step, agent, After::NotReady(reason))
            }
        }
        Ok(())
    }

    pub(super) fn wrap_up_finished(&mut self, step: &mut Step, agent: AgentId) -> Result<(), Refusal> {
        let AgentState::WrapUp { after, .. } = self.state_of(agent)? else {
            return Err(Refusal::NotInWrapUp);
        };
        let next = after.clone().state(step.now);
        self.enter(step, agent, next);
        Ok(())
    }

    fn set_after(&mut self, step: &mut Step, agent: AgentId, wanted: After) {
        if let Some(after) = self.roster.after_mut(agent)
            && *after != wanted
        {
            *after = wanted.clone();
            step.out.push(Output::AfterChanged { agent, after: wanted });
        }
    }
}
