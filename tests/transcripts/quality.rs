//! What a bad network does to a call, as the call's page and the log show it.

use end_to_end::keys::SoundPort;
use end_to_end::records::finished_call;
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, live::Live};
use serde_json::Value;

/// Twelve seconds: two looks of the hub at the line, and some.
const PACKETS: u16 = 600;

fn leg<'a>(call: &'a Value, role: &str) -> &'a Value {
    let legs = call["legs"].as_array().expect("a call lists its legs");
    legs.iter().find(|leg| leg["role"] == role).unwrap_or_else(|| panic!("no {role} in {call}"))
}

#[test]
fn a_line_that_loses_a_tenth_is_shown_as_poor_and_found_in_the_log() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();
    let mut wall = Live::open(&supervisor);
    wall.subscribe("wall");
    let mut phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    let sound = SoundPort::open();
    let mut customer = Scenario::new("caller_at_sound_port", hub.phone_folder("customer"))
        .caller("+34600777001")
        .service(SUPPORT_NUMBER)
        .key("sound_port", &sound.port().to_string())
        .start(&hub.sip());
    agent.becomes("talking");

    sound.speak_with_losses(PACKETS, customer.far_sound());
    wall.wait_for("the poor line while it is spoken on", |message| {
        let participants = message["event"]["call"]["participants"].as_array();
        let poor = |one: &Value| one["kind"] == "customer" && one["quality"] == "poor";
        participants.is_some_and(|participants| participants.iter().any(poor))
    });
    customer.go_on();
    customer.succeed();
    phone.succeed();

    let call = finished_call(&supervisor, "+34600777001");
    let id = &call["id"];
    assert_eq!(call["quality"], "poor", "{call}");
    let heard = &leg(&call, "customer")["quality"];
    let loss_pct = heard["loss_pct"].as_f64().expect("a share");
    assert!((9.0..11.0).contains(&loss_pct), "a tenth was lost: {heard}");
    assert_eq!(heard["packets_in"], PACKETS - PACKETS / 10, "{heard}");
    assert_eq!((&heard["quality"], &heard["codec"]), (&"poor".into(), &"PCMU".into()), "{heard}");
    let lowest = heard["mos_lowest"].as_f64().expect("a score");
    assert!((1.0..3.6).contains(&lowest), "{heard}");
    assert!(heard["course"]["mos"].as_array().is_some_and(|course| !course.is_empty()), "{heard}");
    let there = &leg(&call, "agent")["quality"];
    assert_eq!(there["lost"], 0, "the agent's own line lost nothing: {there}");

    let found = |word: &str| {
        let log = supervisor.list(&format!("/calls?quality={word}"));
        log.iter().any(|call| call["id"] == *id)
    };
    assert!(found("poor") && !found("good") && !found("fair"));
}
