//! The live websocket: a snapshot, then numbered events, resumable; each by right, also later on.

use end_to_end::live::Live;
use end_to_end::{AgentDesk, Hub, SUPPORT};
use serde_json::{Value, json};

fn changed_to(message: &Value, state: &str) -> bool {
    message["event"]["type"] == "agent_changed" && message["event"]["agent"]["state"] == state
}

#[test]
fn what_was_missed_is_sent_after_and_an_unknown_epoch_gets_a_snapshot() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);

    let mut first = Live::open(&supervisor);
    let snapshot = first.subscribe("wall");
    agent.not_ready();
    let seen = first.wait_for("the break", |m| changed_to(m, "not_ready"));
    assert!(seen["seq"].as_u64() > snapshot["seq"].as_u64(), "{snapshot} then {seen}");
    drop(first); // the connection is lost

    agent.log_out();
    let mut second = Live::open(&supervisor);
    let answer = second.resume("wall", &snapshot["epoch"], &seen["seq"]);
    assert_eq!(answer["op"], "resumed", "{answer}");
    let missed = second.wait_for("what was missed", |m| changed_to(m, "logged_out"));
    assert!(missed["seq"].as_u64() > seen["seq"].as_u64(), "{missed}");

    let mut third = Live::open(&supervisor);
    let answer = third.resume("wall", &json!("another epoch"), &seen["seq"]);
    assert_eq!(answer["op"], "snapshot", "{answer}");
}

#[test]
fn topics_are_refused_to_those_without_the_right() {
    let hub = Hub::start();
    let agent = hub.api("agent");
    let mut live = Live::open(&agent);
    for (topic, code) in [("wall", "not_allowed"), ("no-such-topic", "unknown_topic")] {
        live.send(&json!({"op": "subscribe", "topic": topic}));
        let refused = live.wait_for("the refusal", |m| m["op"] == "refused" && m["topic"] == topic);
        assert_eq!(refused["code"], code, "{refused}");
    }
    live.subscribe("agent");
}

#[test]
fn a_session_that_ends_ends_its_websocket() {
    let hub = Hub::start();
    let agent = hub.api("agent");
    let mut live = Live::open(&agent);
    live.subscribe("agent");
    assert_eq!(agent.ask("DELETE", "/session", None).status, 204);
    live.wait_for("the goodbye", |m| m["op"] == "bye" && m["code"] == "session_ended");
}
