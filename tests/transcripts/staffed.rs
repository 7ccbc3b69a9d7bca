//! The demo by itself: test calls come in, demo phones answer, speak and hang up, nobody at a screen.

use end_to_end::Hub;
use end_to_end::records::{everything_is_accounted_for, finished_call, recording};
use serde_json::{Value, json};

fn test_call(hub: &Hub, scenario: &str) -> Value {
    let supervisor = hub.api("supervisor");
    let placed = supervisor.post("/demo/test-calls", &json!({"scenario": scenario}));
    finished_call(&supervisor, placed["caller"].as_str().expect("a test call has a caller"))
}

#[test]
fn test_calls_of_every_kind_are_answered_spoken_recorded_and_ended() {
    let hub = Hub::start_with(&["--staffed"]);
    let supervisor = hub.api("supervisor");
    for scenario in ["known", "maybe", "unknown"] {
        let call = test_call(&hub, scenario);
        assert_eq!(call["match"], scenario, "{call}");
        assert_eq!(call["end_cause"], "completed", "{call}");
        assert_eq!(call["test"], true, "{call}");
        let sound = recording(&supervisor, &call);
        for (channel, who) in sound.channels.iter().zip(["customer", "agent"]) {
            let loud = channel.iter().filter(|sample| sample.abs() > 0.05).count();
            assert!(loud > sound.rate_hz as usize / 4, "the {who} is hardly heard: {call}");
        }
    }
    everything_is_accounted_for(&supervisor);
}

#[test]
fn only_who_may_places_test_calls() {
    let hub = Hub::start();
    let stranger = end_to_end::Api::stranger(&hub.http());
    let answer = stranger.ask("POST", "/demo/test-calls", Some(&json!({})));
    assert_eq!(answer.status, 401, "{}", answer.body);
}
