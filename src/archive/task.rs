//! The task that sums new recordings and sweeps old ones.

use std::path::PathBuf;
use std::time::Duration;

use chrono::Utc;
use crm::keeping::{self, KeptFile};
use crm::{Db, Lane};
use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, warn};

use super::{Policy, sum, sweep};

/// How often it looks for recordings that were closed: a sum is known some seconds after the call.
const SUM_EVERY: Duration = Duration::from_secs(5);
/// Rules count days.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// Files summed before the rules get their turn again.
const SUMMED_AT_ONCE: u32 = 50;

/// The running task.
#[derive(Debug)]
pub struct Archive(JoinHandle<()>);

impl Archive {
    /// Stops at once; what was not done is done after the next start.
    pub async fn close(self) {
        self.0.abort();
        // It was told to: how it ended says nothing.
        self.0.await.ok();
    }
}

/// Sums and sweeps what `node` recorded below `data_dir`, from now on.
pub fn start(db: Db, node: String, data_dir: PathBuf, keep_days: u32) -> Archive {
    Archive(tokio::spawn(async move {
        let (mut sums, mut sweeps) = (interval(SUM_EVERY), interval(SWEEP_EVERY));
        sums.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = sums.tick() => {
                    if let Err(failure) = sum_new(&db, &node, &data_dir).await {
                        error!(%failure, "recordings not summed yet");
                    }
                }
                _ = sweeps.tick() => {
                    let policy = Policy::Rules { house_days: keep_days };
                    if let Err(failure) = sweep(&db, &node, &data_dir, policy, Utc::now()).await {
                        error!(%failure, "recordings not looked through for old ones yet");
                    }
                }
            }
        }
    }))
}

/// Sums what was closed. A file that is not there is marked as not whole, so that it is asked for once.
pub(super) async fn sum_new(db: &Db, node: &str, data_dir: &std::path::Path) -> crm::Result<()> {
    for KeptFile { id, call_id, path, .. } in keeping::unsummed(db, node, SUMMED_AT_ONCE).await? {
        let path = data_dir.join(path);
        match tokio::task::spawn_blocking(move || sum::of(&path)).await {
            Ok(Ok(sum)) => {
                db.write(Lane::Bulk, move |tx| async move { keeping::set_sum(tx, id, &sum).await }.boxed())
                    .await?;
            }
            Ok(Err(failure)) => {
                warn!(call = %call_id, %failure, "a recording cannot be read to sum it");
                db.write(Lane::Bulk, move |tx| {
                    async move { keeping::set_verified(tx, id, false, crm::now()).await }.boxed()
                })
                .await?;
            }
            Err(failure) => warn!(call = %call_id, %failure, "a recording not summed yet"),
        }
    }
    Ok(())
}
