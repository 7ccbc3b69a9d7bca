//! Calls that people dial on a phone of the company: to a colleague, or outside through the trunk.

use std::sync::Arc;

use callcenter::{AgentId, CallId, Input, Refusal};
use sip::Incoming;
use tracing::info;
use uuid::Uuid;

use super::Shared;
use super::floor::Answer;
use super::flow::{Plan, Side};
use super::inbound::{refused, tell_pop};
use super::sounds::QueueSounds;
use super::task::{CallFacts, Destination};
use super::who::Who;
use crate::views::{AgentState, Direction, MatchKind};

/// Whom a phone of ours has dialled.
enum Dialled {
    Colleague(AgentId),
    /// E.164.
    Outside(String),
}

/// One of our own phones: it reaches a colleague by an extension, which is the name of any phone of
/// theirs, or a number outside, or nobody.
pub async fn from_device(
    shared: &Arc<Shared>,
    incoming: &Incoming,
    username: &str,
) -> (CallFacts, Plan, Side) {
    let caller = shared.phones.owner_of(username).map(|phone| phone.agent);
    let dialled = dialled(shared, &incoming.called);
    let outside = match &dialled {
        Some(Dialled::Outside(number)) => Some(number.clone()),
        _ => None,
    };
    let called = outside.clone().unwrap_or_else(|| incoming.called.clone());
    let who = match &dialled {
        Some(Dialled::Colleague(_)) => None,
        _ => Some(Who::at(&shared.db, &called).await),
    };
    let mut facts = CallFacts {
        trunk: outside.and_then(|_| shared.outbound_trunk().map(|trunk| trunk.name.clone())),
        contact: who.as_ref().and_then(Who::contact),
        match_kind: who.as_ref().map_or(MatchKind::Unknown, Who::kind),
        ..device_facts(shared, username, &called)
    };
    let id = facts.id;
    let (Some(caller), Some(dialled)) = (caller, dialled) else {
        return (facts, refused(404), Side::Party);
    };
    let callee = match dialled {
        Dialled::Outside(_) if facts.trunk.is_none() => return (facts, refused(403), Side::Party),
        Dialled::Outside(number) => {
            facts.destination = Some(Destination::Number(number));
            None
        }
        Dialled::Colleague(colleague) => {
            facts.destination = Some(Destination::User(colleague.0));
            if colleague == caller {
                // One's own phone is busy with dialling it.
                return (facts, refused(486), Side::Party);
            }
            match reserve(shared, id, colleague).await {
                Ok(callee) => callee,
                Err(_) => return (facts, refused(486), Side::Party),
            }
        }
    };
    let plan = match begin(shared, id, caller).await {
        Ok(agent) => Plan::PhoneDialled { agent, callee },
        Err(reason) => {
            info!(agent = %caller, ?reason, "phone may not dial now");
            if let Some(agent) = callee {
                shared.floor.feed(Input::CallFinished { agent, call: CallId(id) }).await;
            }
            return (facts, refused(480), Side::Party);
        }
    };
    if let (Some(who), Plan::PhoneDialled { agent: Some(_), .. }) = (&who, &plan) {
        tell_pop(shared, who, id, &called).await;
    }
    (facts, plan, Side::Party)
}

/// What is known of a call before it is known whom it is for.
pub fn device_facts(shared: &Shared, username: &str, called: &str) -> CallFacts {
    CallFacts {
        id: Uuid::now_v7(),
        direction: Direction::Outbound,
        trunk: None,
        caller: username.to_owned(),
        called: called.to_owned(),
        caller_display: None,
        contact: None,
        match_kind: MatchKind::Unknown,
        queue: None,
        agent: shared.phones.owner_of(username).map(|phone| phone.agent.0),
        destination: None,
        language: shared.language,
        sounds: QueueSounds::default(),
        test: false,
    }
}

fn dialled(shared: &Shared, called: &str) -> Option<Dialled> {
    let colleague = shared.phones.owner_of(called).map(|phone| Dialled::Colleague(phone.agent));
    colleague.or_else(|| shared.dialable(called).map(Dialled::Outside))
}

/// A colleague at work has the call from its first ring on; anybody else's phone rings all the same.
async fn reserve(shared: &Shared, call: Uuid, colleague: AgentId) -> Result<Option<AgentId>, Refusal> {
    match shared.floor.ask(Input::Invited { agent: colleague, call: CallId(call) }).await {
        Answer::Done => Ok(Some(colleague)),
        Answer::Refused(Refusal::AgentBusy) => Err(Refusal::AgentBusy),
        Answer::Refused(_) | Answer::Gone => Ok(None),
    }
}

/// The agent who dials is bound to the call, unless there is a conversation already: then it is a
/// second call beside it, to ask somebody, and the first stays the agent's.
async fn begin(shared: &Shared, call: Uuid, caller: AgentId) -> Result<Option<AgentId>, Answer> {
    let call = CallId(call);
    match shared.floor.ask(Input::OutboundStarted { agent: caller, call }).await {
        Answer::Done => Ok(Some(caller)),
        busy @ Answer::Refused(Refusal::AgentBusy) => {
            let mine = shared.board.my_agent(caller).await;
            let talks = mine.is_some_and(|mine| mine.agent.state == AgentState::Talking);
            if talks && shared.floor.beside(caller, call).await { Ok(None) } else { Err(busy) }
        }
        other => Err(other),
    }
}
