//! What a death leaves behind, on both databases.

use chrono::Utc;
use crm::calls::{self, NewCall};
use crm::words::{CallState, Direction, EndCause, MatchKind, RecordingStatus};
use uuid::Uuid;

use super::{Recovery, run};
use crate::http::tests::site::{Site, on_both};

/// Frames of a recording of one second: stereo, 16 bit, 8000 Hz.
const SECOND_BYTES: usize = 8_000 * 4;

async fn open_call(site: &Site, node: &str) -> Uuid {
    let now = Utc::now();
    let id = Uuid::now_v7();
    let new = NewCall {
        id,
        node: node.to_owned(),
        lease_until: now,
        direction: Direction::Inbound,
        trunk: None,
        caller: "+34910556677".to_owned(),
        called: "+34910000100".to_owned(),
        queue_id: None,
        user_id: None,
        contact_id: None,
        match_kind: MatchKind::Unknown,
        state: CallState::Talking,
        started_at: now,
        test: false,
    };
    site.write(move |tx| Box::pin(async move { calls::begin(tx, &new).await })).await;
    id
}

/// A recording as a killed process leaves it: sound on disk, lengths in the header still of nothing.
fn stray(site: &Site, day: &str, call: Uuid) {
    let mut file = Vec::new();
    file.extend_from_slice(b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0");
    file.extend_from_slice(&8_000_u32.to_le_bytes());
    file.extend_from_slice(&32_000_u32.to_le_bytes());
    file.extend_from_slice(&[4, 0, 16, 0]);
    file.extend_from_slice(b"data\0\0\0\0");
    file.resize(file.len() + 2 * SECOND_BYTES, 7);
    let folder = site.folder().join("recordings").join(day);
    std::fs::create_dir_all(&folder).expect("folders");
    std::fs::write(folder.join(format!("{call}.wav")), file).expect("a file");
}

#[test]
fn sound_without_a_row_finds_its_call_and_only_the_own_nodes_calls_are_closed() {
    on_both(async |site| {
        let mine = open_call(&site, "node-1").await;
        let others = open_call(&site, "node-2").await;
        stray(&site, "2026/11/22", mine);
        stray(&site, "2026/11/22", Uuid::now_v7());

        let done =
            run(&site.db, "node-1", site.folder(), &site.state.recording_keys).await.expect("recovered");
        assert_eq!(done, Recovery { calls: 1, recordings: 1, linked: 1 });

        let call = calls::get(&site.db, mine).await.expect("read");
        assert_eq!(call.call.end_cause, Some(EndCause::ServerRestart));
        let [recording] = &call.recordings[..] else { panic!("{:?}", call.recordings) };
        assert_eq!(recording.status, RecordingStatus::Ready);
        assert_eq!(recording.duration_ms, Some(2_000));
        let others = calls::get(&site.db, others).await.expect("read");
        assert_eq!(others.call.ended_at, None, "another node may still drive it");

        let again =
            run(&site.db, "node-1", site.folder(), &site.state.recording_keys).await.expect("recovered");
        assert_eq!(again, Recovery::default(), "what is in order stays as it is");
    });
}

#[test]
fn only_the_newest_days_are_looked_through() {
    on_both(async |site| {
        let days = ["2025/12/31", "2026/01/30", "2026/01/31", "2026/02/01"];
        for day in days {
            let call = open_call(&site, "node-1").await;
            stray(&site, day, call);
        }
        let done =
            run(&site.db, "node-1", site.folder(), &site.state.recording_keys).await.expect("recovered");
        assert_eq!(done, Recovery { calls: 4, recordings: 3, linked: 3 });
    });
}
