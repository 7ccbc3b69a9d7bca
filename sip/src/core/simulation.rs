//! Thousands of calls between two cores over a network that loses, doubles, delays and
//! reorders, in virtual time. Both ends must agree on how each call ended, and nothing may
//! be left in any table.
//!
//! `SIM_SEEDS=500 cargo test -p sip simulation` runs more seeds, `SIM_FIRST_SEED` says where
//! to begin, and `SIM_SEED=7` repeats one.

mod judge;
mod network;
mod user;

use super::{Core, Flow, Output, Time, dice::Dice, pair};
use crate::{
    Config, Credentials, Ended, LegEvent, LegId, Origin, OutboundCall, SessionTimer, Target, Transport,
    Trunk, core::CallSpec, wire::parse,
};
use network::{Network, What};
use std::{collections::HashMap, time::Duration};
use user::{Action, Seen};

const REALM: &str = "sim.example";

/// Calls of one seed.
const CALLS: u64 = 150;

/// They begin within this time.
const ARRIVALS_MS: u64 = 15_000;

/// A run that is not over by then has a timer that never ends.
const LONGEST: Duration = Duration::from_secs(1200);

/// Seeds of an ordinary run: 3000 calls in a few seconds.
const SEEDS_DEFAULT: u64 = 20;

pub(super) struct Side {
    core: Core,
    flow: Flow,
    /// What the user of each leg has seen.
    legs: HashMap<LegId, Seen>,
    /// Legs by Call-ID, outgoing and incoming.
    placed: HashMap<String, LegId>,
    taken: HashMap<String, LegId>,
}

struct World {
    now: Time,
    dice: Dice,
    sides: [Side; 2],
    network: Network,
    /// Whether packets are lost, doubled and reordered.
    rough: bool,
    /// Whether nobody is a trunk: whoever calls is asked for a password, and forgotten in between.
    strangers: bool,
    tally: judge::Tally,
}

fn addr(side: usize) -> std::net::SocketAddr {
    ([192, 0, 2, 1 + u8::try_from(side).expect("two sides")], 5060).into()
}

fn side(number: usize, seed: u64, transport: Transport, strangers: bool) -> Side {
    let mut config = Config::new(REALM);
    // Short enough that long calls are refreshed, long enough that no refresh is lost for good.
    config.session_timer = Some(SessionTimer { expires_s: 120, min_se_s: 90 });
    if !strangers {
        let sources = vec![addr(1 - number).ip().into()];
        config.trunks.push(Trunk { name: "peer".to_owned(), sources });
    }
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_be_bytes());
    key[8] = u8::try_from(number).expect("two sides");
    Side {
        core: Core::new(config, key),
        flow: Flow { transport, local: addr(number), remote: addr(1 - number) },
        legs: HashMap::new(),
        placed: HashMap::new(),
        taken: HashMap::new(),
    }
}

impl World {
    fn new(seed: u64, tally: judge::Tally) -> Self {
        // Every fifth seed runs over a connection: nothing is lost, nothing is repeated.
        let rough = !seed.is_multiple_of(5);
        let transport = if rough { Transport::Udp } else { Transport::Tcp };
        let mut key = [7; 32];
        key[..8].copy_from_slice(&seed.to_be_bytes());
        let mut dice = Dice::new(key);
        let mut network = Network::default();
        let now = Time(1_700_000_000_000);
        for _ in 0..CALLS {
            let side = usize::from(dice.below(2) == 1);
            network.push(now + Duration::from_millis(dice.below(ARRIVALS_MS)), What::Place { side });
        }
        let strangers = seed.is_multiple_of(4);
        let sides = [side(0, seed, transport, strangers), side(1, seed, transport, strangers)];
        Self { now, dice, sides, network, rough, strangers, tally }
    }

    fn run(&mut self) {
        let end = self.now + LONGEST;
        loop {
            self.drain(0);
            self.drain(1);
            let timers = self.sides.iter_mut().filter_map(|side| side.core.next_timeout());
            let Some(next) = timers.chain(self.network.next()).min() else {
                return;
            };
            assert!(next <= end, "a timer that never ends");
            self.now = self.now.max(next);
            while let Some(what) = self.network.take_due(self.now) {
                self.happen(what);
            }
            for side in &mut self.sides {
                side.core.tick(self.now);
            }
        }
    }

    fn happen(&mut self, what: What) {
        match what {
            What::Place { side } => self.place(side),
            What::Arrive { side, bytes } => {
                let side = &mut self.sides[side];
                let message = parse(&bytes).expect("we write what we read");
                side.core.receive(self.now, side.flow, message);
            }
            What::Known { side, ticket, username } => {
                let found = Ok(pair::device(&username, REALM));
                self.sides[side].core.looked_up(self.now, ticket, found);
            }
            What::Act { side, leg, action } => {
                let side = &mut self.sides[side];
                if let Some(seen) = side.legs.get_mut(&leg) {
                    seen.acted(&action);
                    side.core.command(self.now, leg, action.command());
                }
            }
        }
        self.drain(0);
        self.drain(1);
    }

