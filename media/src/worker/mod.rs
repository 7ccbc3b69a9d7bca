//! The worker threads. Each owns the sockets of its calls and polls them; commands come in over a
//! bounded queue and a waker, events go out over each session's own.
//!
//! If a worker panics its calls are silent and [`crate::Media::open`] stops using it only by
//! refusing; nothing in here is expected to.

mod arrival;
mod call;
mod hub;
mod leg;
mod mix;
mod orders;
mod player;
mod privacy;
mod relay;
mod reports;
mod routes;
mod run;
mod tick;
mod voice;
mod wire;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use mio::Waker;

use crate::browser::{BrowserEnd, Inlet, Route};
use crate::config::Config;
use crate::error::StartError;
use crate::event::EventSink;
use crate::net::{SocketDrops, SocketPair};
use crate::prompt::Prompt;
use crate::record::WriterDoor;
use crate::remote::Remote;
use crate::rtp::digit_sender::DigitSequence;
use crate::sealed::RecordingKey;
use crate::secure::ice::IceCredentials;
use crate::secure::identity::Identity;
use crate::session::{Channel, LegId, PlayId, Repeat};
use crate::stats::{Published, Stats};

/// Parties of one session at a time: a conference of sixteen, one that is being called, and one
/// that listens in.
pub(crate) const LEGS_LIMIT: usize = 18;
/// Commands on their way to a worker. A worker empties the queue every 20 ms at the latest, so a
/// full one means thousands of calls changing at once; the sender then waits its turn.
const COMMANDS_LIMIT: usize = 8_192;

/// What a worker is told.
pub(crate) enum Command {
    Open { session: u64, events: EventSink },
    Order { session: u64, order: Order },
    Shutdown,
}

/// What one session is told.
pub(crate) enum Order {
    AddLeg(Box<NewLeg>),
    Connect {
        leg: LegId,
        remote: Remote,
    },
    Route {
        pairs: Vec<(LegId, LegId)>,
    },
    Play {
        leg: LegId,
        play: PlayId,
        prompt: Arc<Prompt>,
        repeat: Repeat,
    },
    StopPlaying {
        leg: LegId,
    },
    SendDigits {
        leg: LegId,
        digits: DigitSequence,
    },
    Record {
        path: PathBuf,
        key: Option<RecordingKey>,
    },
    StopRecording,
    PauseRecording,
    ResumeRecording,
    MarkRecording {
        label: u64,
    },
    RemoveLeg {
        leg: LegId,
    },
    /// The leg moves to another session: it is handed to whoever waits there.
    Give {
        leg: LegId,
        to: SyncSender<Moving>,
    },
    Take {
        leg: Moving,
        id: LegId,
        channel: Channel,
        end: Route,
    },
    Close,
}

/// A leg to be.
pub(crate) struct NewLeg {
    pub id: LegId,
    pub channel: Channel,
    /// Of the voice that we send; random (RFC 3550 section 8).
    pub ssrc: u32,
    pub wire: NewWire,
}

/// A leg between two sessions, with all that it has: sockets, keys, numbers, what it plays.
pub(crate) struct Moving(Box<leg::LegState>);

/// How its packets will come and go.
pub(crate) enum NewWire {
    /// Its sockets are bound, but nobody polls them yet.
    Own(SocketPair),
    /// The port of all browsers.
    Browser(BrowserEnd, IceCredentials),
}

/// What a worker works with.
pub(crate) struct Means {
    pub writer: WriterDoor,
    pub drops: SocketDrops,
    pub identity: Arc<Identity>,
}

/// What both sides of the door see.
#[derive(Default)]
struct Board {
    sessions: AtomicUsize,
    counters: Published,
}

/// The way to one worker.
pub(crate) struct WorkerDoor {
    commands: SyncSender<Command>,
    waker: Arc<Waker>,
    board: Arc<Board>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl WorkerDoor {
    /// Starts the thread behind it; the inlet is for what browsers send.
    pub(crate) fn open(
        index: usize,
        config: &Config,
        means: Means,
    ) -> Result<(WorkerDoor, Inlet), StartError> {
        let (commands, inbox) = sync_channel(COMMANDS_LIMIT);
        let board = Arc::new(Board::default());
        let (poll, waker) = run::Worker::poller()?;
        let (inlet, arrivals) = Inlet::new(waker.clone());
        let worker = run::Worker::new(config, poll, inbox, arrivals, means, board.clone())?;
        let thread =
            std::thread::Builder::new().name(format!("media-{index}")).spawn(move || worker.run())?;
        Ok((WorkerDoor { commands, waker, board, thread: Mutex::new(Some(thread)) }, inlet))
    }

    /// Whether the worker will hear it.
    pub(crate) fn send(&self, command: Command) -> bool {
        let sent = match self.commands.try_send(command) {
            Ok(()) => true,
            Err(TrySendError::Full(command)) => {
                tracing::warn!("media worker's command queue is full: waiting");
                self.wake();
                self.commands.send(command).is_ok()
            }
            Err(TrySendError::Disconnected(_)) => false,
        };
        self.wake();
        sent
    }

    /// Sessions open, those on their way included.
    pub(crate) fn sessions(&self) -> usize {
        self.board.sessions.load(Relaxed)
    }

    pub(crate) fn session_opened(&self) {
        self.board.sessions.fetch_add(1, Relaxed);
    }

    pub(crate) fn add_to(&self, stats: &mut Stats) {
        stats.sessions += self.sessions() as u64;
        self.board.counters.add_to(stats);
    }

    /// Waits until the thread has ended.
    pub(crate) fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("a media worker panicked");
        }
    }

    fn wake(&self) {
        if let Err(e) = self.waker.wake() {
            // The worker still looks at its queue at the next packet or tick.
            tracing::warn!(error = %e, "media worker not woken");
        }
    }
}
