//! Queues, their members, and what agents did all day.

use crm::{
    Error,
    agent_history::{self, AgentChange, AgentState},
    queues::{self, NewQueue, QueuePatch},
    words::Role,
};

use crate::support::{at, on_both, try_tx, tx, user};

#[test]
fn one_state_ends_where_the_next_begins() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let bob = user(&db, "Bob", Role::Agent).await.id;
        let change = |user_id, state, reason: Option<&str>, seconds, node: &str| AgentChange {
            node: node.to_owned(),
            user_id,
            state,
            reason: reason.map(str::to_owned),
            call_id: None,
            queue_id: None,
            at: at(seconds),
        };
        for change in [
            change(ana, AgentState::Ready, None, 0, "n1"),
            change(bob, AgentState::Ready, None, 1, "n2"),
            change(ana, AgentState::NotReady, Some("lunch"), 60, "n1"),
            change(ana, AgentState::LoggedOut, None, 90, "n1"),
        ] {
            tx!(db, |tx| agent_history::record(tx, &change));
        }
        let day = agent_history::of_user(&db, ana, at(0), 100).await.expect("read");
        let told: Vec<_> =
            day.iter().map(|row| (row.state, row.reason.as_deref(), row.since, row.until)).collect();
        assert_eq!(
            told,
            [
                (AgentState::Ready, None, at(0), Some(at(60))),
                (AgentState::NotReady, Some("lunch"), at(60), Some(at(90))),
                (AgentState::LoggedOut, None, at(90), None),
            ]
        );
        assert_eq!(tx!(db, |tx| agent_history::close_open(tx, "n1", at(100))), 1);
        assert_eq!(agent_history::of_user(&db, bob, at(0), 100).await.expect("read")[0].until, None);
    });
}

#[test]
fn queues_and_their_members() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let bob = user(&db, "Bob", Role::Agent).await.id;
        let new = NewQueue {
            position: 2,
            max_wait_ms: Some(60_000),
            greeting: Some("welcome".to_owned()),
            ..NewQueue::named("Support")
        };
        let support = tx!(db, |tx| queues::upsert(tx, &new));
        let new = NewQueue { position: 1, ..NewQueue::named("Sales") };
        let sales = tx!(db, |tx| queues::upsert(tx, &new));
        let again = NewQueue { position: 1, weight: 5, ..NewQueue::named("Sales") };
        let changed = tx!(db, |tx| queues::upsert(tx, &again));
        assert_eq!((changed.id, changed.weight), (sales.id, 5));
        let names: Vec<_> = queues::list(&db).await.expect("read").into_iter().map(|q| q.name).collect();
        assert_eq!(names, ["Sales", "Support"]);

        let (sales, support) = (sales.id, support.id);
        tx!(db, |tx| queues::set_members(tx, support, &[bob, ana, bob]));
        tx!(db, |tx| queues::set_members(tx, sales, &[ana]));
        let members: Vec<_> =
            queues::members(&db, support).await.expect("read").into_iter().map(|m| m.display_name).collect();
        assert_eq!(members, ["Ana", "Bob"]);
        assert_eq!(queues::memberships(&db).await.expect("read").len(), 3);
        assert_eq!(queues::of_user(&db, bob).await.expect("read").len(), 1);
        tx!(db, |tx| queues::set_members(tx, support, &[]));
        assert!(queues::members(&db, support).await.expect("read").is_empty());
    });
}

#[test]
fn queue_settings_keep_within_reason() {
    on_both(|db| async move {
        let new = NewQueue { max_wait_ms: Some(60_000), ..NewQueue::named("Support") };
        let id = tx!(db, |tx| queues::upsert(tx, &new)).id;
        let patch: QueuePatch =
            serde_json::from_str(r#"{"wrap_up_ms":0,"max_wait_ms":null}"#).expect("a patch");
        let queue = tx!(db, |tx| queues::update(tx, id, &patch));
        assert_eq!((queue.wrap_up_ms, queue.max_wait_ms, queue.ring_timeout_ms), (0, None, 20_000));
        for json in [
            r#"{"ring_timeout_ms":0}"#,
            r#"{"wrap_up_ms":-1}"#,
            r#"{"max_wait_ms":9999999999}"#,
            r#"{"name":" "}"#,
        ] {
            let patch: QueuePatch = serde_json::from_str(json).expect("a patch");
            let outcome = try_tx!(db, |tx| queues::update(tx, id, &patch));
            assert!(matches!(outcome, Err(Error::Invalid { .. })), "{json}: {outcome:?}");
        }
        let other = NewQueue::named("Sales");
        tx!(db, |tx| queues::upsert(tx, &other));
        let twin = QueuePatch { name: Some("Sales".to_owned()), ..Default::default() };
        let outcome = try_tx!(db, |tx| queues::update(tx, id, &twin));
        assert!(matches!(outcome, Err(Error::Conflict { field: "name", code: "taken" })), "{outcome:?}");
    });
}
