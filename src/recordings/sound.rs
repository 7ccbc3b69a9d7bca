//! One recording as the WAV file that it is, or that it holds sealed. Blocks.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use media::wav::RecordingInfo;
use media::{SealedError, SealedReader};

use super::{KeyRing, SEALED};

#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The house does not have the key any more, or not yet.
    #[error("sealed with a key that is not here")]
    NoKey,
    #[error(transparent)]
    Sealed(SealedError),
    #[error(transparent)]
    Wav(#[from] media::wav::WavError),
}

impl From<SealedError> for SoundError {
    fn from(error: SealedError) -> Self {
        match error {
            SealedError::Io(error) => SoundError::Io(error),
            SealedError::OtherKey(_) => SoundError::NoKey,
            other => SoundError::Sealed(other),
        }
    }
}

/// A WAV file that can be read at any place.
pub enum Sound {
    Plain { file: File, bytes: u64 },
    Sealed(Box<SealedReader>),
}

/// Whether this is, or is to be, a sealed file.
pub fn is_sealed(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == SEALED)
}

impl Sound {
    /// # Errors
    /// No such file, no key for it, damage.
    pub fn open(path: &Path, keys: &KeyRing) -> Result<Sound, SoundError> {
        if is_sealed(path) {
            let key = keys.named(media::key_id(path)?).ok_or(SoundError::NoKey)?;
            return Ok(Sound::Sealed(Box::new(SealedReader::open(path, &key)?)));
        }
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Sound::Plain { file, bytes })
    }

    /// Bytes of the WAV file.
    pub fn length_bytes(&self) -> u64 {
        match self {
            Sound::Plain { bytes, .. } => *bytes,
            Sound::Sealed(reader) => reader.wav_bytes(),
        }
    }
}

impl Read for Sound {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Sound::Plain { file, .. } => file.read(into),
            Sound::Sealed(reader) => reader.read(into),
        }
    }
}

impl Seek for Sound {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Sound::Plain { file, .. } => file.seek(to),
            Sound::Sealed(reader) => reader.seek(to),
        }
    }
}

/// Makes what a killed process left whole. One in order is not touched.
///
/// # Errors
/// As [`Sound::open`].
pub fn repair(path: &Path, keys: &KeyRing) -> Result<RecordingInfo, SoundError> {
    if is_sealed(path) {
        let key = keys.named(media::key_id(path)?).ok_or(SoundError::NoKey)?;
        return Ok(media::repair_sealed(path, &key)?);
    }
    Ok(media::wav::repair(path)?)
}
