//! A carrier that is reached over TLS, and has to be who it says it is.

use std::path::Path;

use end_to_end::authority::Authority;
use end_to_end::baresip::{Baresip, Setup};
use end_to_end::folder::Folder;
use end_to_end::ports::free_port;
use end_to_end::records::{finished_call_to, recording};
use end_to_end::{AgentDesk, Hub, SUPPORT, eventually};

const CALLED: &str = "+34600444201";

/// A hub whose calls to the outside go over TLS to `carrier.example` at this port.
fn hub(authority: &Authority, port: u16) -> Hub {
    Hub::start_configured(&[
        ("CENTRALITA_TLS__CA_FILE", &authority.certificate().display().to_string()),
        ("CENTRALITA_TRUNKS__CARRIER__SOURCES", "[]"),
        ("CENTRALITA_TRUNKS__CARRIER__OUTBOUND__ADDR", &format!("127.0.0.1:{port}")),
        ("CENTRALITA_TRUNKS__CARRIER__OUTBOUND__TRANSPORT", "tls"),
        ("CENTRALITA_TRUNKS__CARRIER__OUTBOUND__SERVER_NAME", "carrier.example"),
        ("CENTRALITA_TRUNKS__CARRIER__OUTBOUND__CALLER_ID", "+34910000100"),
    ])
}

/// The carrier's exchange, where the called picks up by itself.
fn carrier(folder: &Folder, port: u16, certificate: &Path) -> Baresip {
    Setup {
        folder: folder.inside("carrier"),
        hub: "127.0.0.1:9",
        username: CALLED,
        password: None,
        answers: true,
        dials: None,
        tone_hz: 440.0,
        transport: "tls",
    }
    .start_as_carrier(port, certificate)
}

fn desk(hub: &Hub, agent: &AgentDesk) -> Baresip {
    let desk = Setup {
        folder: hub.phone_folder("desk"),
        hub: &hub.sip(),
        username: &agent.username,
        password: Some(&agent.password),
        answers: true,
        dials: None,
        tone_hz: 880.0,
        transport: "udp",
    }
    .start();
    agent.use_desk_phone();
    agent.ready();
    desk
}

#[test]
fn a_call_goes_out_over_tls_and_both_are_heard() {
    let (authority, folder, port) = (Authority::new(), Folder::new(), free_port());
    let mut exchange = carrier(&folder, port, &authority.pair("DNS:carrier.example"));
    let hub = hub(&authority, port + 1);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let desk = desk(&hub, &agent);
    desk.dial(CALLED);
    agent.becomes("talking");
    let hears = |phone: &Baresip, tone_hz| {
        phone.heard_so_far().is_some_and(|sound| sound.seconds_of(0, tone_hz) > 1.0).then_some(())
    };
    eventually("the agent to hear the called", || hears(&desk, 440.0));
    eventually("the called to hear the agent", || hears(&exchange, 880.0));
    exchange.says("TLS 127.0.0.1:");
    // The called hangs up: its BYE comes back over TLS.
    exchange.hang_up();
    agent.becomes("wrap_up");
    let supervisor = hub.api("supervisor");
    let call = finished_call_to(&supervisor, CALLED);
    let recording = recording(&supervisor, &call);
    assert!(recording.seconds_of(0, 440.0) > 0.5, "the called is on the left channel: {call}");
    assert!(recording.seconds_of(1, 880.0) > 0.5, "the agent is on the right channel: {call}");
}

#[test]
fn a_carrier_that_is_somebody_else_gets_no_call() {
    let (authority, folder, port) = (Authority::new(), Folder::new(), free_port());
    let exchange = carrier(&folder, port, &authority.pair("DNS:another.example"));
    let hub = hub(&authority, port + 1);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let desk = desk(&hub, &agent);
    desk.dial(CALLED);
    eventually("the log to say why", || {
        let log = hub.log_text();
        (log.contains("cannot connect") && log.contains("not valid for name")).then_some(())
    });
    desk.says("SIP/2.0 503 ");
    assert!(!exchange.log().contains("INVITE sip:"), "nobody was called:\n{}", exchange.log());
}
