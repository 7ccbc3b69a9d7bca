//! The thread behind the browsers' port.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use mio::{Events, Interest, Poll, Token, Waker};

use super::table::Table;
use super::{ARRIVED_LIMIT_BYTES, Arrived, BrowserDoor, CHANGES_LIMIT, Change, Inlet};
use crate::config::Config;
use crate::error::StartError;
use crate::net::bind_shared;
use crate::stats::Shared;

const WAKE: Token = Token(0);
const SOCKET: Token = Token(1);
/// Datagrams taken before changes and workers have their turn.
const BATCH_LIMIT: usize = 64;

/// The port, as the room holds it.
pub(crate) struct BrowserPort {
    pub door: BrowserDoor,
    /// Where browsers reach it, the best first.
    pub candidates: Vec<SocketAddr>,
}

struct Receiving {
    poll: Poll,
    socket: mio::net::UdpSocket,
    changes: Receiver<Change>,
    inlets: Vec<Inlet>,
    /// Which workers this batch has something for.
    touched: Vec<bool>,
    table: Table,
    shared: Arc<Shared>,
}

enum Turn {
    /// There may be more on the socket.
    GoOn,
    /// It is empty.
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
        let socket = bind_shared(addr).map_err(|source| StartError::Bind { addr: addr.ip(), source })?;
        let port = socket.local_addr()?.port();
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let mut polled = mio::net::UdpSocket::from_std(socket.try_clone()?);
        poll.registry().register(&mut polled, SOCKET, Interest::READABLE)?;
        let (sender, changes) = sync_channel(CHANGES_LIMIT);
        let receiving = Receiving {
            poll,
            socket: polled,
            changes,
            touched: vec![false; inlets.len()],
            inlets,
            table: Table::default(),
            shared,
        };
        let thread =
            std::thread::Builder::new().name("media-browsers".to_owned()).spawn(move || receiving.run())?;
        let candidates = candidates(config, addr.ip(), port);
        let door = BrowserDoor { socket: Arc::new(socket), changes: sender, waker, ipv6: addr.is_ipv6() };
        tracing::info!(port, "browsers' media port open");
        Ok((BrowserPort { door, candidates }, thread))
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
        let mut events = Events::with_capacity(8);
        let mut arrived = Arrived {
            session: 0,
            leg: crate::session::LegId(0),
            from: SocketAddr::from(([0, 0, 0, 0], 0)),
            length: 0,
            bytes: [0; ARRIVED_LIMIT_BYTES],
        };
        let mut wait = None;
        loop {
            if let Err(e) = self.poll.poll(&mut events, wait)
                && e.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(error = %e, "browsers' port cannot poll");
                return;
            }
            wait = match self.turn(&mut arrived) {
                Turn::GoOn => Some(Duration::ZERO),
                Turn::Wait => None,
                Turn::Stop => return,
            };
        }
    }

    fn turn(&mut self, arrived: &mut Arrived) -> Turn {
        for change in self.changes.try_iter().take(CHANGES_LIMIT) {
            match change {
                Change::Shutdown => return Turn::Stop,
                change => self.table.change(change),
            }
        }
        let mut turn = Turn::GoOn;
        for _ in 0..BATCH_LIMIT {
            match self.socket.recv_from(&mut arrived.bytes) {
                // One that fills the buffer was cut.
                Ok((ARRIVED_LIMIT_BYTES.., _)) => self.shared.count_browser_refused(),
                Ok((length, from)) => {
                    arrived.length = length;
                    arrived.from = SocketAddr::new(from.ip().to_canonical(), from.port());
                    self.hand_over(arrived);
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    turn = Turn::Wait;
                    break;
                }
                // Such as a network's complaint about a packet of ours.
                Err(e) => tracing::debug!(error = %e, "browsers' socket"),
            }
        }
        for (inlet, touched) in self.inlets.iter().zip(&mut self.touched) {
            if std::mem::take(touched)
                && let Err(e) = inlet.waker.wake()
            {
                tracing::warn!(error = %e, "media worker not woken");
            }
        }
        turn
    }

    /// Gives the datagram to its worker.
    fn hand_over(&mut self, arrived: &Arrived) {
        let Some(route) = self.table.route(arrived.from, &arrived.bytes[..arrived.length]) else {
            return self.shared.count_browser_refused();
        };
        let (Some(inlet), Some(touched)) =
            (self.inlets.get(route.worker), self.touched.get_mut(route.worker))
        else {
            return;
        };
        *touched = true;
        let handed = Arrived { session: route.session, leg: route.leg, ..*arrived };
        // A worker that has ended takes nothing; its sessions are gone with it.
        if let Err(TrySendError::Full(_)) = inlet.arrivals.try_send(handed) {
            self.shared.count_browser_dropped();
        }
    }
}
