//! `kill -9` in the middle of calls: every call has its row, and every recording plays.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use end_to_end::ports::free_port;
use end_to_end::records::{everything_is_accounted_for, newest_calls, recording_by_id};
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};

/// The number of deaths.
const DEATHS: u64 = 10;
/// From before the INVITE is answered to well into the talk: greeting, offer, ringing, talk.
const LATEST_DEATH_MS: u64 = 12_000;

#[test]
fn ten_deaths_at_random_moments_leave_no_call_without_its_row_and_no_recording_broken() {
    let seed = std::env::var("DEATH_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        now.as_secs() ^ u64::from(now.subsec_nanos())
    });
    println!("DEATH_SEED={seed}");
    let mut chance = seed;
    let mut hub = Hub::start();
    // One phone at one place: a new contact each time would fill the registrar's table.
    let desk_port = free_port();

    for death in 0..DEATHS {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let moment_ms = (chance >> 33) % LATEST_DEATH_MS;
        let number = format!("+346004440{death:02}");
        let mut agent = AgentDesk::first_of(&hub, SUPPORT);
        agent.port = desk_port;
        agent.plug_in(&hub);
        agent.ready();
        let phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
        let customer = Scenario::new("caller", hub.phone_folder(&format!("customer-{death}")))
            .caller(&number)
            .service(SUPPORT_NUMBER)
            .start(&hub.sip());
        // The call has reached the hub; the death comes some time after that.
        eventually("the call to be known", || customer.messages().contains("SIP/2.0 100").then_some(()));
        let supervisor = hub.api("supervisor");
        eventually("the call's row", || {
            let calls = newest_calls(&supervisor);
            calls.iter().any(|call| call["caller"] == *number).then_some(())
        });
        std::thread::sleep(Duration::from_millis(moment_ms));
        println!("death {death} at {moment_ms} ms");
        hub.kill();
        drop((phone, customer));
        hub.boot();

        let supervisor = hub.api("supervisor");
        let calls = newest_calls(&supervisor);
        let call = calls.iter().find(|call| call["caller"] == *number);
        let call = call.unwrap_or_else(|| panic!("the call of {number} has no row: {calls:#?}"));
        assert_eq!(call["end_cause"], "server_restart", "{call}");
        for id in call["recording_ids"].as_array().into_iter().flatten() {
            let sound = recording_by_id(&supervisor, id.as_str().expect("an id"));
            assert_eq!(sound.channels.len(), 2);
        }
    }
    everything_is_accounted_for(&hub.api("supervisor"));
}

#[test]
fn what_was_said_until_a_second_before_the_death_is_in_the_recording() {
    let mut hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();
    let phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    let customer = Scenario::new("caller", hub.phone_folder("customer"))
        .caller("+34600444100")
        .service(SUPPORT_NUMBER)
        .start(&hub.sip());
    agent.becomes("talking");
    std::thread::sleep(Duration::from_secs(6));
    hub.kill();
    drop((phone, customer));
    hub.boot();

    let supervisor = hub.api("supervisor");
    let call = end_to_end::records::finished_call(&supervisor, "+34600444100");
    assert_eq!(call["end_cause"], "server_restart", "{call}");
    let sound = end_to_end::records::recording(&supervisor, &call);
    // Six seconds were talked. One may be lost; the rest of the allowance is for a busy machine.
    assert!(sound.seconds_of(0, 440.0) > 3.0, "{} s of the customer", sound.seconds_of(0, 440.0));
    assert!(sound.seconds_of(1, 880.0) > 3.0, "{} s of the agent", sound.seconds_of(1, 880.0));
}

#[test]
fn a_death_keeps_the_registrations_so_that_phones_ring_at_once() {
    let mut hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    hub.kill();
    hub.boot();
    let again = AgentDesk::first_of(&hub, SUPPORT);
    again.use_desk_phone(); // waits until it is reachable; nobody registered anew
    assert_eq!(again.username, agent.username);
}
