//! Decoded sound on its way to the ear: a line of bounded length, without allocation.

use crate::codec::PACKET_SAMPLES_LIMIT;

/// What was played last is kept for this long: 16 ms at the highest rate, the longest period.
const PLAYED_LIMIT: usize = 256;
/// What was played, the longest packet, a period put in, and what a turn leaves over.
const LENGTH_LIMIT: usize = PLAYED_LIMIT + PACKET_SAMPLES_LIMIT + 1_024;

/// Sound in order, oldest first.
#[derive(Debug)]
pub(super) struct Line {
    samples: Box<[i16; LENGTH_LIMIT]>,
    start: usize,
    end: usize,
}

impl Line {
    pub(super) fn new() -> Line {
        Line { samples: Box::new([0; LENGTH_LIMIT]), start: 0, end: 0 }
    }

    /// What is still to be played.
    pub(super) fn samples(&self) -> &[i16] {
        &self.samples[self.start..self.end]
    }

    pub(super) fn samples_mut(&mut self) -> &mut [i16] {
        &mut self.samples[self.start..self.end]
    }

    /// The last `before` samples that were played, and the first `after` that will be; none if
    /// there are not so many.
    pub(super) fn around(&self, before: usize, after: usize) -> Option<&[i16]> {
        let first = self.start.checked_sub(before)?;
        self.samples[..self.end].get(first..self.start + after)
    }

    /// So many more samples at the end, to be filled; none if there is no room.
    pub(super) fn room(&mut self, count: usize) -> Option<&mut [i16]> {
        if self.end + count > LENGTH_LIMIT {
            let kept = self.start.saturating_sub(PLAYED_LIMIT);
            self.samples.copy_within(kept..self.end, 0);
            (self.start, self.end) = (self.start - kept, self.end - kept);
        }
        let end = self.end + count;
        let room = self.samples.get_mut(self.end..end)?;
        self.end = end;
        Some(room)
    }

    /// Gives back the last `count` samples.
    pub(super) fn cut(&mut self, count: usize) {
        self.end = self.end.saturating_sub(count).max(self.start);
    }

    /// The first `count` samples are played.
    pub(super) fn discard(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// Puts sound before what is still to be played. False if there is no room.
    pub(super) fn put_first(&mut self, sound: &[i16]) -> bool {
        if self.room(sound.len()).is_none() {
            return false;
        }
        let (start, end) = (self.start, self.end - sound.len());
        self.samples.copy_within(start..end, start + sound.len());
        self.samples[start..start + sound.len()].copy_from_slice(sound);
        true
    }

    pub(super) fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }
}
