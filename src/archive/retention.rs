//! Which recordings are due to go. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use crm::keeping::{Candidate, Expiry};

/// What lets go of recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// The queue's days go before the house's; 0 stands for ever.
    Rules { house_days: u32 },
    /// Whatever began this many days ago, as somebody at the machine wants it, whatever the rules.
    OlderThan { days: u32 },
}

impl Policy {
    /// The rule for this recording and its name; none keeps it for ever.
    fn rule(self, candidate: &Candidate) -> Option<(u32, &'static str)> {
        match (self, candidate.queue_days) {
            (Self::OlderThan { days }, _) => Some((days, "command line")),
            (Self::Rules { .. }, Some(days)) => {
                u32::try_from(days).ok().filter(|days| *days > 0).map(|days| (days, "queue"))
            }
            (Self::Rules { house_days: 0 }, None) => None,
            (Self::Rules { house_days }, None) => Some((house_days, "house")),
        }
    }

    /// Of what this is the time to let go. What is on hold is not among the candidates.
    pub fn due(self, candidates: &[Candidate], now: DateTime<Utc>) -> Vec<Expiry> {
        let due = |candidate: &Candidate| {
            let (days, rule) = self.rule(candidate)?;
            (candidate.started_at <= now - TimeDelta::days(days.into())).then_some(Expiry {
                id: candidate.id,
                call_id: candidate.call_id,
                days: i32::try_from(days).unwrap_or(i32::MAX),
                rule,
            })
        };
        candidates.iter().filter_map(due).collect()
    }

    /// Nothing that began after this can be due; none: nothing is at all. `queues`: the days of those
    /// that have a rule.
    pub fn horizon(self, queues: &[i32], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = match self {
            Self::OlderThan { days } => Some(days),
            Self::Rules { house_days } => queues
                .iter()
                .filter_map(|days| u32::try_from(*days).ok())
                .chain([house_days])
                .filter(|days| *days > 0)
                .min(),
        };
        days.map(|days| now - TimeDelta::days(days.into()))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(days: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).expect("a time") + TimeDelta::days(days)
    }

    fn begun(day: i64, queue_days: Option<i32>) -> Candidate {
        Candidate { id: Uuid::now_v7(), call_id: Uuid::now_v7(), started_at: at(day), queue_days }
    }

    #[test]
    fn the_queue_goes_before_the_house_and_nought_is_for_ever() {
        let house = begun(0, None);
        let (short, long, ever) = (begun(0, Some(5)), begun(0, Some(50)), begun(0, Some(0)));
        let all = [house.clone(), short.clone(), long.clone(), ever];
        let gone = |policy: Policy, day: i64| {
            let due = policy.due(&all, at(day));
            due.into_iter().map(|due| (due.id, due.days, due.rule)).collect::<Vec<_>>()
        };
        let rules = Policy::Rules { house_days: 30 };
        assert_eq!(gone(rules, 4), []);
        assert_eq!(gone(rules, 5), [(short.id, 5, "queue")], "at the end of its last day");
        assert_eq!(gone(rules, 30), [(house.id, 30, "house"), (short.id, 5, "queue")]);
        assert_eq!(gone(rules, 50).len(), 3);
        assert_eq!(gone(rules, 40_000).len(), 3);
        let kept = Policy::Rules { house_days: 0 };
        assert_eq!(gone(kept, 40_000), [(short.id, 5, "queue"), (long.id, 50, "queue")]);
        assert_eq!(gone(Policy::OlderThan { days: 0 }, 0).len(), 4);
        assert_eq!(gone(Policy::OlderThan { days: 1 }, 0), []);
    }

    #[test]
    fn the_horizon_is_the_shortest_rule() {
        assert_eq!(Policy::Rules { house_days: 0 }.horizon(&[], at(0)), None);
        assert_eq!(Policy::Rules { house_days: 0 }.horizon(&[9], at(0)), Some(at(-9)));
        assert_eq!(Policy::Rules { house_days: 7 }.horizon(&[9], at(0)), Some(at(-7)));
        assert_eq!(Policy::OlderThan { days: 0 }.horizon(&[9], at(0)), Some(at(0)));
    }
}
