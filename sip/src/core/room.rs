//! Tables give back the room of a burst. SIP remembers each transaction for 32 s (RFC 3261 section 17.2): a minute of
//! 300 calls a second makes tables of tens of megabytes, which the standard collections keep for ever.

use std::{
    collections::{BinaryHeap, HashMap, VecDeque},
    hash::Hash,
};

use super::Core;

/// Entries that any table may have room for.
const ROOM_MIN: usize = 1024;
/// A table with room for more than this many times what is in it is made smaller. It then has room for twice what is in
/// it, so that a load which comes and goes does not move the entries each time.
const SPARE_MAX: usize = 8;

/// The new room of a table, if it is to be made smaller.
fn fitting(len: usize, capacity: usize) -> Option<usize> {
    (capacity > 2 * ROOM_MIN && capacity > len.saturating_mul(SPARE_MAX)).then(|| (2 * len).max(ROOM_MIN))
}

pub(super) trait GivesBack {
    fn give_back(&mut self);
}

impl<K: Eq + Hash, V> GivesBack for HashMap<K, V> {
    fn give_back(&mut self) {
        if let Some(room) = fitting(self.len(), self.capacity()) {
            self.shrink_to(room);
        }
    }
}

impl<T> GivesBack for VecDeque<T> {
    fn give_back(&mut self) {
        if let Some(room) = fitting(self.len(), self.capacity()) {
            self.shrink_to(room);
        }
    }
}

impl<T: Ord> GivesBack for BinaryHeap<T> {
    fn give_back(&mut self) {
        if let Some(room) = fitting(self.len(), self.capacity()) {
            self.shrink_to(room);
        }
    }
}

impl Core {
    /// Of the tables that grow with the calls.
    pub(super) fn give_back_room(&mut self) {
        self.clients.give_back();
        self.servers.give_back();
        self.merged.give_back();
        self.legs.give_back();
        self.dialogs.give_back();
        self.alarms.give_back();
        self.out.give_back();
        if let Some(record) = &mut self.record {
            record.give_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_made_smaller_when_most_of_it_is_empty_and_not_before() {
        let mut table: HashMap<usize, [u8; 64]> = (0..50_000).map(|key| (key, [0; 64])).collect();
        table.retain(|key, _| *key < 10_000);
        table.give_back();
        assert!(table.capacity() > 30_000, "a fifth of it is in use: {}", table.capacity());
        table.retain(|key, _| *key < 2_000);
        table.give_back();
        assert!((4_000..8_000).contains(&table.capacity()), "{}", table.capacity());
        assert_eq!(table.len(), 2_000);
        table.clear();
        table.give_back();
        assert!((ROOM_MIN..=2 * ROOM_MIN).contains(&table.capacity()), "{}", table.capacity());
    }

    #[test]
    fn lists_and_heaps_too() {
        let mut list: VecDeque<usize> = (0..50_000).collect();
        let mut heap: BinaryHeap<usize> = (0..50_000).collect();
        list.truncate(10);
        heap.retain(|number| *number < 10);
        list.give_back();
        heap.give_back();
        assert!(list.capacity() <= 2 * ROOM_MIN && list.len() == 10);
        assert!(heap.capacity() <= 2 * ROOM_MIN && heap.len() == 10);
    }
}
