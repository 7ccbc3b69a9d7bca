//! The media room: its threads, and the door to them.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use crate::browser::BrowserPort;
use crate::config::Config;
use crate::error::{MediaError, StartError};
use crate::event::{Event, EventSink};
use crate::net::{Ports, SocketDrops};
use crate::record::Writer;
use crate::secure::identity::Identity;
use crate::session::{PlayId, Session};
use crate::stats::{Shared, Stats};
use crate::worker::{Command, Means, WorkerDoor};

/// The media room, cheap to clone. It lives until [`Media::shutdown`], or until the last handle
/// and the last [`Session`] are gone.
#[derive(Clone)]
pub struct Media {
    inner: Arc<Inner>,
}

/// What all handles share. Nothing here is touched per packet.
pub(crate) struct Inner {
    config: Config,
    ports: Ports,
    workers: Vec<WorkerDoor>,
    browsers: BrowserPort,
    identity: Arc<Identity>,
    shared: Arc<Shared>,
    next_session: AtomicU64,
    next_play: AtomicU64,
    /// Joined after the workers, whose queue they serve.
    helpers: Mutex<Vec<JoinHandle<()>>>,
}

impl Media {
    /// Starts the workers and the file writer.
    pub fn start(config: Config) -> Result<Media, StartError> {
        config.check()?;
        let shared = Arc::new(Shared::default());
        let ports = Ports::new(&config)?;
        let (drops, drops_thread) = SocketDrops::start(shared.clone())?;
        let count = config.worker_count();
        let (writer, writer_thread) = Writer::start(count, shared.clone())?;
        let identity = Arc::new(Identity::generate()?);
        let (mut workers, mut inlets) = (Vec::new(), Vec::new());
        for (index, writer) in writer.into_iter().enumerate() {
            let means = Means { writer, drops: drops.clone(), identity: identity.clone() };
            let (door, inlet) = WorkerDoor::open(index, &config, means)?;
            workers.push(door);
            inlets.push(inlet);
        }
        let (browsers, browsers_thread) = BrowserPort::start(&config, inlets, shared.clone())?;
        tracing::info!(bind = %config.bind, workers = count, "media started");
        Ok(Media {
            inner: Arc::new(Inner {
                config,
                ports,
                workers,
                browsers,
                identity,
                shared,
                next_session: AtomicU64::new(1),
                next_play: AtomicU64::new(1),
                helpers: Mutex::new(vec![browsers_thread, writer_thread, drops_thread]),
            }),
        })
    }

    /// Opens a session on the worker with the fewest. Its events arrive at the receiver, which
    /// ends after the session's last event.
    pub fn open(&self) -> Result<(Session, mpsc::Receiver<Event>), MediaError> {
        let inner = &self.inner;
        let limit = inner.config.max_sessions;
        let open: usize = inner.workers.iter().map(WorkerDoor::sessions).sum();
        if open >= limit {
            return Err(MediaError::TooManySessions { limit });
        }
        let (index, door) = inner
            .workers
            .iter()
            .enumerate()
            .min_by_key(|(_, door)| door.sessions())
            .ok_or(MediaError::Closed)?;
        let session = inner.next_session.fetch_add(1, Relaxed);
        let (events, receiver) = EventSink::new(inner.shared.clone());
        door.session_opened();
        if !door.send(Command::Open { session, events }) {
            return Err(MediaError::Closed);
        }
        Ok((Session::new(session, index, inner.clone()), receiver))
    }

    /// Counters of all workers; those of a worker are at most 20 ms old.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for door in &self.inner.workers {
            door.add_to(&mut stats);
        }
        self.inner.shared.add_to(&mut stats);
        stats
    }

    /// Closes all sessions, completes their recordings and ends the threads. Blocks until the last
    /// file is complete: call it where blocking is allowed.
    pub fn shutdown(&self) {
        self.inner.shutdown();
    }
}

impl Inner {
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn ports(&self) -> &Ports {
        &self.ports
    }

    pub(crate) fn browsers(&self) -> &BrowserPort {
        &self.browsers
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn next_play(&self) -> PlayId {
        PlayId(self.next_play.fetch_add(1, Relaxed))
    }

    pub(crate) fn command(&self, worker: usize, command: Command) {
        if let Some(door) = self.workers.get(worker) {
            // After a shutdown there is nothing left to command.
            door.send(command);
        }
    }

    fn shutdown(&self) {
        for door in &self.workers {
            door.send(Command::Shutdown);
        }
        for door in &self.workers {
            door.join();
        }
        self.browsers.close();
        let mut helpers = self.helpers.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in helpers.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a media thread panicked");
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shutdown();
    }
}
