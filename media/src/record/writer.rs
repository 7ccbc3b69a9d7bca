//! The thread that writes recordings, so that a slow disk never delays a packet.
//!
//! Workers hand blocks over a bounded queue. When it is full the block is dropped and becomes
//! silence in the file, and is counted; openings and closings wait in the worker until there is
//! room, so none is ever lost. A file that fails says so in its
//! [`Event::RecordingClosed`] and takes nothing more.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread::JoinHandle;

use super::file::{Failure, RecordingFile};
use super::{BLOCK_FRAMES, CHANNELS, RecordingPlan, SLICE_FRAMES_LIMIT};
use crate::codec::SampleRate;
use crate::event::{Event, EventSink};
use crate::stats::Shared;

/// Jobs on their way to the disk: 100 recordings for 10 s, 32 MB.
const QUEUE_LIMIT: usize = 2_048;
/// Empty blocks on their way back to a worker; those beyond are freed.
const SPARE_LIMIT: usize = 64;

/// A recording, unique within the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RecordingId {
    worker: usize,
    number: u64,
}

enum Job {
    Open { id: RecordingId, plan: RecordingPlan, events: EventSink },
    Block { id: RecordingId, silence_frames: u32, samples: Vec<i16> },
    Close { id: RecordingId },
}

/// One worker's way to the writer.
pub(crate) struct WriterDoor {
    worker: usize,
    next_number: u64,
    jobs: SyncSender<Job>,
    spare: Receiver<Vec<i16>>,
    /// Openings and closings that found the queue full, in order. Bounded by the number of
    /// sessions, each of which records once at a time.
    backlog: VecDeque<Job>,
}

impl WriterDoor {
    pub(super) fn open(&mut self, plan: RecordingPlan, events: EventSink) -> RecordingId {
        let id = RecordingId { worker: self.worker, number: self.next_number };
        self.next_number += 1;
        self.send(Job::Open { id, plan, events });
        id
    }

    /// Whether the block was taken.
    pub(super) fn block(&mut self, id: RecordingId, silence_frames: u32, samples: Vec<i16>) -> bool {
        self.retry();
        // Nothing may overtake a waiting opening.
        self.backlog.is_empty() && self.jobs.try_send(Job::Block { id, silence_frames, samples }).is_ok()
    }

    pub(super) fn close(&mut self, id: RecordingId) {
        self.send(Job::Close { id });
    }

    /// An empty block, used before if there is one.
    pub(super) fn spare_block(&mut self) -> Vec<i16> {
        match self.spare.try_recv() {
            Ok(block) => block,
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => {
                Vec::with_capacity((BLOCK_FRAMES + SLICE_FRAMES_LIMIT) * CHANNELS)
            }
        }
    }

    /// Hands over what waits, as far as there is room. Called at every tick.
    pub(crate) fn retry(&mut self) {
        while let Some(job) = self.backlog.pop_front() {
            match self.jobs.try_send(job) {
                Ok(()) => {}
                Err(TrySendError::Full(job)) => {
                    self.backlog.push_front(job);
                    return;
                }
                // The writer has died; it has said so.
                Err(TrySendError::Disconnected(_)) => return,
            }
        }
    }

    /// Hands over what waits, however long it takes: the worker has nothing else left to do.
    pub(crate) fn flush(mut self) {
        for job in self.backlog.drain(..) {
            if self.jobs.send(job).is_err() {
                return;
            }
        }
    }

    fn send(&mut self, job: Job) {
        self.backlog.push_back(job);
        self.retry();
    }
}

/// The thread itself.
pub(crate) struct Writer {
    files: HashMap<RecordingId, Open>,
    spare: Vec<SyncSender<Vec<i16>>>,
    shared: Arc<Shared>,
}

struct Open {
    path: PathBuf,
    rate: SampleRate,
    events: EventSink,
    state: State,
}

enum State {
    Writing(RecordingFile),
    /// Closed early; the rest is discarded.
    Failed {
        duration_ms: u64,
        error: String,
    },
}

impl Writer {
    /// One door a worker. The thread ends, all files complete, when the last door is gone.
    pub(crate) fn start(
        workers: usize,
        shared: Arc<Shared>,
    ) -> std::io::Result<(Vec<WriterDoor>, JoinHandle<()>)> {
        let (jobs, inbox) = sync_channel(QUEUE_LIMIT);
        let mut doors = Vec::with_capacity(workers);
        let mut spare_senders = Vec::with_capacity(workers);
        for worker in 0..workers {
            let (spare_sender, spare) = sync_channel(SPARE_LIMIT);
            spare_senders.push(spare_sender);
            doors.push(WriterDoor {
                worker,
                next_number: 0,
                jobs: jobs.clone(),
                spare,
                backlog: VecDeque::new(),
            });
        }
        let writer = Writer { files: HashMap::new(), spare: spare_senders, shared };
        let thread =
            std::thread::Builder::new().name("media-writer".to_owned()).spawn(move || writer.run(&inbox))?;
        Ok((doors, thread))
    }

