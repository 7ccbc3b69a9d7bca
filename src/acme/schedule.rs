//! When the next order is due. Pure: time and chance are handed in.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::Held;

/// First and longest pause after the authority could not be reached. Seconds.
const UNREACHABLE_S: (i64, i64) = (20, 3600);
/// The same after it refused: public authorities allow some five refusals an hour. Seconds.
const REFUSED_S: (i64, i64) = (600, 12 * 3600);

/// When a certificate wants to be replaced: at once where there is none that an authority issued for all
/// of `names`, else after this part of its life.
pub fn due(held: Option<&Held>, names: &BTreeSet<String>, renew_at_pct: u8) -> DateTime<Utc> {
    match held {
        Some(held) if !held.self_made && names.is_subset(&held.names) => {
            let life = held.not_after - held.not_before;
            held.not_before + life / 100 * i32::from(renew_at_pct)
        }
        _ => DateTime::UNIX_EPOCH,
    }
}

#[derive(Debug)]
pub struct Schedule {
    next: DateTime<Utc>,
    failures: u32,
}

impl Schedule {
    pub fn new(due: DateTime<Utc>) -> Self {
        Self { next: due, failures: 0 }
    }

    /// How long until the next order.
    pub fn wait(&self, now: DateTime<Utc>) -> TimeDelta {
        (self.next - now).max(TimeDelta::zero())
    }

    pub fn failures(&self) -> u32 {
        self.failures
    }

    pub fn obtained(&mut self, due: DateTime<Utc>) {
        *self = Self::new(due);
    }

    /// Twice as long each time, less up to a half by `chance` (0 to 1): an authority that comes back is
    /// not asked by everybody at once.
    pub fn failed(&mut self, now: DateTime<Utc>, cheap: bool, chance: f64) {
        let (first, longest) = if cheap { UNREACHABLE_S } else { REFUSED_S };
        let doubled = first.saturating_mul(1_i64.checked_shl(self.failures.min(32)).unwrap_or(i64::MAX));
        self.failures = self.failures.saturating_add(1);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "some hours")]
        let less = (doubled.min(longest) as f64 * 500.0 * chance.clamp(0.0, 1.0)) as i64;
        self.next = now + TimeDelta::milliseconds(doubled.min(longest) * 1000 - less);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn held() -> Held {
        Held {
            not_before: at(0),
            not_after: at(300),
            names: names(&["a.example", "b.example"]),
            self_made: false,
        }
    }

    #[test]
    fn a_certificate_is_due_after_its_part_of_life_and_at_once_where_it_does_not_fit() {
        assert_eq!(due(Some(&held()), &names(&["a.example"]), 66), at(198));
        assert_eq!(due(Some(&held()), &names(&["c.example"]), 66), DateTime::UNIX_EPOCH);
        let self_made = Held { self_made: true, ..held() };
        assert_eq!(due(Some(&self_made), &names(&["a.example"]), 66), DateTime::UNIX_EPOCH);
        assert_eq!(due(None, &names(&["a.example"]), 66), DateTime::UNIX_EPOCH);
    }

    #[test]
    fn failures_are_tried_again_ever_more_rarely_and_a_success_forgets_them() {
        let mut schedule = Schedule::new(at(0));
        assert_eq!(schedule.wait(at(5)), TimeDelta::zero());
        for (cheap, chance, wanted_s) in [(true, 0.0, 20), (true, 1.0, 20), (false, 0.0, 2400)] {
            schedule.failed(at(0), cheap, chance);
            assert_eq!(schedule.wait(at(0)), TimeDelta::seconds(wanted_s), "{cheap} {chance}");
        }
        for _ in 0..100 {
            schedule.failed(at(0), false, 0.0);
        }
        assert_eq!(schedule.wait(at(0)), TimeDelta::hours(12));
        schedule.obtained(at(60));
        assert_eq!((schedule.failures(), schedule.wait(at(0))), (0, TimeDelta::seconds(60)));
    }
}
