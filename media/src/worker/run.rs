//! The loop of one worker: poll, drain, carry out, tick.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token, Waker};

use super::arrival::Door;
use super::call::Call;
use super::hub::{DATAGRAM_LIMIT_BYTES, Hub, SocketName, TICK};
use super::orders::Fate;
use super::wire::Sockets;
use super::{Board, Command, Means};
use crate::browser::Arrival;
use crate::config::Config;
use crate::error::StartError;
use crate::stats::Tally;

/// The command queue's name for the poller; no socket can have it.
const WAKE: Token = Token(usize::MAX);
/// Sockets told of in one poll; those beyond come in the next.
const EVENTS_LIMIT: usize = 1_024;
/// Datagrams taken from one socket before the others have their turn: 16 of the usual packets are
/// a third of a second, so only a flood is made to wait.
const BATCH_LIMIT: usize = 16;
/// Commands carried out before packets have their turn.
const COMMANDS_A_TURN: usize = 256;
/// Calls have their turns at this many instants of a tick, by their places: what all of them encode
/// at once would make every packet wait.
const SLOTS: usize = 4;
const SLOT: Duration = Duration::from_millis(TICK.as_millis() as u64 / SLOTS as u64);
/// Browsers' datagrams taken before sockets have their turn.
const ARRIVALS_A_TURN: usize = 256;
/// Ticks made up for in a row after a stall; those beyond are skipped and counted. Five packets at
/// once are what a phone's jitter buffer still takes.
const CATCH_UP_TICKS: usize = 5;

/// One worker.
pub(super) struct Worker {
    poll: Poll,
    inbox: Receiver<Command>,
    /// What came in by the browsers' port.
    arrivals: Receiver<Arrival>,
    hub: Hub,
    board: Arc<Board>,
    /// By place; a place is used again.
    calls: Vec<Option<Box<Call>>>,
    free: Vec<usize>,
    places: HashMap<u64, usize>,
    /// Sockets that had more than their batch: the poller does not tell of them again.
    unfinished: Vec<Token>,
    /// Whose turn is next, and when.
    slot: usize,
    next_slot: Instant,
    datagram: Box<[u8; DATAGRAM_LIMIT_BYTES]>,
}

/// Whether the worker goes on.
enum Turn {
    GoOn,
    Stop,
}

impl Worker {
    pub(super) fn new(
        config: &Config,
        poll: Poll,
        inbox: Receiver<Command>,
        arrivals: Receiver<Arrival>,
        means: Means,
        board: Arc<Board>,
    ) -> Result<Worker, StartError> {
        let now = Instant::now();
        let hub = Hub {
            registry: poll.registry().try_clone()?,
            writer: means.writer,
            drops: means.drops,
            tally: Tally::default(),
            lost_by_gone: 0,
            rtp_inactivity: config.rtp_inactivity,
            now,
            cname: super::reports::cname(rand::random()),
            identity: means.identity,
            seal: Box::new([0; _]),
        };
        Ok(Worker {
            poll,
            inbox,
            arrivals,
            hub,
            board,
            calls: Vec::new(),
            free: Vec::new(),
            places: HashMap::new(),
            unfinished: Vec::new(),
            slot: 0,
            next_slot: now + SLOT,
            datagram: Box::new([0; DATAGRAM_LIMIT_BYTES]),
        })
    }

