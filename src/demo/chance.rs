//! Seeded chance for the demo.

use std::time::Duration;

/// SplitMix64 (Steele, Lea, Flood 2014). Not a library's generator on purpose: Aurora's phone book is
/// made anew at every start and must be the one that an older build wrote into the database.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..limit`; 0 when the limit is 0. The bias is below 2⁻⁴⁰ for the small limits used here.
    pub fn below(&mut self, limit: usize) -> usize {
        match u64::try_from(limit) {
            Ok(limit) if limit > 0 => usize::try_from(self.next_u64() % limit).unwrap_or(0),
            _ => 0,
        }
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    pub fn percent(&mut self, chance_pct: usize) -> bool {
        self.below(100) < chance_pct
    }

    /// A whole number of seconds in `low..=high`.
    pub fn seconds(&mut self, (low, high): (usize, usize)) -> Duration {
        Duration::from_secs(u64::try_from(self.between(low, high)).unwrap_or(u64::MAX))
    }

    /// A whole number of milliseconds in `low..=high`.
    pub fn milliseconds(&mut self, (low, high): (usize, usize)) -> Duration {
        Duration::from_millis(u64::try_from(self.between(low, high)).unwrap_or(u64::MAX))
    }

    /// A copy of one of a list that is not empty.
    pub fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        *self.pick(from)
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_stream_is_fixed_for_all_builds() {
        // Reference values of SplitMix64 from seed 0.
        let mut chance = Chance::new(0);
        assert_eq!(chance.next_u64(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(chance.next_u64(), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn bounds_hold() {
        let mut chance = Chance::new(7);
        for _ in 0..1_000 {
            assert!((8..=20).contains(&chance.between(8, 20)));
        }
        assert_eq!(chance.below(0), 0);
    }
}
