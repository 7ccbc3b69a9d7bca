//! The world around the engine: callers, agents and phones who do as they like, and a shell that
//! is sometimes late.

use std::collections::{BTreeMap, VecDeque};

use callcenter::{
    AgentId, CallId, Engine, Input, MAX_DIALLING_MS, NotReadyReason, OfferFailure, OfferId, Output, QueueId,
    QueueSettings, Time,
};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use crate::judge::Judge;
use crate::tally::Tally;

const AGENTS: u128 = 12;
const QUEUES: u128 = 4;
/// Calls that agents dial have ids of their own, from here on.
const DIALLED: u128 = 1 << 64;
/// Lines of history shown with a failure.
const TRAIL_LINES: usize = 30;
/// The world must come to rest in this time after the last arrival.
const REST_MS: u64 = 24 * 3_600_000;

enum Event {
    Tell(Input),
    NextArrival,
    /// Some agent wants something.
    Whim,
    /// The company changes something.
    Management,
}

pub struct World {
    seed: u64,
    dice: Xoshiro256PlusPlus,
    now: Time,
    engine: Engine,
    judge: Judge,
    tally: Tally,
    /// What is going to happen, in order of time and then of planning.
    future: BTreeMap<(Time, u64), Event>,
    planned: u64,
    arrivals_left: u64,
    calls: u128,
    trail: VecDeque<String>,
}

fn agent(number: u128) -> AgentId {
    AgentId(Uuid::from_u128(number))
}

fn queue(number: u128) -> QueueId {
    QueueId(Uuid::from_u128(number))
}

fn call(number: u128) -> CallId {
    CallId(Uuid::from_u128(number))
}

impl World {
    pub fn new(seed: u64) -> World {
        World {
            seed,
            dice: Xoshiro256PlusPlus::seed_from_u64(seed),
            now: Time::from_unix_ms(1_700_000_000_000),
            engine: Engine::new(),
            judge: Judge::default(),
            tally: Tally::default(),
            future: BTreeMap::new(),
            planned: 0,
            arrivals_left: 0,
            calls: 0,
            trail: VecDeque::new(),
        }
    }

    pub fn run(mut self, arrivals: u64) -> Tally {
        self.arrivals_left = arrivals;
        let queues = self.any_queues(QUEUES);
        self.tell(Input::SetQueues(queues));
        for number in 0..AGENTS {
            self.any_members(number);
            self.all_is_well(number);
        }
        self.plan(1, Event::NextArrival);
        self.plan(1, Event::Whim);
        self.plan(1, Event::Management);
        while self.arrivals_left > 0 {
            self.advance();
        }
        self.come_to_rest();
        self.tally.abandoned = self.judge.abandoned;
        self.tally.picked_up = self.judge.picked_up;
        self.tally.talks_ended = self.judge.talks_ended;
        self.tally
    }

    /// No more arrivals and no more trouble: everybody in line must be served or leave.
    fn come_to_rest(&mut self) {
        self.future.retain(|_, event| matches!(event, Event::Tell(_)));
        let queues = self.any_queues(QUEUES);
        self.tell(Input::SetQueues(queues));
        let end = self.now.plus_ms(REST_MS);
        while !self.judge.nobody_in_line() {
            assert!(self.now < end, "seed {}: callers wait for ever", self.seed);
            for number in 0..AGENTS {
                self.all_is_well(number);
            }
            self.advance();
        }
    }

    fn plan(&mut self, in_ms: u64, event: Event) {
        self.planned += 1;
        self.future.insert((self.now.plus_ms(in_ms), self.planned), event);
    }

    /// To the next event, or to the next tick; the shell is late with one tick of four.
    fn advance(&mut self) {
        let event = self.future.first_key_value().map(|((at, _), _)| *at);
        let lateness_ms = if self.dice.random_bool(0.25) { self.dice.random_range(1..200) } else { 0 };
        let tick = self.engine.next_deadline().map(|at| at.plus_ms(lateness_ms).max(self.now));
        match (event, tick) {
            (Some(event), Some(tick)) if tick < event => self.tick_at(tick),
            (None, Some(tick)) => self.tick_at(tick),
            (None, None) => self.tick_at(self.now.plus_ms(1_000)),
            (Some(_), _) => {
                let Some(((at, _), event)) = self.future.pop_first() else {
                    return;
                };
                self.now = at.max(self.now);
                self.happen(event);
            }
        }
    }

