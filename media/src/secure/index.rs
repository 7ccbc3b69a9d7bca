//! The packet index: the 16 bit sequence number with its rollovers counted (RFC 3711 section
//! 3.3.1), and the window that lets no index pass twice (section 3.3.2).

/// Packets that may come late and still be told from a replay.
const WINDOW: u64 = 64;

/// The indices of one stream that have passed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passed {
    highest: u64,
    /// Bit n: `highest - n` has passed.
    seen: u64,
}

impl Passed {
    /// Begins with the first.
    pub(crate) fn first(index: u64) -> Passed {
        Passed { highest: index, seen: 1 }
    }

    /// The index that a sequence number most likely stands for (appendix A).
    pub(crate) fn guess(&self, sequence: u16) -> u64 {
        let rollovers = self.highest >> 16;
        let ahead = sequence.wrapping_sub(self.highest as u16).cast_signed();
        match self.highest.checked_add_signed(i64::from(ahead)) {
            Some(index) => index,
            // Before the first packet of all: the first turn is the only one it can be of.
            None => (rollovers << 16) | u64::from(sequence),
        }
    }

    /// Whether it may pass: not seen, and not so old that nobody knows.
    pub(crate) fn may_pass(&self, index: u64) -> bool {
        if index > self.highest {
            return true;
        }
        let age = self.highest - index;
        age < WINDOW && self.seen & (1 << age) == 0
    }

    /// Notes that it has passed.
    pub(crate) fn pass(&mut self, index: u64) {
        if index > self.highest {
            let ahead = index - self.highest;
            self.seen = if ahead < WINDOW { (self.seen << ahead) | 1 } else { 1 };
            self.highest = index;
        } else {
            let age = self.highest - index;
            if age < WINDOW {
                self.seen |= 1 << age;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rollovers_are_counted_both_ways() {
        let mut passed = Passed::first(65_530);
        assert_eq!(passed.guess(65_535), 65_535);
        assert_eq!(passed.guess(3), 65_539);
        passed.pass(65_539);
        assert_eq!(passed.guess(65_534), 65_534, "late, from before the rollover");
        assert_eq!(passed.guess(4), 65_540);
        let young = Passed::first(2);
        assert_eq!(young.guess(65_535), 65_535, "nothing lies before the first turn");
    }

    #[test]
    fn nothing_passes_twice() {
        let mut passed = Passed::first(1_000);
        for index in [1_000, 900, 936] {
            assert!(!passed.may_pass(index), "{index}");
        }
        assert!(passed.may_pass(937));
        passed.pass(937);
        assert!(!passed.may_pass(937));
        passed.pass(1_003);
        assert!(!passed.may_pass(1_000) && passed.may_pass(1_001) && !passed.may_pass(1_003));
        passed.pass(5_000);
        assert!(!passed.may_pass(1_001) && passed.may_pass(4_999));
    }
}
