//! One recording's file: stereo, 16 bit, 8000 or 16000 Hz, through `hound`.

use std::fs::OpenOptions;
use std::io::BufWriter;

use super::CHANNELS;
use super::RecordingPlan;
use crate::codec::SampleRate;
use crate::sealed::{SealedError, SealedFile};

/// A WAV file ends at 4 GB, which is 37 hours at 8000 Hz and 18 at 16000; a call of half a day is a
/// call that nobody hung up.
const LENGTH_LIMIT_SECONDS: u64 = 12 * 3_600;
/// Silence is written in pieces of this size.
const SILENCE_PIECE_FRAMES: usize = 4_000;

pub(super) struct RecordingFile {
    output: Output,
    rate: SampleRate,
    frames: u64,
}

/// How it is written.
enum Output {
    Plain(hound::WavWriter<BufWriter<std::fs::File>>),
    /// Nothing plain is ever on the disk.
    Sealed(Box<SealedFile>),
}

impl RecordingFile {
    /// A new file; one that is there is not touched. Folders are made as needed.
    pub(super) fn create(plan: &RecordingPlan) -> Result<RecordingFile, Failure> {
        let RecordingPlan { path, rate, key } = plan;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(hound::Error::from)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // A conversation is nobody else's business.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(hound::Error::from)?;
        if let Some(key) = key {
            let output = Output::Sealed(Box::new(SealedFile::create(file, key, rate.hz())?));
            return Ok(RecordingFile { output, rate: *rate, frames: 0 });
        }
        let spec = hound::WavSpec {
            channels: CHANNELS as u16,
            sample_rate: rate.hz(),
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::new(BufWriter::new(file), spec)?;
        // The header is on its way before the first sound: a killed process leaves a WAV file.
        writer.flush()?;
        Ok(RecordingFile { output: Output::Plain(writer), rate: *rate, frames: 0 })
    }

    /// Appends silence, then interleaved samples, and leaves the file playable.
    pub(super) fn append(&mut self, silence_frames: u32, samples: &[i16]) -> Result<(), Failure> {
        let frames = u64::from(silence_frames) + (samples.len() / CHANNELS) as u64;
        if self.frames + frames > LENGTH_LIMIT_SECONDS * u64::from(self.rate.hz()) {
            return Err(Failure::TooLong);
        }
        let mut silence_left = silence_frames as usize;
        while silence_left > 0 {
            let piece = silence_left.min(SILENCE_PIECE_FRAMES);
            self.write(&[0; SILENCE_PIECE_FRAMES * CHANNELS][..piece * CHANNELS])?;
            silence_left -= piece;
        }
        self.write(samples)?;
        if let Output::Plain(writer) = &mut self.output {
            writer.flush()?;
        }
        self.frames += frames;
        Ok(())
    }

    pub(super) fn duration_ms(&self) -> u64 {
        self.frames * 1_000 / u64::from(self.rate.hz())
    }

    pub(super) fn close(self) -> Result<(), Failure> {
        match self.output {
            Output::Plain(writer) => writer.finalize()?,
            Output::Sealed(sealed) => sealed.close()?,
        }
        Ok(())
    }

    fn write(&mut self, samples: &[i16]) -> Result<(), Failure> {
        match &mut self.output {
            Output::Plain(writer) => {
                let mut writer = writer.get_i16_writer(samples.len() as u32);
                for sample in samples {
                    writer.write_sample(*sample);
                }
                writer.flush()?;
            }
            Output::Sealed(sealed) => sealed.append(samples)?,
        }
        Ok(())
    }
}

/// Why nothing more is written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("recording cannot be written: {0}")]
    Write(#[from] hound::Error),
    #[error("recording cannot be sealed: {0}")]
    Seal(#[from] SealedError),
    #[error("recording ended at its longest, 12 hours")]
    TooLong,
}
