//! What people do from the phone itself, by a phone whose every key is pressed by the test.

use end_to_end::handset::Handset;
use end_to_end::records::{finished_call, recording};
use end_to_end::sipp::{Scenario, Sipp};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::Value;

const CUSTOMER: &str = "+34600333071";
const ANA_HZ: f64 = 880.0;
const BEN_HZ: f64 = 660.0;

fn desks(hub: &Hub) -> (AgentDesk, AgentDesk) {
    let mut desks = AgentDesk::all_of(hub, SUPPORT).into_iter();
    (desks.next().expect("an agent"), desks.next().expect("another"))
}

fn customer(hub: &Hub) -> Sipp {
    Scenario::new("caller", hub.phone_folder("customer"))
        .caller(CUSTOMER)
        .service(SUPPORT_NUMBER)
        .start(&hub.sip())
}

/// Nothing is asserted about its length.
fn talk() {
    std::thread::sleep(std::time::Duration::from_secs(3));
}

fn agent_legs(call: &Value) -> Vec<&Value> {
    let legs = call["legs"].as_array().expect("legs").iter();
    legs.filter(|leg| leg["role"] == "agent" && !leg["answered_at"].is_null()).collect()
}

fn running(hub: &Hub, caller: &str) -> Value {
    let supervisor = hub.api("supervisor");
    eventually(&format!("a running call of {caller}"), || {
        let calls = end_to_end::records::newest_calls(&supervisor).into_iter();
        calls.into_iter().find(|call| call["caller"] == caller && call["state"] == "talking")
    })
}

/// Ana speaks with a customer, asks Ben by a second call, and joins the two with her transfer key:
/// `in_the_second`: pressed in the call with Ben.
fn attended_transfer(in_the_second: bool) {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    ana.ready();
    ben.not_ready();
    let mut customer = customer(&hub);
    let ringing = anas.rings();
    let mut first = anas.answer(&ringing);
    ana.becomes("talking");

    talk();
    let (mut second, bens_line) = anas.dials(&mut bens);
    ben.becomes("talking");
    ana.becomes("talking");

    let accepted = if in_the_second {
        anas.join(&mut second, CUSTOMER, &first)
    } else {
        anas.join(&mut first, &ben.username, &second)
    };
    assert_eq!(accepted, 200, "202 Accepted");
    anas.is_hung_up_on(&first);
    ana.becomes("wrap_up");
    let mine = eventually("Ben to have the customer's call", || {
        let mine = ben.api.get("/agent");
        (mine["current"]["caller"] == CUSTOMER).then_some(mine)
    });
    assert_eq!(mine["agent"]["state"], "talking", "{mine}");
    talk();
    customer.go_on();
    customer.succeed();
    bens.is_hung_up_on(&bens_line);
    ben.becomes("wrap_up");

    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, CUSTOMER);
    assert_eq!(call["end_cause"], "completed", "{call}");
    let [anas_leg, bens_leg] = agent_legs(&call)[..] else { panic!("two agents had it: {call}") };
    assert_ne!(anas_leg["user_id"], bens_leg["user_id"], "{call}");
    let sound = recording(&supervisor, &call);
    assert!(sound.seconds_of(1, ANA_HZ) > 0.2, "Ana is in the customer's recording");
    assert!(sound.seconds_of(1, BEN_HZ) > 1.0, "and so is Ben, in the same one");
    let trace = format!("/calls/{}/trace", call["id"].as_str().expect("an id"));
    eventually("Ben's leg in the ladder, from the call it came from to its end", || {
        let trace = supervisor.get(&trace);
        let said = trace["messages"].as_array().expect("messages").iter();
        let bens = said.filter(|message| message["leg_id"] == bens_leg["id"]);
        let methods: Vec<_> = bens.filter_map(|message| message["method"].as_str()).collect();
        (methods.first() == Some(&"INVITE") && methods.last() == Some(&"BYE")).then_some(())
    });
    let asked = finished_call(&supervisor, &ana.username);
    assert_eq!(asked["end_cause"], "completed", "{asked}");
    assert!(asked["ended_at"].as_str() < call["ended_at"].as_str(), "{asked}");
}

