//! When to look at what again.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    hash::Hash,
};

use super::time::Time;

/// One alarm per key: the earliest time at which its owner wants to be looked at.
///
/// An alarm that was moved or cleared stays in the heap until its old time comes and is
/// skipped there, so the heap holds at most what was set within the longest timer.
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
}
