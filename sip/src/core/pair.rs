//! Two cores and the messages between them, carried by hand: for tests in which the order of
//! every message matters.

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;
use md5::{Digest, Md5};

use super::{CallSpec, Core, Flow, Output, Ticket, Time};
use crate::{
    Config, Credentials, Device, DirectoryError, LegEvent, LegId, OutboundCall, Secret, Target, Transport,
    Trunk,
    api::leg::Command,
    wire::{Message, Method, parse},
};

/// The side that calls, and the side that is called.
pub(super) const CALLER: usize = 0;
pub(super) const CALLEE: usize = 1;

pub(super) struct Pair {
    pub now: Time,
    pub cores: [Core; 2],
    /// What each side has sent and nobody carried yet.
    pub sent: [VecDeque<Bytes>; 2],
    /// What each side's user was told.
    pub told: [Vec<LegEvent>; 2],
    /// The latest call that came in at each side.
    pub taken: [Option<LegId>; 2],
    /// The leg that it wants to replace.
    pub replaces: [Option<LegId>; 2],
    /// All that was ever sent, with its side.
    pub log: Vec<(usize, Bytes)>,
    /// Messages to anybody but the other side. Nobody carries them.
    pub strays: usize,
    /// Whether the directories keep what they are given.
    pub keeps_bindings: bool,
    /// Whether the directories are slow; then the test calls [`Self::look_up`].
    pub slow_directory: bool,
    questions: [VecDeque<(Ticket, String)>; 2],
}

/// The one device that both directories know, and its password.
pub(super) const DEVICE: &str = "agent";
pub(super) const PASSWORD: &str = "secret";
const REALM: &str = "pair.example";

pub(super) fn device(username: &str, realm: &str) -> Option<Device> {
    let secret = format!("{DEVICE}:{realm}:{PASSWORD}");
    let hash = Md5::digest(secret.as_bytes());
    (username == DEVICE).then(|| Device {
        username: DEVICE.to_owned(),
        secrets: vec![Secret {
            ha1_md5: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            ha1_sha256: String::new(),
        }],
    })
}

pub(super) fn addr(side: usize) -> std::net::SocketAddr {
    ([192, 0, 2, if side == CALLER { 1 } else { 2 }], 5060).into()
}

impl Pair {
    /// Each knows the other as a trunk, and one device.
    pub fn new() -> Self {
        let core = |side: usize| {
            let mut config = Config::new(REALM);
            config.trunks.push(Trunk { name: "peer".to_owned(), sources: vec![addr(1 - side).ip().into()] });
            Core::new(config, [u8::from(side == CALLER); 32])
        };
        Self {
            now: Time(1_700_000_000_000),
            cores: [core(CALLER), core(CALLEE)],
            sent: Default::default(),
            told: Default::default(),
            taken: [None; 2],
            replaces: [None; 2],
            log: Vec::new(),
            strays: 0,
            keeps_bindings: true,
            slow_directory: false,
            questions: Default::default(),
        }
    }

    pub fn flow(side: usize) -> Flow {
        Flow { transport: Transport::Udp, local: addr(side), remote: addr(1 - side) }
    }

    /// A call from the caller to the callee.
    pub fn spec() -> CallSpec {
        let flow = Self::flow(CALLER);
        let call = OutboundCall {
            target: Target::Peer { addr: flow.remote, transport: flow.transport },
            from_user: "200".to_owned(),
            from_display: None,
            to_user: "100".to_owned(),
            body: "offer".into(),
            headers: Vec::new(),
            ring_timeout: Duration::from_secs(30),
            credentials: Some(Credentials { username: "200".to_owned(), password: "secret".to_owned() }),
        };
        CallSpec {
            call,
            flow,
            target: format!("sip:100@{}", flow.remote),
            path: Vec::new(),
            pinned: false,
            phone: None,
        }
    }

    /// The caller calls; nothing is carried yet.
    pub fn call(&mut self) -> LegId {
        let spec = Self::spec();
        let (leg, _) = self.cores[CALLER].call(self.now, spec).expect("there is room");
        self.drain(CALLER);
        leg
    }

    /// A call that stands: both legs, caller's first.
    pub fn talking(&mut self) -> (LegId, LegId) {
        let out = self.call();
        self.carry_all();
        let inc = self.taken[CALLEE].expect("it came in");
        self.say(CALLEE, inc, Command::Answer("answer".into()));
        self.carry_all();
        assert_eq!(self.told[CALLER].pop(), Some(LegEvent::Answered { body: "answer".into() }));
        assert_eq!(self.told[CALLEE].pop(), Some(LegEvent::Confirmed));
        (out, inc)
    }