#[test]
fn a_phone_joins_the_customer_with_the_colleague_whom_it_asked() {
    attended_transfer(false);
}

#[test]
fn a_phone_joins_them_from_the_call_with_the_colleague_too() {
    attended_transfer(true);
}

#[test]
fn a_far_end_that_comes_out_of_a_paused_call_brings_the_pause() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    ana.ready();
    ben.not_ready();
    let mut customer = customer(&hub);
    let ringing = anas.rings();
    let mut first = anas.answer(&ringing);
    ana.becomes("talking");
    let (second, bens_line) = anas.dials(&mut bens);
    ben.becomes("talking");
    let beside = running(&hub, &ana.username);
    let beside = beside["id"].as_str().expect("an id");
    let supervisor = hub.api("supervisor");
    eventually("the call beside to be paused", || {
        let answer = supervisor.ask("POST", &format!("/calls/{beside}/recording/pause"), None);
        (answer.status == 200).then_some(())
    });

    assert_eq!(anas.join(&mut first, &ben.username, &second), 200, "202 Accepted");
    anas.is_hung_up_on(&first);
    let stands = |state: &str| {
        eventually(&format!("Ben to have the customer's call, its recording {state}"), || {
            let current = ben.api.get("/agent")["current"].clone();
            (current["caller"] == CUSTOMER && current["recording"] == state).then_some(())
        });
    };
    stands("paused");
    ben.api.post("/calls/current/recording/resume", &serde_json::json!({}));
    stands("on");
    customer.go_on();
    customer.succeed();
    bens.is_hung_up_on(&bens_line);
}

#[test]
fn a_phone_joins_no_call_that_is_not_its_own() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let cleo = AgentDesk::all_of(&hub, "Sales").into_iter();
    let cleo = cleo.into_iter().find(|it| ![&ana.username, &ben.username].contains(&&it.username));
    let cleo = cleo.expect("a third agent");
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    ana.ready();
    ben.not_ready();
    let mut customer = customer(&hub);
    let ringing = anas.rings();
    let anas_line = anas.answer(&ringing);
    ana.becomes("talking");
    // Ben is in a call of his own, and knows the name of Ana's dialog.
    let mut cleos = Handset::at(&cleo, &hub, 550.0);
    let (mut bens_line, cleos_line) = bens.dials(&mut cleos);
    assert_eq!(bens.join(&mut bens_line, "x", &anas_line), 491, "Ana's call stays hers");
    let mut nobody = anas_line;
    nobody.call_id.push('x');
    assert_eq!(bens.join(&mut bens_line, "x", &nobody), 481);
    assert_eq!(running(&hub, CUSTOMER)["state"], "talking");
    assert_eq!(bens.press(&mut bens_line, "BYE", &[]), 200);
    cleos.is_hung_up_on(&cleos_line);
    customer.go_on();
    customer.succeed();
}

/// RFC 3261 section 21.3.3: the phone says where else to call, and the hub does not.
#[test]
fn a_phone_that_sends_its_calls_elsewhere_has_missed_them() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    ana.ready();
    ben.not_ready();
    let mut customer = customer(&hub);
    let ringing = anas.rings();
    let elsewhere = format!("Contact: <sip:+34600999999@{}>", hub.sip());
    anas.refuse(&ringing, "302 Moved Temporarily", &[&elsewhere]);
    let missed = ana.becomes("not_ready");
    assert_eq!(missed["agent"]["reason"], "missed_call", "{missed}");

    ben.ready();
    let ringing = bens.rings();
    let line = bens.answer(&ringing);
    ben.becomes("talking");
    talk();
    customer.go_on();
    customer.succeed();
    bens.is_hung_up_on(&line);
    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, CUSTOMER);
    let legs = call["legs"].as_array().expect("legs");
    assert!(legs.iter().all(|leg| leg["peer"] != "+34600999999"), "{call}");
    assert_eq!(agent_legs(&call).len(), 1, "{call}");
}
