//! Bearer secrets: shown once, known afterwards by their SHA-256 alone.

use sha2::{Digest, Sha256};

/// 256 bits from the operating system's generator: nothing to guess, so one round of hashing does.
const SECRET_BYTES: usize = 32;

/// A new secret, as 64 hexadecimal digits.
pub(crate) fn new() -> String {
    crate::hex::encode(&rand::random::<[u8; SECRET_BYTES]>())
}

pub(crate) fn sha256(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
