//! What a crash leaves of a call, and of its recording.

use crm::{
    Error,
    calls::{self, NewCall},
    interactions,
    recordings::{self, NewRecording, RecordingEnd},
    words::{CallEndedBy, EndCause, LegEndedBy, LegRole, RecordingStatus, Role},
};
use uuid::Uuid;

use crate::{
    calls::{begin, end, leg, record},
    customers::contact,
    support::{at, call, on_both, try_tx, tx, user},
};

#[test]
fn recovery_closes_what_this_node_had_open() {
    on_both(|db| async move {
        let carla = contact(&db, "Carla", "Ruiz", &[]).await.summary.id;
        let agent = user(&db, "Ana", Role::Agent).await.id;
        let mine = begin(&db, NewCall { contact_id: Some(carla), ..call("n1", "+34600000001") }).await;
        leg(&db, mine, LegRole::Customer, None).await;
        tx!(db, |tx| calls::answered(tx, mine, Some(agent), at(10)));
        let recording = record(&db, mine).await;
        let theirs = begin(&db, call("n2", "+34600000002")).await;
        let done = begin(&db, call("n1", "+34600000003")).await;
        let finish = end(done, 5, EndCause::Completed);
        tx!(db, |tx| calls::finish(tx, &finish));
        assert_eq!(tx!(db, |tx| calls::renew_leases(tx, "n1", at(40))), 1);

        let recovered = calls::recover(&db, "n1", at(1_000)).await.expect("recovered");
        assert_eq!(recovered.len(), 1);
        assert_eq!((recovered[0].call_id, recovered[0].ended_at), (mine, at(40)));
        assert_eq!(recovered[0].recordings[0].id, recording);
        let detail = calls::get(&db, mine).await.expect("read");
        assert_eq!(
            (detail.call.end_cause, detail.call.ended_by),
            (Some(EndCause::ServerRestart), Some(CallEndedBy::System))
        );
        assert_eq!(detail.call.talk_ms, Some(30_000));
        assert_eq!(detail.legs[0].ended_by, Some(LegEndedBy::Restart));
        assert_eq!(interactions::recent_for_contact(&db, carla, 5).await.expect("read").len(), 1);
        assert_eq!(calls::get(&db, theirs).await.expect("read").call.ended_at, None);
        assert_eq!(calls::get(&db, done).await.expect("read").call.end_cause, Some(EndCause::Completed));
        // The file is found until it has been repaired; a second start finds nothing else to do.
        assert_eq!(recordings::orphans(&db, "n1").await.expect("read").len(), 1);
        assert_eq!(recordings::orphans(&db, "n2").await.expect("read").len(), 0);
        let repaired = RecordingEnd {
            id: recording,
            status: RecordingStatus::Ready,
            duration_ms: 29_000,
            bytes: 928_044,
            sample_rate: Some(8_000),
        };
        tx!(db, |tx| recordings::close(tx, &repaired));
        assert!(recordings::orphans(&db, "n1").await.expect("read").is_empty());
        assert!(calls::recover(&db, "n1", at(2_000)).await.expect("recovered").is_empty());
    });
}

#[test]
fn recordings_lie_below_the_data_folder() {
    on_both(|db| async move {
        let call_id = begin(&db, call("n1", "+34600000001")).await;
        for path in ["/etc/passwd", "../x.wav", "a/../../x", "a//b", "", "a\\b", "a/./b"] {
            let new = NewRecording {
                id: Uuid::now_v7(),
                call_id,
                path: path.to_owned(),
                started_at: at(0),
                sample_rate: 8000,
                channels: 2,
            };
            let outcome = try_tx!(db, |tx| recordings::begin(tx, &new));
            assert!(matches!(outcome, Err(Error::Invalid { field: "path", .. })), "{path}");
        }
        let id = record(&db, call_id).await;
        let kept = recordings::get(&db, id).await.expect("read");
        assert!(
            !serde_json::to_string(&kept).expect("JSON").contains("recordings/"),
            "paths are not for strangers"
        );
        let lost =
            RecordingEnd { id, status: RecordingStatus::Lost, duration_ms: 0, bytes: 0, sample_rate: None };
        tx!(db, |tx| recordings::close(tx, &lost));
        assert!(calls::get(&db, call_id).await.expect("read").call.recording_ids.is_empty());
        let paths = [kept.path.clone(), "recordings/stray.wav".to_owned()];
        let unknown = recordings::unknown_paths(&db, &paths).await.expect("read");
        assert_eq!(unknown, ["recordings/stray.wav"]);
    });
}