    fn place(&mut self, number: usize) {
        let flow = self.sides[number].flow;
        // A device is asked for its password; anybody else is the trunk's.
        let from_user = if self.dice.below(3) == 0 { pair::DEVICE } else { "+34600111222" };
        // Some callers want provisional answers for sure (RFC 3262).
        let reliable = self.dice.below(3) == 0;
        let headers = reliable.then(|| ("Require".to_owned(), "100rel".to_owned())).into_iter().collect();
        let call = OutboundCall {
            target: Target::Peer { addr: flow.remote, transport: flow.transport },
            from_user: from_user.to_owned(),
            from_display: None,
            to_user: "100".to_owned(),
            body: "offer".into(),
            headers,
            ring_timeout: Duration::from_millis(user::patience_ms(&mut self.dice)),
            credentials: Some(Credentials {
                username: pair::DEVICE.to_owned(),
                password: pair::PASSWORD.to_owned(),
            }),
        };
        let target = format!("sip:100@{}", flow.remote);
        let spec = CallSpec { call, flow, target, path: Vec::new(), pinned: false, phone: None };
        let side = &mut self.sides[number];
        let (leg, call_id) = side.core.call(self.now, spec).expect("there is room");
        side.legs.insert(leg, Seen { placed_at: Some(self.now), ..Seen::default() });
        side.placed.insert(call_id, leg);
        for (after_ms, action) in user::caller(&mut self.dice) {
            self.network
                .push(self.now + Duration::from_millis(after_ms), What::Act { side: number, leg, action });
        }
    }

    fn drain(&mut self, number: usize) {
        while let Some(output) = self.sides[number].core.poll() {
            match output {
                Output::Send { flow, bytes } => {
                    assert_eq!(flow.remote, self.sides[number].flow.remote, "sent to a stranger");
                    self.tally.sent(&bytes);
                    self.network.carry(self.now, &mut self.dice, self.rough, 1 - number, &bytes);
                }
                Output::Lookup { ticket, username } => {
                    // A directory that is slow at times: a CANCEL may be faster.
                    let slowest_ms = if self.dice.below(8) == 0 { 3000 } else { 30 };
                    let after = Duration::from_millis(self.dice.below(slowest_ms));
                    self.network.push(self.now + after, What::Known { side: number, ticket, username });
                }
                Output::Incoming(call) => {
                    let device = self.strangers || call.caller.user == pair::DEVICE;
                    let from = if device { Origin::Device } else { Origin::Trunk };
                    assert_eq!(call.from, from(if device { pair::DEVICE } else { "peer" }.to_owned()));
                    let side = &mut self.sides[number];
                    side.legs.insert(call.leg, Seen::default());
                    let before = side.taken.insert(call.sip_call_id, call.leg);
                    assert!(before.is_none(), "one INVITE became two calls");
                    self.plan(number, call.leg, user::callee);
                }
                Output::Event { leg, event } => self.tell(number, leg, event),
                other => panic!("nobody asked for {other:?}"),
            }
        }
    }

    fn tell(&mut self, number: usize, leg: LegId, event: LegEvent) {
        let seen = self.sides[number].legs.get_mut(&leg).expect("a known leg");
        seen.told(self.now, &event);
        match event {
            LegEvent::Answered { .. } | LegEvent::Confirmed => self.plan(number, leg, user::talker),
            LegEvent::Reoffer { .. } => self.plan(number, leg, user::offered),
            _ => {}
        }
    }

    fn plan(&mut self, side: usize, leg: LegId, plan: fn(&mut Dice) -> Vec<(u64, Action)>) {
        for (after_ms, action) in plan(&mut self.dice) {
            self.network.push(self.now + Duration::from_millis(after_ms), What::Act { side, leg, action });
        }
    }
}

/// A setting that is no number would silently test something else.
fn number_from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// The seeds to run; `default` is how many without a wish.
pub(super) fn seeds(default: u64) -> std::ops::Range<u64> {
    let one = number_from_env("SIM_SEED");
    let first = one.or_else(|| number_from_env("SIM_FIRST_SEED")).unwrap_or(1);
    let count = one.map_or_else(|| number_from_env("SIM_SEEDS").unwrap_or(default), |_| 1);
    first..first + count
}

#[test]
fn simulation_both_ends_agree_on_every_call() {
    let mut tally = judge::Tally::default();
    for seed in seeds(SEEDS_DEFAULT) {
        println!("seed {seed}");
        let mut world = World::new(seed, tally);
        world.run();
        tally = world.tally;
        judge::nothing_is_left(&world.sides);
        judge::both_agree(&world.sides, &mut tally);
    }
    println!("{tally:?}");
    tally.is_varied();
}
