//! Recordings after the call: repaired, measured, drawn.

mod chunks;
mod peaks;
mod repair;

use std::io;
use std::path::Path;

pub use peaks::{Waveform, peaks, peaks_of};
pub use repair::{RecordingInfo, repair};
pub(crate) use repair::{WAV_HEADER_BYTES, wav_header};

/// Why a recording could not be read.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// The file could not be read or written.
    #[error("recording: {0}")]
    Io(#[from] io::Error),
    /// Not a WAV file of ours.
    #[error("not a recording of ours: {0}")]
    NotOurs(&'static str),
}

/// Length and shape of a recording, read from its header and size; the file is not changed.
pub fn info(path: &Path) -> Result<RecordingInfo, WavError> {
    let mut file = std::fs::File::open(path)?;
    let layout = chunks::read(&mut file)?;
    Ok(layout.info())
}
