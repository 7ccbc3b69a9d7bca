//! Browsers that come over TCP (RFC 6544): we listen, they connect, and each datagram is a frame.
//!
//! A connection belongs to nobody until a worker has found a valid check in it; until then only
//! checks are passed on. What is written goes out at once or waits in a short queue, so that a slow
//! reader costs its own old voice and nothing else.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};

use super::framing::{Assembler, Hostile};
use super::inlets::Inlets;
use super::outbox::Outbox;
use super::roster::Roster;
use super::table::{Named, Table};
use super::{DEPARTURES_LIMIT, Departing, Route};
use crate::net::{ConnectionId, Way};
use crate::session::LegId;
use crate::stats::Shared;

/// Connections taken before datagrams have their turn.
const ACCEPTS_A_TURN: usize = 16;
/// Bytes taken from one connection before the others have their turn: a second of one call.
const READ_BYTES: usize = 16 * 1024;
/// How often it is looked which connections are overdue.
const SWEEP: Duration = Duration::from_secs(1);

/// All connections of the port.
pub(super) struct Connections {
    listener: TcpListener,
    registry: Registry,
    departures: Receiver<Departing>,
    roster: Roster,
    open: HashMap<ConnectionId, Connection>,
    next: usize,
    /// The system may have more to accept: it tells of that but once.
    may_accept: bool,
    /// Those that may have more to read or to write, each once.
    ready: Vec<ConnectionId>,
    next_sweep: Instant,
    buffer: Box<[u8; READ_BYTES]>,
    shared: Arc<Shared>,
}

struct Connection {
    stream: TcpStream,
    way: Way,
    inward: Assembler,
    outward: Outbox,
    is_ready: bool,
}

/// What a connection still has after its turn.
enum Left {
    Nothing,
    /// There may be more to read.
    More,
}

/// Why a connection ends.
enum End {
    /// The browser closed it, or the network did.
    Closed(io::Error),
    Hostile(Hostile),
}

impl Connections {
    /// The port's thread names the listener `token`, and connections by greater numbers.
    pub(super) fn new(
        mut listener: TcpListener,
        token: Token,
        registry: Registry,
        departures: Receiver<Departing>,
        shared: Arc<Shared>,
    ) -> io::Result<Connections> {
        registry.register(&mut listener, token, Interest::READABLE)?;
        Ok(Connections {
            listener,
            registry,
            departures,
            roster: Roster::default(),
            open: HashMap::new(),
            next: token.0 + 1,
            may_accept: true,
            ready: Vec::new(),
            next_sweep: Instant::now() + SWEEP,
            buffer: Box::new([0; _]),
            shared,
        })
    }

    /// The listener has something.
    pub(super) fn listener_ready(&mut self) {
        self.may_accept = true;
    }

    /// A connection has something to read, or room to write.
    pub(super) fn ready(&mut self, token: Token) {
        let id = ConnectionId(token.0);
        if let Some(connection) = self.open.get_mut(&id)
            && !std::mem::replace(&mut connection.is_ready, true)
        {
            self.ready.push(id);
        }
    }

    /// A valid check came by this connection.
    pub(super) fn prove(&mut self, now: Instant, id: ConnectionId, route: Route, inlets: &mut Inlets) {
        if let Some(goes) = self.roster.prove(now, id, route) {
            self.close(goes, inlets);
        }
    }

    /// A leg lives elsewhere.
    pub(super) fn moved(&mut self, from: Route, to: Route) {
        self.roster.moved(from, to);
    }

    /// A leg is gone, and its connections with it.
    pub(super) fn forget(&mut self, session: u64, leg: LegId, inlets: &mut Inlets) {
        for id in self.roster.of(session, leg) {
            self.close(id, inlets);
        }
    }

    /// Takes what is there of everything, within bounds. Says whether there may be more.
    pub(super) fn turn(&mut self, now: Instant, table: &Table, inlets: &mut Inlets) -> bool {
        if now >= self.next_sweep {
            self.sweep(now, inlets);
        }
        self.accept(now, inlets);
        for id in std::mem::take(&mut self.ready) {
            self.serve(now, id, table, inlets);
        }
        self.write_departures(inlets);
        self.may_accept || !self.ready.is_empty()
    }

    /// When it wants its turn though nothing comes.
    pub(super) fn next_turn(&self) -> Instant {
        self.next_sweep
    }

    fn sweep(&mut self, now: Instant, inlets: &mut Inlets) {
        self.next_sweep = now + SWEEP;
        // After the system had no file descriptor left, it tells of nobody who waits.
        self.may_accept = true;
        for id in self.roster.overdue(now) {
            tracing::debug!(connection = id.0, "browser's connection is overdue");
            self.close(id, inlets);
        }
    }

