//! Queues and their members, as the company set them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Engine, Step};
use crate::limits::{MAX_AGENTS, MAX_QUEUES};
use crate::line::Ticket;
use crate::{AgentId, Output, QueueId, QueueSettings, Refusal, SettingsError, Time};

impl Engine {
    pub(super) fn set_queues(&mut self, step: &mut Step, wanted: Vec<QueueSettings>) {
        let mut queues: BTreeMap<QueueId, QueueSettings> = BTreeMap::new();
        for settings in wanted {
            let id = settings.id;
            let error = match settings.validate() {
                _ if queues.contains_key(&id) => Some(SettingsError::Twice),
                checked => checked.err(),
            };
            if let Some(error) = error {
                refuse(step, Refusal::InvalidQueue { queue: id, error });
                // A wrong edit must not send away those who wait.
                if let Some(former) = self.queues.get(&id) {
                    queues.entry(id).or_insert_with(|| former.clone());
                }
            } else if queues.len() < MAX_QUEUES {
                queues.insert(id, settings);
            } else {
                refuse(step, Refusal::Full { limit: MAX_QUEUES });
                break;
            }
        }
        self.queues = queues;
        let queues = &self.queues;
        self.line.reschedule(|ticket| patience_end(queues, ticket));
    }

    pub(super) fn set_members(
        &mut self,
        step: &mut Step,
        agent: AgentId,
        queues: Vec<QueueId>,
    ) -> Result<(), Refusal> {
        if queues.len() > MAX_QUEUES {
            return Err(Refusal::Full { limit: MAX_QUEUES });
        }
        self.meet(step, agent)?;
        self.roster.set_queues(agent, queues.into_iter().collect::<BTreeSet<_>>());
        Ok(())
    }

    pub(super) fn phone(&mut self, step: &mut Step, agent: AgentId, reachable: bool) -> Result<(), Refusal> {
        self.meet(step, agent)?;
        self.roster.set_reachable(agent, reachable);
        Ok(())
    }

    /// Makes sure that the agent is known.
    pub(super) fn meet(&mut self, step: &Step, agent: AgentId) -> Result<(), Refusal> {
        if self.roster.get(agent).is_none() && self.roster.len() >= MAX_AGENTS {
            return Err(Refusal::Full { limit: MAX_AGENTS });
        }
        self.roster.add(agent, step.now);
        Ok(())
    }

    pub(super) fn patience_end(&self, ticket: &Ticket) -> Option<Time> {
        patience_end(&self.queues, ticket)
    }
}

/// When the caller has waited long enough: at once where the queue is gone.
fn patience_end(queues: &BTreeMap<QueueId, QueueSettings>, ticket: &Ticket) -> Option<Time> {
    match queues.get(&ticket.queue) {
        None => Some(ticket.since),
        Some(queue) => queue.max_wait_ms.map(|wait| ticket.since.plus_ms(wait)),
    }
}

fn refuse(step: &mut Step, reason: Refusal) {
    step.out.push(Output::Refused { input: "set_queues", reason });
}
