//! A hub, and pages that speak with it over websockets. What a page says is written out here, as
//! JsSIP writes it.

use std::time::Duration;

use bytes::Bytes;
use md5::{Digest, Md5};

use super::{CallSpec, Core, Flow, NewCall, Output, Phone, Ticket, Time, pair};
use crate::{
    Binding, Config, LegEvent, LegId, OutboundCall, PublicAddr, RegistrationChange, SubscriptionId, Target,
    Transport, Trunk,
    api::{
        leg::Command,
        subscription::{Asked, SubscriptionCommand},
    },
    wire::{AuthParams, Message, Request, Response, parse},
};

const REALM: &str = "pair.example";

/// The flow of a page, by the port of its connection. Its machine is a trunk's too.
pub(super) fn ws(port: u16) -> Flow {
    Flow { transport: Transport::Ws, local: ([0, 0, 0, 0], 0).into(), remote: ([127, 0, 0, 1], port).into() }
}

/// The flow of a desk phone.
pub(super) fn tcp(port: u16) -> Flow {
    Flow {
        transport: Transport::Tcp,
        local: ([192, 0, 2, 1], 5060).into(),
        remote: ([198, 51, 100, 7], port).into(),
    }
}

pub(super) struct Hub {
    pub core: Core,
    pub now: Time,
    pub sent: Vec<(Flow, Message)>,
    pub told: Vec<LegEvent>,
    pub incoming: Vec<NewCall>,
    pub changes: Vec<RegistrationChange>,
    pub subscriptions: Vec<(SubscriptionId, Asked)>,
    pub unsubscribed: Vec<SubscriptionId>,
    /// Bindings handed to the directory, and which of them it has not answered for yet.
    pub saved: Vec<Vec<Binding>>,
    pub saving: Vec<Ticket>,
    /// Whether the directory answers at once.
    pub prompt: bool,
    branch: u32,
}

