//! The hub behind a NAT, a desk phone behind another, a customer in the open: namespaces of this
//! machine. Both must hear each other, and each is told the address that it can reach.

use std::path::Path;
use std::time::Duration;

use end_to_end::baresip::{Baresip, Setup};
use end_to_end::netns::{DESK, HUB, HUB_PUBLIC, INSIDE, Internet, OUTSIDE, beside_the_hub, missing};
use end_to_end::process::Process;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};

const SIP_PORT: u16 = 5060;
const RTP_PORTS: (u16, u16) = (20_000, 20_099);

/// Runs the body beside the hub, in a namespace of its own.
fn behind_nat(test: &str, body: impl FnOnce(&dyn Fn(&str) -> String)) {
    if let Some(name) = beside_the_hub() {
        return body(&name);
    }
    if let Some(reason) = missing() {
        println!("skipped: no network namespaces here: {reason}");
        return;
    }
    let internet = Internet::new(SIP_PORT, RTP_PORTS);
    assert!(internet.play(test), "see above");
}

fn start_hub(public: (&str, &str)) -> Hub {
    let carriers = format!("{OUTSIDE},{INSIDE}");
    Hub::start_on(
        &format!("{HUB}:{SIP_PORT}"),
        RTP_PORTS,
        &[public, ("CENTRALITA_TRUNKS__OPEN__SOURCES", &carriers)],
    )
}

fn customer(hub: &Hub, namespace: &str, own: &str, dials_at: &str) -> Baresip {
    let setup = Setup {
        folder: hub.phone_folder(own),
        hub: &format!("{dials_at}:{SIP_PORT}"),
        username: "+34600222001",
        password: None,
        answers: false,
        dials: Some(SUPPORT_NUMBER),
        tone_hz: 440.0,
        transport: "udp",
    };
    setup.start_in(namespace, own)
}

fn both_hear_each_other(hub: &Hub, name: &dyn Fn(&str) -> String) {
    let agent = AgentDesk::first_of(hub, SUPPORT);
    let mut desk = Setup {
        folder: hub.phone_folder("desk"),
        hub: &format!("{HUB_PUBLIC}:{SIP_PORT}"),
        username: &agent.username,
        password: Some(&agent.password),
        answers: true,
        dials: None,
        tone_hz: 880.0,
        transport: "udp",
    }
    .start_in(&name("desk"), DESK);
    agent.use_desk_phone();
    agent.ready();
    let mut outside = customer(hub, &name("outside"), OUTSIDE, HUB_PUBLIC);
    agent.becomes("talking");
    std::thread::sleep(Duration::from_secs(4)); // talk: nothing is asserted about its length
    for phone in [&outside, &desk] {
        phone.says(&format!("c=IN IP4 {HUB_PUBLIC}"));
        phone.says(&format!("@{HUB_PUBLIC}:{SIP_PORT}"));
    }
    outside.hang_up();
    agent.becomes("wrap_up");
    desk.hang_up();
    assert!(outside.heard().seconds_of(0, 880.0) > 1.0, "the customer does not hear the agent");
    assert!(desk.heard().seconds_of(0, 440.0) > 1.0, "the agent does not hear the customer");

    let mut inside = customer(hub, &name("inside"), INSIDE, HUB);
    inside.says(&format!("c=IN IP4 {HUB}"));
    inside.hang_up();
}

#[test]
fn phones_outside_are_told_the_address_that_is_configured() {
    behind_nat("phones_outside_are_told_the_address_that_is_configured", |name| {
        both_hear_each_other(&start_hub(("CENTRALITA_PUBLIC__ADDRESS", HUB_PUBLIC)), name);
    });
}

#[test]
fn phones_outside_are_told_the_address_that_stun_finds() {
    behind_nat("phones_outside_are_told_the_address_that_stun_finds", |name| {
        let log = end_to_end::folder::Folder::new();
        let outside = name("outside");
        let arguments = [
            "netns",
            "exec",
            &outside,
            "turnserver",
            "-n",
            "-L",
            OUTSIDE,
            "--no-auth",
            "--no-cli",
            "--log-file",
            "stdout",
        ];
        let log_file = log.path().join("stun.log");
        let _server = Process::start(Path::new("ip"), &arguments.map(str::to_owned), log.path(), &log_file);
        // A hub that is there before it asks again after ten seconds.
        let hub = start_hub(("CENTRALITA_PUBLIC__STUN", &format!("{OUTSIDE}:3478")));
        eventually("the public address to be found", || {
            hub.log_text().contains("public address, found by STUN").then_some(())
        });
        both_hear_each_other(&hub, name);
    });
}
