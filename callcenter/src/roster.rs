//! The table of agents, with what it is asked for at each step: who could take a call, longest
//! idle first, and whose deadline is next.

use std::collections::{BTreeMap, BTreeSet};

use crate::{AgentId, AgentState, AgentView, NotReadyReason, QueueId, Time};

/// Measures the rule's idle time: time Ready since the last call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IdleClock {
    /// `since` lies back by what was banked before.
    Running {
        since: Time,
    },
    Stopped {
        banked_ms: u64,
    },
}

impl IdleClock {
    fn elapsed_ms(self, now: Time) -> u64 {
        match self {
            IdleClock::Running { since } => now.ms_since(since),
            IdleClock::Stopped { banked_ms } => banked_ms,
        }
    }

    /// The clock of an agent who enters `to` at `now`.
    fn entering(self, to: &AgentState, now: Time) -> IdleClock {
        match (self, to) {
            // A phone rings, or rang for a caller who left: the agent did nothing and loses nothing.
            (running @ IdleClock::Running { .. }, AgentState::Ready { .. })
            | (running, AgentState::Offered { .. }) => running,
            (IdleClock::Stopped { banked_ms }, AgentState::Ready { .. }) => {
                IdleClock::Running { since: now.minus_ms(banked_ms) }
            }
            // A missed offer sends to the back.
            (
                _,
                AgentState::NotReady {
                    reason: NotReadyReason::MissedCall | NotReadyReason::Rejected, ..
                },
            ) => IdleClock::Stopped { banked_ms: 0 },
            (clock, AgentState::NotReady { .. }) => IdleClock::Stopped { banked_ms: clock.elapsed_ms(now) },
            (
                _,
                AgentState::LoggedOut { .. }
                | AgentState::Dialling { .. }
                | AgentState::Talking { .. }
                | AgentState::WrapUp { .. },
            ) => IdleClock::Stopped { banked_ms: 0 },
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Agent {
    state: AgentState,
    queues: BTreeSet<QueueId>,
    reachable: bool,
    idle: IdleClock,
}

impl Agent {
    fn new(now: Time) -> Agent {
        Agent {
            state: AgentState::LoggedOut { since: now },
            queues: BTreeSet::new(),
            reachable: false,
            idle: IdleClock::Stopped { banked_ms: 0 },
        }
    }

    pub(crate) fn state(&self) -> &AgentState {
        &self.state
    }

    pub(crate) fn serves(&self, queue: QueueId) -> bool {
        self.queues.contains(&queue)
    }

    pub(crate) fn reachable(&self) -> bool {
        self.reachable
    }

    pub(crate) fn is_available(&self) -> bool {
        matches!(self.state, AgentState::Ready { .. }) && self.reachable
    }

    pub(crate) fn idle_ms(&self, now: Time) -> u64 {
        self.idle.elapsed_ms(now)
    }

    fn available_since(&self) -> Option<Time> {
        match self.idle {
            IdleClock::Running { since } if self.is_available() => Some(since),
            _ => None,
        }
    }

    pub(crate) fn view(&self, id: AgentId, now: Time) -> AgentView {
        AgentView {
            id,
            state: self.state.clone(),
            queues: self.queues.iter().copied().collect(),
            phone_reachable: self.reachable,
            idle_ms: self.idle_ms(now),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Roster {
    agents: BTreeMap<AgentId, Agent>,
    /// Who could take a call: longest idle first, then by id.
    available: BTreeSet<(Time, AgentId)>,
    due: BTreeSet<(Time, AgentId)>,
}

impl Roster {
    pub(crate) fn get(&self, id: AgentId) -> Option<&Agent> {
        self.agents.get(&id)
    }

    pub(crate) fn len(&self) -> usize {
        self.agents.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (AgentId, &Agent)> {
        self.agents.iter().map(|(id, agent)| (*id, agent))
    }

    /// Logged out, in no queue, phone unreachable; an agent who is known already stays as is.
    pub(crate) fn add(&mut self, id: AgentId, now: Time) {
        self.agents.entry(id).or_insert_with(|| Agent::new(now));
    }

    pub(crate) fn set_queues(&mut self, id: AgentId, queues: BTreeSet<QueueId>) {
        if let Some(agent) = self.agents.get_mut(&id) {
            agent.queues = queues;
        }
    }

    pub(crate) fn set_reachable(&mut self, id: AgentId, reachable: bool) {
        self.update(id, |agent| agent.reachable = reachable);
    }

    /// Puts the agent in a state and returns the former; `None` for an unknown agent.
    pub(crate) fn enter(&mut self, id: AgentId, to: AgentState, now: Time) -> Option<AgentState> {
        self.update(id, |agent| {
            agent.idle = agent.idle.entering(&to, now);
            std::mem::replace(&mut agent.state, to)
        })
    }

    /// Changes what comes after the agent's call. Neither index depends on it.
    pub(crate) fn after_mut(&mut self, id: AgentId) -> Option<&mut crate::After> {
        self.agents.get_mut(&id)?.state.after_mut()
    }

    /// Agents who could be offered a call of this queue, longest idle first.
    pub(crate) fn available_in(&self, queue: QueueId) -> impl Iterator<Item = AgentId> {
        self.available
            .iter()
            .map(|(_, id)| *id)
            .filter(move |id| self.get(*id).is_some_and(|agent| agent.serves(queue)))
    }

    pub(crate) fn nobody_available(&self) -> bool {
        self.available.is_empty()
    }

    pub(crate) fn first_due(&self) -> Option<(Time, AgentId)> {
        self.due.first().copied()
    }

    fn update<T>(&mut self, id: AgentId, change: impl FnOnce(&mut Agent) -> T) -> Option<T> {
        let agent = self.agents.get_mut(&id)?;
        if let Some(since) = agent.available_since() {
            self.available.remove(&(since, id));
        }
        if let Some(until) = agent.state.until() {
            self.due.remove(&(until, id));
        }
        let result = change(agent);
        if let Some(since) = agent.available_since() {
            self.available.insert((since, id));
        }
        if let Some(until) = agent.state.until() {
            self.due.insert((until, id));
        }
        Some(result)
    }

    /// # Errors
    /// What an index says that the table does not, or the other way round.
    pub(crate) fn check(&self) -> Result<(), String> {
        let available: BTreeSet<_> =
            self.iter().filter_map(|(id, agent)| Some((agent.available_since()?, id))).collect();
        let due: BTreeSet<_> =
            self.iter().filter_map(|(id, agent)| Some((agent.state.until()?, id))).collect();
        if available != self.available {
            return Err(format!("available agents: {:?}, not {available:?}", self.available));
        }
        if due != self.due {
            return Err(format!("agents' deadlines: {:?}, not {due:?}", self.due));
        }
        let running = self.iter().find(|(_, agent)| {
            let runs = matches!(agent.idle, IdleClock::Running { .. });
            let idle = matches!(agent.state, AgentState::Ready { .. } | AgentState::Offered { .. });
            runs != idle
        });
        match running {
            Some((id, agent)) => Err(format!("idle clock of agent {id}: {agent:?}")),
            None => Ok(()),
        }
    }
}