    fn tick_at(&mut self, at: Time) {
        self.now = at;
        self.tell(Input::Tick);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Tell(input) => self.tell(input),
            Event::NextArrival => self.arrival(),
            Event::Whim => {
                self.whim();
                let in_ms = self.dice.random_range(100..6_000);
                self.plan(in_ms, Event::Whim);
            }
            Event::Management => {
                self.management();
                let in_ms = self.dice.random_range(60_000..1_200_000);
                self.plan(in_ms, Event::Management);
            }
        }
    }

    fn arrival(&mut self) {
        if self.arrivals_left == 0 {
            return;
        }
        // The number of queues changes: a caller for one that is gone is refused and tries again.
        let to = queue(self.dice.random_range(0..QUEUES));
        if self.engine.queue_view(to).is_some() {
            self.arrivals_left -= 1;
            self.calls += 1;
            let caller = call(self.calls);
            let patience_ms = self.dice.random_range(1..240_000);
            self.plan(patience_ms, Event::Tell(Input::CallGone { call: caller }));
            let priority = self.dice.random_range(0..3);
            self.tell(Input::CallArrived { call: caller, queue: to, priority });
        }
        // Ten busy minutes, ten quiet ones.
        let busy = (self.now.unix_ms() / 600_000).is_multiple_of(2);
        let in_ms = self.dice.random_range(0..if busy { 8_000 } else { 40_000 });
        self.plan(in_ms, Event::NextArrival);
    }

    fn whim(&mut self) {
        let who = agent(self.dice.random_range(0..AGENTS));
        let input = match self.dice.random_range(0..20) {
            0 => Input::AgentLoggedOut { agent: who },
            1 => Input::AgentLoggedIn { agent: who },
            2 | 3 => Input::AgentNotReady { agent: who, reason: NotReadyReason::Chosen("break".to_owned()) },
            4 => Input::WrapUpFinished { agent: who },
            5 => Input::AgentPhone { agent: who, reachable: false },
            6 | 7 => Input::AgentPhone { agent: who, reachable: true },
            8 => return self.dial(who),
            10 => return self.invite(who),
            9 => self.nonsense(who),
            _ => Input::AgentReady { agent: who },
        };
        self.tell(input);
    }

    fn dial(&mut self, agent: AgentId) {
        self.calls += 1;
        let call = call(DIALLED + self.calls);
        self.tell(Input::OutboundStarted { agent, call });
        let setup_ms = self.dice.random_range(1_000..40_000);
        match self.dice.random_range(0..4) {
            0 => self.plan(setup_ms, Event::Tell(Input::CallFinished { agent, call })),
            1 => {
                // Forgotten by its shell: only the engine's own deadline ends it.
                let late_ms = MAX_DIALLING_MS + setup_ms;
                self.plan(late_ms, Event::Tell(Input::CallFinished { agent, call }));
            }
            _ => {
                self.plan(setup_ms, Event::Tell(Input::OutboundAnswered { agent, call }));
                let talk_ms = setup_ms + self.dice.random_range(1..120_000);
                self.plan(talk_ms, Event::Tell(Input::CallFinished { agent, call }));
            }
        }
    }

    /// Asked into some call, running, waiting, gone or never there.
    fn invite(&mut self, agent: AgentId) {
        let base = if self.dice.random_bool(0.2) { DIALLED } else { 0 };
        let call = call(base + self.dice.random_range(0..self.calls + 2));
        self.tell(Input::Invited { agent, call });
        let ring_ms = self.dice.random_range(1_000..40_000);
        if self.dice.random_bool(0.7) {
            self.plan(ring_ms, Event::Tell(Input::OutboundAnswered { agent, call }));
        }
        let talk_ms = ring_ms + self.dice.random_range(1..120_000);
        self.plan(talk_ms, Event::Tell(Input::CallFinished { agent, call }));
    }

    /// Some colleague wants it, whoever serves the queue or not, sometimes too late.
    fn pick_up(&mut self, offer: OfferId, call: CallId, from: AgentId, ring_ms: u64) {
        let by = agent(self.dice.random_range(0..AGENTS));
        let in_ms = self.dice.random_range(0..=ring_ms);
        if self.dice.random_bool(0.5) {
            // From the console: the colleague's own phone rings first.
            let asked_ms = self.dice.random_range(0..=in_ms);
            self.plan(asked_ms, Event::Tell(Input::Invited { agent: by, call }));
        }
        self.plan(in_ms, Event::Tell(Input::PickedUp { offer, from, by }));
        let talk_ms = in_ms + self.dice.random_range(1..120_000);
        self.plan(talk_ms, Event::Tell(Input::CallFinished { agent: by, call }));
    }

    /// Inputs that were true once, or never.
    fn nonsense(&mut self, agent: AgentId) -> Input {
        let offer = OfferId(self.dice.random_range(0..self.tally.offers + 2));
        let call = call(self.dice.random_range(0..self.calls + 2));
        match self.dice.random_range(0..6) {
            0 => Input::OfferAccepted { agent, offer },
            1 => Input::OfferFailed { agent, offer, why: OfferFailure::Error },
            2 => Input::CallFinished { agent, call },
            3 => Input::OutboundAnswered { agent, call },
            4 => Input::CallGone { call: CallId(Uuid::max()) },
            _ => Input::CallArrived { call, queue: queue(QUEUES + 1), priority: 0 },
        }
    }

    fn management(&mut self) {
        if self.dice.random_bool(0.5) {
            let number = self.dice.random_range(0..AGENTS);
            self.any_members(number);
        } else {
            let count = self.dice.random_range(QUEUES - 1..=QUEUES);
            let queues = self.any_queues(count);
            self.tell(Input::SetQueues(queues));
        }
    }

    fn any_queues(&mut self, count: u128) -> Vec<QueueSettings> {
        (0..count)
            .map(|number| QueueSettings {
                ring_timeout_ms: self.dice.random_range(5_000..25_000),
                wrap_up_ms: self.dice.random_range(0..4) * 10_000,
                max_wait_ms: self.dice.random_bool(0.7).then(|| self.dice.random_range(0..180_000)),
                weight: self.dice.random_range(0..3),
                ..QueueSettings::new(queue(number), format!("queue {number}"))
            })
            .collect()
    }

    /// Every queue has a member at least, or its callers could not be served in the end.
    fn any_members(&mut self, number: u128) {
        let mut queues: Vec<QueueId> =
            (0..QUEUES).filter(|_| self.dice.random_bool(0.4)).map(queue).collect();
        queues.push(queue(number % QUEUES));
        self.tell(Input::SetMembers { agent: agent(number), queues });
    }

    fn all_is_well(&mut self, number: u128) {
        let agent = agent(number);
        self.tell(Input::AgentPhone { agent, reachable: true });
        self.tell(Input::AgentReady { agent });
    }

    fn tell(&mut self, input: Input) {
        let line = format!("{} {input:?}", self.now.unix_ms());
        let outputs = self.engine.handle(self.now, input.clone());
        self.remember(format!("{line}\n    -> {outputs:?}"));
        self.tally.count(&outputs);
        let verdict = self.judge.step(self.now, &input, &outputs, &self.engine);
        if let Err(wrong) = verdict {
            let trail: Vec<&str> = self.trail.iter().map(String::as_str).collect();
            panic!("seed {}, step {}: {wrong}\n{}", self.seed, self.tally.steps, trail.join("\n"));
        }
        for output in outputs {
            self.react(&output);
        }
    }

    fn remember(&mut self, line: String) {
        if self.trail.len() == TRAIL_LINES {
            self.trail.pop_front();
        }
        self.trail.push_back(line);
    }

    /// What phones and people do about it, some of it too late.
    fn react(&mut self, output: &Output) {
        match *output {
            Output::Offer { offer, call, agent, until, .. } => {
                let ring_ms = until.ms_since(self.now);
                if self.dice.random_bool(0.15) {
                    self.pick_up(offer, call, agent, ring_ms);
                }
                let (in_ms, input) = match self.dice.random_range(0..10) {
                    0 => return,
                    1 => (
                        self.dice.random_range(0..ring_ms),
                        Input::OfferFailed { agent, offer, why: self.any_failure() },
                    ),
                    2 => (ring_ms, Input::OfferAccepted { agent, offer }),
                    _ => (self.dice.random_range(0..ring_ms), Input::OfferAccepted { agent, offer }),
                };
                self.plan(in_ms, Event::Tell(input));
            }
            Output::Connect { call, agent, .. } => {
                let talk_ms = self.dice.random_range(1..120_000);
                self.plan(talk_ms, Event::Tell(Input::CallFinished { agent, call }));
            }
            _ => {}
        }
    }

    fn any_failure(&mut self) -> OfferFailure {
        match self.dice.random_range(0..5) {
            0 => OfferFailure::NoAnswer,
            1 => OfferFailure::Busy,
            2 => OfferFailure::Rejected,
            3 => OfferFailure::Unregistered,
            _ => OfferFailure::Error,
        }
    }
}
