//! What one connection has subscribed to, and which events are due to it. Pure: the socket task
//! feeds it and carries out what it answers.

use std::collections::{HashMap, HashSet};

use axum::extract::ws::Utf8Bytes;
use crm::rights::{Right, may};
use crm::words::Role;
use uuid::Uuid;

use super::message::Refusal;
use super::ring::{Announced, Overtaken, Ring};
use super::topic::Topic;

/// A console shows a handful of pages at a time.
pub const TOPICS_PER_CONNECTION: usize = 32;

/// Who listens; renewed whenever rights may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    pub user: Uuid,
    pub role: Role,
}

/// The subscriptions of one connection.
#[derive(Debug)]
pub struct Connection {
    viewer: Viewer,
    /// Every event up to this number has been considered.
    cursor: u64,
    /// Each topic, and the number above which its events are due.
    topics: HashMap<Topic, u64>,
    /// Events of the wall and the team wait here for the next frame.
    overview: Vec<Due>,
}

#[derive(Debug, Clone)]
struct Due {
    seq: u64,
    event: Announced,
}

/// How a wish to subscribe goes on.
#[derive(Debug, PartialEq, Eq)]
pub enum Subscribed {
    /// Take a snapshot now and send it with this number; the events above it follow.
    Snapshot {
        topic: Topic,
        seq: u64,
    },
    /// The ring still has everything after `seq`: these frames are what was missed.
    Resumed {
        seq: u64,
        missed: Vec<Utf8Bytes>,
    },
    Refused(Refusal),
}

impl Connection {
    pub fn new(viewer: Viewer, head: u64) -> Self {
        Self { viewer, cursor: head, topics: HashMap::new(), overview: Vec::new() }
    }

    /// `resume`: the number last seen, if it was seen in this epoch.
    pub fn subscribe(&mut self, name: &str, resume: Option<u64>, ring: &Ring) -> Subscribed {
        let Some(topic) = Topic::parse(name, self.viewer.user) else {
            return Subscribed::Refused(Refusal::UnknownTopic);
        };
        if !may(self.viewer.role, topic.right()) {
            return Subscribed::Refused(Refusal::NotAllowed);
        }
        if self.topics.len() >= TOPICS_PER_CONNECTION && !self.topics.contains_key(&topic) {
            return Subscribed::Refused(Refusal::TooMany);
        }
        let head = ring.head();
        self.topics.insert(topic, head);
        // Whatever of this topic was still due is part of the snapshot or of what was missed.
        self.overview.retain(|due| due.event.topic != topic);
        let Some(after) = resume else { return Subscribed::Snapshot { topic, seq: head } };
        match ring.since(after) {
            Ok(events) => Subscribed::Resumed {
                seq: after,
                missed: events
                    .filter(|(_, event)| event.topic == topic && self.viewer.may_have(event))
                    .map(|(_, event)| event.frame.clone())
                    .collect(),
            },
            Err(Overtaken) => Subscribed::Snapshot { topic, seq: head },
        }
    }

    pub fn unsubscribe(&mut self, name: &str) {
        if let Some(topic) = Topic::parse(name, self.viewer.user) {
            self.topics.remove(&topic);
            self.overview.retain(|due| due.event.topic != topic);
        }
    }

    /// The viewer's role was read anew: the topics it has lost, to be refused.
    pub fn renew(&mut self, viewer: Viewer) -> Vec<Topic> {
        self.viewer = viewer;
        let lost: Vec<_> =
            self.topics.keys().copied().filter(|topic| !may(viewer.role, topic.right())).collect();
        for topic in &lost {
            self.topics.remove(topic);
            self.overview.retain(|due| due.event.topic != *topic);
        }
        lost
    }

    /// The frames due at once. Events of wall and team are put aside for [`Self::overview_frame`].
    ///
    /// # Errors
    /// The ring has overtaken this connection: it reads too slowly and is cut.
    pub fn collect(&mut self, ring: &Ring) -> Result<Vec<Utf8Bytes>, Overtaken> {
        let mut frames = Vec::new();
        for (seq, event) in ring.since(self.cursor)? {
            self.cursor = seq;
            let due = self.topics.get(&event.topic).is_some_and(|from| seq > *from);
            if !due || !self.viewer.may_have(event) {
                continue;
            }
            match event.topic {
                Topic::Wall | Topic::Team => self.overview.push(Due { seq, event: event.clone() }),
                _ => frames.push(event.frame.clone()),
            }
        }
        Ok(frames)
    }

    /// Whether such events wait for their frame.
    pub fn overview_waits(&self) -> bool {
        !self.overview.is_empty()
    }

    /// The events put aside, in the order of their numbers; of several about the same agent,
    /// call or queue the last alone.
    pub fn overview_frame(&mut self) -> Vec<Utf8Bytes> {
        let mut seen = HashSet::new();
        let mut due = std::mem::take(&mut self.overview);
        due.reverse();
        due.retain(|due| due.event.entity.is_none_or(|entity| seen.insert((due.event.topic, entity))));
        due.reverse();
        debug_assert!(due.is_sorted_by_key(|due| due.seq));
        // Authorised again: the role may have changed while they waited.
        due.into_iter().filter(|due| self.viewer.may_have(&due.event)).map(|due| due.event.frame).collect()
    }
}

impl Viewer {
    /// Per event: the topic's right, and for somebody's call that it is one's own or all are open.
    fn may_have(self, event: &Announced) -> bool {
        let own = match event.topic {
            Topic::Agent(user) => user == self.user,
            Topic::Calls => event.audience == Some(self.user) || may(self.role, Right::ViewAllCalls),
            Topic::Wall | Topic::Team | Topic::Contact(_) => true,
        };
        own && may(self.role, event.topic.right())
    }
}
