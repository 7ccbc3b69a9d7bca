//! Calls from the first row to the last.

use crm::{
    Db, Error,
    calls::{self, CallNotes, FinishCall, LegEnd, NewCall, NewLeg},
    dispositions::{self, Label, NewDisposition},
    interactions,
    queues::{self, NewQueue},
    recordings::{self, NewRecording, RecordingEnd},
    tickets::{self, NewTicket},
    words::{
        CallEndedBy, CallState, DispositionKind, EndCause, LegEndedBy, LegRole, MatchKind, RecordingConsent,
        RecordingNotice, RecordingStatus, Role,
    },
};
use uuid::Uuid;

use crate::{
    customers::contact,
    support::{at, call, on_both, try_tx, tx, user},
};

pub async fn begin(db: &Db, new: NewCall) -> Uuid {
    let id = new.id;
    tx!(db, |tx| calls::begin(tx, &new));
    id
}

pub async fn leg(db: &Db, call_id: Uuid, role: LegRole, user_id: Option<Uuid>) -> Uuid {
    let id = Uuid::now_v7();
    let new = NewLeg {
        id,
        call_id,
        role,
        user_id,
        peer: "+34600000001".to_owned(),
        sip_call_id: "abc@127.0.0.1".to_owned(),
        started_at: at(0),
    };
    tx!(db, |tx| calls::add_leg(tx, &new));
    id
}

pub async fn record(db: &Db, call_id: Uuid) -> Uuid {
    let id = Uuid::now_v7();
    let new = NewRecording {
        id,
        call_id,
        path: format!("recordings/{id}.wav"),
        started_at: at(5),
        sample_rate: 8000,
        channels: 2,
    };
    tx!(db, |tx| recordings::begin(tx, &new));
    id
}

pub fn end(call_id: Uuid, seconds: i64, cause: EndCause) -> FinishCall {
    FinishCall {
        call_id,
        at: at(seconds),
        by: CallEndedBy::Customer,
        cause,
        legs: vec![],
        recordings: vec![],
    }
}

#[test]
fn a_call_from_ring_to_timeline() {
    on_both(|db| async move {
        let agent = user(&db, "Ana", Role::Agent).await.id;
        let carla = contact(&db, "Carla", "Ruiz", &["+34600000001"]).await.summary.id;
        let new = NewQueue::named("Support");
        let queue = tx!(db, |tx| queues::upsert(tx, &new)).id;
        let id = begin(
            &db,
            NewCall { contact_id: Some(carla), match_kind: MatchKind::Known, ..call("n1", "+34600000001") },
        )
        .await;
        let customer = leg(&db, id, LegRole::Customer, None).await;
        tx!(db, |tx| calls::queued(tx, id, queue, at(2)));
        let waiting = calls::live(&db).await.expect("read");
        assert_eq!((waiting.len(), waiting[0].state, waiting[0].state_since), (1, CallState::Waiting, at(2)));
        tx!(db, |tx| calls::offered(tx, id, agent, at(3)));
        let phone = leg(&db, id, LegRole::Agent, Some(agent)).await;
        tx!(db, |tx| async move {
            calls::leg_ringing(tx, phone, at(3)).await?;
            calls::leg_answered(tx, phone, at(5)).await?;
            calls::answered(tx, id, Some(agent), at(5)).await
        });
        let recording = record(&db, id).await;
        let finish = FinishCall {
            legs: vec![LegEnd {
                id: customer,
                at: at(65),
                by: LegEndedBy::Remote,
                code: Some(200),
                reason: None,
            }],
            recordings: vec![RecordingEnd {
                id: recording,
                status: RecordingStatus::Ready,
                duration_ms: 60_000,
                bytes: 1_920_044,
                sample_rate: Some(16_000),
            }],
            ..end(id, 65, EndCause::Completed)
        };
        assert!(tx!(db, |tx| calls::finish(tx, &finish)));
        let detail = calls::get(&db, id).await.expect("read");
        let summary = &detail.call;
        assert_eq!(
            (summary.state, summary.end_cause, summary.ended_by),
            (CallState::Ended, Some(EndCause::Completed), Some(CallEndedBy::Customer))
        );
        assert_eq!((summary.wait_ms, summary.talk_ms), (Some(3_000), Some(60_000)));
        assert_eq!(summary.contact.as_ref().map(|c| c.name.as_str()), Some("Carla Ruiz"));
        assert_eq!(summary.queue.as_ref().map(|q| q.name.as_str()), Some("Support"));
        assert_eq!(summary.agent.as_ref().map(|a| a.display_name.as_str()), Some("Ana"));
        assert_eq!(summary.recording_ids, [recording]);
        let legs: Vec<_> = detail.legs.iter().map(|l| (l.role, l.ended_by, l.code, l.ended_at)).collect();
        assert_eq!(
            legs,
            [
                (LegRole::Customer, Some(LegEndedBy::Remote), Some(200), Some(at(65))),
                (LegRole::Agent, Some(LegEndedBy::Local), None, Some(at(65))),
            ]
        );
        assert_eq!(
            (detail.recordings[0].status, detail.recordings[0].duration_ms),
            (RecordingStatus::Ready, Some(60_000))
        );
        assert!(calls::live(&db).await.expect("read").is_empty());
        let items = interactions::recent_for_contact(&db, carla, 5).await.expect("read");
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].call.as_ref(), Some(summary));
        assert_eq!(items[0].occurred_at, at(0));
    });
}

