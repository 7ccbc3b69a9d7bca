//! One recording as its worker sees it: slices mixed, gathered into blocks, handed over.

use std::time::Instant;

use super::track::DELAY_MS;
use super::writer::{RecordingId, WriterDoor};
use super::{BLOCK_FRAMES, CHANNELS, RecordingPlan, SLICE_FRAMES_LIMIT};
use crate::codec::SampleRate;
use crate::event::EventSink;

/// A recording that runs.
pub(crate) struct Recording {
    id: RecordingId,
    started: Instant,
    rate: SampleRate,
    /// Frames mixed so far.
    taken: u64,
    block: Vec<i16>,
    /// Frames to be written as silence before `block`: blocks that found the writer's queue full.
    silence_frames: u32,
}

/// The two sides of a slice, as sums that may exceed a sample. Only as many frames count as the
/// recording's rate has in 20 ms.
pub(crate) type Mix = [[i32; SLICE_FRAMES_LIMIT]; CHANNELS];

impl Recording {
    pub(crate) fn start(
        now: Instant,
        plan: RecordingPlan,
        events: EventSink,
        door: &mut WriterDoor,
    ) -> Recording {
        Recording {
            rate: plan.rate,
            id: door.open(plan, events),
            started: now,
            taken: 0,
            block: door.spare_block(),
            silence_frames: 0,
        }
    }

    /// The rate of its file, from beginning to end.
    pub(crate) fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Frames since the start.
    pub(crate) fn frame_at(&self, now: Instant) -> u64 {
        let elapsed = now.duration_since(self.started).as_micros() as u64;
        elapsed * u64::from(self.rate.hz()) / 1_000_000
    }

    /// The same in ms.
    pub(crate) fn offset_ms(&self, now: Instant) -> u64 {
        now.duration_since(self.started).as_millis() as u64
    }

    /// Frames mixed so far: earlier ones are written.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Mixes what is due at `now`. `mix` adds the slice that begins at a frame to both sides.
    /// Returns the sound that the writer had no room for, in ms.
    pub(crate) fn advance(
        &mut self,
        now: Instant,
        door: &mut WriterDoor,
        mix: impl FnMut(u64, &mut Mix),
    ) -> u64 {
        let due = self.frame_at(now).saturating_sub(DELAY_MS * u64::from(self.rate.hz()) / 1_000);
        self.mix_until(due, door, mix)
    }

    /// Mixes all there is, and ends.
    pub(crate) fn finish(
        mut self,
        now: Instant,
        door: &mut WriterDoor,
        mix: impl FnMut(u64, &mut Mix),
    ) -> u64 {
        let end = self.frame_at(now);
        let mut dropped = self.mix_until(end, door, mix);
        dropped += self.hand_over(door, Vec::new);
        door.close(self.id);
        dropped
    }

    fn mix_until(&mut self, due: u64, door: &mut WriterDoor, mut mix: impl FnMut(u64, &mut Mix)) -> u64 {
        let mut dropped = 0;
        let slice_frames = self.rate.frame_samples();
        while self.taken + slice_frames as u64 <= due {
            let mut sums: Mix = [[0; SLICE_FRAMES_LIMIT]; CHANNELS];
            mix(self.taken, &mut sums);
            let [left, right] = &sums;
            for (left, right) in left.iter().zip(right).take(slice_frames) {
                self.block.push(clipped(*left));
                self.block.push(clipped(*right));
            }
            self.taken += slice_frames as u64;
            if self.block.len() >= BLOCK_FRAMES * CHANNELS {
                dropped += self.hand_over(door, Vec::new);
                self.block = door.spare_block();
            }
        }
        dropped
    }

    fn hand_over(&mut self, door: &mut WriterDoor, next: impl FnOnce() -> Vec<i16>) -> u64 {
        let block = std::mem::replace(&mut self.block, next());
        let frames = (block.len() / CHANNELS) as u64;
        if door.block(self.id, self.silence_frames, block) {
            self.silence_frames = 0;
            return 0;
        }
        self.silence_frames = self.silence_frames.saturating_add(frames as u32);
        frames * 1_000 / u64::from(self.rate.hz())
    }
}

fn clipped(sum: i32) -> i16 {
    sum.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}
