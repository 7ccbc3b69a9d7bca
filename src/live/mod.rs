//! The event hub: what changed is numbered, kept for a while, and sent to those with the right.
//!
//! Callers announce a change *after* its transaction has been committed; the number is given then,
//! within this process's epoch. There are no queues per connection: each connection walks the one
//! ring buffer with a cursor of its own, so that a slow reader costs nobody memory and is cut when
//! the ring has overtaken it. If the process dies, the next one has another epoch and every
//! console takes a fresh snapshot.

mod connection;
mod event;
mod message;
mod ring;
mod socket;
#[cfg(test)]
mod tests;
mod topic;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::Utc;
use tokio::sync::watch;
use uuid::Uuid;

use crate::views::{
    AgentView, CallSummary, Colleague, LiveCall, MyAgent, ParkedCall, QueueView, RingingCall, TeamQueue,
};

use ring::{Announced, Ring};
use topic::Topic;

pub use event::Event;
pub use message::{ClientMessage, ServerMessage};
pub use socket::routes;

/// Publishing side of the hub; cheap to clone, never blocks, never fails.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    epoch: String,
    ring: Mutex<Ring>,
    /// The number of the newest event.
    head: watch::Sender<u64>,
    /// Counts changes of who may see what: connections check their session anew when it moves.
    access: watch::Sender<u64>,
    closing: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl Live {
    /// A hub with a fresh epoch.
    #[must_use]
    pub fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                epoch: Uuid::now_v7().simple().to_string(),
                ring: Mutex::new(Ring::new()),
                head: watch::Sender::new(0),
                access: watch::Sender::new(0),
                closing: watch::Sender::new(false),
            }),
        }
    }

    /// The agent's own screen changed: the whole object, to topic `agent` of that user.
    pub fn agent(&self, user: Uuid, mine: MyAgent) {
        self.announce(Topic::Agent(user), Event::Agent(Box::new(mine)));
    }

    /// An agent changed on the wall.
    pub fn agent_changed(&self, agent: AgentView) {
        self.announce(Topic::Wall, Event::AgentChanged { agent });
    }

    /// A running call appeared or changed.
    pub fn call_changed(&self, call: LiveCall) {
        self.announce(Topic::Wall, Event::CallChanged { call: Box::new(call) });
    }

    /// A call is no longer running.
    pub fn call_ended(&self, call_id: Uuid) {
        self.announce(Topic::Wall, Event::CallEnded { call_id });
    }

    /// The same, as colleagues see it.
    pub fn colleague_changed(&self, colleague: Colleague) {
        self.announce(Topic::Team, Event::ColleagueChanged { colleague });
    }

    pub fn team_queue_changed(&self, queue: TeamQueue) {
        self.announce(Topic::Team, Event::TeamQueueChanged { queue });
    }

    /// A call was parked, or one is parked no longer: all that are.
    pub fn parked_changed(&self, parked: Vec<ParkedCall>) {
        self.announce(Topic::Team, Event::ParkedChanged { parked });
    }

    /// A call rings at a colleague's phone, or rings there no longer: all that do.
    pub fn ringing_changed(&self, ringing: Vec<RingingCall>) {
        self.announce(Topic::Team, Event::RingingChanged { ringing });
    }

    /// A queue's numbers or settings changed.
    pub fn queue_changed(&self, queue: QueueView) {
        self.announce(Topic::Wall, Event::QueueChanged { queue });
    }

    /// A call's record is complete, or its notes changed afterwards. `agent`: whose call it was;
    /// others see it only with `view_all_calls`.
    pub fn call_finished(&self, call: CallSummary, agent: Option<Uuid>) {
        self.announce(Topic::Calls, Event::CallFinished { call: Box::new(call), agent });
    }

    /// Something was added to a contact's timeline, or changed on it.
    pub fn timeline_changed(&self, contact_id: Uuid) {
        self.announce(Topic::Contact(contact_id), Event::TimelineChanged { contact_id });
    }

    /// Moves whenever rights may have changed: look at the session anew.
    pub fn access(&self) -> watch::Receiver<u64> {
        self.inner.access.subscribe()
    }

    /// A session ended, or a user's role or activity changed: every connection looks again.
    pub fn access_changed(&self) {
        self.inner.access.send_modify(|generation| *generation += 1);
    }

    /// The server stops: connections say good-bye.
    pub fn close(&self) {
        self.inner.closing.send_replace(true);
    }

    /// This process's epoch.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.inner.epoch
    }

    /// The number of the newest event; 0 before the first.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.ring().head()
    }

    fn announce(&self, topic: Topic, event: Event) {
        let now = Utc::now();
        let audience = event.audience();
        let entity = event.entity();
        let head = {
            // Numbered and encoded under one lock, so that the ring is in the order of the numbers.
            let mut ring = self.ring();
            let seq = ring.head() + 1;
            let frame = message::event_frame(topic, seq, now, &event);
            ring.push(Announced { topic, entity, audience, frame });
            seq
        };
        self.inner.head.send_if_modified(|known| {
            let newer = head > *known;
            *known = head.max(*known);
            newer
        });
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // A panic elsewhere cannot leave the ring half-written: pushes do not panic.
        self.inner.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
