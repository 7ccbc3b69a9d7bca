//! What was said in SIP about each call: kept in memory while the call runs, in the database after
//! it, shown as a ladder and as a capture to those with the right.
//!
//! Secrets are removed before anything is kept ([`redact`]); what is kept is bounded by leg, by
//! call and in all. One task owns it. When it cannot keep up, messages are left out and counted,
//! never signalling delayed. If the process dies, what was said about the calls of the last seconds
//! is lost; the calls are not.

mod limits;
mod message;
mod pcap;
mod redact;
mod rings;
mod store;
mod task;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sip::{Observed, Observer};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

pub use message::Message;
pub use pcap::write as capture;
pub use rings::Said;
pub use store::{StoreError, unpack};

use task::Told;

/// Messages and words on their way to the owner: a burst of a second at 300 calls a second, each
/// of two legs with seven messages.
const MAILBOX_LIMIT: usize = 8192;

/// The door to what was said; clones are cheap. Where nothing is kept it is a door to nowhere.
#[derive(Clone, Debug)]
pub struct Trace(Option<mpsc::Sender<Told>>);

impl Trace {
    /// Begins to keep what is said, for so many days; with none, removes what there is.
    #[must_use]
    pub fn start(db: crm::Db, keep_days: u32) -> Trace {
        let (sender, mailbox) = mpsc::channel(MAILBOX_LIMIT);
        task::forget_old(db.clone(), keep_days);
        if keep_days == 0 {
            return Trace::off();
        }
        task::start(db, mailbox);
        Trace(Some(sender))
    }

    /// Keeps nothing and knows nothing.
    #[must_use]
    pub fn off() -> Trace {
        Trace(None)
    }

    /// What signalling shows its messages to.
    #[must_use]
    pub fn observer(&self) -> Option<Arc<dyn Observer>> {
        let sender = self.0.clone()?;
        Some(Arc::new(Tap { sender, lost: AtomicU64::new(0) }))
    }

    /// The leg with this Call-ID is one of the call's.
    pub async fn belongs(&self, sip_call_id: &str, call: Uuid) {
        self.tell(Told::Belongs { sip_call_id: sip_call_id.to_owned(), call }).await;
    }

    /// While `masked`, what is keyed in the call must not be kept. To be said before the first key.
    pub async fn mask(&self, call: Uuid, masked: bool) {
        self.tell(Told::Mask { call, masked }).await;
    }

    /// The call has ended; its last messages are still on their way.
    pub async fn over(&self, call: Uuid) {
        self.tell(Told::Over { call }).await;
    }

    /// What was said about a call that runs, or has only just ended.
    pub async fn of(&self, call: Uuid) -> Option<Said> {
        let (reply, answer) = oneshot::channel();
        self.tell(Told::Asked { call, reply }).await;
        answer.await.ok().flatten()
    }

    /// Writes what is not written yet.
    pub async fn close(self) {
        let (reply, done) = oneshot::channel();
        self.tell(Told::Close { reply }).await;
        // Without an owner there is nothing to wait for.
        let _ = done.await;
    }

    async fn tell(&self, told: Told) {
        if let Some(sender) = &self.0 {
            // The owner goes last, at the stop.
            let _ = sender.send(told).await;
        }
    }
}

/// Hands messages over without ever waiting.
#[derive(Debug)]
struct Tap {
    sender: mpsc::Sender<Told>,
    lost: AtomicU64,
}

impl Observer for Tap {
    fn message(&self, message: Observed) {
        if self.sender.try_send(Told::Seen(message)).is_err() {
            let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
            // The first, the second, the fourth: a flood does not fill the log.
            if lost.is_power_of_two() {
                tracing::warn!(lost, "SIP messages not kept for their calls");
            }
        }
    }
}
