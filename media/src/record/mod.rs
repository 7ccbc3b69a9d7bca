//! Recording a call: each leg's voice put in its place in time, mixed into two channels by the
//! worker, written by a thread of its own.

mod file;
mod recording;
mod track;
mod writer;

use crate::codec::{FRAME_SAMPLES_LIMIT, SampleRate};
use crate::sealed::RecordingKey;

use std::path::PathBuf;

pub(crate) use recording::{Mix, Recording};
pub(crate) use track::{Placed, Track};
pub(crate) use writer::{Writer, WriterDoor};

/// A slice of both channels that the worker mixes at once is 20 ms; so many frames at most.
pub(crate) const SLICE_FRAMES_LIMIT: usize = FRAME_SAMPLES_LIMIT;
/// Frames that the worker hands over at once: half a second at 8000 Hz, so that with the ring's
/// 100 ms and the writer's turn a killed process loses less than a second.
const BLOCK_FRAMES: usize = 4_000;
/// What is to be recorded, and how.
pub(crate) struct RecordingPlan {
    pub path: PathBuf,
    pub rate: SampleRate,
    /// Nothing plain on the disk.
    pub key: Option<RecordingKey>,
}

/// Left and right.
const CHANNELS: usize = 2;
