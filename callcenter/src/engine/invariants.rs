//! What always holds between two inputs.

use std::collections::BTreeSet;

use super::Engine;
use crate::limits::{MAX_AGENTS, MAX_CALLS, MAX_QUEUES};
use crate::line::Call;
use crate::{AgentId, AgentState, CallId};

impl Engine {
    /// Checks, for simulations:
    ///
    /// - an agent is Offered exactly where a call rings for that agent, with the same offer;
    /// - an agent is Talking or Dialling exactly where a call is with that agent, or the agent is
    ///   a guest in one;
    /// - no transient state, and no wait, is past its deadline;
    /// - nobody waits while somebody could take the call;
    /// - nobody waits in a queue that is gone;
    /// - the tables are within their limits, and their indexes say what they do.
    ///
    /// # Errors
    /// The first that does not hold, in words.
    pub fn check_invariants(&self) -> Result<(), String> {
        self.roster.check()?;
        self.line.check()?;
        self.check_limits()?;
        self.check_pairs()?;
        self.check_deadlines()?;
        self.check_nobody_starves()
    }

    fn check_limits(&self) -> Result<(), String> {
        for (what, len, limit) in [
            ("agents", self.roster.len(), MAX_AGENTS),
            ("calls", self.line.len(), MAX_CALLS),
            ("queues", self.queues.len(), MAX_QUEUES),
        ] {
            if len > limit {
                return Err(format!("{len} {what}, more than {limit}"));
            }
        }
        Ok(())
    }

    /// The pairs of agent and call that the one table knows are those that the other knows.
    fn check_pairs(&self) -> Result<(), String> {
        let by_agents: BTreeSet<(AgentId, CallId, Option<crate::OfferId>)> = self
            .roster
            .iter()
            .filter_map(|(id, agent)| match agent.state() {
                AgentState::Offered { call, offer, .. } => Some((id, *call, Some(*offer))),
                AgentState::Talking { call, .. } | AgentState::Dialling { call, .. } => {
                    Some((id, *call, None))
                }
                _ => None,
            })
            .collect();
        let by_calls: Vec<_> = self
            .line
            .iter()
            .filter_map(|(id, call)| match call {
                Call::Waiting(_) => None,
                Call::Ringing { agent, offer, .. } => Some((*agent, id, Some(*offer))),
                Call::With { agent } => Some((*agent, id, None)),
            })
            .collect();
        let calls = by_calls.len();
        let by_calls: BTreeSet<_> = by_calls.into_iter().collect();
        let calls = calls + self.guests.len();
        let guests = self.guests.iter().map(|(call, agent)| (*agent, *call, None));
        let by_calls: BTreeSet<_> = by_calls.into_iter().chain(guests).collect();
        if by_calls.len() != calls || by_agents != by_calls {
            return Err(format!("agents have {by_agents:?}, calls have {by_calls:?}"));
        }
        Ok(())
    }

    fn check_deadlines(&self) -> Result<(), String> {
        match self.next_deadline() {
            Some(due) if due <= self.clock => {
                Err(format!("something was due at {due:?} and it is {:?}", self.clock))
            }
            _ => Ok(()),
        }
    }

    fn check_nobody_starves(&self) -> Result<(), String> {
        for queue in self.line.queues() {
            let Some((call, _)) = self.line.next_of(queue) else {
                continue;
            };
            if !self.queues.contains_key(&queue) {
                return Err(format!("call {call} waits in queue {queue}, which is gone"));
            }
            if let Some(agent) = self.roster.available_in(queue).next() {
                return Err(format!("call {call} waits while agent {agent} is available"));
            }
        }
        Ok(())
    }
}