    fn run(mut self, inbox: &Receiver<Job>) {
        for job in inbox {
            match job {
                Job::Open { id, plan, events } => self.open(id, plan, events),
                Job::Block { id, silence_frames, samples } => self.block(id, silence_frames, samples),
                Job::Close { id } => self.close(id),
            }
        }
        let left: Vec<RecordingId> = self.files.keys().copied().collect();
        for id in left {
            self.close(id);
        }
    }

    fn open(&mut self, id: RecordingId, plan: RecordingPlan, events: EventSink) {
        let state = match RecordingFile::create(&plan) {
            Ok(file) => State::Writing(file),
            Err(e) => {
                tracing::error!(path = %plan.path.display(), error = %e, "recording not opened");
                State::Failed { duration_ms: 0, error: e.to_string() }
            }
        };
        self.shared.recording_opened();
        let open = Open { path: plan.path, rate: plan.rate, events, state };
        self.files.insert(id, open);
    }

    fn block(&mut self, id: RecordingId, silence_frames: u32, mut samples: Vec<i16>) {
        if let Some(open) = self.files.get_mut(&id)
            && let State::Writing(file) = &mut open.state
            && let Err(failure) = file.append(silence_frames, &samples)
        {
            open.fail(&failure);
        }
        samples.clear();
        if let Some(spare) = self.spare.get(id.worker) {
            // A worker with spare blocks enough needs no more.
            drop(spare.try_send(samples));
        }
    }

    fn close(&mut self, id: RecordingId) {
        let Some(open) = self.files.remove(&id) else {
            return;
        };
        self.shared.recording_closed();
        let (duration_ms, error) = match open.state {
            State::Writing(file) => {
                let duration_ms = file.duration_ms();
                (duration_ms, file.close().err().map(|e| e.to_string()))
            }
            State::Failed { duration_ms, error } => (duration_ms, Some(error)),
        };
        let bytes = std::fs::metadata(&open.path).map_or(0, |file| file.len());
        open.events.send(Event::RecordingClosed {
            path: open.path,
            sample_rate_hz: open.rate.hz(),
            duration_ms,
            bytes,
            error,
        });
    }
}

impl Open {
    fn fail(&mut self, failure: &Failure) {
        tracing::error!(path = %self.path.display(), error = %failure, "recording ended early");
        let State::Writing(file) = &self.state else {
            return;
        };
        // Dropping the file completes its header as far as the disk allows.
        self.state = State::Failed { duration_ms: file.duration_ms(), error: failure.to_string() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A door whose writer takes `room` jobs and then no more, until it is asked to.
    fn stuck(room: usize) -> (WriterDoor, Receiver<Job>) {
        let (jobs, inbox) = sync_channel(room);
        let (_, spare) = sync_channel(0);
        let door = WriterDoor { worker: 0, next_number: 0, jobs, spare, backlog: VecDeque::new() };
        (door, inbox)
    }

    fn names(inbox: &Receiver<Job>) -> String {
        inbox
            .try_iter()
            .map(|job| match job {
                Job::Open { .. } => 'o',
                Job::Block { .. } => 'b',
                Job::Close { .. } => 'c',
            })
            .collect()
    }

    #[test]
    fn a_full_queue_drops_blocks_and_keeps_openings_and_closings() {
        let (mut door, inbox) = stuck(2);
        let events = || EventSink::new(Arc::new(Shared::default())).0;
        let plan = |path: &str, rate| RecordingPlan { path: path.into(), rate, key: None };
        let first = door.open(plan("first.wav", SampleRate::Narrow), events());
        assert!(door.block(first, 0, vec![1; 2]));
        assert!(!door.block(first, 0, vec![2; 2]), "no room");
        let second = door.open(plan("second.wav", SampleRate::Wide), events());
        door.close(first);
        assert_eq!(names(&inbox), "ob");
        // There is room again: what waited comes first, in its order.
        assert!(!door.block(second, 0, vec![3; 2]), "two that waited fill it");
        assert_eq!(names(&inbox), "oc");
        assert!(door.block(second, 1, vec![4; 2]));
        door.close(second);
        door.retry();
        assert_eq!(names(&inbox), "bc");
    }
}
