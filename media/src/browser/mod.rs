//! The one port of all browsers: over UDP, and for those whose network lets no UDP out, over TCP.
//!
//! A thread of its own receives: a check is told apart by our user fragment in it, everything else
//! by the address or the connection that a valid check came from. It looks at nothing more; a
//! datagram goes to the worker of its leg over a bounded queue. Over UDP workers send for
//! themselves; a connection is written to by the thread alone, which gets what is to be sent over a
//! queue. Datagrams of strangers are counted and forgotten, their connections closed. If a worker
//! falls behind, its queue drops and that is counted too.

mod connections;
mod framing;
mod inlets;
mod outbox;
mod port;
mod roster;
mod table;

use std::io;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use mio::Waker;

pub(crate) use port::BrowserPort;

use crate::net::{ConnectionId, Way};
use crate::secure::ice::{IceCredentials, UFRAG_BYTES};
use crate::session::LegId;

/// The largest datagram taken from a browser: what fits an Ethernet frame. Voice takes a tenth of
/// it, a handshake's records nearly all.
pub(crate) const ARRIVED_LIMIT_BYTES: usize = 1_500;
/// Datagrams on their way to a worker: a third of a second of 60 browsers, or 1.5 MB.
const ARRIVALS_LIMIT: usize = 1_024;
/// The longest frame sent over a connection: what a phone may send us at most, sealed.
const DEPARTING_LIMIT_BYTES: usize = 2_100;
/// Frames on their way from the workers to connections: a tenth of a second of 200 browsers, or
/// 2 MB.
const DEPARTURES_LIMIT: usize = 1_024;
/// Changes on their way to the port's thread, which takes them all before it takes packets.
const CHANGES_LIMIT: usize = 4_096;

/// Whose a datagram is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub worker: usize,
    pub session: u64,
    pub leg: LegId,
}

/// What a worker hears of the port.
#[expect(clippy::large_enum_variant, reason = "nearly all are datagrams, and none is to be allocated")]
pub(crate) enum Arrival {
    Datagram(Arrived),
    /// A connection of the leg is closed.
    Gone {
        session: u64,
        leg: LegId,
        way: Way,
    },
}

/// A datagram for a worker.
pub(crate) struct Arrived {
    pub session: u64,
    pub leg: LegId,
    pub from: Way,
    pub length: usize,
    pub bytes: [u8; ARRIVED_LIMIT_BYTES],
}

/// A datagram for a connection, its length before it.
struct Departing {
    to: ConnectionId,
    length: usize,
    frame: [u8; DEPARTING_LIMIT_BYTES],
}

impl Departing {
    /// None for one that is too long.
    fn new(to: ConnectionId, datagram: &[u8]) -> Option<Departing> {
        let mut frame = [0; DEPARTING_LIMIT_BYTES];
        let length = framing::PREFIX_BYTES + datagram.len();
        frame.get_mut(framing::PREFIX_BYTES..length)?.copy_from_slice(datagram);
        framing::set_length(&mut frame, datagram.len().try_into().ok()?);
        Some(Departing { to, length, frame })
    }
}

/// What the port's thread is told.
#[derive(Clone, Copy)]
enum Change {
    Expect { ufrag: [u8; UFRAG_BYTES], route: Route },
    Learn { way: Way, route: Route },
    Move { from: Route, to: Route },
    Forget { session: u64, leg: LegId },
    Shutdown,
}

/// The way of a worker's datagrams.
pub(crate) struct Inlet {
    pub arrivals: SyncSender<Arrival>,
    pub waker: Arc<Waker>,
}

impl Inlet {
    pub(crate) fn new(waker: Arc<Waker>) -> (Inlet, Receiver<Arrival>) {
        let (arrivals, inbox) = sync_channel(ARRIVALS_LIMIT);
        (Inlet { arrivals, waker }, inbox)
    }
}

/// The way to the port's thread, and out through its socket; cheap to clone.
#[derive(Clone)]
pub(crate) struct BrowserDoor {
    socket: Arc<UdpSocket>,
    changes: SyncSender<Change>,
    departures: SyncSender<Departing>,
    waker: Arc<Waker>,
    pub ipv6: bool,
}

/// One leg on the browsers' port. Dropped, it is forgotten there.
pub(crate) struct BrowserEnd {
    door: BrowserDoor,
    route: Route,
}

impl BrowserDoor {
    fn tell(&self, change: Change) -> bool {
        let told = match self.changes.try_send(change) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                tracing::warn!("browsers' port does not keep up with changes");
                false
            }
            // The port is closed before the last calls are.
            Err(TrySendError::Disconnected(_)) => return false,
        };
        self.wake();
        told
    }

    /// Has the thread write it, sooner or later or, where the connection is too slow, never.
    fn send_over(&self, connection: ConnectionId, datagram: &[u8]) -> io::Result<()> {
        let departing = Departing::new(connection, datagram).ok_or(io::ErrorKind::InvalidInput)?;
        match self.departures.try_send(departing) {
            Ok(()) => self.wake(),
            Err(TrySendError::Full(_)) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(TrySendError::Disconnected(_)) => return Err(io::ErrorKind::NotConnected.into()),
        }
        Ok(())
    }

    fn wake(&self) {
        if let Err(e) = self.waker.wake() {
            tracing::warn!(error = %e, "browsers' port not woken");
        }
    }
}

impl BrowserEnd {
    /// A leg whose checks will name these credentials.
    pub(crate) fn new(door: BrowserDoor, route: Route, credentials: &IceCredentials) -> BrowserEnd {
        let end = BrowserEnd { door, route };
        end.expect(credentials);
        end
    }

    /// Checks will name these, too.
    pub(crate) fn expect(&self, credentials: &IceCredentials) {
        self.door.tell(Change::Expect { ufrag: credentials.ufrag_key(), route: self.route });
    }

    /// A valid check came from there. If the thread does not hear of it, the next check tells it
    /// again: says whether it did.
    pub(crate) fn learn(&self, way: Way) -> bool {
        self.door.tell(Change::Learn { way, route: self.route })
    }

    /// The leg lives elsewhere from now on.
    pub(crate) fn move_to(&mut self, to: Route) {
        self.door.tell(Change::Move { from: self.route, to });
        self.route = to;
    }

    pub(crate) fn send_to(&self, datagram: &[u8], way: Way) -> io::Result<()> {
        match way.connection {
            None => self.door.socket.send_to(datagram, way.addr).map(|_| ()),
            Some(connection) => self.door.send_over(connection, datagram),
        }
    }

    pub(crate) fn ipv6(&self) -> bool {
        self.door.ipv6
    }
}

impl Drop for BrowserEnd {
    fn drop(&mut self) {
        self.door.tell(Change::Forget { session: self.route.session, leg: self.route.leg });
    }
}
