//! Two calls of one phone become one (RFC 5589 section 7): the far end of the call that the phone
//! began on the side takes the phone's place in the customer's call. And calls within the company,
//! whose other end is a colleague.

use callcenter::AgentId;

use super::action::Action;
use super::event::Side;
use super::{Flow, State};
use crate::calls::end::{Cause, End, EndedBy};

impl Flow {
    /// Whether somebody can come in the agent's place.
    pub fn may_be_joined(&self) -> bool {
        matches!(&self.state, State::Talking(talk) if talk.guests.is_empty() && !talk.is_away(Side::Party))
    }

    /// The far end's agent, if it is a colleague, as long as the far end can be given away.
    pub fn may_give_up(&self) -> Option<Option<AgentId>> {
        self.may_be_joined().then_some(self.callee)
    }

    /// No agent is bound to it: a second call beside the one that the agent has.
    pub fn is_beside(&self) -> bool {
        matches!(&self.state, State::Talking(talk) if talk.agent.is_none())
    }

    pub(super) fn brought(&mut self, agent: Option<AgentId>) -> Vec<Action> {
        let State::Talking(talk) = &mut self.state else { return Vec::new() };
        let seat = talk.bring(agent);
        let mut actions = vec![Action::Sit(Side::Guest(seat))];
        actions.extend(self.party_dropped());
        actions
    }

    pub(super) fn given_up_to_another(&mut self) -> Vec<Action> {
        // Whoever that was is bound to the other call.
        self.callee = None;
        self.end_all(End::new(Cause::Completed, EndedBy::Agent))
    }

    /// The colleague on the other side is bound to the call from its first ring to its end.
    pub(super) fn with_callee(&mut self, mut actions: Vec<Action>) -> Vec<Action> {
        let Some(callee) = self.callee else { return actions };
        if let Some(at) = actions.iter().position(|action| matches!(action, Action::Finish(_))) {
            actions.insert(at, Action::AgentDone { agent: callee });
            self.callee = None;
        }
        actions
    }

    pub(super) fn callee_leaves(&mut self) -> Vec<Action> {
        let cause = match self.state {
            State::Talking(_) => Cause::Completed,
            _ => Cause::Rejected,
        };
        self.end_all(End::new(cause, EndedBy::Customer))
    }
}
