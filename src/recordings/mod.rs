//! Recordings on the disk: plain WAV files, or sealed ones (`.sealed`) where the house has a key.

mod keys;
mod sound;

pub use keys::{KeyRing, KeyRingError};
pub use sound::{Sound, SoundError, is_sealed, repair};

/// How the name of a sealed recording ends, without the dot.
pub const SEALED: &str = "sealed";
