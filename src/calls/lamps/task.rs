//! Who is in which call, by user.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::{Lights, Lit, Told};

#[derive(Default)]
struct Keeper {
    /// Running calls with phones of ours in them.
    calls: BTreeMap<Uuid, Vec<Lit>>,
    /// Users whom somebody watches, bounded by the subscriptions that signalling allows.
    watched: BTreeMap<Uuid, watch::Sender<Lights>>,
}

/// Serves until all doors are dropped.
pub(super) async fn keep(mut inbox: mpsc::Receiver<Told>) {
    let mut keeper = Keeper::default();
    while let Some(told) = inbox.recv().await {
        match told {
            Told::Call { call, lit } => keeper.call(call, lit),
            Told::Watched(user, reply) => {
                // Who asked may have gone.
                let _ = reply.send(keeper.watch(user));
            }
        }
    }
}

impl Keeper {
    fn call(&mut self, call: Uuid, lit: Vec<Lit>) {
        let before =
            if lit.is_empty() { self.calls.remove(&call) } else { self.calls.insert(call, lit.clone()) };
        let before = before.unwrap_or_default();
        if before == lit {
            return;
        }
        self.watched.retain(|_, watched| watched.receiver_count() > 0);
        let touched: BTreeSet<Uuid> = before.iter().chain(&lit).map(|lit| lit.user).collect();
        for user in touched {
            if let Some(watched) = self.watched.get(&user) {
                watched.send_replace(self.lights(user));
            }
        }
    }

    fn watch(&mut self, user: Uuid) -> watch::Receiver<Lights> {
        let now = self.lights(user);
        self.watched.entry(user).or_insert_with(|| watch::channel(now).0).subscribe()
    }

    fn lights(&self, user: Uuid) -> Lights {
        Arc::new(self.calls.values().flatten().filter(|lit| lit.user == user).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Light;
    use super::*;

    fn lit(user: u128, row: u128, light: Light) -> Lit {
        let (user, row) = (Uuid::from_u128(user), Uuid::from_u128(row));
        Lit { user, row, leg: sip::LegId(1), light, dialled: false }
    }

    #[test]
    fn a_watcher_sees_all_calls_of_one_user_and_nobody_elses() {
        let mut keeper = Keeper::default();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        keeper.call(one, vec![lit(7, 1, Light::Ringing), lit(8, 2, Light::Talking)]);
        let mut seen = keeper.watch(Uuid::from_u128(7));
        assert_eq!(*seen.borrow_and_update().clone(), [lit(7, 1, Light::Ringing)]);
        keeper.call(two, vec![lit(7, 3, Light::Talking)]);
        assert_eq!(seen.borrow_and_update().len(), 2);
        keeper.call(one, vec![lit(7, 1, Light::Ringing), lit(8, 2, Light::Talking)]);
        assert!(!seen.has_changed().expect("it stands"), "nothing is new");
        keeper.call(one, Vec::new());
        assert_eq!(*seen.borrow_and_update().clone(), [lit(7, 3, Light::Talking)]);
        drop(seen);
        keeper.call(two, Vec::new());
        assert!(keeper.watched.is_empty() && keeper.calls.is_empty(), "what nobody needs is forgotten");
    }
}
