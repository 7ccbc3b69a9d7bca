//! A desk phone that encrypts: signalling over TLS, sound by SDES-SRTP; and a certificate that is
//! replaced while the hub runs.

use end_to_end::baresip::{Baresip, Encryption, Setup};
use end_to_end::certificate::{make, shown};
use end_to_end::records::{finished_call, recording};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::json;

#[test]
fn a_phone_over_tls_with_srtp_and_a_customer_hear_each_other() {
    let hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    // The hub offers keys and would also talk plainly: the phone says what was agreed on.
    talk(&hub, &agent, Encryption::Sdes, "SRTP is Enabled", "+34600222071");
}

#[test]
fn a_phone_that_has_to_encrypt_by_sdes_or_by_dtls_is_heard_and_hears() {
    let hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    secure(&hub, &agent, "sdes");
    talk(&hub, &agent, Encryption::Sdes, "SRTP is Enabled", "+34600222071");
    agent.finish_wrap_up();
    secure(&hub, &agent, "dtls");
    talk(&hub, &agent, Encryption::Dtls, "DTLS-SRTP complete", "+34600222073");
}

#[test]
fn a_phone_that_has_to_encrypt_and_does_not_is_refused() {
    let hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    secure(&hub, &agent, "sdes");
    let address = hub.sip_tls();
    let desk = desk(&hub, &agent, &address, Encryption::None).start_encrypting(Encryption::None);
    agent.use_desk_phone();
    desk.dial("+34600222072");
    desk.says("SIP/2.0 488 ");
    desk.says("Warning: 399 sip \"Encryption of sound is not as set for this phone\"");
    let why = "this phone's sound has to be encrypted";
    eventually("the log to say why", || hub.log_text().contains(why).then_some(()));
}

/// The agent's desk phone, over TLS.
fn desk<'a>(hub: &Hub, agent: &'a AgentDesk, address: &'a str, encryption: Encryption) -> Setup<'a> {
    Setup {
        folder: hub.phone_folder(&format!("desk-{encryption:?}")),
        hub: address,
        username: &agent.username,
        password: Some(&agent.password),
        answers: true,
        dials: None,
        tone_hz: 880.0,
        transport: "tls",
    }
}

/// How the sound of the agent's desk phone has to be encrypted from now on.
fn secure(hub: &Hub, agent: &AgentDesk, wanted: &str) {
    let admin = hub.api("admin");
    let user = agent.api.get("/session")["user"]["id"].as_str().expect("an id").to_owned();
    let phones = admin.get(&format!("/users/{user}/phones"));
    let mut phones = phones.as_array().expect("a list").iter();
    let phone = phones.find(|phone| phone["username"] == *agent.username).expect("the desk phone");
    let path = format!("/users/{user}/phones/{}", phone["id"].as_str().expect("an id"));
    admin.patch(&path, &json!({ "media_security": wanted }));
}

/// A customer calls, the phone answers; each is found by tone at the other end and in the recording.
fn talk(hub: &Hub, agent: &AgentDesk, encryption: Encryption, agreed: &str, caller: &str) {
    let address = hub.sip_tls();
    let mut desk = desk(hub, agent, &address, encryption).start_encrypting(encryption);
    agent.use_desk_phone();
    agent.ready();
    let mut customer = Setup {
        folder: hub.phone_folder(caller),
        hub: &hub.sip(),
        username: caller,
        password: None,
        answers: false,
        dials: Some(SUPPORT_NUMBER),
        tone_hz: 440.0,
        transport: "udp",
    }
    .start();
    agent.becomes("talking");
    let heard_seconds = |phone: &Baresip, tone_hz| {
        phone.heard_so_far().is_some_and(|sound| sound.seconds_of(0, tone_hz) > 1.0).then_some(())
    };
    eventually("the agent to hear the customer", || heard_seconds(&desk, 440.0));
    eventually("the customer to hear the agent", || heard_seconds(&customer, 880.0));
    desk.says(agreed);
    customer.hang_up();
    agent.becomes("wrap_up");
    desk.hang_up();
    let supervisor = hub.api("supervisor");
    let recording = recording(&supervisor, &finished_call(&supervisor, caller));
    assert!(recording.seconds_of(0, 440.0) > 0.5, "the customer is on the left channel");
    assert!(recording.seconds_of(1, 880.0) > 0.5, "the agent is on the right channel");
}

#[test]
fn a_replaced_certificate_is_shown_to_the_next_connection() {
    let hub = Hub::start();
    let address = hub.sip_tls();
    let [certificate, key] = ["tls-cert.pem", "tls-key.pem"].map(|name| hub.data().join(name));
    let first = shown(&address).expect("a certificate");
    assert_eq!(first, std::fs::read_to_string(&certificate).expect("the hub's own").trim());

    std::fs::write(&certificate, "no certificate").expect("written");
    eventually("the hub to complain", || {
        hub.log_text().contains("the new certificate cannot be used").then_some(())
    });
    assert_eq!(shown(&address).as_ref(), Some(&first), "a broken pair leaves the old one in force");

    make(&certificate, &key);
    let second = std::fs::read_to_string(&certificate).expect("the new one").trim().to_owned();
    eventually("the new certificate", || (shown(&address)? == second).then_some(()));
}
