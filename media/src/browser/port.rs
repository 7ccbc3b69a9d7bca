//! The thread behind the browsers' port.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token, Waker};

use super::connections::Connections;
use super::inlets::Inlets;
use super::table::Table;
use super::{ARRIVED_LIMIT_BYTES, BrowserDoor, CHANGES_LIMIT, Change, DEPARTURES_LIMIT, Inlet};
use crate::config::Config;
use crate::error::StartError;
use crate::net::{SharedPort, Way};
use crate::stats::Shared;

const WAKE: Token = Token(0);
const SOCKET: Token = Token(1);
const LISTENER: Token = Token(2);
/// Datagrams taken before changes and workers have their turn.
const BATCH_LIMIT: usize = 64;
/// Connections told of in one poll; those beyond come in the next.
const EVENTS_LIMIT: usize = 256;

/// The port, as the room holds it.
pub(crate) struct BrowserPort {
    pub door: BrowserDoor,
    /// Where browsers reach it, the best first.
    pub candidates: Vec<SocketAddr>,
    /// Whether they may come there over TCP as well.
    pub takes_tcp: bool,
}

struct Receiving {
    poll: Poll,
    socket: mio::net::UdpSocket,
    connections: Option<Connections>,
    changes: Receiver<Change>,
    inlets: Inlets,
    table: Table,
    shared: Arc<Shared>,
}

enum Turn {
    /// There may be more to receive.
    GoOn,
    /// There is nothing more.
    Wait,
    Stop,
}

impl BrowserPort {
    /// Binds the port and starts its thread, which hands datagrams to `inlets`, one a worker.
    pub(crate) fn start(
        config: &Config,
        inlets: Vec<Inlet>,
        shared: Arc<Shared>,
    ) -> Result<(BrowserPort, JoinHandle<()>), StartError> {
        let addr = config.browser_addr;
        let bound = SharedPort::bind(addr, config.browser_tcp);
        let SharedPort { udp: socket, tcp } =
            bound.map_err(|source| StartError::Bind { addr: addr.ip(), source })?;
        let port = socket.local_addr()?.port();
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let mut polled = mio::net::UdpSocket::from_std(socket.try_clone()?);
        poll.registry().register(&mut polled, SOCKET, Interest::READABLE)?;
        let (sender, changes) = sync_channel(CHANGES_LIMIT);
        let (departures, outgoing) = sync_channel(DEPARTURES_LIMIT);
        let takes_tcp = tcp.is_some();
        let listen = |listener| {
            let listener = mio::net::TcpListener::from_std(listener);
            let registry = poll.registry().try_clone()?;
            Connections::new(listener, LISTENER, registry, outgoing, shared.clone())
        };
        let receiving = Receiving {
            connections: tcp.map(listen).transpose()?,
            poll,
            socket: polled,
            changes,
            inlets: Inlets::new(inlets, shared.clone()),
            table: Table::default(),
            shared,
        };
        let thread =
            std::thread::Builder::new().name("media-browsers".to_owned()).spawn(move || receiving.run())?;
        let candidates = candidates(config, addr.ip(), port);
        let door = BrowserDoor {
            socket: Arc::new(socket),
            changes: sender,
            departures,
            waker,
            ipv6: addr.is_ipv6(),
        };
        tracing::info!(port, tcp = takes_tcp, "browsers' media port open");
        Ok((BrowserPort { door, candidates, takes_tcp }, thread))
    }

    /// Where a description without ICE would point.
    pub(crate) fn local(&self) -> SocketAddr {
        self.candidates.first().copied().unwrap_or(SocketAddr::from(([0, 0, 0, 0], 9)))
    }

    /// Ends the thread.
    pub(crate) fn close(&self) {
        self.door.tell(Change::Shutdown);
    }
}

/// The advertised address first: it is the one that reaches through a translator; the bound one
/// serves those on the same network.
fn candidates(config: &Config, bound: IpAddr, port: u16) -> Vec<SocketAddr> {
    let mut candidates = Vec::new();
    for ip in config.advertised.into_iter().chain([bound, config.bind]) {
        let addr = SocketAddr::new(ip, port);
        if !ip.is_unspecified() && ip.is_ipv4() == bound.is_ipv4() && !candidates.contains(&addr) {
            candidates.push(addr);
        }
    }
    candidates
}

impl Receiving {
    fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS_LIMIT);
        let mut wait = None;
        loop {
            if let Err(e) = self.poll.poll(&mut events, wait)
                && e.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(error = %e, "browsers' port cannot poll");
                return;
            }
            if let Some(connections) = &mut self.connections {
                for event in &events {
                    match event.token() {
                        WAKE | SOCKET => {}
                        LISTENER => connections.listener_ready(),
                        token => connections.ready(token),
                    }
                }
            }
            let now = Instant::now();
            wait = match self.turn(now) {
                Turn::GoOn => Some(Duration::ZERO),
                Turn::Wait => self.connections.as_ref().map(|all| all.next_turn().duration_since(now)),
                Turn::Stop => return,
            };
        }
    }

    fn turn(&mut self, now: Instant) -> Turn {
        for _ in 0..CHANGES_LIMIT {
            match self.changes.try_recv() {
                Ok(Change::Shutdown) => return Turn::Stop,
                Ok(change) => self.change(now, change),
                Err(_) => break,
            }
        }
        let mut has_more = self.receive();
        if let Some(connections) = &mut self.connections {
            has_more |= connections.turn(now, &self.table, &mut self.inlets);
        }
        self.inlets.wake();
        if has_more { Turn::GoOn } else { Turn::Wait }
    }

    fn change(&mut self, now: Instant, change: Change) {
        self.table.change(change);
        let Some(connections) = &mut self.connections else {
            return;
        };
        match change {
            Change::Learn { way: Way { connection: Some(id), .. }, route } => {
                connections.prove(now, id, route, &mut self.inlets);
            }
            Change::Move { from, to } => connections.moved(from, to),
            Change::Forget { session, leg } => connections.forget(session, leg, &mut self.inlets),
            Change::Expect { .. } | Change::Learn { .. } | Change::Shutdown => {}
        }
    }

    /// Takes a batch of datagrams. Says whether there may be more.
    fn receive(&mut self) -> bool {
        let mut bytes = [0; ARRIVED_LIMIT_BYTES];
        for _ in 0..BATCH_LIMIT {
            match self.socket.recv_from(&mut bytes) {
                // One that fills the buffer was cut.
                Ok((ARRIVED_LIMIT_BYTES.., _)) => self.shared.count_browser_refused(),
                Ok((length, from)) => {
                    let from = SocketAddr::new(from.ip().to_canonical(), from.port());
                    match self.table.route(from, &bytes[..length]) {
                        Some(route) => self.inlets.give(route, from.into(), &bytes[..length]),
                        None => self.shared.count_browser_refused(),
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return false,
                // Such as a network's complaint about a packet of ours.
                Err(e) => tracing::debug!(error = %e, "browsers' socket"),
            }
        }
        true
    }
}
