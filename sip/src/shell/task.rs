//! The task that owns the core.

use std::{
    collections::{HashMap, HashSet},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{broadcast, mpsc, oneshot};

use super::{ask::Ask, legs::Legs, packet::Packet, sockets::Sockets, subscriptions::Desk};
use crate::{
    Binding, CallError, Device, Directory, DirectoryError, Incoming, Leg, OutboundCall, RegisterClient,
    RegistrationChange, Target, Transport,
    api::{
        leg::{Command, Order},
        subscription::{SubscriptionCommand, SubscriptionOrder},
    },
    core::{CallSpec, Core, Flow, NewCall, Output, Phone, Ticket, Time},
    wire::{Refused, SipUri, encode_user},
};

/// How long the directory may think; then the request is refused with 503.
const DIRECTORY_PATIENCE: Duration = Duration::from_secs(5);

/// How long a shutdown waits for the peers' answers to BYE and REGISTER.
const FAREWELL: Duration = Duration::from_secs(2);

/// Packets that are handled before commands get their turn.
const PACKETS_BATCH: usize = 64;

/// Sources whose noise was logged within the last minute.
const COMPLAINTS_MAX: usize = 1024;

/// Wall clock time that never steps, see [`Time`].
pub(super) struct Clock {
    unix: Duration,
    since: Instant,
}

impl Clock {
    pub fn new(unix: Duration, since: Instant) -> Self {
        Self { unix, since }
    }

    pub fn now(&self) -> Time {
        Time(0) + self.unix + self.since.elapsed()
    }
}

/// What the directory said.
pub(super) enum Answer {
    Device(Ticket, Result<Option<Device>, DirectoryError>),
    Saved(Ticket, Result<(), DirectoryError>),
}

/// The core and all that surrounds it.
pub(super) struct Task {
    pub core: Core,
    pub clock: Clock,
    pub sockets: Sockets,
    pub legs: Legs,
    pub desk: Desk,
    pub directory: Arc<dyn Directory>,
    pub packets: mpsc::Receiver<Packet>,
    pub asks: mpsc::Receiver<Ask>,
    /// Unbounded, but each leg limits what it puts there.
    pub orders: mpsc::UnboundedReceiver<Order>,
    /// Unbounded, but each subscription limits what it puts there.
    pub subscription_orders: mpsc::UnboundedReceiver<SubscriptionOrder>,
    /// Unbounded, but each handle puts one number there.
    pub leaving: mpsc::UnboundedReceiver<u64>,
    /// Unbounded, but each open server transaction asks one question at a time.
    pub answers: mpsc::UnboundedReceiver<Answer>,
    pub answer_sender: mpsc::UnboundedSender<Answer>,
    pub incoming: mpsc::Sender<Incoming>,
    pub registered: Arc<RwLock<HashSet<String>>>,
    pub changes: broadcast::Sender<RegistrationChange>,
    /// Registrations of ours without a first result.
    pub waiting_clients: HashMap<u64, oneshot::Sender<Result<u64, CallError>>>,
    /// UDP datagrams dropped because the queue was full.
    pub dropped: Arc<AtomicU64>,
    pub complaints: HashMap<IpAddr, Time>,
}

impl Task {
    pub async fn run(mut self) {
        let mut batch = Vec::with_capacity(PACKETS_BATCH);
        let mut asks_open = true;
        loop {
            self.drain();
            if !asks_open && self.incoming.is_closed() && self.core.is_quiet() {
                return;
            }
            let due = self.core.next_timeout();
            let pause = due.map_or(Duration::from_secs(3600), |due| due - self.clock.now());
            tokio::select! {
                count = self.packets.recv_many(&mut batch, PACKETS_BATCH) => {
                    if count == 0 {
                        return;
                    }
                    let now = self.clock.now();
                    for packet in batch.drain(..) {
                        self.take_packet(now, packet);
                    }
                }
                Some(order) = self.orders.recv() => {
                    let now = self.clock.now();
                    self.core.command(now, order.leg, order.command.clone());
                }
                Some(order) = self.subscription_orders.recv() => {
                    let now = self.clock.now();
                    self.core.subscription(now, order.id, order.command.clone());
                }
                Some(answer) = self.answers.recv() => self.take_answer(answer),
                Some(id) = self.leaving.recv() => {
                    let now = self.clock.now();
                    self.core.end_registration(now, id);
                }
                ask = self.asks.recv(), if asks_open => match ask {
                    Some(Ask::Shutdown { reply }) => {
                        self.farewell().await;
                        let _nobody_waits = reply.send(());
                        return;
                    }
                    Some(ask) => self.take_ask(ask),
                    None => asks_open = false,
                },
                () = tokio::time::sleep(pause) => {}
            }
            let now = self.clock.now();
            self.core.tick(now);
        }
    }

    fn take_packet(&mut self, now: Time, packet: Packet) {
        match packet {
            Packet::Message { flow, message } => match *message {
                Ok(message) => self.core.receive(now, flow, message),
                Err(Refused::Answer(request, code, why)) => {
                    self.complain(now, flow, why);
                    self.core.refuse_broken(flow, *request, code, why);
                }
                Err(Refused::Drop(why)) => self.complain(now, flow, why),
            },
            Packet::Connected { flow, writer } => {
                if self.sockets.connected(&flow, writer) {
                    self.core.flow_closed(now, &flow);
                }
            }
            Packet::Closed { flow, writer } => {
                if self.sockets.closed(&flow, &writer) {
                    self.core.flow_closed(now, &flow);
                }
            }
        }
        self.drain();
    }

    /// Logs noise once per source and minute.
    fn complain(&mut self, now: Time, flow: Flow, why: &str) {
        let source = flow.remote.ip();
        let minute = Duration::from_secs(60);
        self.complaints.retain(|_, at| now - *at < minute);
        if self.complaints.len() < COMPLAINTS_MAX && !self.complaints.contains_key(&source) {
            self.complaints.insert(source, now);
            let dropped = self.dropped.load(Ordering::Relaxed);
            tracing::info!(%source, why, queue_dropped = dropped, "no SIP message");
        }
    }

    fn take_answer(&mut self, answer: Answer) {
        let now = self.clock.now();
        match answer {
            Answer::Device(ticket, found) => self.core.looked_up(now, ticket, found),
            Answer::Saved(ticket, kept) => self.core.saved(now, ticket, kept),
        }
    }

    fn take_ask(&mut self, ask: Ask) {
        match ask {
            Ask::Call { call, reply } => {
                // If the caller has gone, the dropped leg ends the call.
                let _caller_gone = reply.send(self.place(*call));
            }
            Ask::Register { client, reply } => self.begin_registration(*client, reply),
            Ask::LegOf { replaces, reply } => {
                let _asker_gone = reply.send(self.core.leg_of(&replaces));
            }
            Ask::NameOf { leg, reply } => {
                let _asker_gone = reply.send(self.core.name_of(leg));
            }
            Ask::Bindings { username, reply } => {
                let _caller_gone = reply.send(self.core.bindings(self.clock.now(), &username));
            }
            Ask::RefuseNewCalls => self.core.refuse_new_calls(),
            Ask::Shutdown { .. } => {}
        }
    }

    fn place(&mut self, call: OutboundCall) -> Result<Leg, CallError> {
        let now = self.clock.now();
        let spec = self.way(now, call)?;
        let (id, call_id) = self.core.call(now, spec)?;
        Ok(self.legs.open(id, call_id))
    }

    fn way(&mut self, now: Time, call: OutboundCall) -> Result<CallSpec, CallError> {
        match &call.target {
            Target::Device(username) => {
                let binding = self.core.bindings(now, username).into_iter().next();
                let binding = binding.ok_or(CallError::NotRegistered)?;
                let phone = Phone::of(username, &binding);
                self.way_to(binding, phone, call)
            }
            Target::Binding { username, contact_uri } => {
                let mut bindings = self.core.bindings(now, username).into_iter();
                let binding = bindings.find(|binding| binding.contact_uri == *contact_uri);
                let binding = binding.ok_or(CallError::NotRegistered)?;
                let phone = Phone::of(username, &binding);
                self.way_to(binding, phone, call)
            }
            Target::Peer { addr, transport } => {
                let (addr, transport) = (*addr, *transport);
                self.way_by_address(addr, transport, call)
            }
            Target::TlsPeer { addr, server_name } => {
                let addr = *addr;
                if !self.sockets.expect_name(addr, server_name) {
                    return Err(CallError::Invalid);
                }
                self.way_by_address(addr, Transport::Tls, call)
            }
        }
    }

    fn way_by_address(
        &mut self,
        addr: SocketAddr,
        transport: Transport,
        call: OutboundCall,
    ) -> Result<CallSpec, CallError> {
        let flow = self.sockets.flow_to(transport, addr, None).ok_or(CallError::NoRoute)?;
        let user = encode_user(&call.to_user);
        let target = format!("sip:{user}@{addr}");
        if SipUri::parse(&target).is_none() || call.to_user.is_empty() {
            return Err(CallError::Invalid);
        }
        Ok(CallSpec { call, flow, target, path: Vec::new(), pinned: false, phone: None })
    }

    fn way_to(&mut self, binding: Binding, phone: Phone, call: OutboundCall) -> Result<CallSpec, CallError> {
        let Binding { transport, source, .. } = binding;
        let reachable = transport == Transport::Udp || self.sockets.is_open(transport, source);
        // Nobody listens at the far end of a connection that ended: the phone's Contact is where
        // it may.
        let contact = SipUri::parse(&binding.contact_uri).and_then(|uri| uri.addr());
        let remote = contact.filter(|_| !reachable && !transport.is_websocket()).unwrap_or(source);
        let flow = self.sockets.flow_to(transport, remote, binding.local);
        let flow = flow.ok_or(CallError::NoRoute)?;
        let (target, path) = (binding.contact_uri, binding.path);
        Ok(CallSpec { call, flow, target, path, pinned: true, phone: Some(phone) })
    }

    fn begin_registration(&mut self, client: RegisterClient, reply: oneshot::Sender<Result<u64, CallError>>) {
        let now = self.clock.now();
        if client.transport == Transport::Tls && !self.sockets.expect_name(client.registrar, &client.domain) {
            let _caller_gone = reply.send(Err(CallError::Invalid));
            return;
        }
        let begun = self
            .sockets
            .flow_to(client.transport, client.registrar, None)
            .ok_or(CallError::NoRoute)
            .and_then(|flow| self.core.begin_registration(now, client, flow));
        match begun {
            Ok(id) => {
                self.waiting_clients.insert(id, reply);
            }
            Err(error) => {
                let _caller_gone = reply.send(Err(error));
            }
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.core.poll() {
            let now = self.clock.now();
            match output {
                Output::Send { flow, bytes } => {
                    if let Err(error) = self.sockets.send(&flow, bytes) {
                        tracing::info!(remote = %flow.remote, %error, "cannot send");
                        self.core.flow_closed(now, &flow);
                    }
                }
                Output::Event { leg, event } => {
                    if !self.legs.tell(leg, event) {
                        self.core.command(now, leg, Command::End(None));
                    }
                }
                Output::Incoming(call) => self.hand_over(now, *call),
                Output::Lookup { ticket, username } => self.look_up(ticket, username),
                Output::Save { ticket, username, bindings } => self.save(ticket, username, bindings),
                Output::Subscription { id, asked } => {
                    if let Err(code) = self.desk.open(id, asked) {
                        self.core.subscription(now, id, SubscriptionCommand::Refuse(code));
                    }
                }
                Output::SubscriptionEnded(id) => self.desk.ended(id),
                Output::Registration(change) => self.note_change(change),
                Output::Registered { client, granted } => self.note_result(now, client, granted),
            }
        }
    }

    fn hand_over(&mut self, now: Time, call: NewCall) {
        let id = call.leg;
        let incoming = Incoming {
            leg: self.legs.open(id, call.sip_call_id.clone()),
            from: call.from,
            caller: call.caller,
            called: call.called,
            to_user: call.to_user,
            replaces: call.replaces,
            source: call.flow.remote,
            transport: call.flow.transport,
            binding: call.binding,
            body: call.body,
            sip_call_id: call.sip_call_id,
            headers: call.headers,
        };
        if let Err(refused) = self.incoming.try_send(incoming) {
            tracing::warn!("nobody takes incoming calls: refused with 503");
            let reject = Command::Reject(503, String::new());
            self.core.command(now, id, reject);
            drop(refused);
        }
    }

    fn look_up(&self, ticket: Ticket, username: String) {
        let directory = Arc::clone(&self.directory);
        let answers = self.answer_sender.clone();
        tokio::spawn(async move {
            let found = tokio::time::timeout(DIRECTORY_PATIENCE, directory.device(&username))
                .await
                .unwrap_or(Err(DirectoryError::Unavailable));
            let _task_gone = answers.send(Answer::Device(ticket, found));
        });
    }

    fn save(&self, ticket: Ticket, username: String, bindings: Vec<Binding>) {
        let directory = Arc::clone(&self.directory);
        let answers = self.answer_sender.clone();
        tokio::spawn(async move {
            let saving = directory.save_bindings(&username, &bindings);
            let kept = tokio::time::timeout(DIRECTORY_PATIENCE, saving)
                .await
                .unwrap_or(Err(DirectoryError::Unavailable));
            let _task_gone = answers.send(Answer::Saved(ticket, kept));
        });
    }

    fn note_change(&self, change: RegistrationChange) {
        let mut registered = self.registered.write().unwrap_or_else(PoisonError::into_inner);
        if change.registered {
            registered.insert(change.username.clone());
        } else {
            registered.remove(&change.username);
        }
        drop(registered);
        tracing::info!(username = %change.username, registered = change.registered, "registration");
        let _nobody_listens = self.changes.send(change);
    }

    fn note_result(&mut self, now: Time, client: u64, granted: bool) {
        if let Some(reply) = self.waiting_clients.remove(&client) {
            let result = if granted { Ok(client) } else { Err(CallError::NotGranted) };
            let caller_gone = reply.send(result).is_err();
            if caller_gone || !granted {
                self.core.end_registration(now, client);
            }
        } else if !granted {
            tracing::warn!(client, "a registration of ours was refused; trying on");
        }
    }

    /// Ends calls and registrations and gives the peers a moment to answer.
    async fn farewell(&mut self) {
        let now = self.clock.now();
        self.core.refuse_new_calls();
        for id in self.core.leg_ids() {
            self.core.command(now, id, Command::End(None));
        }
        for id in self.core.subscription_ids() {
            self.core.subscription(now, id, SubscriptionCommand::End);
        }
        for id in self.core.registration_ids() {
            self.core.end_registration(now, id);
        }
        let until = now + FAREWELL;
        loop {
            self.drain();
            let now = self.clock.now();
            if now >= until || self.core.is_quiet() {
                return;
            }
            let due = self.core.next_timeout().unwrap_or(until).min(until);
            tokio::select! {
                packet = self.packets.recv() => match packet {
                    Some(packet) => self.take_packet(now, packet),
                    None => return,
                },
                () = tokio::time::sleep(due - now) => {}
            }
            let now = self.clock.now();
            self.core.tick(now);
        }
    }
}
