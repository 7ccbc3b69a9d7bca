//! Transcripts of calls: what the flow is told, and what it asks for.

mod arriving;
mod away;
mod chance;
mod during;

use callcenter::{AgentId, OfferId};
use uuid::Uuid;

use super::*;

fn agent() -> AgentId {
    AgentId(Uuid::from_u128(7))
}

fn finish_of(actions: &[Action]) -> Option<End> {
    actions.iter().find_map(|action| match action {
        Action::Finish(end) => Some(*end),
        _ => None,
    })
}

fn waiting() -> Flow {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::Queue));
    let joined = flow.on(Event::SoundOver(Sound::Greeting));
    assert!(joined.contains(&Action::JoinQueue(None)));
    flow
}

fn offering(offer: OfferId) -> Flow {
    let mut flow = waiting();
    let rung = flow.on(Event::Offered { offer, agent: agent() });
    assert_eq!(rung, vec![Action::Ring { side: Side::Party, callee: Callee::Agent(agent()) }]);
    flow
}

fn talking() -> Flow {
    let offer = OfferId(1);
    let mut flow = offering(offer);
    flow.on(Event::Answered(Side::Party));
    flow.on(Event::Accepted { offer, agent: agent() });
    assert_eq!(flow.phase(), Phase::Talking);
    flow
}

fn other() -> AgentId {
    AgentId(Uuid::from_u128(8))
}

fn mixed(actions: &[Action]) -> Option<&[Side]> {
    actions.iter().rev().find_map(|action| match action {
        Action::Mix(sides) => Some(&sides[..]),
        _ => None,
    })
}
