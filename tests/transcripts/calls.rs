//! Calls from a carrier to an agent's desk phone, each test the transcript of one course of events.

use std::time::Duration;

use end_to_end::records::{finished_call, known_caller, recording};
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually, live::Live};
use serde_json::{Value, json};

fn caller(hub: &Hub, number: &str, scenario: &'static str) -> Scenario {
    let folder = hub.phone_folder(&format!("customer-{scenario}"));
    Scenario::new(scenario, folder).caller(number).service(SUPPORT_NUMBER)
}

/// Long enough to be found in the recording; nothing is asserted about its length.
fn talk() {
    std::thread::sleep(Duration::from_secs(3));
}

fn legs<'a>(call: &'a Value, role: &str) -> Vec<&'a Value> {
    let legs = call["legs"].as_array().expect("a call lists its legs");
    legs.iter().filter(|leg| leg["role"] == role).collect()
}

#[test]
fn a_customer_calls_an_agent_answers_and_the_recording_is_on_the_contact() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let (number, contact) = known_caller(&supervisor);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();

    let mut wall = Live::open(&supervisor);
    wall.subscribe("wall");
    let mut screen = Live::open(&agent.api);
    screen.subscribe("agent");

    let mut phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    let mut customer = caller(&hub, &number, "caller").start(&hub.sip());

    // The screen shows who it is while the phone still rings.
    let offered = screen.wait_for("the offer", |m| m["event"]["agent"]["state"] == "offered");
    assert_eq!(offered["event"]["pop"]["match"], "known", "{offered}");
    assert_eq!(offered["event"]["pop"]["contacts"][0]["id"], *contact, "{offered}");
    assert!(offered["event"]["current"]["answered_at"].is_null(), "{offered}");
    screen.wait_for("the talk", |m| m["event"]["agent"]["state"] == "talking");
    wall.wait_for("the talk on the wall", |m| m["event"]["call"]["state"] == "talking");

    talk();
    customer.go_on();
    customer.succeed();
    phone.succeed();
    wall.wait_for("the end on the wall", |m| m["event"]["type"] == "call_ended");

    // After the call: wrap-up, in which the agent says what it was.
    agent.becomes("wrap_up");
    let call = finished_call(&supervisor, &number);
    let id = call["id"].as_str().expect("an id");
    let disposition = &agent.api.get("/dispositions")[0]["id"];
    let noted = json!({"disposition_id": disposition, "note": "Rings back on Friday."});
    agent.api.patch(&format!("/calls/{id}"), &noted);
    agent.finish_wrap_up();
    agent.becomes("ready");

    assert_eq!(call["end_cause"], "completed", "{call}");
    assert_eq!(call["ended_by"], "customer", "{call}");
    assert_eq!(legs(&call, "customer").len(), 1, "{call}");
    assert_eq!(legs(&call, "agent").len(), 1, "{call}");

    // Each party is on its own channel, and on no other.
    let sound = recording(&supervisor, &call);
    assert!(sound.seconds_of(0, 440.0) > 1.0, "the customer is not on the left");
    assert!(sound.seconds_of(1, 880.0) > 1.0, "the agent is not on the right");
    assert!(sound.share_of(0, 880.0) < 0.1, "the agent leaks into the left");
    assert!(sound.share_of(1, 440.0) < 0.1, "the customer leaks into the right");

    // It is on the contact, with its recording and what the agent noted.
    let timeline = supervisor.get(&format!("/contacts/{contact}/timeline"));
    let items = timeline["items"].as_array().expect("a timeline is a list");
    let item = items.iter().find(|item| item["call"]["id"] == id);
    let item = item.unwrap_or_else(|| panic!("not on the timeline: {timeline}"));
    assert_eq!(item["kind"], "call");
    assert_eq!(item["call"]["recording_ids"], call["recording_ids"]);
    assert_eq!(item["call"]["note"], "Rings back on Friday.");

    let recording = call["recording_ids"][0].as_str().expect("an id");
    let audio = format!("/recordings/{recording}/audio");
    let (status, said, part) = supervisor.range(&audio, 0, 11);
    assert_eq!((status, &part[..4], &part[8..]), (206, &b"RIFF"[..], &b"WAVE"[..]));
    assert!(said.starts_with("bytes 0-11/"), "{said}");
    let waveform = supervisor.get(&format!("/recordings/{recording}/waveform?buckets=100"));
    assert_eq!(waveform["left"].as_array().map(Vec::len), Some(100));
    let heard = hub.api("admin").list("/audit");
    let heard = heard.iter().filter(|entry| entry["subject_id"] == recording).count();
    assert!(heard >= 1, "listening is not in the audit log");
    // Who took the call may hear it; a colleague may not.
    assert_eq!(agent.api.ask("GET", &audio, None).status, 200);
    let colleague = &AgentDesk::all_of(&hub, SUPPORT)[1];
    assert!([403, 404].contains(&colleague.api.ask("GET", &audio, None).status));
}

