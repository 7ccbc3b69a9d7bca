//! What those who handle calls see of one another, put together from what the board knows.

use callcenter::AgentId;
use uuid::Uuid;

use super::task::Keeper;
use crate::views::{Colleague, ParkedCall, RingingCall, Team, TeamQueue};

/// What colleagues saw of a call.
#[derive(PartialEq)]
pub(super) struct Seen {
    parked: bool,
    ringing: Option<RingingCall>,
}

impl Keeper {
    pub(super) fn team(&self) -> Team {
        let queues = self.parts.roster.queues().filter_map(|queue| self.queue_view(queue.id));
        Team {
            colleagues: self.agents.keys().filter_map(|agent| self.colleague(*agent)).collect(),
            queues: queues.map(|queue| TeamQueue::from(&queue)).collect(),
            parked: self.parked(),
            ringing: self.ringing(),
        }
    }

    fn colleague(&self, agent: AgentId) -> Option<Colleague> {
        let extension = self.parts.phones.rings(agent).map(|phone| phone.username);
        Some(Colleague::new(&self.agent_view(agent)?, extension))
    }

    fn parked(&self) -> Vec<ParkedCall> {
        let mut parked: Vec<ParkedCall> = self.calls.values().filter_map(ParkedCall::of).collect();
        parked.sort_by_key(|call| call.slot);
        parked
    }

    fn ringing(&self) -> Vec<RingingCall> {
        let mut ringing: Vec<RingingCall> = self.calls.values().filter_map(RingingCall::of).collect();
        ringing.sort_by_key(|call| (call.since, call.call_id));
        ringing
    }

    /// The agent changed, as supervisors and as colleagues see it.
    pub(super) fn announce_agent(&self, agent: AgentId) {
        if let Some(view) = self.agent_view(agent) {
            self.parts.live.agent_changed(view);
        }
        if let Some(colleague) = self.colleague(agent) {
            self.parts.live.colleague_changed(colleague);
        }
    }

    pub(super) fn announce_queue(&self, queue: Uuid) {
        if let Some(view) = self.queue_view(queue) {
            self.parts.live.team_queue_changed(TeamQueue::from(&view));
            self.parts.live.queue_changed(view);
        }
    }

    /// `before`: what was seen of the call that changed until now.
    pub(super) fn announce_to_colleagues(&self, before: &Seen, call: Uuid) {
        let now = self.seen(call);
        if before.parked || now.parked {
            self.parts.live.parked_changed(self.parked());
        }
        if before.ringing != now.ringing {
            self.parts.live.ringing_changed(self.ringing());
        }
    }

    pub(super) fn seen(&self, call: Uuid) -> Seen {
        let call = self.calls.get(&call);
        let parked = call.is_some_and(|call| ParkedCall::of(call).is_some());
        Seen { parked, ringing: call.and_then(RingingCall::of) }
    }
}
