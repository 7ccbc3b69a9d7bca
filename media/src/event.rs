//! What a session tells its owner.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::sync::mpsc::{self, error::TrySendError};

use crate::codec::CodecKind;
use crate::session::{LegId, PlayId};
use crate::stats::Shared;

/// Events waiting for an owner. A call has a handful a second at most (digits); an owner that
/// leaves 256 unread is not reading.
const EVENTS_LIMIT: usize = 256;

/// What a session tells its owner.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The leg's voice comes from `addr`, and ours goes there.
    Latched { leg: LegId, addr: SocketAddr },
    /// The far end pressed a key (RFC 4733): one event a press, when it ends.
    Digit {
        leg: LegId,
        /// `0`-`9`, `*`, `#`, `A`-`D`.
        digit: char,
        /// How long it was held, in ms.
        duration_ms: u32,
    },
    /// The same while the recording is paused: which key it was is not told.
    DigitHidden { leg: LegId },
    /// Something happened to the recording, or its owner wanted to know where it stands.
    RecordingMarked {
        mark: Mark,
        /// From the recording's beginning, in ms.
        offset_ms: u64,
    },
    /// How a connected leg fares, every 5 s.
    Quality { leg: LegId, stats: LegStats },
    /// A prompt played once came to its end; not sent for one that was stopped or replaced.
    PlayFinished { leg: LegId, play: PlayId },
    /// No RTP for the configured time. Once, and again after the leg has been heard in between.
    Inactive { leg: LegId, silent_ms: u64 },
    /// The leg is gone; its sockets are closed.
    LegClosed { leg: LegId, stats: LegStats },
    /// The recording is complete, or as complete as it gets.
    RecordingClosed {
        path: PathBuf,
        /// 8000 or 16000.
        sample_rate_hz: u32,
        /// Length of the sound, in ms.
        duration_ms: u64,
        /// Size of the file, in bytes.
        bytes: u64,
        /// What went wrong, if anything; the file holds what came before.
        error: Option<String>,
    },
}

/// What a place in a recording is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// From here on there is silence.
    Paused,
    /// From here on there is sound again: 1.2 s after the pause was ended, because voice
    /// of the pause may come that late.
    Resumed,
    /// Asked for by [`crate::Session::mark_recording`].
    Label(u64),
}

/// One leg's traffic, from its first packet to its last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LegStats {
    /// RTP packets taken in.
    pub packets_in: u64,
    /// RTP packets sent.
    pub packets_out: u64,
    /// RTP packets that never came, by sequence number (RFC 3550 appendix A.3).
    pub lost: u64,
    /// How often the sequence number skipped ahead.
    pub gaps: u64,
    /// Packets that came after their time, where the leg's sound is decoded.
    pub late: u64,
    /// Sound that was repaired or guessed there, in ms.
    pub concealed_ms: u64,
    /// Packets from others than the latched source, or that were no RTP.
    pub refused: u64,
    /// Interarrival jitter at the end, in ms (RFC 3550 appendix A.8).
    pub jitter_ms: f32,
    /// Its mean, in ms, of looks a second apart.
    pub jitter_mean_ms: f32,
    /// The most of those looks, in ms.
    pub jitter_max_ms: f32,
    /// What the far end last reported as lost of ours, in packets.
    pub lost_at_remote: u64,
    /// What the far end last reported as jitter of ours, in ms.
    pub jitter_at_remote_ms: f32,
    /// To the far end and back, in ms, as its last report shows it (RFC 3550 section 6.4.1).
    pub rtt_ms: Option<f32>,
    /// How the far end is heard, by the E-model (ITU-T G.107), 1 to 4.5; none before it was heard.
    pub mos: Option<f32>,
    /// The same of the last 5 s alone; none while nothing is heard.
    pub mos_lately: Option<f32>,
    /// How the far end hears us, by its reports; none before the first.
    pub mos_at_remote: Option<f32>,
    /// What the far end speaks; none before the leg is connected.
    pub codec: Option<CodecKind>,
    /// The latched address.
    pub remote: Option<SocketAddr>,
}

/// The way out for a session's events; overflow is counted and logged.
#[derive(Clone, Debug)]
pub(crate) struct EventSink {
    sender: mpsc::Sender<Event>,
    lost: Arc<AtomicU64>,
    shared: Arc<Shared>,
}

impl EventSink {
    pub(crate) fn new(shared: Arc<Shared>) -> (EventSink, mpsc::Receiver<Event>) {
        let (sender, receiver) = mpsc::channel(EVENTS_LIMIT);
        let sink = EventSink { sender, lost: Arc::default(), shared };
        (sink, receiver)
    }

    pub(crate) fn send(&self, event: Event) {
        // An owner that dropped its receiver does not want to know.
        if let Err(TrySendError::Full(event)) = self.sender.try_send(event) {
            self.shared.count_event_lost();
            let lost = self.lost.fetch_add(1, Relaxed) + 1;
            // The first, the second, the fourth: an owner that is stuck does not fill the log.
            if lost.is_power_of_two() {
                tracing::warn!(lost, ?event, "media event lost: its owner does not read");
            }
        }
    }
}