#[test]
fn a_customer_hangs_up_while_the_phone_rings_and_the_ringing_stops() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();

    // The phone succeeds only when it is sent a CANCEL.
    let mut phone = agent.phone(&hub, "agent_never_answers").start(&hub.sip());
    let mut customer = caller(&hub, "+34600111001", "caller").start(&hub.sip());
    agent.becomes("offered");
    customer.go_on();
    customer.succeed();
    phone.succeed();

    let call = finished_call(&supervisor, "+34600111001");
    assert_eq!(call["end_cause"], "abandoned", "{call}");
    assert_eq!(call["ended_by"], "customer", "{call}");
    assert!(call["answered_at"].is_null(), "nobody answered: {call}");
    assert!(call["agent"].is_null(), "whose phone only rang had no part in it: {call}");
    assert_eq!(legs(&call, "agent").len(), 1, "the legs remember whose phone rang: {call}");
    // It was not the agent who missed the call.
    agent.becomes("ready");
}

#[test]
fn a_customer_gives_up_at_once_and_cancel_may_cross_the_answer() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let numbers = ["+34600111011", "+34600111012", "+34600111013", "+34600111014"];
    for number in numbers {
        caller(&hub, number, "caller_gives_up_early").run(&hub.sip());
    }
    for number in numbers {
        let call = finished_call(&supervisor, number);
        assert_eq!(call["ended_by"], "customer", "{call}");
        for leg in legs(&call, "customer") {
            let cancelled = leg["code"] == 487;
            assert!(!cancelled || leg["answered_at"].is_null(), "answered and cancelled: {call}");
        }
    }
}

#[test]
fn a_customer_whose_phone_dies_is_noticed_and_the_agent_is_released() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();
    // Speaks until it is sent a BYE.
    let mut phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    let mut customer = caller(&hub, "+34600111091", "caller").start(&hub.sip());
    agent.becomes("talking");
    talk();
    customer.vanish();

    let call = finished_call(&supervisor, "+34600111091");
    assert_eq!(call["end_cause"], "media_timeout", "{call}");
    assert_eq!(call["ended_by"], "system", "{call}");
    phone.succeed();
    agent.becomes("wrap_up");
}

#[test]
fn a_busy_phone_is_taken_out_and_the_next_agent_is_rung() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let desks = AgentDesk::all_of(&hub, SUPPORT);
    let [busy, next, ..] = &desks[..] else {
        panic!("two agents serve {SUPPORT}");
    };
    for desk in [busy, next] {
        desk.plug_in(&hub);
        desk.ready(); // the longest idle is the first
    }

    let mut busy_phone = busy.phone(&hub, "agent_busy").start(&hub.sip());
    let mut phone = next.phone(&hub, "agent_answers").start(&hub.sip());
    let mut customer = caller(&hub, "+34600111021", "caller").start(&hub.sip());
    busy_phone.succeed();
    next.becomes("talking");
    customer.go_on();
    assert_eq!(busy.state(), ("not_ready".to_owned(), Some("phone_unavailable".to_owned())));
    customer.succeed();
    phone.succeed();

    let call = finished_call(&supervisor, "+34600111021");
    assert_eq!(call["end_cause"], "completed", "{call}");
    let rung = legs(&call, "agent");
    assert_eq!(rung.len(), 2, "both phones were rung: {call}");
    assert!(rung.iter().any(|leg| leg["code"] == 486), "the busy leg says so: {call}");
}

#[test]
fn a_phone_that_nobody_answers_is_a_missed_call_and_the_caller_waits_on() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    set_ring_timeout(&hub, 3_000);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();

    let mut phone = agent.phone(&hub, "agent_never_answers").start(&hub.sip());
    let mut customer = caller(&hub, "+34600111031", "caller").start(&hub.sip());
    phone.succeed();
    let missed = agent.becomes("not_ready");
    assert_eq!(missed["agent"]["reason"], "missed_call", "{missed}");

    // The caller kept the place in the queue, and the agent gets the call after all.
    let mut phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    agent.ready();
    agent.becomes("talking");
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let call = finished_call(&supervisor, "+34600111031");
    assert_eq!(call["end_cause"], "completed", "{call}");
    assert_eq!(legs(&call, "agent").len(), 2, "{call}");
}

#[test]
fn the_agent_hangs_up_first_and_the_customer_is_released() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();

    let mut phone = agent.phone(&hub, "agent_hangs_up").talks_ms(2_000).start(&hub.sip());
    let mut customer = caller(&hub, "+34600111041", "caller_hung_up_on").start(&hub.sip());
    phone.succeed();
    customer.succeed();
    let call = finished_call(&supervisor, "+34600111041");
    assert_eq!(call["end_cause"], "completed", "{call}");
    assert_eq!(call["ended_by"], "agent", "{call}");
}