#[test]
fn a_call_ends_once() {
    on_both(|db| async move {
        let id = begin(&db, call("n1", "+34600000001")).await;
        let (first, second) = (end(id, 10, EndCause::Abandoned), end(id, 99, EndCause::Failed));
        assert!(tx!(db, |tx| calls::finish(tx, &first)));
        assert!(!tx!(db, |tx| calls::finish(tx, &second)));
        // What comes late changes nothing.
        let queue = NewQueue::named("Support");
        let queue = tx!(db, |tx| queues::upsert(tx, &queue)).id;
        tx!(db, |tx| calls::queued(tx, id, queue, at(100)));
        let ended = calls::get(&db, id).await.expect("read").call;
        assert_eq!(
            (ended.end_cause, ended.ended_at, ended.state),
            (Some(EndCause::Abandoned), Some(at(10)), CallState::Ended)
        );
        assert_eq!((ended.wait_ms, ended.talk_ms), (Some(10_000), None));
        let nobody = end(Uuid::nil(), 1, EndCause::Failed);
        let outcome = try_tx!(db, |tx| calls::finish(tx, &nobody));
        assert!(matches!(outcome, Err(Error::NotFound { what: "call" })));
    });
}

#[test]
fn an_end_that_cannot_be_written_whole_is_not_written() {
    on_both(|db| async move {
        let id = begin(&db, call("n1", "+34600000001")).await;
        let leg_id = leg(&db, id, LegRole::Customer, None).await;
        let missing = RecordingEnd {
            id: Uuid::nil(),
            status: RecordingStatus::Ready,
            duration_ms: 1,
            bytes: 1,
            sample_rate: None,
        };
        let finish = FinishCall { recordings: vec![missing], ..end(id, 10, EndCause::Completed) };
        assert!(try_tx!(db, |tx| calls::finish(tx, &finish)).is_err());
        let detail = calls::get(&db, id).await.expect("read");
        assert_eq!((detail.call.state, detail.call.ended_at), (CallState::Greeting, None));
        assert_eq!((detail.legs[0].id, detail.legs[0].ended_at), (leg_id, None));
    });
}

#[test]
fn who_was_rung_is_forgotten_when_the_call_waits_again() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let id = begin(&db, call("n1", "+34600000001")).await;
        tx!(db, |tx| calls::offered(tx, id, ana, at(1)));
        assert!(calls::get(&db, id).await.expect("read").call.agent.is_some());
        tx!(db, |tx| calls::set_state(tx, id, CallState::Waiting, at(21)));
        let waiting = calls::get(&db, id).await.expect("read").call;
        assert_eq!((waiting.agent, waiting.state, waiting.state_since), (None, CallState::Waiting, at(21)));
    });
}

