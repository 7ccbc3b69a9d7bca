//! Routes, words to choose from, the audit log, settings.

use crm::{
    Error, PageRequest,
    audit::{self, AuditEvent},
    dispositions::{self, Label, NewDisposition},
    not_ready_reasons::{self, NotReadyReason},
    queues::{self, NewQueue},
    routes::{self, NewRoute, RouteTarget},
    settings,
    words::{DispositionKind, Role},
};
use uuid::Uuid;

use crate::support::{on_both, try_tx, tx, user};

#[test]
fn the_first_route_that_fits_is_taken() {
    on_both(|db| async move {
        let new = NewQueue::named("Support");
        let queue_id = tx!(db, |tx| queues::upsert(tx, &new)).id;
        let user_id = user(&db, "Ana", Role::Agent).await.id;
        let route = |position, pattern: &str, target| NewRoute {
            position,
            pattern: pattern.to_owned(),
            label: pattern.to_owned(),
            target,
        };
        for new in [
            route(3, "+34910*", RouteTarget::External { number: "+34600000001".to_owned() }),
            route(1, "+34910000100", RouteTarget::Queue { queue_id }),
            route(2, "+34910000101", RouteTarget::User { user_id }),
        ] {
            tx!(db, |tx| routes::create(tx, &new));
        }
        let target =
            async |called: &str| routes::resolve(&db, called).await.expect("read").map(|route| route.target);
        assert_eq!(target("+34910000100").await, Some(RouteTarget::Queue { queue_id }));
        assert_eq!(target("0034910000101").await, Some(RouteTarget::User { user_id }));
        assert_eq!(
            target("34910999999").await,
            Some(RouteTarget::External { number: "+34600000001".to_owned() })
        );
        assert_eq!(target("+34911000000").await, None);
        assert_eq!(target("").await, None);
        let first = routes::list(&db).await.expect("read").remove(0);
        let id = first.id;
        tx!(db, |tx| routes::delete(tx, id));
        assert!(matches!(target("+34910000100").await, Some(RouteTarget::External { .. })));
        let nowhere = route(1, "1", RouteTarget::Queue { queue_id: Uuid::nil() });
        assert!(try_tx!(db, |tx| routes::create(tx, &nowhere)).is_err());
    });
}

#[test]
fn dispositions_are_retired_not_deleted() {
    on_both(|db| async move {
        let new = |code: &str, position| NewDisposition {
            code: code.to_owned(),
            label: Label::new(code, code, "词"),
            kind: DispositionKind::Neutral,
            position,
        };
        let (sale, wrong) = (new("sale", 2), new("wrong_number", 1));
        let id = tx!(db, |tx| dispositions::upsert(tx, &sale)).id;
        tx!(db, |tx| dispositions::upsert(tx, &wrong));
        let moved = new("sale", 0);
        assert_eq!(tx!(db, |tx| dispositions::upsert(tx, &moved)).id, id);
        let codes = async || {
            dispositions::list(&db).await.expect("read").into_iter().map(|d| d.code).collect::<Vec<_>>()
        };
        assert_eq!(codes().await, ["sale", "wrong_number"]);
        tx!(db, |tx| dispositions::retire(tx, id));
        assert_eq!(codes().await, ["wrong_number"]);
        assert_eq!(dispositions::get(&db, id).await.expect("kept").label.zh, "词");
    });
}

#[test]
fn reasons_are_listed_in_their_order() {
    on_both(|db| async move {
        for (code, position) in [("lunch", 2), ("break", 1), ("lunch", 0)] {
            let reason = NotReadyReason {
                code: code.to_owned(),
                label: Label::new("a", "b", "c"),
                paid: true,
                position,
            };
            tx!(db, |tx| not_ready_reasons::upsert(tx, &reason));
        }
        let codes: Vec<_> =
            not_ready_reasons::list(&db).await.expect("read").into_iter().map(|r| r.code).collect();
        assert_eq!(codes, ["lunch", "break"]);
        assert!(matches!(not_ready_reasons::get(&db, "nap").await, Err(Error::NotFound { .. })));
    });
}

#[test]
fn the_audit_log_is_read_from_its_end() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Admin).await.id;
        for n in 0..5 {
            let event = AuditEvent {
                user_id: (n % 2 == 0).then_some(ana),
                action: "recording.listened",
                subject: Some(("recording", Uuid::nil())),
                ip: Some("127.0.0.1".to_owned()),
                details: serde_json::json!({ "n": n }),
            };
            tx!(db, |tx| audit::add(tx, &event));
        }
        let first = audit::list(&db, &PageRequest::first(3)).await.expect("read");
        let next = PageRequest { cursor: first.next_cursor.clone(), limit: Some(3) };
        let second = audit::list(&db, &next).await.expect("read");
        let numbers: Vec<_> =
            first.items.iter().chain(&second.items).map(|row| row.details["n"].clone()).collect();
        assert_eq!(numbers, [4, 3, 2, 1, 0]);
        assert_eq!(first.items[0].user.as_ref().map(|u| u.display_name.as_str()), Some("Ana"));
        assert_eq!(first.items[1].user, None);
        assert_eq!(second.next_cursor, None);
    });
}

#[test]
fn settings_are_any_json() {
    on_both(|db| async move {
        assert_eq!(settings::get::<Vec<String>>(&db, "k").await.expect("read"), None);
        tx!(db, |tx| settings::put(tx, "k", &["a", "ñ"]));
        tx!(db, |tx| settings::put(tx, "k", &["b"]));
        assert_eq!(settings::get::<Vec<String>>(&db, "k").await.expect("read"), Some(vec!["b".to_owned()]));
        assert!(matches!(settings::get::<u8>(&db, "k").await, Err(Error::Damaged(_))));
    });
}
