//! Recordings that nobody reads without the key: sealed as they are written, so that nothing plain
//! is ever on the disk, and read at any place without opening the rest.
//!
//! A file is a header and frames. The header has a version, the key's id, 16 random bytes and the
//! sample rate. A frame is at most half a second of sound under XChaCha20-Poly1305; its nonce is the random bytes and the
//! frame's number, and the header and the place of the frame are authenticated with it, so that
//! frames cannot be exchanged, reordered or taken from another file. The last frame is marked and
//! never full: a file without one was cut. A killed process leaves whole frames, all readable, and
//! perhaps a torn one, which is ignored and removed by [`repair`].

mod format;
mod reader;
mod repair;
mod writer;

pub use format::RecordingKey;
pub use reader::{SealedReader, key_id};
pub use repair::repair;
pub(crate) use writer::SealedFile;

use crate::wav::WavError;

/// Why a sealed recording could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// The file could not be read or written.
    #[error("recording: {0}")]
    Io(#[from] std::io::Error),
    /// No sealed recording, or of another version.
    #[error("not a sealed recording of ours: {0}")]
    NotOurs(&'static str),
    /// Sealed with another key; its id is given.
    #[error("recording is sealed with another key")]
    OtherKey([u8; 16]),
    /// The key does not open it: another key with this id, or damage.
    #[error("recording does not open: another key, or damage")]
    Sealed,
    /// What came out is not what we put in.
    #[error(transparent)]
    Wav(#[from] WavError),
}