    fn accept(&mut self, now: Instant, inlets: &mut Inlets) {
        for _ in 0..ACCEPTS_A_TURN {
            if !self.may_accept {
                return;
            }
            match self.listener.accept() {
                Ok((stream, from)) => {
                    if let Err(e) = self.take_in(now, stream, from, inlets) {
                        tracing::debug!(error = %e, "browser's connection not taken");
                    }
                }
                Err(e) if e.kind() == ErrorKind::WouldBlock => self.may_accept = false,
                Err(e) if e.kind() == ErrorKind::ConnectionAborted => {}
                // No file descriptor is left, as a rule: tried again at the next sweep.
                Err(e) => {
                    tracing::warn!(error = %e, "browsers' connections not accepted");
                    self.may_accept = false;
                }
            }
        }
    }

    fn take_in(
        &mut self,
        now: Instant,
        mut stream: TcpStream,
        from: SocketAddr,
        inlets: &mut Inlets,
    ) -> io::Result<()> {
        // Each packet goes by itself: voice does not wait for company.
        stream.set_nodelay(true)?;
        let id = ConnectionId(self.next);
        self.next += 1;
        self.registry.register(&mut stream, Token(id.0), Interest::READABLE | Interest::WRITABLE)?;
        let addr = SocketAddr::new(from.ip().to_canonical(), from.port());
        let connection = Connection {
            stream,
            way: Way { addr, connection: Some(id) },
            inward: Assembler::new(),
            outward: Outbox::default(),
            is_ready: false,
        };
        self.open.insert(id, connection);
        if let Some(goes) = self.roster.admit(now, id) {
            self.close(goes, inlets);
        }
        self.shared.set_browser_connections(self.open.len());
        Ok(())
    }

    fn serve(&mut self, now: Instant, id: ConnectionId, table: &Table, inlets: &mut Inlets) {
        let Some(connection) = self.open.get_mut(&id) else {
            return;
        };
        connection.is_ready = false;
        let mut sorter = Sorter { now, id, way: connection.way, table, inlets, roster: &mut self.roster };
        match connection.serve(&mut self.buffer[..], &mut sorter) {
            Ok(Left::Nothing) => {}
            Ok(Left::More) => self.ready(Token(id.0)),
            Err(end) => self.end(id, end, inlets),
        }
    }

    fn write_departures(&mut self, inlets: &mut Inlets) {
        for _ in 0..DEPARTURES_LIMIT {
            let Ok(departing) = self.departures.try_recv() else {
                return;
            };
            // It may be closed; the leg is told.
            let Some(connection) = self.open.get_mut(&departing.to) else {
                continue;
            };
            let frame = &departing.frame[..departing.length];
            match connection.outward.send(&mut connection.stream, frame) {
                Ok(0) => {}
                Ok(given_up) => self.shared.count_browser_late(given_up),
                Err(e) => self.end(departing.to, End::Closed(e), inlets),
            }
        }
    }

    fn end(&mut self, id: ConnectionId, end: End, inlets: &mut Inlets) {
        match end {
            End::Closed(e) => tracing::debug!(connection = id.0, error = %e, "browser's connection ended"),
            End::Hostile(Hostile(reason)) => {
                self.shared.count_browser_refused();
                tracing::debug!(connection = id.0, reason, "connection on the browsers' port refused");
            }
        }
        self.close(id, inlets);
    }

    fn close(&mut self, id: ConnectionId, inlets: &mut Inlets) {
        let route = self.roster.remove(id);
        let Some(mut connection) = self.open.remove(&id) else {
            return;
        };
        if let Err(e) = self.registry.deregister(&mut connection.stream) {
            tracing::debug!(error = %e, "browser's connection not deregistered");
        }
        if let Some(route) = route {
            inlets.gone(route, connection.way);
        }
        self.shared.set_browser_connections(self.open.len());
    }
}

impl Connection {
    /// Writes what waits and reads what came, a batch of it.
    fn serve(&mut self, buffer: &mut [u8], sorter: &mut Sorter<'_>) -> Result<Left, End> {
        self.outward.flush(&mut self.stream).map_err(End::Closed)?;
        match self.stream.read(buffer) {
            Ok(0) => Err(End::Closed(ErrorKind::UnexpectedEof.into())),
            Ok(length) => {
                let came = &buffer[..length];
                self.inward.feed(came, |datagram| sorter.sort(datagram)).map_err(End::Hostile)?;
                Ok(Left::More)
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock => Ok(Left::Nothing),
            Err(e) if e.kind() == ErrorKind::Interrupted => Ok(Left::More),
            Err(e) => Err(End::Closed(e)),
        }
    }
}

/// Says whose the datagrams of one connection are.
struct Sorter<'a> {
    now: Instant,
    id: ConnectionId,
    way: Way,
    table: &'a Table,
    inlets: &'a mut Inlets,
    roster: &'a mut Roster,
}

impl Sorter<'_> {
    fn sort(&mut self, datagram: &[u8]) -> Result<(), Hostile> {
        if let Some(route) = self.roster.heard(self.now, self.id) {
            self.inlets.give(route, self.way, datagram);
            return Ok(());
        }
        match self.table.named(datagram) {
            Named::Leg(route) => self.inlets.give(route, self.way, datagram),
            Named::Nobody if self.roster.named_nobody(self.id) => {}
            Named::Nobody => return Err(Hostile("its checks name nobody")),
            Named::NoCheck => return Err(Hostile("it does not begin with a check")),
        }
        Ok(())
    }
}
