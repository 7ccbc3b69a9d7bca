//! The judge: knows the rules, what went in and what came out, and nothing of the engine's inside.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use callcenter::{
    AgentId, AgentState, CallId, Engine, Input, NotReadyReason, OfferId, Output, QueueId, QueueSettings, Time,
};

/// A caller in line, as the inputs tell.
#[derive(Clone, Copy, Debug)]
struct Caller {
    queue: QueueId,
    priority: i32,
    since: Time,
    number: u64,
    offer: Option<OfferId>,
    /// An offer failed when the longest wait had passed: no other may be made.
    too_late: bool,
}

#[derive(Debug)]
struct Agent {
    state: AgentState,
    queues: BTreeSet<QueueId>,
    reachable: bool,
    /// Time Ready since the last call, up to the beginning of the present state.
    idle_ms: u64,
}

impl Agent {
    fn available(&self) -> bool {
        matches!(self.state, AgentState::Ready { .. }) && self.reachable
    }

    fn idle_at(&self, now: Time) -> u64 {
        match self.state {
            AgentState::Ready { since } | AgentState::Offered { since, .. } => {
                self.idle_ms + now.ms_since(since)
            }
            _ => self.idle_ms,
        }
    }
}

#[derive(Debug, Default)]
pub struct Judge {
    queues: BTreeMap<QueueId, QueueSettings>,
    /// As they were before this step: what is due comes before the input.
    former_queues: BTreeMap<QueueId, QueueSettings>,
    agents: BTreeMap<AgentId, Agent>,
    /// Callers in line; who is connected, overflows or leaves is taken out.
    line: BTreeMap<CallId, Caller>,
    offers: BTreeMap<OfferId, (CallId, AgentId)>,
    arrivals: u64,
    pub abandoned: u64,
    pub picked_up: u64,
    pub talks_ended: u64,
}

type Verdict = Result<(), String>;

fn rule(holds: bool, what: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(what()) }
}

/// Whether the longest wait has passed; in a queue that is gone it has.
fn overdue(queues: &BTreeMap<QueueId, QueueSettings>, caller: &Caller, now: Time) -> bool {
    queues
        .get(&caller.queue)
        .is_none_or(|queue| queue.max_wait_ms.is_some_and(|wait_ms| caller.since.plus_ms(wait_ms) <= now))
}

impl Judge {
    pub fn nobody_in_line(&self) -> bool {
        self.line.is_empty()
    }

    pub fn step(&mut self, now: Time, input: &Input, outputs: &[Output], engine: &Engine) -> Verdict {
        self.former_queues.clone_from(&self.queues);
        self.note(now, input);
        let leaving = match input {
            Input::CallGone { call } => Some(*call),
            _ => None,
        };
        for output in outputs {
            self.output(now, input, leaving, output).map_err(|wrong| format!("{wrong}, at {output:?}"))?;
        }
        if let Some(caller) = leaving.and_then(|call| self.line.remove(&call)) {
            self.abandoned += 1;
            rule(caller.offer.is_none(), || "a phone rings for a caller who is gone".to_owned())?;
        }
        self.after_pick_up(input, outputs)?;
        self.afterwards(now, engine)
    }

    fn note(&mut self, now: Time, input: &Input) {
        match input {
            Input::SetQueues(queues) => {
                self.queues = queues.iter().map(|q| (q.id, q.clone())).collect();
            }
            Input::SetMembers { agent, queues } => {
                self.agent(*agent, now).queues = queues.iter().copied().collect();
            }
            Input::AgentPhone { agent, reachable } => {
                self.agent(*agent, now).reachable = *reachable;
            }
            _ => {}
        }
    }

    fn agent(&mut self, id: AgentId, now: Time) -> &mut Agent {
        self.agents.entry(id).or_insert_with(|| Agent {
            state: AgentState::LoggedOut { since: now },
            queues: BTreeSet::new(),
            reachable: false,
            idle_ms: 0,
        })
    }

