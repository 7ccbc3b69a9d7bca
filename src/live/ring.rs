//! The last events, in the order of their numbers. Pure.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;
use uuid::Uuid;

use super::event::Entity;
use super::topic::Topic;

/// How many events a console may have missed and still resume: some minutes of a busy floor.
/// One is about 1 KB, so that the ring stays below 10 MB.
pub const RING_EVENTS: usize = 8192;

/// One event: who may have it, and its frame, encoded once for all.
#[derive(Debug, Clone)]
pub struct Announced {
    pub topic: Topic,
    /// What it is about, where a later event about the same makes it superfluous.
    pub entity: Option<Entity>,
    /// The one agent whose call it is; `None`: nobody's.
    pub audience: Option<Uuid>,
    pub frame: Utf8Bytes,
}

/// Numbers start at 1; `head` is the newest given.
#[derive(Debug)]
pub struct Ring {
    events: VecDeque<Announced>,
    capacity: usize,
    head: u64,
}

/// The reader asks for events that the ring no longer has.
#[derive(Debug, PartialEq, Eq)]
pub struct Overtaken;

impl Ring {
    pub fn new() -> Self {
        Self::with_capacity(RING_EVENTS)
    }

    pub fn with_capacity(capacity: usize) -> Self {
        Self { events: VecDeque::new(), capacity, head: 0 }
    }

    pub fn head(&self) -> u64 {
        self.head
    }

    pub fn push(&mut self, event: Announced) {
        if self.events.len() == self.capacity {
            self.events.pop_front();
        }
        self.events.push_back(event);
        self.head += 1;
    }

    /// The events numbered above `after`, with their numbers.
    pub fn since(&self, after: u64) -> Result<impl Iterator<Item = (u64, &Announced)> + '_, Overtaken> {
        let first = self.head - self.events.len() as u64 + 1;
        if after + 1 < first || after > self.head {
            return Err(Overtaken);
        }
        let skip = usize::try_from(after + 1 - first).map_err(|_| Overtaken)?;
        Ok((after + 1..).zip(self.events.iter().skip(skip)))
    }
}
