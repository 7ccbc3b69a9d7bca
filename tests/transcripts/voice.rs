//! Two real phones: each must hear the other, found by frequency in what it dumped.

use std::time::Duration;

use end_to_end::baresip::Setup;
use end_to_end::ports::{free_port, has_ipv6};
use end_to_end::records::{finished_call, recording};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};

fn both_hear_each_other(hub: &Hub, transport: &'static str) {
    let address = if transport == "tcp" { hub.sip_tcp() } else { hub.sip() };
    both_hear_each_other_at(hub, &address, &address, transport);
}

fn both_hear_each_other_at(hub: &Hub, desk_at: &str, customer_at: &str, transport: &'static str) {
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(hub, SUPPORT);
    let mut desk = Setup {
        folder: hub.phone_folder("desk"),
        hub: desk_at,
        username: &agent.username,
        password: Some(&agent.password),
        answers: true,
        dials: None,
        tone_hz: 880.0,
        transport,
    }
    .start();
    agent.use_desk_phone();
    agent.ready();

    let mut customer = Setup {
        folder: hub.phone_folder("customer"),
        hub: customer_at,
        username: "+34600222001",
        password: None,
        answers: false,
        dials: Some(SUPPORT_NUMBER),
        tone_hz: 440.0,
        transport,
    }
    .start();
    agent.becomes("talking");
    std::thread::sleep(Duration::from_secs(4)); // talk: nothing is asserted about its length
    customer.hang_up();
    agent.becomes("wrap_up");
    desk.hang_up();

    let heard_by_customer = customer.heard();
    let heard_by_agent = desk.heard();
    assert!(heard_by_customer.seconds_of(0, 880.0) > 1.0, "the customer does not hear the agent");
    assert!(heard_by_agent.seconds_of(0, 440.0) > 1.0, "the agent does not hear the customer");
    assert!(heard_by_agent.share_of(0, 880.0) < 0.1, "the agent hears the own voice");

    let call = finished_call(&supervisor, "+34600222001");
    assert_eq!(call["end_cause"], "completed", "{call}");
    let sound = recording(&supervisor, &call);
    assert!(sound.seconds_of(0, 440.0) > 1.0, "the customer is not on the left");
    assert!(sound.seconds_of(1, 880.0) > 1.0, "the agent is not on the right");
    assert!(sound.share_of(0, 880.0) < 0.1, "the agent leaks into the left");
    assert!(sound.share_of(1, 440.0) < 0.1, "the customer leaks into the right");
}

#[test]
fn two_real_phones_hear_each_other_over_udp() {
    both_hear_each_other(&Hub::start(), "udp");
}

#[test]
fn two_real_phones_hear_each_other_over_tcp() {
    both_hear_each_other(&Hub::start(), "tcp");
}

#[test]
fn two_real_phones_hear_each_other_over_ipv6() {
    if !has_ipv6() {
        println!("skipped: this machine has no ::1");
        return;
    }
    both_hear_each_other(&Hub::start_over_ipv6(), "udp");
}

#[test]
fn a_phone_on_ipv6_and_a_customer_on_ipv4_hear_each_other() {
    if !has_ipv6() {
        println!("skipped: this machine has no ::1");
        return;
    }
    let desk_at = format!("[::1]:{}", free_port());
    let customer_at = format!("127.0.0.1:{}", free_port());
    let hub = Hub::start_dual_stack([&desk_at, &customer_at]);
    both_hear_each_other_at(&hub, &desk_at, &customer_at, "udp");
}

#[test]
fn the_waiting_caller_hears_the_greeting_then_music() {
    let hub = Hub::start();
    let mut customer = Setup {
        folder: hub.phone_folder("customer"),
        hub: &hub.sip(),
        username: "+34600222011",
        password: None,
        answers: false,
        dials: Some(SUPPORT_NUMBER),
        tone_hz: 440.0,
        transport: "udp",
    }
    .start();
    let supervisor = hub.api("supervisor");
    eventually("the call to wait", || {
        let queues = supervisor.get("/queues");
        let mut queues = queues.as_array()?.iter();
        queues.any(|queue| queue["waiting"] == 1).then_some(())
    });
    std::thread::sleep(Duration::from_secs(4)); // listen: nothing is asserted about its length
    customer.hang_up();

    // Sound in most tenths of a second, and not the caller's own.
    let heard = customer.heard();
    let tenth = (heard.rate_hz / 10) as usize;
    let loud =
        heard.channels[0].chunks_exact(tenth).filter(|part| part.iter().any(|sample| sample.abs() > 0.02));
    assert!(loud.count() > 40, "hardly a sound in {} s", heard.seconds());
    assert!(heard.share_of(0, 440.0) < 0.9, "the caller hears the own voice");
    let call = end_to_end::records::finished_call(&supervisor, "+34600222011");
    assert_eq!(call["end_cause"], "abandoned", "{call}");
}
