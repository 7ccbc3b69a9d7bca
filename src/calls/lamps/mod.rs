//! Busy lamps: a phone watches a colleague's extension and is told when it rings or talks (RFC 4235).
//!
//! The calls tell which phones of ours are in them; one task keeps that by user; each watcher is a
//! task of its own that reads the latest and never makes a call wait. Only devices subscribe, which
//! signalling has made sure of, and only to people of the company. Who calls is not told: that is
//! for the queue's own agents to see.

mod document;
mod task;
mod watcher;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::phones::Phones;

/// What waits for the keeper, which does nothing slow; a full queue slows the calls rather than
/// leaving a lamp wrong.
const TOLD_LIMIT: usize = 1024;

/// A phone of ours in a call, as a lamp shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lit {
    pub user: Uuid,
    /// The leg's row, which names the dialog to watchers.
    pub row: Uuid,
    pub leg: sip::LegId,
    pub light: Light,
    /// The phone dialled; otherwise it was rung.
    pub dialled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// Under way: no sign of the phone yet.
    Trying,
    /// It rings, and can be picked up.
    Ringing,
    Talking,
}

/// What a parking place is watched as. No user's id is so small: theirs begin with the time.
pub fn place(slot: u16) -> Uuid {
    Uuid::from_u128(u128::from(slot))
}

/// What a user's phones are doing, the newest edition.
type Lights = Arc<Vec<Lit>>;

#[derive(Debug)]
enum Told {
    /// All phones of ours in the call; none when it is over.
    Call {
        call: Uuid,
        lit: Vec<Lit>,
    },
    Watched(Uuid, tokio::sync::oneshot::Sender<watch::Receiver<Lights>>),
}

/// The lamps' door; cheap to clone.
#[derive(Clone, Debug)]
pub struct Lamps {
    told: mpsc::Sender<Told>,
}

impl Lamps {
    /// Says which phones of ours are in this call now.
    pub async fn tell(&self, call: Uuid, lit: Vec<Lit>) {
        // The keeper outlives the calls; after it only the process's end comes.
        let _ = self.told.send(Told::Call { call, lit }).await;
    }

    async fn of(&self, user: Uuid) -> Option<watch::Receiver<Lights>> {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.told.send(Told::Watched(user, reply)).await.ok()?;
        answer.await.ok()
    }
}

/// Starts the keeper, and takes subscriptions from now on.
pub fn start(sip: sip::Sip, phones: Phones, realm: String) -> Lamps {
    let (told, inbox) = mpsc::channel(TOLD_LIMIT);
    tokio::spawn(task::keep(inbox));
    let lamps = Lamps { told };
    tokio::spawn(watcher::take_all(sip, phones, lamps.clone(), realm));
    lamps
}
