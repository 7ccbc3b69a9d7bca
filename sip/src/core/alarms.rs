//! When to look at what again.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    hash::Hash,
};

use super::{room::GivesBack, time::Time};

/// Alarms in the heap for each that is set, and some more; beyond, those that were moved are taken out.
const MOVED_MAX: usize = 4;
const MOVED_MIN: usize = 1024;

/// One alarm per key: the earliest time at which its owner wants to be looked at.
///
/// An alarm that was moved or cleared stays in the heap until its old time comes and is
/// skipped there, or until such alarms are most of the heap: a session timer lies half an hour ahead.
#[derive(Debug)]
pub(crate) struct Alarms<K> {
    heap: BinaryHeap<Reverse<(Time, K)>>,
    set: HashMap<K, Time>,
}

impl<K: Clone + Eq + Hash + Ord> Alarms<K> {
    pub fn new() -> Self {
        Self { heap: BinaryHeap::new(), set: HashMap::new() }
    }

    /// Sets or, with `None`, clears the alarm of a key.
    pub fn set(&mut self, key: K, at: Option<Time>) {
        match at {
            Some(at) => {
                if self.set.insert(key.clone(), at) != Some(at) {
                    self.heap.push(Reverse((at, key)));
                }
            }
            None => {
                self.set.remove(&key);
            }
        }
    }

    /// The earliest alarm.
    pub fn next(&mut self) -> Option<Time> {
        self.skip_moved();
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes one alarm whose time has come.
    pub fn take_due(&mut self, now: Time) -> Option<K> {
        self.skip_moved();
        if self.heap.peek().is_none_or(|Reverse((at, _))| *at > now) {
            return None;
        }
        let Reverse((_, key)) = self.heap.pop()?;
        self.set.remove(&key);
        Some(key)
    }

    /// Room that is not needed any more.
    pub fn give_back(&mut self) {
        if self.heap.len() > MOVED_MIN + self.set.len().saturating_mul(MOVED_MAX) {
            let set = &self.set;
            self.heap.retain(|Reverse((at, key))| set.get(key) == Some(at));
        }
        self.heap.give_back();
        self.set.give_back();
    }

    /// Alarms that are set.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.set.len()
    }

    fn skip_moved(&mut self) {
        while let Some(Reverse((at, key))) = self.heap.peek() {
            if self.set.get(key) == Some(at) {
                return;
            }
            self.heap.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_alarm_rings_once_at_its_new_time() {
        let mut alarms = Alarms::new();
        alarms.set("a", Some(Time(10)));
        alarms.set("a", Some(Time(20)));
        alarms.set("b", Some(Time(15)));
        alarms.set("c", Some(Time(5)));
        alarms.set("c", None);
        assert_eq!(alarms.next(), Some(Time(15)));
        assert_eq!(alarms.take_due(Time(14)), None);
        assert_eq!(alarms.take_due(Time(30)), Some("b"));
        assert_eq!(alarms.take_due(Time(30)), Some("a"));
        assert_eq!(alarms.take_due(Time(30)), None);
        assert_eq!((alarms.len(), alarms.next()), (0, None));
    }

    #[test]
    fn cleared_alarms_do_not_pile_up_and_the_others_still_ring() {
        let mut alarms = Alarms::new();
        for key in 0..20_000_i64 {
            alarms.set(key, Some(Time(1_800_000 + key)));
            if key >= 100 {
                alarms.set(key, None);
            }
            alarms.give_back();
            assert!(alarms.heap.len() <= MOVED_MIN + 101 * MOVED_MAX + 1);
        }
        assert!(alarms.heap.capacity() <= 4096, "{}", alarms.heap.capacity());
        let rung: Vec<i64> = std::iter::from_fn(|| alarms.take_due(Time(9_000_000))).collect();
        assert_eq!(rung, (0..100).collect::<Vec<_>>());
    }
}
