//! The hub's promises: order, resumption, rights per event, and the cut of slow readers.

use axum::extract::ws::Utf8Bytes;
use chrono::Utc;
use crm::words::Role;
use serde_json::Value;
use uuid::Uuid;

use super::Live;
use super::connection::{Connection, Subscribed, TOPICS_PER_CONNECTION, Viewer};
use super::event::Event;
use super::message::Refusal;
use super::ring::{Announced, RING_EVENTS, Ring};
use super::topic::Topic;
use crate::views::{AgentState, AgentView, QueueView};

const ANA: Uuid = Uuid::from_u128(1);
const BEN: Uuid = Uuid::from_u128(2);

fn viewer(user: Uuid, role: Role) -> Viewer {
    Viewer { user, role }
}

fn agent(id: Uuid, state: AgentState) -> AgentView {
    AgentView {
        id,
        display_name: "Ana".to_owned(),
        state,
        reason: None,
        since: Utc::now(),
        until: None,
        call_id: None,
        queue_id: None,
        pending: None,
        phone_reachable: true,
        queues: Vec::new(),
    }
}

fn queue(id: Uuid) -> QueueView {
    QueueView {
        id,
        name: "Support".to_owned(),
        waiting: 0,
        longest_wait_since: None,
        ready: 0,
        offered: 0,
        talking: 0,
        wrap_up: 0,
        not_ready: 0,
        answered_today: 0,
        abandoned_today: 0,
        ring_timeout_ms: 20_000,
        wrap_up_ms: 30_000,
        max_wait_ms: None,
    }
}

fn seqs(frames: &[Utf8Bytes]) -> Vec<u64> {
    frames
        .iter()
        .map(|frame| {
            let frame: Value = serde_json::from_str(frame).expect("a frame is JSON");
            frame["seq"].as_u64().expect("a number")
        })
        .collect()
}

fn finished(live: &Live, owner: Option<Uuid>) {
    // The ring is indifferent to what an event says: only its topic and audience are looked at.
    let event = Event::TimelineChanged { contact_id: Uuid::nil() };
    let mut ring = live.ring();
    let seq = ring.head() + 1;
    let frame = super::message::event_frame(Topic::Calls, seq, Utc::now(), &event);
    ring.push(Announced { topic: Topic::Calls, entity: None, audience: owner, frame });
}

#[test]
fn a_snapshot_has_the_number_after_which_events_follow() {
    let live = Live::new();
    live.timeline_changed(ANA);
    let mut connection = Connection::new(viewer(ANA, Role::Agent), 0);
    let name = format!("contact:{ANA}");
    let subscribed = connection.subscribe(&name, None, &live.ring());
    assert_eq!(subscribed, Subscribed::Snapshot { topic: Topic::Contact(ANA), seq: 1 });
    live.timeline_changed(ANA);
    live.timeline_changed(BEN);
    live.timeline_changed(ANA);
    let frames = connection.collect(&live.ring()).expect("kept up");
    assert_eq!(seqs(&frames), [2, 4], "not 1, which the snapshot has; not 3, another contact's");
}

#[test]
fn frames_say_what_the_contract_says() {
    let live = Live::new();
    let mut connection = Connection::new(viewer(ANA, Role::Agent), 0);
    connection.subscribe(&format!("contact:{ANA}"), None, &live.ring());
    live.timeline_changed(ANA);
    let frames = connection.collect(&live.ring()).expect("kept up");
    let frame: Value = serde_json::from_str(&frames[0]).expect("JSON");
    assert_eq!(frame["op"], "event");
    assert_eq!(frame["topic"], format!("contact:{ANA}"));
    assert_eq!(frame["event"]["type"], "timeline_changed");
    assert_eq!(frame["event"]["contact_id"], ANA.to_string());
    assert!(frame["now"].as_str().is_some_and(|now| now.ends_with('Z')), "{frame}");
}

