//! A sealed recording as it is written.

use std::fs::File;
use std::io::Write as _;

use super::SealedError;
use super::format::{FRAME_SOUND_BYTES, Place, RecordingKey, Seal, TAG_BYTES};

/// A sealed recording as it is written. What does not fill a frame waits in memory: the worker's
/// blocks are as long as frames, so that is the end of the call alone.
pub(crate) struct SealedFile {
    file: File,
    seal: Seal,
    number: u64,
    frame: Vec<u8>,
}

impl SealedFile {
    pub(crate) fn create(
        mut file: File,
        key: &RecordingKey,
        sample_rate_hz: u32,
    ) -> Result<SealedFile, SealedError> {
        let seal = Seal::new(key, sample_rate_hz);
        file.write_all(seal.header())?;
        let frame = Vec::with_capacity(FRAME_SOUND_BYTES + TAG_BYTES);
        Ok(SealedFile { file, seal, number: 0, frame })
    }

    /// Appends interleaved samples.
    pub(crate) fn append(&mut self, samples: &[i16]) -> Result<(), SealedError> {
        for sample in samples {
            self.frame.extend(sample.to_le_bytes());
            if self.frame.len() == FRAME_SOUND_BYTES {
                self.write(Place::Inner)?;
            }
        }
        Ok(())
    }

    /// Writes the last frame, with what is left in it.
    pub(crate) fn close(mut self) -> Result<(), SealedError> {
        self.write(Place::Last)?;
        self.file.sync_data()?;
        Ok(())
    }

    fn write(&mut self, place: Place) -> Result<(), SealedError> {
        let tag = self.seal.seal(self.number, place, &mut self.frame)?;
        self.frame.extend(tag);
        self.file.write_all(&self.frame)?;
        self.frame.clear();
        self.number += 1;
        Ok(())
    }
}