    /// A poller, and what wakes it.
    pub(super) fn poller() -> Result<(Poll, Arc<Waker>), StartError> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKE)?;
        Ok((poll, Arc::new(waker)))
    }

    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS_LIMIT);
        let mut more_arrived = false;
        loop {
            let timeout = match self.unfinished.is_empty() && !more_arrived {
                true => self.next_slot.saturating_duration_since(Instant::now()),
                false => Duration::ZERO,
            };
            if let Err(e) = self.poll.poll(&mut events, Some(timeout))
                && e.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(error = %e, "media worker cannot poll");
                break;
            }
            self.hub.now = Instant::now();
            // Before the packets: most that were sent after a command find it carried out.
            if let Turn::Stop = self.obey() {
                break;
            }
            more_arrived = self.take_arrivals();
            for token in std::mem::take(&mut self.unfinished) {
                self.drain(token);
            }
            for event in &events {
                if event.token() != WAKE {
                    self.drain(event.token());
                }
            }
            self.tick_if_due();
        }
        self.stop();
    }

    /// Takes a batch of browsers' datagrams; says whether there may be more.
    fn take_arrivals(&mut self) -> bool {
        for _ in 0..ARRIVALS_A_TURN {
            let Ok(mut arrival) = self.arrivals.try_recv() else {
                return false;
            };
            let (session, leg) = match &arrival {
                Arrival::Datagram(arrived) => (arrived.session, arrived.leg),
                Arrival::Gone { session, leg, .. } => (*session, *leg),
            };
            let place = self.places.get(&session).copied();
            // A leg that is gone may still be spoken to.
            let Some(call) = place.and_then(|place| self.calls[place].as_deref_mut()) else {
                continue;
            };
            let Some(leg) = call.place_of(leg) else {
                continue;
            };
            match &mut arrival {
                Arrival::Datagram(arrived) => {
                    let datagram = &mut arrived.bytes[..arrived.length];
                    call.came(&mut self.hub, leg, Door::Rtp, arrived.from, datagram);
                }
                Arrival::Gone { way, .. } => call.way_lost(leg, *way),
            }
        }
        true
    }

    /// Takes a batch from one socket.
    fn drain(&mut self, token: Token) {
        let name = SocketName::of(token);
        // A socket closed in this very turn may still be told of.
        let Some(call) = self.calls.get_mut(name.call).and_then(Option::as_deref_mut) else {
            return;
        };
        for _ in 0..BATCH_LIMIT {
            let Some(leg) = &call.legs[name.leg] else {
                return;
            };
            let Sockets::Own(own) = &leg.wire.sockets else {
                return;
            };
            let (socket, door) = match name.rtcp {
                false => (&own.rtp, Door::Rtp),
                true => (&own.rtcp, Door::Rtcp),
            };
            match socket.recv_from(&mut self.datagram[..]) {
                // One that fills the buffer was cut.
                Ok((DATAGRAM_LIMIT_BYTES.., _)) => self.hub.tally.refused += 1,
                Ok((bytes, from)) => {
                    let from = SocketAddr::new(from.ip().to_canonical(), from.port());
                    let datagram = &mut self.datagram[..bytes];
                    call.came(&mut self.hub, name.leg, door, from.into(), datagram);
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return,
                // Such as a network's complaint about a packet of ours: the next call goes on.
                Err(e) => tracing::debug!(error = %e, "RTP socket"),
            }
        }
        self.unfinished.push(token);
    }

    /// Carries out commands.
    fn obey(&mut self) -> Turn {
        for _ in 0..COMMANDS_A_TURN {
            match self.inbox.try_recv() {
                Ok(Command::Open { session, events }) => {
                    let place = self.free.pop().unwrap_or_else(|| {
                        self.calls.push(None);
                        self.calls.len() - 1
                    });
                    self.calls[place] = Some(Box::new(Call::new(session, place, events)));
                    self.places.insert(session, place);
                }
                Ok(Command::Order { session, order }) => {
                    let Some(place) = self.places.get(&session).copied() else {
                        continue;
                    };
                    let Some(call) = &mut self.calls[place] else {
                        continue;
                    };
                    if call.order(&mut self.hub, order) == Fate::Closed {
                        self.forget(session, place);
                    }
                }
                Ok(Command::Shutdown) => return Turn::Stop,
                Err(TryRecvError::Empty) => return Turn::GoOn,
                // The room was never finished building.
                Err(TryRecvError::Disconnected) => return Turn::Stop,
            }
        }
        Turn::GoOn
    }

    fn forget(&mut self, session: u64, place: usize) {
        self.calls[place] = None;
        self.free.push(place);
        self.places.remove(&session);
        self.board.sessions.fetch_sub(1, Relaxed);
    }

    fn tick_if_due(&mut self) {
        for _ in 0..CATCH_UP_TICKS * SLOTS {
            if self.hub.now < self.next_slot {
                return;
            }
            self.tick();
            self.next_slot += SLOT;
        }
        let behind = self.hub.now.saturating_duration_since(self.next_slot);
        let skipped = behind.as_micros() / TICK.as_micros();
        if skipped > 0 {
            self.hub.tally.late_ticks += skipped as u64;
            self.next_slot = self.hub.now + SLOT;
        }
    }

    /// The turn of the calls of one slot.
    fn tick(&mut self) {
        for call in self.calls.iter_mut().skip(self.slot).step_by(SLOTS).flatten() {
            call.tick(&mut self.hub);
        }
        self.slot = (self.slot + 1) % SLOTS;
        self.hub.writer.retry();
        if self.slot == 0 {
            let lost: u64 = self.calls.iter().flatten().map(|call| call.lost()).sum();
            self.hub.tally.lost = self.hub.lost_by_gone + lost;
        }
        self.board.counters.publish(&self.hub.tally);
    }

    fn stop(mut self) {
        self.hub.now = Instant::now();
        for call in self.calls.iter_mut().flatten() {
            call.close(&mut self.hub);
            self.board.sessions.fetch_sub(1, Relaxed);
        }
        self.hub.tally.lost = self.hub.lost_by_gone;
        self.board.counters.publish(&self.hub.tally);
        self.hub.writer.flush();
    }
}