#[test]
fn notes_and_links_reach_the_timeline() {
    on_both(|db| async move {
        let (carla, dani) = (
            contact(&db, "Carla", "Ruiz", &[]).await.summary.id,
            contact(&db, "Dani", "Sanz", &[]).await.summary.id,
        );
        let new = NewDisposition {
            code: "sale".to_owned(),
            label: Label::new("Sale", "Venta", "成交"),
            kind: DispositionKind::Success,
            position: 1,
        };
        let sale = tx!(db, |tx| dispositions::upsert(tx, &new));
        let new = NewTicket { subject: "No light".to_owned(), ..Default::default() };
        let ticket = tx!(db, |tx| tickets::create(tx, None, &new));
        let id = begin(&db, NewCall { contact_id: Some(carla), ..call("n1", "+34600000001") }).await;
        let finish = end(id, 10, EndCause::Completed);
        tx!(db, |tx| calls::finish(tx, &finish));
        let notes: CallNotes = serde_json::from_value(serde_json::json!({
            "disposition_id": sale.id, "note": "Buys two", "ticket_id": ticket.id, "contact_id": dani,
        }))
        .expect("notes");
        tx!(db, |tx| calls::set_disposition(tx, id, &notes));
        tx!(db, |tx| calls::wrap_up_ended(tx, id, at(30)));
        assert!(interactions::recent_for_contact(&db, carla, 5).await.expect("read").is_empty());
        let items = interactions::recent_for_contact(&db, dani, 5).await.expect("read");
        let told = items[0].call.as_ref().expect("a call");
        assert_eq!(told.disposition.as_ref().map(|d| d.label.zh.as_str()), Some("成交"));
        assert_eq!(
            (told.note.as_str(), told.match_kind, told.wrap_up_ended_at),
            ("Buys two", MatchKind::Known, Some(at(30)))
        );
        assert_eq!(items[0].ticket.as_ref().map(|t| t.number), Some(ticket.number));
        // Left out stays, null empties.
        let undo: CallNotes = serde_json::from_str(r#"{"ticket_id":null}"#).expect("notes");
        tx!(db, |tx| calls::set_disposition(tx, id, &undo));
        let told = calls::get(&db, id).await.expect("read").call;
        assert_eq!((told.ticket, told.note.as_str(), told.disposition.is_some()), (None, "Buys two", true));
        let unknown = CallNotes { disposition_id: Some(Some(Uuid::nil())), ..Default::default() };
        let outcome = try_tx!(db, |tx| calls::set_disposition(tx, id, &unknown));
        assert!(matches!(outcome, Err(Error::Invalid { .. })), "{outcome:?}");
    });
}

#[test]
fn the_far_end_may_send_anything() {
    on_both(|db| async move {
        let new = NewCall {
            caller: format!("x\u{0}\r\n{}", "é".repeat(5_000)),
            called: "<script>".to_owned(),
            ..call("n1", "")
        };
        let id = begin(&db, new).await;
        let kept = calls::get(&db, id).await.expect("read").call;
        assert!(
            kept.caller.starts_with("xéé") && kept.caller.chars().count() <= 200,
            "{}",
            kept.caller.len()
        );
        assert_eq!(kept.called, "<script>");
    });
}

#[test]
fn what_a_customer_answered_is_kept_with_its_time_until_the_call_ends() {
    on_both(|db| async move {
        let id = begin(&db, call("n1", "+34600000001")).await;
        let kept = |db: Db| async move {
            let detail = calls::get(&db, id).await.expect("read");
            (detail.recording_consent, detail.recording_consent_at)
        };
        assert_eq!(kept(db.clone()).await, (None, None));
        for (answer, second) in [(RecordingConsent::Unanswered, 3), (RecordingConsent::Given, 9)] {
            tx!(db, |tx| calls::recording_consent(tx, id, answer, at(second)));
            assert_eq!(kept(db.clone()).await, (Some(answer), Some(at(second))));
        }
        let finish = end(id, 10, EndCause::Completed);
        tx!(db, |tx| calls::finish(tx, &finish));
        tx!(db, |tx| calls::recording_consent(tx, id, RecordingConsent::Refused, at(11)));
        assert_eq!(kept(db.clone()).await.0, Some(RecordingConsent::Given));
    });
}

#[test]
fn a_queue_says_what_its_customers_are_told() {
    on_both(|db| async move {
        let new = NewQueue::named("Support");
        let queue = tx!(db, |tx| queues::upsert(tx, &new));
        assert_eq!(queue.recording_notice, None);
        for (json, notice) in [
            (r#"{"recording_notice": "consent"}"#, Some(RecordingNotice::Consent)),
            (r#"{"weight": 2}"#, Some(RecordingNotice::Consent)),
            (r#"{"recording_notice": "announce"}"#, Some(RecordingNotice::Announce)),
            (r#"{"recording_notice": null}"#, None),
        ] {
            let patch: queues::QueuePatch = serde_json::from_str(json).expect("a patch");
            let changed = tx!(db, |tx| queues::update(tx, queue.id, &patch));
            assert_eq!(changed.recording_notice, notice, "{json}");
        }
        let unknown = serde_json::from_str::<queues::QueuePatch>(r#"{"recording_notice": "whisper"}"#);
        assert!(unknown.is_err());
    });
}
