//! Calls that come in: who calls, where the number leads, and the task that takes over.

use callcenter::{AgentId, CallId, Input, Refusal};
use crm::routes::RouteTarget;
use media::sdp::{self, Security};
use sip::{Incoming, Origin};
use tokio::sync::mpsc;
use tracing::{error, info, warn};
use uuid::Uuid;

use std::sync::Arc;

use super::Shared;
use super::board::News;
use super::dialled::{device_facts, from_device};
use super::end::Cause;
use super::floor::Answer;
use super::flow::{Plan, Side};
use super::media_security::Demand;
use super::pickup;
use super::sounds::{Language, QueueSounds};
use super::task::{Arrived, Beginning, CallFacts, CallTask, Destination};
use super::who::Who;
use crate::views::Direction;

/// Takes calls from signalling until that stops. Each is screened in a task of its own, so that a
/// slow look-up delays no other call.
pub fn start(shared: Arc<Shared>, mut incoming: mpsc::Receiver<Incoming>) {
    tokio::spawn(async move {
        while let Some(call) = incoming.recv().await {
            tokio::spawn(screen(Arc::clone(&shared), call));
        }
        info!("no more calls come in");
    });
}

async fn screen(shared: Arc<Shared>, incoming: Incoming) {
    let wanted = pickup::wanted(&shared, &incoming);
    let demand = demand(&shared, &incoming);
    let source = incoming.source;
    let offered = sdp::parse(&incoming.body).map_or(Security::Plain, |offer| offer.security());
    let ((facts, plan, side), leg, body) = match (&incoming.from, wanted) {
        (Origin::Device(username), _) if let Err(unmet) = demand.takes(offered) => {
            warn!(phone = username, transport = ?incoming.transport, ?offered, %unmet, "call refused");
            let facts = device_facts(&shared, username, &incoming.called);
            ((facts, refused(488), Side::Party), incoming.leg, incoming.body)
        }
        (Origin::Device(username), Some(wanted)) => {
            let facts = device_facts(&shared, username, &incoming.called);
            match pickup::hand_over(&shared, wanted, username, demand, source, incoming.leg, incoming.body)
                .await
            {
                // It is a leg of that call now.
                Ok(()) => return,
                Err(left) => ((facts, refused(left.code), Side::Party), left.leg, left.offered),
            }
        }
        (Origin::Device(username), None) => {
            (from_device(&shared, &incoming, username).await, incoming.leg, incoming.body)
        }
        (Origin::Trunk(trunk), _) => {
            (from_trunk(&shared, &incoming, trunk).await, incoming.leg, incoming.body)
        }
    };
    let control = leg.commands();
    let floor = shared.floor.clone();
    let call = facts.id;
    let reserved = plan.reserved();
    let beginning = Beginning { plan, incoming: Some(Arrived { side, leg, source, offered: body, demand }) };
    if let Err(failure) = CallTask::spawn(shared, facts, beginning).await {
        warn!(%call, %failure, "call refused");
        for agent in reserved {
            floor.feed(Input::CallFinished { agent, call: CallId(call) }).await;
        }
        // RFC 3261 section 21.5.4; a leg that is gone has ended by itself.
        let _ = control.reject(503, "Service Unavailable");
    }
}

/// How the sound of this caller has to be encrypted.
fn demand(shared: &Shared, incoming: &Incoming) -> Demand {
    match &incoming.from {
        Origin::Trunk(_) => Demand::Carrier,
        Origin::Device(username) => shared.phones.demand(username, incoming.transport),
    }
}

/// A customer, by way of a carrier.
async fn from_trunk(shared: &Arc<Shared>, incoming: &Incoming, trunk: &str) -> (CallFacts, Plan, Side) {
    let id = Uuid::now_v7();
    let caller = shared.e164(&incoming.caller.user);
    let called = shared.e164(&incoming.called);
    let who = Who::at(&shared.db, &caller).await;
    let replaces = incoming.replaces.is_some();
    let (plan, queue, destination) = match crm::routes::resolve(&shared.db, &called).await {
        // RFC 3891 section 3: a stranger takes nobody's place.
        _ if replaces => (refused(603), None, None),
        Ok(Some(route)) => led_to(route.target),
        Ok(None) => (refused(404), None, None),
        Err(failure) => {
            error!(%failure, "route not looked up");
            (refused(503), None, None)
        }
    };
    let sounds = match queue {
        Some(queue) => QueueSounds::of(&shared.db, queue).await,
        None => QueueSounds::default(),
    };
    let facts = CallFacts {
        id,
        direction: Direction::Inbound,
        trunk: Some(trunk.to_owned()),
        caller: caller.clone(),
        called,
        caller_display: incoming.caller.display.clone(),
        contact: who.contact(),
        match_kind: who.kind(),
        queue,
        agent: None,
        destination,
        language: who.language().and_then(Language::from_tag).unwrap_or(shared.language),
        sounds,
        test: shared.is_test_call(incoming),
    };
    let plan = match (plan, &facts.destination) {
        (Plan::Forward { .. }, Some(Destination::User(user))) => for_user(shared, id, AgentId(*user)).await,
        (plan, _) => plan,
    };
    if !matches!(plan, Plan::Refuse { .. }) {
        tell_pop(shared, &who, id, &caller).await;
    }
    (facts, plan, Side::Customer)
}

/// A number that leads to one user: an agent at work has the call from its first ring on, so that
/// no offer comes on top. Anybody else's phone rings all the same.
async fn for_user(shared: &Arc<Shared>, call: Uuid, agent: AgentId) -> Plan {
    match shared.floor.ask(Input::Invited { agent, call: CallId(call) }).await {
        Answer::Done => Plan::Forward { agent: Some(agent) },
        Answer::Refused(Refusal::AgentBusy) => refused(486),
        Answer::Refused(_) | Answer::Gone => Plan::Forward { agent: None },
    }
}

pub(super) async fn tell_pop(shared: &Arc<Shared>, who: &Who, call: Uuid, number: &str) {
    let pop = who.pop(&shared.db, call, number).await;
    shared.board.tell(News::Pop(pop)).await;
}

fn led_to(target: RouteTarget) -> (Plan, Option<Uuid>, Option<Destination>) {
    match target {
        RouteTarget::Queue { queue_id } => (Plan::Queue, Some(queue_id), None),
        RouteTarget::User { user_id } => {
            (Plan::Forward { agent: None }, None, Some(Destination::User(user_id)))
        }
        RouteTarget::External { number } => {
            (Plan::Forward { agent: None }, None, Some(Destination::Number(number)))
        }
    }
}

pub(super) fn refused(code: u16) -> Plan {
    Plan::Refuse {
        code,
        cause: match code {
            486 => Cause::Busy,
            503 => Cause::Failed,
            _ => Cause::Refused,
        },
    }
}