#[test]
fn resumption_sends_what_was_missed_and_nothing_twice() {
    let live = Live::new();
    let name = format!("contact:{ANA}");
    for _ in 0..5 {
        live.timeline_changed(ANA);
    }
    let mut connection = Connection::new(viewer(ANA, Role::Agent), 3);
    let Subscribed::Resumed { seq, missed } = connection.subscribe(&name, Some(2), &live.ring()) else {
        panic!("resumes");
    };
    assert_eq!(seq, 2);
    assert_eq!(seqs(&missed), [3, 4, 5]);
    live.timeline_changed(ANA);
    let frames = connection.collect(&live.ring()).expect("kept up");
    assert_eq!(seqs(&frames), [6]);
}

#[test]
fn what_the_ring_no_longer_has_is_a_snapshot() {
    let live = Live::new();
    for _ in 0..RING_EVENTS + 10 {
        live.timeline_changed(ANA);
    }
    let head = RING_EVENTS as u64 + 10;
    let name = format!("contact:{ANA}");
    let mut connection = Connection::new(viewer(ANA, Role::Agent), head);
    for (after, resumes) in [(9, false), (10, true), (head, true), (head + 1, false)] {
        let subscribed = connection.subscribe(&name, Some(after), &live.ring());
        assert_eq!(matches!(subscribed, Subscribed::Resumed { .. }), resumes, "after {after}");
    }
    let Subscribed::Resumed { missed, .. } = connection.subscribe(&name, Some(10), &live.ring()) else {
        panic!("resumes");
    };
    assert_eq!(missed.len(), RING_EVENTS);
}

#[test]
fn a_reader_that_the_ring_overtakes_is_cut() {
    let live = Live::new();
    let mut connection = Connection::new(viewer(ANA, Role::Agent), 0);
    connection.subscribe(&format!("contact:{ANA}"), None, &live.ring());
    for _ in 0..RING_EVENTS {
        live.timeline_changed(BEN);
    }
    assert!(connection.collect(&live.ring()).is_ok(), "the last event of the ring is in time");
    for _ in 0..=RING_EVENTS {
        live.timeline_changed(BEN);
    }
    assert!(connection.collect(&live.ring()).is_err());
}

#[test]
fn topics_are_given_by_right() {
    let ring = Ring::new();
    let contact = format!("contact:{ANA}");
    for (role, name, allowed) in [
        (Role::Agent, "agent", true),
        (Role::Agent, "calls", true),
        (Role::Agent, "wall", false),
        (Role::Agent, &contact, true),
        (Role::Supervisor, "wall", true),
        (Role::Marketer, "agent", false),
        (Role::Marketer, "wall", false),
        (Role::Marketer, "calls", false),
        (Role::Marketer, &contact, true),
        (Role::Admin, "wall", true),
    ] {
        let mut connection = Connection::new(viewer(ANA, role), 0);
        let subscribed = connection.subscribe(name, None, &ring);
        let refused = subscribed == Subscribed::Refused(Refusal::NotAllowed);
        assert_eq!(refused, !allowed, "{role} {name}: {subscribed:?}");
    }
    let mut connection = Connection::new(viewer(ANA, Role::Admin), 0);
    for name in ["", "walls", "contact:", "contact:1", "agent:2"] {
        let subscribed = connection.subscribe(name, None, &ring);
        assert_eq!(subscribed, Subscribed::Refused(Refusal::UnknownTopic), "{name:?}");
    }
}

#[test]
fn a_console_may_not_subscribe_without_end() {
    let ring = Ring::new();
    let mut connection = Connection::new(viewer(ANA, Role::Agent), 0);
    for contact in 0..TOPICS_PER_CONNECTION as u128 {
        let name = format!("contact:{}", Uuid::from_u128(contact));
        assert!(matches!(connection.subscribe(&name, None, &ring), Subscribed::Snapshot { .. }));
    }
    let too_many = Subscribed::Refused(Refusal::TooMany);
    assert_eq!(connection.subscribe("calls", None, &ring), too_many);
    let again = format!("contact:{}", Uuid::from_u128(0));
    assert!(matches!(connection.subscribe(&again, None, &ring), Subscribed::Snapshot { .. }));
    connection.unsubscribe(&again);
    assert!(matches!(connection.subscribe("calls", None, &ring), Subscribed::Snapshot { .. }));
}