    pub fn say(&mut self, side: usize, leg: LegId, command: Command) {
        self.cores[side].command(self.now, leg, command);
        self.drain(side);
    }

    /// The other side receives this.
    pub fn deliver(&mut self, from: usize, bytes: &Bytes) {
        let message = parse(bytes).expect("we write what we read");
        self.receive(1 - from, message);
    }

    pub fn receive(&mut self, side: usize, message: Message) {
        self.cores[side].receive(self.now, Self::flow(side), message);
        self.drain(side);
    }

    /// A request inside the dialog of a leg, as its peer would write it that knows more methods.
    pub fn inside(&mut self, side: usize, leg: LegId, method: Method, more: &[(&str, &str)]) -> Bytes {
        let mut bytes = Bytes::new();
        self.cores[side].with_leg(self.now, leg, |core, leg| {
            leg.dialog.local_seq += 1;
            let mut headers = core.new_headers(&leg.dialog.flow);
            for (name, value) in more {
                headers.push(name, *value);
            }
            let request = leg.dialog.request(headers, method, leg.dialog.local_seq, Bytes::new());
            bytes = request.expect("well formed").to_bytes();
        });
        bytes
    }

    /// Takes the oldest message that `from` sent, without carrying it.
    pub fn take(&mut self, from: usize) -> Bytes {
        self.sent[from].pop_front().expect("it sent something")
    }

    /// Carries the oldest message of `from`; returns its first line.
    pub fn carry(&mut self, from: usize) -> String {
        let bytes = self.take(from);
        self.deliver(from, &bytes);
        first_line(&bytes)
    }

    /// Carries until both are silent.
    pub fn carry_all(&mut self) {
        while let Some(from) = (0..2).find(|side| !self.sent[*side].is_empty()) {
            self.carry(from);
        }
    }

    pub fn first_lines(&self, from: usize) -> Vec<String> {
        self.sent[from].iter().map(first_line).collect()
    }

    /// The directory of one side answers what it was asked.
    pub fn look_up(&mut self, side: usize) {
        while let Some((ticket, username)) = self.questions[side].pop_front() {
            self.cores[side].looked_up(self.now, ticket, Ok(device(&username, REALM)));
            self.drain(side);
        }
    }

    /// Lets time pass; what is sent meanwhile waits to be carried.
    pub fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        loop {
            let next = self.cores.iter_mut().filter_map(Core::next_timeout).min();
            let Some(next) = next.filter(|next| *next <= until) else {
                self.now = until;
                return;
            };
            self.now = self.now.max(next);
            for side in 0..2 {
                self.cores[side].tick(self.now);
                self.drain(side);
            }
        }
    }

    /// Nothing is left in any table once every timer has run out.
    pub fn nothing_is_left(&mut self) {
        assert_eq!(self.strays, 0, "sent to a stranger");
        // Longer than any timer: timer C, the longest, has 180 s.
        for _ in 0..400 {
            self.wait(Duration::from_secs(1));
            self.carry_all();
        }
        for core in &mut self.cores {
            assert_eq!((core.legs.len(), core.dialogs.len()), (0, 0), "legs and dialogs");
            assert_eq!((core.clients.len(), core.servers.len()), (0, 0), "transactions");
            assert_eq!((core.merged.len(), core.questions.len()), (0, 0), "what waits");
            assert_eq!((core.early_cancels.len(), core.alarms.len()), (0, 0), "the rest");
        }
    }

    pub fn drain(&mut self, side: usize) {
        while let Some(output) = self.cores[side].poll() {
            match output {
                Output::Send { flow, bytes } => {
                    if flow.remote == addr(1 - side) {
                        self.log.push((side, bytes.clone()));
                        self.sent[side].push_back(bytes);
                    } else {
                        self.strays += 1;
                    }
                }
                Output::Lookup { ticket, username } => {
                    self.questions[side].push_back((ticket, username));
                    if !self.slow_directory {
                        self.look_up(side);
                    }
                }
                Output::Save { ticket, .. } => {
                    let kept = self.keeps_bindings.then_some(()).ok_or(DirectoryError::Unavailable);
                    self.cores[side].saved(self.now, ticket, kept);
                }
                Output::Incoming(call) => {
                    self.taken[side] = Some(call.leg);
                    self.replaces[side] = call.replaces;
                }
                Output::Event { event, .. } => self.told[side].push(event),
                Output::Registration(_)
                | Output::Registered { .. }
                | Output::Subscription { .. }
                | Output::SubscriptionEnded(_) => {}
            }
        }
    }
}

pub(super) fn first_line(bytes: &Bytes) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.split("\r\n").next().unwrap_or_default().to_owned()
}
