//! Fifty calls at once, with sound.

use end_to_end::records::{everything_is_accounted_for, newest_calls};
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Api, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::Value;

const CALLS: u32 = 50;
/// One number for all of them: a switchboard calling.
const CROWD: &str = "+34600555000";

fn crowd_calls(supervisor: &Api) -> Vec<Value> {
    let mut calls = newest_calls(supervisor);
    calls.retain(|call| call["caller"] == CROWD);
    calls
}

#[test]
fn fifty_calls_at_once_each_with_its_row() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let desks = AgentDesk::all_of(&hub, SUPPORT);
    let mut phones = Vec::new();
    for desk in &desks {
        desk.plug_in(&hub);
        phones.push(desk.phone(&hub, "agent_answers").start(&hub.sip()));
        desk.ready();
    }
    let mut crowd = Scenario::new("caller_timed", hub.phone_folder("crowd"))
        .caller(CROWD)
        .service(SUPPORT_NUMBER)
        .calls(CALLS, 10)
        .talks_ms(20_000)
        .start(&hub.sip());
    // All are in the house at one time: talking with the agents there are, the others waiting.
    eventually("fifty calls at once", || {
        let calls = crowd_calls(&supervisor);
        let open = calls.iter().filter(|call| call["ended_at"].is_null()).count();
        (open == CALLS as usize).then_some(())
    });
    for desk in &desks {
        desk.becomes("talking");
    }
    crowd.succeed();
    for phone in &mut phones {
        phone.succeed();
    }

    let calls = eventually("fifty ended calls", || {
        let calls = crowd_calls(&supervisor);
        let ended = calls.iter().filter(|call| !call["ended_at"].is_null()).count();
        (ended == CALLS as usize).then_some(calls)
    });
    let completed = calls.iter().filter(|call| call["end_cause"] == "completed").count();
    assert_eq!(completed, desks.len(), "each agent talked once: {calls:#?}");
    for call in &calls {
        assert_eq!(call["ended_by"], "customer", "{call}");
    }
    everything_is_accounted_for(&supervisor);
}
