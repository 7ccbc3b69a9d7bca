//! The sum of a file as it lies on the disk, sealed or plain. Blocks.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// Read from the disk at a time.
const BLOCK_BYTES: usize = 256 * 1024;

/// What a look at a file found.
#[derive(Debug)]
pub enum Finding {
    /// As when its sum was taken.
    Whole,
    Altered,
    Missing,
    /// It is there, but nothing is known to compare it with.
    NoSum,
    Unreadable(io::Error),
}

/// SHA-256 in hex.
///
/// # Errors
/// The system's.
pub fn of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let (mut sum, mut block) = (Sha256::new(), vec![0; BLOCK_BYTES]);
    loop {
        match file.read(&mut block) {
            Ok(0) => break,
            Ok(bytes) => sum.update(&block[..bytes]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Compares a file with what is known of it.
pub fn look(path: &Path, known: Option<&str>) -> Finding {
    match (of(path), known) {
        (Ok(_), None) => Finding::NoSum,
        (Ok(found), Some(known)) if found == known => Finding::Whole,
        (Ok(_), Some(_)) => Finding::Altered,
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Finding::Missing,
        (Err(error), _) => Finding::Unreadable(error),
    }
}
