//! Sums, rules and holds over real files, on both databases.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use crm::calls::{self, NewCall};
use crm::holds::{self, Held};
use crm::queues::{self, NewQueue, QueuePatch};
use crm::recordings::{self, NewRecording, RecordingEnd};
use crm::words::{CallState, Direction, MatchKind, RecordingStatus, Role};
use uuid::Uuid;

use super::{Finding, Policy, Swept, look, sweep, task::sum_new};
use crate::http::tests::site::{Site, on_both};

const NODE: &str = "node-1";

fn at(days: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a time") + TimeDelta::days(days)
}

/// A recording that began on this day.
async fn kept(site: &Site, day: i64, queue_id: Option<Uuid>, ending: &str) -> (Uuid, PathBuf) {
    let (call, id) = (Uuid::now_v7(), Uuid::now_v7());
    let path = format!("recordings/2026/09/21/{call}{ending}");
    let file = site.folder().join(&path);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::write(&file, call.as_bytes()).expect("written");
    let new = NewCall {
        id: call,
        node: NODE.to_owned(),
        lease_until: at(day),
        direction: Direction::Inbound,
        trunk: None,
        caller: "+34910556677".to_owned(),
        called: "+34910000100".to_owned(),
        queue_id,
        user_id: None,
        contact_id: None,
        match_kind: MatchKind::Unknown,
        state: CallState::Talking,
        started_at: at(day),
        test: false,
    };
    let row = NewRecording { id, call_id: call, path, started_at: at(day), sample_rate: 8000, channels: 2 };
    let end =
        RecordingEnd { id, status: RecordingStatus::Ready, duration_ms: 1000, bytes: 16, sample_rate: None };
    site.write(move |tx| {
        Box::pin(async move {
            calls::begin(tx, &new).await?;
            recordings::begin(tx, &row).await?;
            recordings::close(tx, &end).await
        })
    })
    .await;
    (id, file)
}

async fn on_day(site: &Site, day: i64, house_days: u32) -> Swept {
    sweep(&site.db, NODE, site.folder(), Policy::Rules { house_days }, at(day)).await.expect("swept")
}

async fn status(site: &Site, id: Uuid) -> RecordingStatus {
    recordings::get(&site.db, id).await.expect("its row stays").status
}

#[test]
fn rules_let_go_of_rows_and_files_but_not_of_what_is_held() {
    on_both(async |site| {
        let boss = site.user("boss", Role::Supervisor).await.id;
        let queue = site
            .write(|tx| {
                Box::pin(async move {
                    let queue = queues::create(tx, &NewQueue::named("Bank")).await?;
                    let patch = QueuePatch { recording_days: Some(Some(3)), ..QueuePatch::default() };
                    queues::update(tx, queue.id, &patch).await
                })
            })
            .await;
        let (first, first_file) = kept(&site, 0, None, ".wav").await;
        let (second, second_file) = kept(&site, 0, None, "-2.wav.sealed").await;
        let (banks, banks_file) = kept(&site, 0, Some(queue.id), ".wav.sealed").await;
        site.write(move |tx| {
            Box::pin(async move { holds::place(tx, Held::Recording(second), boss, "Complaint 7").await })
        })
        .await;

        assert_eq!(on_day(&site, 2, 10).await, Swept::default());
        assert_eq!(on_day(&site, 3, 10).await, Swept { expired: 1, removed: 1 });
        assert!(!banks_file.exists() && first_file.exists());
        let gone = recordings::get(&site.db, banks).await.expect("its row stays");
        assert_eq!((gone.status, gone.expired_days), (RecordingStatus::Expired, Some(3)));
        assert_eq!(gone.expired_at, Some(at(3)));

        assert_eq!(on_day(&site, 99, 0).await, Swept::default(), "nought keeps for ever");
        assert_eq!(on_day(&site, 99, 10).await, Swept { expired: 1, removed: 1 });
        assert!(!first_file.exists() && second_file.exists(), "what is held stays");
        assert_eq!(status(&site, first).await, RecordingStatus::Expired);
        assert!(recordings::get(&site.db, second).await.expect("read").held);
        site.write(move |tx| {
            Box::pin(async move { holds::lift(tx, Held::Recording(second), boss, "Settled").await })
        })
        .await;
        assert_eq!(on_day(&site, 99, 10).await, Swept { expired: 1, removed: 1 });
        assert!(!second_file.exists());
        assert_eq!(on_day(&site, 999, 1).await, Swept::default());
    });
}

#[test]
fn a_file_that_could_not_be_removed_goes_with_the_next_sweep() {
    on_both(async |site| {
        let (id, file) = kept(&site, 0, None, ".wav").await;
        // A folder of that name, with something in it, is not removed as a file.
        std::fs::remove_file(&file).expect("removed");
        std::fs::create_dir(&file).expect("a folder");
        assert_eq!(on_day(&site, 9, 1).await, Swept { expired: 1, removed: 0 });
        assert_eq!(status(&site, id).await, RecordingStatus::Expired);
        std::fs::remove_dir(&file).expect("removed");
        std::fs::write(&file, "sound").expect("written");
        assert_eq!(on_day(&site, 9, 1).await, Swept { expired: 0, removed: 1 });
        assert!(!file.exists());
    });
}

#[test]
fn a_sum_is_taken_once_and_tells_a_flipped_bit() {
    on_both(async |site| {
        let (id, file) = kept(&site, 0, None, ".wav").await;
        let (lost, lost_file) = kept(&site, 0, None, "-2.wav").await;
        std::fs::remove_file(lost_file).expect("removed");
        sum_new(&site.db, NODE, site.folder()).await.expect("summed");
        let sum = recordings::get(&site.db, id).await.expect("read").sha256.expect("a sum");
        assert!(matches!(look(&file, Some(&sum)), Finding::Whole));
        let missing = recordings::get(&site.db, lost).await.expect("read");
        assert_eq!((missing.sha256, missing.intact), (None, Some(false)));

        let mut bytes = std::fs::read(&file).expect("read");
        bytes[5] ^= 1;
        std::fs::write(&file, bytes).expect("written");
        assert!(matches!(look(&file, Some(&sum)), Finding::Altered));
        sum_new(&site.db, NODE, site.folder()).await.expect("nothing to sum");
        let after = recordings::get(&site.db, id).await.expect("read").sha256;
        assert_eq!(after, Some(sum), "a later sum would make the changed file true");
    });
}
