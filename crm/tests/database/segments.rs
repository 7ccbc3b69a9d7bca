//! What each stretch of a recording is.

use chrono::Utc;
use crm::{
    recordings::{self, NewRecording, RecordingEnd},
    segments::{self, Turn},
    words::{RecordingStatus, SegmentKind},
};
use uuid::Uuid;

use crate::{
    calls::begin,
    support::{call, on_both, try_tx, tx},
};

fn turn(position: u32, kind: SegmentKind, from_ms: u64) -> Turn {
    Turn { position, kind, from_ms, user_id: None }
}

#[test]
fn segments_lie_one_after_the_other_until_the_recording_ends() {
    on_both(|db| async move {
        let call_id = begin(&db, call("n1", "+34600000001")).await;
        let id = Uuid::now_v7();
        let new = NewRecording {
            id,
            call_id,
            path: format!("recordings/{id}.wav"),
            started_at: Utc::now(),
            sample_rate: 8_000,
            channels: 2,
        };
        tx!(db, |tx| recordings::begin(tx, &new));
        assert_eq!(segments::of_recording(&db, id, 0).await.expect("read"), []);
        tx!(db, |tx| async move {
            segments::put(tx, id, &turn(0, SegmentKind::Talk, 0)).await?;
            segments::put(tx, id, &turn(1, SegmentKind::Hold, 1_000)).await?;
            // What lasted no time is replaced.
            segments::put(tx, id, &turn(1, SegmentKind::Consult, 1_000)).await?;
            segments::put(tx, id, &turn(2, SegmentKind::Talk, 2_500)).await?;
            // Begun in the last moment, after the last block was written.
            segments::put(tx, id, &turn(3, SegmentKind::Hold, 9_000)).await
        });
        let end = RecordingEnd {
            id,
            status: RecordingStatus::Ready,
            duration_ms: 4_000,
            bytes: 64_044,
            sample_rate: None,
        };
        tx!(db, |tx| recordings::close(tx, &end));
        let found = segments::of_recording(&db, id, 4_000).await.expect("read");
        let told: Vec<_> = found.iter().map(|it| (it.kind, it.from_ms, it.to_ms)).collect();
        assert_eq!(
            told,
            [
                (SegmentKind::Talk, 0, 1_000),
                (SegmentKind::Consult, 1_000, 2_500),
                (SegmentKind::Talk, 2_500, 4_000),
            ]
        );
        let nowhere = Uuid::now_v7();
        assert!(try_tx!(db, |tx| segments::put(tx, nowhere, &turn(0, SegmentKind::Talk, 0))).is_err());
    });
}
