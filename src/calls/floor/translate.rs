//! The engine's words in the words of the API.

use callcenter::{After, AgentView, QueueView};

use crate::calls::board::{AgentNews, QueueNews};
use crate::calls::clock::to_utc;
use crate::views::{AgentState, PendingState};

pub fn agent(view: &AgentView) -> AgentNews {
    let state = &view.state;
    AgentNews {
        id: view.id,
        state: match state {
            callcenter::AgentState::LoggedOut { .. } => AgentState::LoggedOut,
            callcenter::AgentState::NotReady { .. } => AgentState::NotReady,
            callcenter::AgentState::Ready { .. } => AgentState::Ready,
            callcenter::AgentState::Offered { .. } => AgentState::Offered,
            // To the one who is asked, it is a call that rings.
            callcenter::AgentState::Dialling { invited: true, .. } => AgentState::Offered,
            callcenter::AgentState::Dialling { .. } => AgentState::Dialling,
            callcenter::AgentState::Talking { .. } => AgentState::Talking,
            callcenter::AgentState::WrapUp { .. } => AgentState::WrapUp,
        },
        reason: state.reason().map(|reason| reason.code().to_owned()),
        since: to_utc(state.since()),
        until: state.until().map(to_utc),
        call_id: state.call().map(|call| call.0),
        queue_id: state.queue().map(|queue| queue.0),
        pending: match state.after() {
            Some(After::NotReady(_)) => Some(PendingState::NotReady),
            Some(After::LoggedOut) => Some(PendingState::LoggedOut),
            Some(After::Ready) | None => None,
        },
        queues: view.queues.iter().map(|queue| queue.0).collect(),
    }
}

pub fn queue(view: &QueueView) -> QueueNews {
    QueueNews {
        id: view.id,
        waiting: count(view.waiting.len()),
        longest_wait_since: view.longest_wait_since.map(to_utc),
        ready: count(view.ready),
        offered: count(view.offered),
        talking: count(view.talking),
        wrap_up: count(view.wrap_up),
        not_ready: count(view.not_ready + view.ready_unreachable),
    }
}

/// The engine's own bounds lie far below.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