#[test]
fn a_customer_over_tcp_is_served_alike() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();

    let mut phone = agent.phone(&hub, "agent_hangs_up").talks_ms(2_000).start(&hub.sip());
    let mut customer = caller(&hub, "+34600111051", "caller_hung_up_on").over_tcp().start(&hub.sip_tcp());
    phone.succeed();
    customer.succeed();
    let call = finished_call(&supervisor, "+34600111051");
    assert_eq!(call["ended_by"], "agent", "{call}");
}

#[test]
fn hold_and_its_end_pass_to_the_other_side() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();

    // Each phone checks the direction in the other's descriptions (RFC 3264 section 8.4).
    let mut phone = agent.phone(&hub, "agent_held").start(&hub.sip());
    let mut customer = caller(&hub, "+34600111061", "caller_holds").start(&hub.sip());
    agent.becomes("talking");
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let call = finished_call(&supervisor, "+34600111061");
    assert_eq!(call["end_cause"], "completed", "{call}");
}

#[test]
fn click_to_dial_rings_the_own_phone_first_then_the_customer() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let (number, contact) = known_caller(&supervisor);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();

    let mut phone = agent.phone(&hub, "agent_hangs_up").talks_ms(12_000).start(&hub.sip());
    let dialled = agent.api.post("/calls", &json!({"number": number, "contact_id": contact}));
    assert_eq!(dialled["direction"], "outbound", "{dialled}");
    phone.succeed();

    let id = dialled["id"].as_str().expect("an id");
    let call = eventually("the dialled call to end", || {
        let call = supervisor.get(&format!("/calls/{id}"));
        (!call["ended_at"].is_null()).then_some(call)
    });
    assert_eq!(call["contact"]["id"], *contact, "{call}");
    assert_eq!(call["ended_by"], "agent", "{call}");
    assert_eq!(legs(&call, "customer").len(), 1, "{call}");
    let own = legs(&call, "agent")[0]["answered_at"].as_str().expect("the own phone answered");
    let customer = legs(&call, "customer")[0]["started_at"].as_str().expect("the customer was rung");
    assert!(own <= customer, "the customer was rung before the agent had answered: {call}");
    let sound = recording(&supervisor, &call);
    assert!(sound.seconds_of(1, 880.0) > 1.0, "the agent is not on the right");
    let timeline = supervisor.get(&format!("/contacts/{contact}/timeline"));
    assert!(timeline.to_string().contains(id), "not on the timeline");
}

#[test]
fn a_stop_refuses_new_calls_lets_the_running_one_finish_and_ends_cleanly() {
    let mut hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();
    let mut phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    let mut customer = caller(&hub, "+34600111071", "caller").start(&hub.sip());
    agent.becomes("talking");

    hub.begin_stop();
    eventually("new calls to be refused", || {
        let refused = caller(&hub, "+34600111072", "caller_refused").expecting(503);
        refused.start(&hub.sip()).ends_well().then_some(())
    });
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let status = eventually("the hub to end", || hub.ended());
    assert!(status.success(), "{status}");

    hub.boot();
    let call = finished_call(&hub.api("supervisor"), "+34600111071");
    assert_eq!(call["end_cause"], "completed", "{call}");
    assert_eq!(call["ended_by"], "customer", "{call}");
}

fn set_ring_timeout(hub: &Hub, ms: u64) {
    let admin = hub.api("admin");
    let queues = admin.get("/queues");
    let queue = queues.as_array().expect("queues are a list").iter().find(|queue| queue["name"] == SUPPORT);
    let id = queue.and_then(|queue| queue["id"].as_str()).expect("the demo has the queue");
    admin.patch(&format!("/queues/{id}"), &json!({"ring_timeout_ms": ms}));
}

#[test]
fn a_call_over_ipv6_is_heard_on_both_sides() {
    if !end_to_end::ports::has_ipv6() {
        println!("skipped: this machine has no ::1");
        return;
    }
    let hub = Hub::start_over_ipv6();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();

    let mut phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    let mut customer = caller(&hub, "+34600111081", "caller").start(&hub.sip());
    agent.becomes("talking");
    talk();
    customer.go_on();
    customer.succeed();
    phone.succeed();

    let call = finished_call(&supervisor, "+34600111081");
    assert_eq!(call["end_cause"], "completed", "{call}");
    let sound = recording(&supervisor, &call);
    assert!(sound.seconds_of(0, 440.0) > 1.0, "the customer is not on the left");
    assert!(sound.seconds_of(1, 880.0) > 1.0, "the agent is not on the right");
}
