//! Chance, from a seed that is handed in.

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::wire::MAGIC_COOKIE;

/// Source of branches, tags, Call-IDs and nonces.
#[derive(Debug)]
pub(crate) struct Dice(StdRng);

impl Dice {
    pub fn new(seed: [u8; 32]) -> Self {
        Self(StdRng::from_seed(seed))
    }

    /// 64 random bits as hex digits: tags and cnonces (RFC 3261 section 19.3 asks for 32).
    pub fn token(&mut self) -> String {
        format!("{:016x}", self.0.next_u64())
    }

    /// 128 random bits as hex digits: Call-IDs.
    pub fn long_token(&mut self) -> String {
        format!("{:016x}{:016x}", self.0.next_u64(), self.0.next_u64())
    }

    /// RFC 3261 section 8.1.1.7.
    pub fn branch(&mut self) -> String {
        format!("{MAGIC_COOKIE}{:016x}", self.0.next_u64())
    }

    /// A number below `bound`; zero when `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64().checked_rem(bound).unwrap_or(0)
    }

    pub fn key(&mut self) -> [u8; 32] {
        let mut key = [0; 32];
        self.0.fill_bytes(&mut key);
        key
    }
}
