//! Which caller is offered to which agent.

use std::cmp::Reverse;

use super::offers::Match;
use super::{Engine, Step};
use crate::{AgentId, QueueId, Strategy};

impl Engine {
    /// Makes every offer that can be made. Each takes an available agent, so this ends.
    pub(super) fn route(&mut self, step: &mut Step) {
        while let Some(found) = self.best_match() {
            self.offer(step, found);
        }
    }

    /// Of all callers for whom somebody is available, the one who comes first, and the agent whom
    /// the queue's strategy chooses.
    fn best_match(&self) -> Option<Match> {
        if self.roster.nobody_available() {
            return None;
        }
        self.line
            .queues()
            .filter_map(|id| {
                // Callers of a queue that is gone are not offered: they overflow.
                let queue = self.queues.get(&id)?;
                let (call, ticket) = self.line.next_of(id)?;
                let (agent, candidates) = self.choose(id, queue.strategy)?;
                let order = (Reverse(queue.weight), ticket.rank());
                Some((order, Match::new(call, ticket, agent, candidates, queue)))
            })
            .min_by_key(|(order, _)| *order)
            .map(|(_, found)| found)
    }

    /// The agent to ring, and among how many.
    fn choose(&self, queue: QueueId, strategy: Strategy) -> Option<(AgentId, usize)> {
        let mut candidates = self.roster.available_in(queue);
        let chosen = match strategy {
            Strategy::LongestIdle => candidates.next()?,
        };
        Some((chosen, 1 + candidates.count()))
    }
}