    fn output(&mut self, now: Time, input: &Input, leaving: Option<CallId>, output: &Output) -> Verdict {
        match output {
            Output::CallQueued { call, queue, .. } => {
                let &Input::CallArrived { priority, .. } = input else {
                    return Err("queued without an arrival".to_owned());
                };
                self.arrivals += 1;
                let caller = Caller {
                    queue: *queue,
                    priority,
                    since: now,
                    number: self.arrivals,
                    offer: None,
                    too_late: false,
                };
                let former = self.line.insert(*call, caller);
                rule(former.is_none(), || "queued twice".to_owned())
            }
            Output::Offer { offer, call, agent, queue, until, .. } => {
                rule(leaving != Some(*call), || "rung for a caller who is gone".to_owned())?;
                self.check_choice(now, leaving, *call, *agent)?;
                let ring_ms = self.queues[queue].ring_timeout_ms;
                rule(*until == now.plus_ms(ring_ms), || format!("ring time is {ring_ms} ms"))?;
                let caller = self.line.get_mut(call).ok_or("rung for nobody")?;
                rule(caller.queue == *queue, || "the wrong queue".to_owned())?;
                rule(caller.offer.replace(*offer).is_none(), || "a second offer for one call".to_owned())?;
                let twice = self.offers.values().any(|(_, other)| other == agent);
                rule(!twice, || "a second offer for one agent".to_owned())?;
                let reused = self.offers.insert(*offer, (*call, *agent));
                rule(reused.is_none(), || "the offer's id is in use".to_owned())
            }
            Output::WithdrawOffer { offer, call, agent, .. } => self.offer_ends(now, *offer, *call, *agent),
            Output::Connect { offer, call, agent } => {
                rule(leaving != Some(*call), || "connected to a caller who is gone".to_owned())?;
                self.offer_ends(now, *offer, *call, *agent)?;
                self.line.remove(call);
                Ok(())
            }
            Output::CallOverflowed { call, waited_ms, .. } => {
                self.end_failed_offer(now, input);
                let caller = self.line.remove(call).ok_or("nobody overflows")?;
                rule(caller.offer.is_none(), || "overflows while a phone rings".to_owned())?;
                rule(*waited_ms == now.ms_since(caller.since), || "a wrong waiting time".to_owned())?;
                let overdue =
                    overdue(&self.queues, &caller, now) || overdue(&self.former_queues, &caller, now);
                rule(overdue, || "overflows too early".to_owned())
            }
            Output::AgentChanged { agent, from, to, at } => {
                self.end_failed_offer(now, input);
                self.end_picked_up(input, *agent, to)?;
                rule(*at == now && to.since() == now, || "a wrong time".to_owned())?;
                self.talks_ended += u64::from(from.word() == "talking");
                let agent = self.agent(*agent, now);
                rule(agent.state == *from, || format!("was {:?} before", agent.state))?;
                agent.idle_ms = match to {
                    AgentState::Ready { .. } | AgentState::Offered { .. } => agent.idle_at(now),
                    AgentState::NotReady { reason, .. } => match reason {
                        NotReadyReason::MissedCall | NotReadyReason::Rejected => 0,
                        _ => agent.idle_at(now),
                    },
                    _ => 0,
                };
                agent.state = to.clone();
                Ok(())
            }
            Output::AfterChanged { agent, after } => {
                let state = &mut self.agent(*agent, now).state;
                let (AgentState::Dialling { after: slot, .. }
                | AgentState::Talking { after: slot, .. }
                | AgentState::WrapUp { after: slot, .. }) = state
                else {
                    return Err(format!("nothing comes after {state:?}"));
                };
                *slot = after.clone();
                Ok(())
            }
            Output::DiallingExpired { .. } | Output::Refused { .. } => Ok(()),
        }
    }

    /// An offer whose leg failed ends without a word: the shell said so itself.
    fn end_failed_offer(&mut self, now: Time, input: &Input) {
        if let Input::OfferFailed { agent, offer, .. } = input
            && let Some((call, rung)) = self.offers.get(offer).copied()
            && rung == *agent
        {
            self.offers.remove(offer);
            if let Some(caller) = self.line.get_mut(&call) {
                caller.offer = None;
                caller.too_late = overdue(&self.queues, caller, now);
            }
        }
    }

    /// The offer ends without a word: the leg that rang is gone over to the colleague, who was free and
    /// serves the queue.
    fn end_picked_up(&mut self, input: &Input, changed: AgentId, to: &AgentState) -> Verdict {
        let (&Input::PickedUp { offer, from, by }, &AgentState::Talking { call, queue, .. }) = (input, to)
        else {
            return Ok(());
        };
        rule(changed == by, || "another than who picked up talks".to_owned())?;
        let ended = self.offers.remove(&offer);
        rule(ended == Some((call, from)), || format!("picked up what was {ended:?}"))?;
        let caller = self.line.remove(&call).ok_or("picked up nobody")?;
        rule(queue == Some(caller.queue), || "picked up for the wrong queue".to_owned())?;
        let colleague = self.agents.get(&by).ok_or("an unknown agent")?;
        rule(colleague.queues.contains(&caller.queue), || "does not serve the queue".to_owned())?;
        let free = match colleague.state {
            AgentState::Ready { .. } | AgentState::NotReady { .. } => true,
            // Rung for this very call.
            AgentState::Dialling { call: its, invited, .. } => invited && its == call,
            _ => false,
        };
        rule(free, || "picked up beside another call".to_owned())?;
        self.picked_up += 1;
        Ok(())
    }

