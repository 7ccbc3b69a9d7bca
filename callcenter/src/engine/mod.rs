//! The engine: one table of agents, one of calls, one of queues, and the rules between them.

mod agents;
mod calls;
mod deadlines;
mod invariants;
mod offers;
mod routing;
mod settings;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use crate::line::Line;
use crate::roster::Roster;
use crate::{AgentId, AgentState, CallId, Input, OfferId, Output, QueueId, QueueSettings, Refusal, Time};

/// Leads callers to agents. See the crate's page for the rules.
///
/// After a restart the owner tells it everything anew: queues, members, phones, who was Ready.
#[derive(Clone, Debug, Default)]
pub struct Engine {
    /// The latest moment seen.
    clock: Time,
    queues: BTreeMap<QueueId, QueueSettings>,
    roster: Roster,
    line: Line,
    /// Agents who were asked into a call beside, or after, the one it came to.
    guests: BTreeSet<(CallId, AgentId)>,
    last_offer: u64,
    last_ticket: u64,
}

impl Engine {
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Takes one input and says what to do, in order.
    ///
    /// In this order: agents' deadlines that have passed, the input, offers, callers whose longest
    /// wait has passed. So an answer after the ring time is too late, and a caller overflows only
    /// if at that moment nobody is there.
    pub fn handle(&mut self, now: Time, input: Input) -> Vec<Output> {
        self.clock = self.clock.max(now);
        let mut step = Step { now: self.clock, out: Vec::new() };
        self.expire_agents(&mut step);
        let name = input.name();
        if let Err(reason) = self.apply(&mut step, input) {
            step.out.push(Output::Refused { input: name, reason });
        }
        self.route(&mut step);
        self.overflow_due(&mut step);
        step.out
    }

    /// When [`Input::Tick`] is due; `None` while nothing is.
    pub fn next_deadline(&self) -> Option<Time> {
        let agent = self.roster.first_due().map(|(at, _)| at);
        let call = self.line.first_due().map(|(at, _)| at);
        [agent, call].into_iter().flatten().min()
    }

    fn apply(&mut self, step: &mut Step, input: Input) -> Result<(), Refusal> {
        match input {
            Input::SetQueues(queues) => {
                self.set_queues(step, queues);
                Ok(())
            }
            Input::SetMembers { agent, queues } => self.set_members(step, agent, queues),
            Input::AgentLoggedIn { agent } => self.logged_in(step, agent),
            Input::AgentLoggedOut { agent } => self.logged_out(step, agent),
            Input::AgentReady { agent } => self.ready(step, agent),
            Input::AgentNotReady { agent, reason } => self.not_ready(step, agent, reason),
            Input::WrapUpFinished { agent } => self.wrap_up_finished(step, agent),
            Input::AgentPhone { agent, reachable } => self.phone(step, agent, reachable),
            Input::CallArrived { call, queue, priority } => self.arrived(step, call, queue, priority),
            Input::CallGone { call } => self.gone(step, call),
            Input::OfferAccepted { agent, offer } => self.accepted(step, agent, offer),
            Input::OfferFailed { agent, offer, why } => self.failed(step, agent, offer, why),
            Input::PickedUp { offer, from, by } => self.picked_up(step, offer, from, by),
            Input::CallFinished { agent, call } => self.finished(step, agent, call),
            Input::OutboundStarted { agent, call } => self.outbound(step, agent, call),
            Input::Invited { agent, call } => self.invited(step, agent, call),
            Input::OutboundAnswered { agent, call } => self.outbound_answered(step, agent, call),
            Input::Moved { agent, from, to } => self.moved(step, agent, from, to),
            Input::Tick => Ok(()),
        }
    }

    /// The one way in which an agent's state changes.
    fn enter(&mut self, step: &mut Step, agent: AgentId, to: AgentState) {
        if let Some(from) = self.roster.enter(agent, to.clone(), step.now) {
            step.out.push(Output::AgentChanged { agent, from, to, at: step.now });
        }
    }

    fn state_of(&self, agent: AgentId) -> Result<&AgentState, Refusal> {
        self.roster.get(agent).map(|agent| agent.state()).ok_or(Refusal::UnknownAgent)
    }

    fn new_offer_id(&mut self) -> OfferId {
        self.last_offer += 1;
        OfferId(self.last_offer)
    }
}

/// One call of [`Engine::handle`]: its time, and what came of it so far.
struct Step {
    now: Time,
    out: Vec<Output>,
}