fn md5(text: &str) -> String {
    Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Hub {
    pub fn new() -> Self {
        Self::with(Config::new(REALM))
    }

    /// Behind a NAT with this address.
    pub fn public(ip: &str) -> Self {
        let ip = ip.parse().expect("an address");
        let public = PublicAddr { ips: vec![ip], ..PublicAddr::default() };
        let public = tokio::sync::watch::channel(public).1;
        Self::with(Config { public, ..Config::new(REALM) })
    }

    fn with(mut config: Config) -> Self {
        config.trunks.push(Trunk { name: "demo".to_owned(), sources: vec![ws(0).remote.ip().into()] });
        Self {
            core: Core::new(config, [7; 32]),
            now: Time(1_700_000_000_000),
            sent: Vec::new(),
            told: Vec::new(),
            incoming: Vec::new(),
            changes: Vec::new(),
            subscriptions: Vec::new(),
            unsubscribed: Vec::new(),
            saved: Vec::new(),
            saving: Vec::new(),
            prompt: true,
            branch: 0,
        }
    }

    pub fn drain(&mut self) {
        while let Some(output) = self.core.poll() {
            match output {
                Output::Send { flow, bytes } => {
                    self.sent.push((flow, parse(&bytes).expect("we write what we read")));
                }
                Output::Event { event, .. } => self.told.push(event),
                Output::Incoming(call) => self.incoming.push(*call),
                Output::Lookup { ticket, username } => {
                    self.core.looked_up(self.now, ticket, Ok(pair::device(&username, REALM)));
                }
                Output::Save { ticket, bindings, .. } => {
                    self.saved.push(bindings);
                    self.saving.push(ticket);
                    if self.prompt {
                        self.keep_one();
                    }
                }
                Output::Registration(change) => self.changes.push(change),
                Output::Subscription { id, asked } => self.subscriptions.push((id, asked)),
                Output::SubscriptionEnded(id) => self.unsubscribed.push(id),
                Output::Registered { .. } => {}
            }
        }
    }

    /// The directory answers for the oldest save.
    pub fn keep_one(&mut self) {
        let ticket = self.saving.remove(0);
        self.core.saved(self.now, ticket, Ok(()));
        self.drain();
    }

    pub fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(next) = self.core.next_timeout().filter(|next| *next <= until) {
            self.now = self.now.max(next);
            self.core.tick(self.now);
            self.drain();
        }
        self.now = until;
    }

    pub fn close(&mut self, flow: Flow) {
        self.core.flow_closed(self.now, &flow);
        self.drain();
    }

    pub fn say(&mut self, leg: LegId, command: Command) {
        self.core.command(self.now, leg, command);
        self.drain();
    }

    pub fn order(&mut self, id: SubscriptionId, command: SubscriptionCommand) {
        self.core.subscription(self.now, id, command);
        self.drain();
    }

    /// A page sends this.
    pub fn hear(&mut self, flow: Flow, text: &str) {
        let message = parse(&Bytes::copy_from_slice(text.as_bytes())).expect("well written");
        self.core.receive(self.now, flow, message);
        self.drain();
    }

    /// A page answers a request of ours.
    pub fn answer(&mut self, flow: Flow, request: &Request, code: u16, contact: &str) {
        let mut response = request.answer(code, "page");
        response.headers.push("Contact", contact);
        self.core.receive(self.now, flow, Message::Response(response));
        self.drain();
    }

    pub fn last_response(&self) -> (Flow, Response) {
        match self.sent.last() {
            Some((flow, Message::Response(response))) => (*flow, response.clone()),
            other => panic!("{other:?}"),
        }
    }

    pub fn last_request(&self) -> (Flow, Request) {
        match self.sent.last() {
            Some((flow, Message::Request(request))) => (*flow, request.clone()),
            other => panic!("{other:?}"),
        }
    }

    pub fn last_request_of(&self, method: &str) -> (Flow, Request) {
        let found = self.sent.iter().rev().find_map(|(flow, message)| match message {
            Message::Request(request) if request.method.as_str() == method => Some((*flow, request.clone())),
            _ => None,
        });
        found.expect("it was sent")
    }

    /// A request of the device, asked for its password and then with it.
    pub fn ask(&mut self, flow: Flow, method: &str, call_id: &str, cseq: u32, lines: &str) {
        let uri = if method == "REGISTER" { "sip:pair.example" } else { "sip:100@pair.example" };
        let to = if method == "REGISTER" { "agent" } else { "100" };
        let mut authorization = String::new();
        for cseq in [cseq, cseq + 1] {
            self.branch += 1;
            let text = format!(
                "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK{}\r\n\
                 Max-Forwards: 69\r\nTo: <sip:{to}@pair.example>\r\n\
                 From: <sip:agent@pair.example>;tag=page\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\n\
                 {lines}{authorization}User-Agent: JsSIP 3.13.8\r\n\r\n",
                self.branch
            );
            self.hear(flow, &text);
            let Some((_, Message::Response(response))) = self.sent.last() else {
                return;
            };
            let Some(challenge) = response.headers.get("WWW-Authenticate").and_then(AuthParams::parse) else {
                return;
            };
            let nonce = challenge.get("nonce").expect("a nonce");
            let ha1 = md5(&format!("{}:{REALM}:{}", pair::DEVICE, pair::PASSWORD));
            let ha2 = md5(&format!("{method}:{uri}"));
            let response = md5(&format!("{ha1}:{nonce}:00000001:c:auth:{ha2}"));
            authorization = format!(
                "Authorization: Digest algorithm=MD5, username=\"agent\", realm=\"{REALM}\", nonce=\"{nonce}\", \
                 uri=\"{uri}\", response=\"{response}\", qop=auth, cnonce=\"c\", nc=00000001\r\n"
            );
        }
    }

    /// A page registers: `life` names this life of the page, `instance` the browser.
    pub fn register(&mut self, flow: Flow, life: &str, instance: &str, cseq: u32) {
        let contact = contact(life, instance);
        let lines = format!("Contact: {contact};expires=600\r\nSupported: path, gruu, outbound\r\n");
        self.ask(flow, "REGISTER", life, cseq, &lines);
    }

    pub fn bindings(&self) -> Vec<Binding> {
        self.core.bindings(self.now, pair::DEVICE)
    }

    /// A call to a binding that rings over `flow`.
    pub fn call(&mut self, flow: Flow) -> (LegId, Request) {
        let bindings = self.bindings();
        let binding = bindings.iter().find(|b| b.source == flow.remote).expect("bound");
        let call = OutboundCall {
            target: Target::Binding {
                username: pair::DEVICE.to_owned(),
                contact_uri: binding.contact_uri.clone(),
            },
            from_user: "200".to_owned(),
            from_display: None,
            to_user: pair::DEVICE.to_owned(),
            body: "offer".into(),
            headers: Vec::new(),
            ring_timeout: Duration::from_secs(30),
            credentials: None,
        };
        let spec = CallSpec {
            call,
            flow,
            target: binding.contact_uri.clone(),
            path: binding.path.clone(),
            pinned: true,
            phone: Some(Phone::of(pair::DEVICE, binding)),
        };
        let (leg, _) = self.core.call(self.now, spec).expect("there is room");
        self.drain();
        (leg, self.last_request().1)
    }

    /// A call that the page has answered.
    pub fn talking(&mut self, flow: Flow, life: &str) -> LegId {
        let contact = format!("<sip:{life}@df7jal23ls0d.invalid;transport=ws>");
        self.talking_to(flow, &contact)
    }

    pub fn talking_to(&mut self, flow: Flow, contact: &str) -> LegId {
        let (leg, invite) = self.call(flow);
        self.answer(flow, &invite, 200, contact);
        assert!(matches!(self.told.pop(), Some(LegEvent::Answered { .. })));
        assert_eq!(self.last_request().1.method.as_str(), "ACK");
        leg
    }
}

fn contact(life: &str, instance: &str) -> String {
    format!(
        "<sip:{life}@df7jal23ls0d.invalid;transport=ws>;+sip.ice;reg-id=1;\
         +sip.instance=\"<urn:uuid:{instance}>\""
    )
}