    /// Unless refused, the colleague talks, and whose phone rang missed nothing: Ready, or offered the next.
    fn after_pick_up(&self, input: &Input, outputs: &[Output]) -> Verdict {
        let &Input::PickedUp { from, by, .. } = input else {
            return Ok(());
        };
        if outputs.iter().any(|output| matches!(output, Output::Refused { .. })) {
            return Ok(());
        }
        let word = |agent| self.agents.get(&agent).map(|agent: &Agent| agent.state.word());
        rule(word(by) == Some("talking"), || "who picked up does not talk".to_owned())?;
        rule(matches!(word(from), Some("ready" | "offered")), || {
            format!("whose phone rang is {:?}", word(from))
        })
    }

    fn offer_ends(&mut self, now: Time, offer: OfferId, call: CallId, agent: AgentId) -> Verdict {
        let ended = self.offers.remove(&offer);
        rule(ended == Some((call, agent)), || format!("the offer was {ended:?}"))?;
        let caller = self.line.get_mut(&call).ok_or("nobody in line")?;
        caller.too_late = overdue(&self.queues, caller, now) && overdue(&self.former_queues, caller, now);
        rule(caller.offer.take() == Some(offer), || "not the call's offer".to_owned())
    }

    fn rank(&self, caller: &Caller) -> Option<(Reverse<i32>, Reverse<i32>, u64)> {
        let weight = self.queues.get(&caller.queue)?.weight;
        Some((Reverse(weight), Reverse(caller.priority), caller.number))
    }

    /// No other agent of the queue is idle for longer; no other caller whom this agent could take
    /// comes first. The agent's own change of state came just before.
    fn check_choice(&self, now: Time, leaving: Option<CallId>, call: CallId, agent: AgentId) -> Verdict {
        let caller = self.line.get(&call).ok_or("rung for nobody")?;
        let chosen = self.agents.get(&agent).ok_or("an unknown agent")?;
        rule(chosen.reachable && chosen.queues.contains(&caller.queue), || {
            "this agent cannot be offered this call".to_owned()
        })?;
        rule(!caller.too_late, || "rung again after the longest wait".to_owned())?;
        let idle_ms = chosen.idle_at(now);
        for (id, other) in &self.agents {
            let longer =
                other.available() && other.queues.contains(&caller.queue) && other.idle_at(now) > idle_ms;
            rule(!longer, || format!("agent {id} is idle for longer"))?;
        }
        let rank = self.rank(caller).ok_or("the queue is gone")?;
        for (id, other) in &self.line {
            let first = leaving != Some(*id)
                && other.offer.is_none()
                && chosen.queues.contains(&other.queue)
                && self.rank(other).is_some_and(|other| other < rank);
            rule(!first, || format!("call {id} comes first"))?;
        }
        Ok(())
    }

    /// What holds between two steps.
    fn afterwards(&self, now: Time, engine: &Engine) -> Verdict {
        engine.check_invariants()?;
        for (id, agent) in &self.agents {
            let view = engine.agent(*id).ok_or("an agent was forgotten")?;
            rule(view.state == agent.state, || {
                format!("agent {id} is {:?} and replays to {:?}", view.state, agent.state)
            })?;
            rule(view.idle_ms == agent.idle_at(now), || {
                format!("agent {id} is idle for {} ms, not {}", agent.idle_at(now), view.idle_ms)
            })?;
            rule(agent.state.until().is_none_or(|until| until > now), || {
                format!("agent {id} is past the deadline of {:?}", agent.state)
            })?;
            let standing = agent.state.offer();
            rule(standing.is_none_or(|offer| self.offers.get(&offer).is_some_and(|(_, a)| a == id)), || {
                format!("agent {id} is offered what does not stand")
            })?;
        }
        for (offer, (call, agent)) in &self.offers {
            rule(self.agents[agent].state.offer() == Some(*offer) && self.line.contains_key(call), || {
                format!("offer {offer} of call {call} rings for nobody")
            })?;
        }
        for (id, caller) in self.line.iter().filter(|(_, c)| c.offer.is_none()) {
            rule(self.queues.contains_key(&caller.queue), || format!("call {id} waits in no queue"))?;
            let overdue = overdue(&self.queues, caller, now);
            rule(!overdue, || format!("call {id} waits for too long"))?;
            let helper = self
                .agents
                .iter()
                .find(|(_, agent)| agent.available() && agent.queues.contains(&caller.queue));
            rule(helper.is_none(), || format!("call {id} starves while {helper:?} is available"))?;
        }
        Ok(())
    }
}