#[test]
fn an_agent_is_told_of_own_calls_only() {
    let live = Live::new();
    let mut ana = Connection::new(viewer(ANA, Role::Agent), 0);
    let mut boss = Connection::new(viewer(BEN, Role::Supervisor), 0);
    ana.subscribe("calls", None, &live.ring());
    boss.subscribe("calls", None, &live.ring());
    finished(&live, Some(ANA));
    finished(&live, Some(BEN));
    finished(&live, None);
    assert_eq!(seqs(&ana.collect(&live.ring()).expect("kept up")), [1]);
    assert_eq!(seqs(&boss.collect(&live.ring()).expect("kept up")), [1, 2, 3]);
    let mut later = Connection::new(viewer(ANA, Role::Agent), 3);
    let Subscribed::Resumed { missed, .. } = later.subscribe("calls", Some(0), &live.ring()) else {
        panic!("resumes");
    };
    assert_eq!(seqs(&missed), [1], "nor what was missed of others");
}

#[test]
fn a_lost_role_takes_topics_and_waiting_events_away() {
    let live = Live::new();
    let mut connection = Connection::new(viewer(ANA, Role::Supervisor), 0);
    connection.subscribe("wall", None, &live.ring());
    connection.subscribe("calls", None, &live.ring());
    live.agent_changed(agent(BEN, AgentState::Ready));
    finished(&live, Some(BEN));
    assert_eq!(connection.collect(&live.ring()).expect("kept up").len(), 1);
    assert!(connection.overview_waits());
    assert_eq!(connection.renew(viewer(ANA, Role::Agent)), [Topic::Wall]);
    assert!(!connection.overview_waits());
    live.agent_changed(agent(BEN, AgentState::Talking));
    finished(&live, Some(BEN));
    finished(&live, Some(ANA));
    let frames = connection.collect(&live.ring()).expect("kept up");
    assert_eq!(seqs(&frames), [5], "own calls go on, others' do not");
    assert!(!connection.overview_waits());
}

#[test]
fn a_overview_frame_has_each_agent_once_in_order() {
    let live = Live::new();
    let mut connection = Connection::new(viewer(ANA, Role::Supervisor), 0);
    connection.subscribe("wall", None, &live.ring());
    live.agent_changed(agent(ANA, AgentState::Ready));
    live.agent_changed(agent(BEN, AgentState::Ready));
    live.agent_changed(agent(ANA, AgentState::Offered));
    live.queue_changed(queue(ANA));
    live.call_ended(ANA);
    live.agent_changed(agent(ANA, AgentState::Talking));
    assert!(connection.collect(&live.ring()).expect("kept up").is_empty(), "walls wait");
    let frames = connection.overview_frame();
    assert_eq!(seqs(&frames), [2, 4, 5, 6]);
    assert!(!connection.overview_waits());
    assert!(connection.overview_frame().is_empty());
}

#[test]
fn subscribing_anew_forgets_what_waited() {
    let live = Live::new();
    let mut connection = Connection::new(viewer(ANA, Role::Supervisor), 0);
    connection.subscribe("wall", None, &live.ring());
    live.agent_changed(agent(ANA, AgentState::Ready));
    connection.collect(&live.ring()).expect("kept up");
    let subscribed = connection.subscribe("wall", None, &live.ring());
    assert_eq!(subscribed, Subscribed::Snapshot { topic: Topic::Wall, seq: 1 });
    assert!(connection.overview_frame().is_empty(), "the snapshot has it");
}

#[test]
fn two_hubs_have_two_epochs() {
    assert_ne!(Live::new().epoch(), Live::new().epoch());
}
