//! A small floor to tell stories on: agents 1, 2, 3 …, queues and calls likewise, time in seconds.

use callcenter::{
    AgentId, AgentState, CallId, Engine, Input, NotReadyReason, OfferId, Output, QueueId, QueueSettings, Time,
};
use uuid::Uuid;

pub fn agent(number: u128) -> AgentId {
    AgentId(Uuid::from_u128(number))
}

pub fn call(number: u128) -> CallId {
    CallId(Uuid::from_u128(number))
}

pub fn queue(number: u128) -> QueueId {
    QueueId(Uuid::from_u128(number))
}

pub fn seconds(seconds: u64) -> Time {
    Time::from_unix_ms(1_000_000 + seconds * 1_000)
}

/// Ring 20 s, wrap-up 30 s.
pub fn settings(number: u128) -> QueueSettings {
    QueueSettings::new(queue(number), format!("queue {number}"))
}

pub fn lunch() -> NotReadyReason {
    NotReadyReason::Chosen("lunch".to_owned())
}

pub struct Floor {
    pub engine: Engine,
    pub now: Time,
}

impl Floor {
    pub fn new(queues: impl IntoIterator<Item = QueueSettings>) -> Floor {
        let mut floor = Floor { engine: Engine::new(), now: seconds(0) };
        floor.tell(Input::SetQueues(queues.into_iter().collect()));
        floor
    }

    /// One queue and one agent in it, Ready since second 0.
    pub fn with_one_ready() -> Floor {
        let mut floor = Floor::new([settings(1)]);
        floor.seat(1, [1]);
        floor.tell(Input::AgentReady { agent: agent(1) });
        floor
    }

    /// An agent with a reachable phone, logged out.
    pub fn seat(&mut self, number: u128, queues: impl IntoIterator<Item = u128>) {
        let agent = agent(number);
        self.tell(Input::SetMembers { agent, queues: queues.into_iter().map(queue).collect() });
        self.tell(Input::AgentPhone { agent, reachable: true });
    }

    pub fn ready(&mut self, number: u128) -> Vec<Output> {
        self.tell(Input::AgentReady { agent: agent(number) })
    }

    pub fn arrive(&mut self, number: u128, to: u128) -> Vec<Output> {
        self.tell(Input::CallArrived { call: call(number), queue: queue(to), priority: 0 })
    }

    pub fn hang_up(&mut self, number: u128) -> Vec<Output> {
        self.tell(Input::CallGone { call: call(number) })
    }

    pub fn accept(&mut self, number: u128) -> Vec<Output> {
        let offer = self.offer_of(number);
        self.tell(Input::OfferAccepted { agent: agent(number), offer })
    }

    /// The clock goes to this second and the engine is told so.
    pub fn at(&mut self, second: u64) -> Vec<Output> {
        self.now = seconds(second);
        self.tell(Input::Tick)
    }

    /// Every step of every story keeps the invariants.
    pub fn tell(&mut self, input: Input) -> Vec<Output> {
        let out = self.engine.handle(self.now, input);
        self.engine.check_invariants().expect("invariants");
        out
    }

    pub fn state(&self, number: u128) -> AgentState {
        self.engine.agent(agent(number)).expect("a known agent").state
    }

    pub fn word(&self, number: u128) -> &'static str {
        self.state(number).word()
    }

    pub fn reason(&self, number: u128) -> Option<NotReadyReason> {
        self.state(number).reason().cloned()
    }

    pub fn offer_of(&self, number: u128) -> OfferId {
        self.state(number).offer().expect("an agent who is offered")
    }
}

/// What the outputs say, one word or two each, without the changes of agents' states.
pub fn said(out: &[Output]) -> Vec<String> {
    out.iter().filter_map(line).collect()
}

fn line(output: &Output) -> Option<String> {
    let number = |id: Uuid| id.as_u128();
    Some(match output {
        Output::Offer { call, agent, .. } => {
            format!("offer {} to {}", number(call.0), number(agent.0))
        }
        Output::WithdrawOffer { call, agent, why, .. } => {
            format!("withdraw {} from {}: {why:?}", number(call.0), number(agent.0))
        }
        Output::Connect { call, agent, .. } => {
            format!("connect {} with {}", number(call.0), number(agent.0))
        }
        Output::CallQueued { call, position, .. } => {
            format!("queued {} at {position}", number(call.0))
        }
        Output::CallOverflowed { call, waited_ms, .. } => {
            format!("overflow {} after {waited_ms}", number(call.0))
        }
        Output::DiallingExpired { call, .. } => format!("dialling {} expired", number(call.0)),
        Output::Refused { input, reason } => format!("refused {input}: {reason}"),
        Output::AfterChanged { agent, after } => format!("after {}: {after:?}", number(agent.0)),
        Output::AgentChanged { .. } => return None,
    })
}
