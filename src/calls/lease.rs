//! Running calls carry a lease: while it is renewed, no other node takes this node for dead.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use crm::Lane;
use futures_util::FutureExt;
use tracing::error;

/// A node that has not renewed for this long counts as dead.
const LEASE_S: i64 = 60;
/// Three renewals may fail before the lease runs out.
const RENEW_EVERY: Duration = Duration::from_secs(15);

/// When a lease that begins now runs out.
pub fn until(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::seconds(LEASE_S)
}

/// Renews the leases of this node's running calls for as long as the process lives.
pub fn keep(db: crm::Db, node: String) {
    tokio::spawn(async move {
        let mut turn = tokio::time::interval(RENEW_EVERY);
        turn.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            turn.tick().await;
            let node = node.clone();
            let renewed = db
                .write(Lane::Calls, move |tx| {
                    async move { crm::calls::renew_leases(tx, &node, until(Utc::now())).await }.boxed()
                })
                .await;
            match renewed {
                Ok(_) => {}
                Err(crm::Error::Closed) => break,
                Err(failure) => error!(%failure, "leases not renewed"),
            }
        }
    });
}
