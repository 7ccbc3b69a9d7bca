//! After a death of the process: open calls of this node are closed, their recordings made
//! playable, and sound without a row is given one.
//!
//! Runs before anything is accepted, so that nothing of this node can be running. May die itself
//! at any point: whatever is left is found again at the next start.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use chrono::Utc;
use crm::recordings::{self, NewRecording, Recording, RecordingEnd};
use crm::words::RecordingStatus;
use crm::{Db, Lane};
use futures_util::FutureExt;
use tracing::{info, warn};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::recordings::{KeyRing, SoundError, is_sealed};

/// Folders below `recordings`: year, month, day.
const DEPTH: usize = 3;
/// Days with recordings that are looked through for sound without a row, newest first. A call is
/// filed under the day it began and lasts less than a day, so what the last run left open lies in
/// its last two; years of recordings need not be read at every start.
const DAYS_LOOKED_AT: usize = 3;
/// Paths looked up at once.
const CHUNK: usize = 500;

/// What was found and mended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    pub calls: usize,
    pub recordings: usize,
    /// Files that had no row.
    pub linked: usize,
}

/// Finishes what `node` left open in `db` and below `data_dir`.
///
/// # Errors
/// When the database does not answer; a file that cannot be mended is logged and left.
pub async fn run(db: &Db, node: &str, data_dir: &Path, keys: &KeyRing) -> crm::Result<Recovery> {
    let mut done =
        Recovery { calls: crm::calls::recover(db, node, Utc::now()).await?.len(), ..Recovery::default() };
    let own = node.to_owned();
    db.write(Lane::Calls, move |tx| {
        async move { crm::agent_history::close_open(tx, &own, Utc::now()).await }.boxed()
    })
    .await?;
    done.linked = link_strays(db, data_dir).await?;
    for recording in recordings::orphans(db, node).await? {
        mend(db, &recording, data_dir, keys).await?;
        done.recordings += 1;
    }
    if done != Recovery::default() {
        info!(?done, "finished what the last run had left open");
    }
    Ok(done)
}

/// Makes the file playable and its row true.
async fn mend(db: &Db, recording: &Recording, data_dir: &Path, keys: &KeyRing) -> crm::Result<()> {
    let path = data_dir.join(&recording.path);
    let keys = keys.clone();
    let repaired = tokio::task::spawn_blocking(move || crate::recordings::repair(&path, &keys)).await;
    let end = match repaired {
        Ok(Ok(file)) => RecordingEnd {
            id: recording.id,
            status: RecordingStatus::Ready,
            duration_ms: i64::try_from(file.duration_ms).unwrap_or(i64::MAX),
            bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
            sample_rate: i32::try_from(file.sample_rate_hz).ok(),
        },
        Ok(Err(SoundError::NoKey)) => {
            // The key may come back: then the next start mends it.
            warn!(call = %recording.call_id, "a recording is sealed with a key that is not here");
            return Ok(());
        }
        Ok(Err(failure)) => {
            warn!(call = %recording.call_id, %failure, "recording lost");
            lost(recording.id)
        }
        Err(failure) => {
            warn!(call = %recording.call_id, %failure, "recording not looked at");
            return Ok(());
        }
    };
    db.write(Lane::Calls, move |tx| async move { recordings::close(tx, &end).await }.boxed()).await
}

fn lost(id: Uuid) -> RecordingEnd {
    RecordingEnd { id, status: RecordingStatus::Lost, duration_ms: 0, bytes: 0, sample_rate: None }
}

/// Sound begins a moment before its row is on disk. A file whose name is a call of ours and that
/// no row knows gets its row here.
async fn link_strays(db: &Db, data_dir: &Path) -> crm::Result<usize> {
    let root = data_dir.join("recordings");
    let listed = tokio::task::spawn_blocking(move || newest_files(&root)).await;
    let files = listed.unwrap_or_default();
    let mut linked = 0;
    for chunk in files.chunks(CHUNK) {
        let paths: Vec<String> = chunk
            .iter()
            .filter_map(|file| file.strip_prefix(data_dir).ok())
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        for path in recordings::unknown_paths(db, &paths).await? {
            if link(db, path).await? {
                linked += 1;
            }
        }
    }
    Ok(linked)
}

async fn link(db: &Db, path: String) -> crm::Result<bool> {
    let name = Path::new(&path).file_name().and_then(|name| name.to_str());
    // The second file of a call has a number behind the id.
    let id = name.and_then(|name| name.get(..Hyphenated::LENGTH));
    let Some(call_id) = id.and_then(|id| Uuid::parse_str(id).ok()) else {
        return Ok(false);
    };
    let call = match crm::calls::get(db, call_id).await {
        Ok(call) => call.call,
        Err(crm::Error::NotFound { .. }) => {
            warn!(%call_id, "a recording whose call is not in the database: left alone");
            return Ok(false);
        }
        Err(failure) => return Err(failure),
    };
    let new = NewRecording {
        id: Uuid::now_v7(),
        call_id,
        path,
        started_at: call.answered_at.unwrap_or(call.started_at),
        sample_rate: 8000,
        channels: 2,
    };
    db.write(Lane::Calls, move |tx| async move { recordings::begin(tx, &new).await }.boxed()).await?;
    Ok(true)
}

/// The recordings of the newest days below `root`.
fn newest_files(root: &Path) -> Vec<PathBuf> {
    let mut days = Vec::new();
    newest_days(root, DEPTH, &mut days);
    days.iter()
        .flat_map(|day| entries(day))
        .filter(|path| is_sealed(path) || path.extension().is_some_and(|ending| ending == "wav"))
        .collect()
}

/// Walks years, months and days backwards; their names sort as time does.
fn newest_days(folder: &Path, depth: usize, days: &mut Vec<PathBuf>) {
    if depth == 0 {
        days.push(folder.to_owned());
        return;
    }
    let mut below: Vec<PathBuf> = entries(folder).into_iter().filter(|path| path.is_dir()).collect();
    below.sort_unstable_by(|a, b| b.cmp(a));
    for folder in below {
        if days.len() < DAYS_LOOKED_AT {
            newest_days(&folder, depth - 1, days);
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}
