//! Those who watch: each subscription until its end.

use sip::{EventPackage, Sip, Subscription};
use tokio::sync::watch;
use tracing::{debug, info};

use super::document::{self, Dialog};
use super::{Lamps, Light, Lights, Lit, place};
use crate::calls::phones::Phones;
use crate::calls::pickup::parking_slot;

/// Takes the subscriptions of devices; signalling bounds how many there are.
pub(super) async fn take_all(sip: Sip, phones: Phones, lamps: Lamps, realm: String) {
    // Nobody else takes them: this runs once.
    let Some(mut subscriptions) = sip.subscriptions() else { return };
    while let Some(subscription) = subscriptions.recv().await {
        // An end that has passed already, or a full queue of orders, shows at the subscription itself.
        if subscription.event != EventPackage::Dialog {
            // RFC 6665 section 8.3.2: there is no voice mail yet.
            let _ = subscription.refuse(489);
            continue;
        }
        let watches = phones.owner_of(&subscription.subscriber).is_some();
        let colleague = phones.owner_of(&subscription.target).map(|phone| phone.agent.0);
        let watched = colleague.or_else(|| parking_slot(&subscription.target).map(place));
        let Some(user) = watched.filter(|_| watches) else {
            info!(subscriber = subscription.subscriber, "no such extension to watch");
            let _ = subscription.refuse(404);
            continue;
        };
        let Some(lights) = lamps.of(user).await else { break };
        debug!(subscriber = subscription.subscriber, %user, "watches");
        let address = format!("{}@{realm}", subscription.target);
        tokio::spawn(serve(sip.clone(), subscription, lights, address));
    }
}

async fn serve(
    sip: Sip,
    mut subscription: Subscription,
    mut lights: watch::Receiver<Lights>,
    address: String,
) {
    let mut version = 0;
    let mut told = lights.borrow_and_update().clone();
    let first = document::write(version, &address, &dialogs(&sip, &[], &told).await);
    if subscription.accept(first.into()).is_err() {
        return;
    }
    loop {
        tokio::select! {
            () = subscription.ended() => return,
            changed = lights.changed() => if changed.is_err() { return },
        }
        let now = lights.borrow_and_update().clone();
        version += 1;
        let state = document::write(version, &address, &dialogs(&sip, &told, &now).await);
        told = now;
        if subscription.notify(state.into()).is_err() {
            return;
        }
    }
}

/// What is, and what has ended since `before`.
async fn dialogs(sip: &Sip, before: &[Lit], now: &[Lit]) -> Vec<Dialog> {
    let mut dialogs = Vec::with_capacity(now.len());
    for lit in now {
        let can_be_taken = lit.light == Light::Ringing && !lit.dialled;
        let name = if can_be_taken { sip.name_of(lit.leg).await } else { None };
        dialogs.push(Dialog { row: lit.row, light: Some(lit.light), dialled: lit.dialled, name });
    }
    let ended = before.iter().filter(|lit| now.iter().all(|still| still.row != lit.row));
    dialogs.extend(ended.map(|lit| Dialog { row: lit.row, light: None, dialled: lit.dialled, name: None }));
    dialogs
}
