//! The one UDP port of all browsers.
//!
//! A thread of its own receives: a check is told apart by our user fragment in it, everything else
//! by the address that a valid check came from. It looks at nothing more; a datagram goes to the
//! worker of its leg over a bounded queue, and workers send for themselves. Datagrams of strangers
//! are counted and forgotten. If a worker falls behind, its queue drops and that is counted too.

mod port;
mod table;

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use mio::Waker;

pub(crate) use port::BrowserPort;

use crate::secure::ice::{IceCredentials, UFRAG_BYTES};
use crate::session::LegId;

/// The largest datagram taken from a browser: what fits an Ethernet frame. Voice takes a tenth of
/// it, a handshake's records nearly all.
pub(crate) const ARRIVED_LIMIT_BYTES: usize = 1_500;
/// Datagrams on their way to a worker: a third of a second of 60 browsers, or 1.5 MB.
const ARRIVALS_LIMIT: usize = 1_024;
/// Changes on their way to the port's thread, which takes them all before it takes packets.
const CHANGES_LIMIT: usize = 4_096;

/// Whose a datagram is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub worker: usize,
    pub session: u64,
    pub leg: LegId,
}

/// A datagram for a worker.
pub(crate) struct Arrived {
    pub session: u64,
    pub leg: LegId,
    pub from: SocketAddr,
    pub length: usize,
    pub bytes: [u8; ARRIVED_LIMIT_BYTES],
}

/// What the port's thread is told.
enum Change {
    Expect { ufrag: [u8; UFRAG_BYTES], route: Route },
    Learn { addr: SocketAddr, route: Route },
    Move { from: Route, to: Route },
    Forget { session: u64, leg: LegId },
    Shutdown,
}

/// The way of a worker's datagrams.
pub(crate) struct Inlet {
    pub arrivals: SyncSender<Arrived>,
    pub waker: Arc<Waker>,
}

impl Inlet {
    pub(crate) fn new(waker: Arc<Waker>) -> (Inlet, Receiver<Arrived>) {
        let (arrivals, inbox) = sync_channel(ARRIVALS_LIMIT);
        (Inlet { arrivals, waker }, inbox)
    }
}

/// The way to the port's thread, and out through its socket; cheap to clone.
#[derive(Clone)]
pub(crate) struct BrowserDoor {
    socket: Arc<UdpSocket>,
    changes: SyncSender<Change>,
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
        if let Err(e) = self.waker.wake() {
            tracing::warn!(error = %e, "browsers' port not woken");
        }
        told
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
    pub(crate) fn learn(&self, addr: SocketAddr) -> bool {
        self.door.tell(Change::Learn { addr, route: self.route })
    }

    /// The leg lives elsewhere from now on.
    pub(crate) fn move_to(&mut self, to: Route) {
        self.door.tell(Change::Move { from: self.route, to });
        self.route = to;
    }

    pub(crate) fn send_to(&self, datagram: &[u8], addr: SocketAddr) -> std::io::Result<usize> {
        self.door.socket.send_to(datagram, addr)
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
