//! One pass over what the rules let go of: rows are marked, then files removed.

use std::fs::File;
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use crm::keeping::{self, KeptFile};
use crm::{Db, Lane};
use futures_util::FutureExt;
use tracing::{info, warn};

use super::Policy;

/// Recordings marked in one transaction: a call's write waits for no more than that.
const MARKED_AT_ONCE: u32 = 100;
/// Files removed between two writes.
const REMOVED_AT_ONCE: u32 = 100;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Rows.
    pub expired: u64,
    /// Files.
    pub removed: usize,
}

/// Lets go of what is due, then removes the files of all that was let go, also by an earlier sweep
/// that did not come to its end.
///
/// # Errors
/// When the database does not answer; a file that cannot be removed is logged and tried again by the
/// next sweep.
pub async fn sweep(
    db: &Db,
    node: &str,
    data_dir: &Path,
    policy: Policy,
    now: DateTime<Utc>,
) -> crm::Result<Swept> {
    let swept = Swept {
        expired: mark(db, node, policy, now).await?,
        removed: remove(db, node, data_dir, now).await?,
    };
    if swept != Swept::default() {
        info!(expired = swept.expired, removed = swept.removed, "recordings were let go by rule");
    }
    Ok(swept)
}

async fn mark(db: &Db, node: &str, policy: Policy, now: DateTime<Utc>) -> crm::Result<u64> {
    let Some(horizon) = policy.horizon(&keeping::rules_of_queues(db).await?, now) else {
        return Ok(0);
    };
    let (mut marked, mut after) = (0, None);
    loop {
        // One that began in this very millisecond is no exception to "all of them".
        let before = horizon + chrono::TimeDelta::milliseconds(1);
        let candidates = keeping::candidates(db, node, before, after, MARKED_AT_ONCE).await?;
        let Some(last) = candidates.last() else { return Ok(marked) };
        after = Some((last.started_at, last.id));
        let due = policy.due(&candidates, now);
        if !due.is_empty() {
            marked += db
                .write(Lane::Bulk, move |tx| async move { keeping::expire(tx, &due, now).await }.boxed())
                .await?;
        }
    }
}

async fn remove(db: &Db, node: &str, data_dir: &Path, now: DateTime<Utc>) -> crm::Result<usize> {
    let (mut removed, mut after) = (0, None);
    loop {
        let files = keeping::unremoved(db, node, after, REMOVED_AT_ONCE).await?;
        let Some(last) = files.last() else { return Ok(removed) };
        after = Some(last.id);
        let folder = data_dir.to_owned();
        let gone = tokio::task::spawn_blocking(move || {
            files.into_iter().filter(|file| remove_file(&folder, file)).map(|file| file.id).collect()
        });
        let gone: Vec<_> = gone.await.unwrap_or_default();
        removed += gone.len();
        db.write(Lane::Bulk, move |tx| async move { keeping::set_removed(tx, &gone, now).await }.boxed())
            .await?;
    }
}

/// Whether the file is gone, for good.
fn remove_file(data_dir: &Path, file: &KeptFile) -> bool {
    let path = data_dir.join(&file.path);
    let gone = match std::fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    };
    // The name is gone from the disk too before the row says so: a power cut must not bring it back.
    let folder = path.parent().unwrap_or(data_dir);
    let gone = gone.and_then(|()| match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    });
    if let Err(error) = &gone {
        warn!(recording = %file.id, %error, "a recording that was let go cannot be removed yet");
    }
    gone.is_ok()
}
