//! Pictures of the floor for those who ask.

use super::Engine;
use crate::line::Call;
use crate::{AgentId, AgentState, AgentView, QueueId, QueueView, WaitingCall};

impl Engine {
    pub fn agent(&self, id: AgentId) -> Option<AgentView> {
        Some(self.roster.get(id)?.view(id, self.clock))
    }

    /// Every agent known, in the order of their ids.
    pub fn agents(&self) -> impl Iterator<Item = AgentView> {
        self.roster.iter().map(|(id, agent)| agent.view(id, self.clock))
    }

    pub fn queue_ids(&self) -> impl Iterator<Item = QueueId> {
        self.queues.keys().copied()
    }

    /// `None` for a queue that is not, or no longer, among the settings.
    pub fn queue_view(&self, id: QueueId) -> Option<QueueView> {
        let settings = self.queues.get(&id)?;
        let mut view = QueueView {
            id,
            name: settings.name.clone(),
            waiting: self.waiting(id),
            longest_wait_since: None,
            ready: 0,
            ready_unreachable: 0,
            not_ready: 0,
            offered: 0,
            talking: 0,
            wrap_up: 0,
            logged_in: 0,
        };
        view.longest_wait_since = view.waiting.iter().map(|call| call.since).min();
        for (_, agent) in self.roster.iter() {
            let state = agent.state();
            let of_queue = usize::from(state.queue() == Some(id));
            let member = usize::from(agent.serves(id));
            match state {
                AgentState::LoggedOut { .. } => continue,
                AgentState::NotReady { .. } => view.not_ready += member,
                AgentState::Ready { .. } if agent.reachable() => view.ready += member,
                AgentState::Ready { .. } => view.ready_unreachable += member,
                AgentState::Offered { .. } => view.offered += of_queue,
                AgentState::Talking { .. } => view.talking += of_queue,
                AgentState::WrapUp { .. } => view.wrap_up += of_queue,
                AgentState::Dialling { .. } => {}
            }
            view.logged_in += member;
        }
        Some(view)
    }

    fn waiting(&self, queue: QueueId) -> Vec<WaitingCall> {
        self.line
            .of(queue)
            .filter_map(|(call, place)| {
                let ticket = place.ticket()?;
                Some(WaitingCall {
                    call,
                    since: ticket.since,
                    priority: ticket.priority,
                    offered_to: match place {
                        Call::Ringing { agent, .. } => Some(*agent),
                        Call::Waiting(_) | Call::With { .. } => None,
                    },
                })
            })
            .collect()
    }
}
