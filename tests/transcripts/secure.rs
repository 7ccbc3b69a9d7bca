//! A desk phone that encrypts: signalling over TLS, sound by SDES-SRTP; and a certificate that is
//! replaced while the hub runs.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use end_to_end::baresip::Setup;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};

#[test]
fn a_phone_over_tls_with_srtp_and_a_customer_hear_each_other() {
    let hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let mut desk = Setup {
        folder: hub.phone_folder("desk"),
        hub: &hub.sip_tls(),
        username: &agent.username,
        password: Some(&agent.password),
        answers: true,
        dials: None,
        tone_hz: 880.0,
        transport: "tls",
    }
    .start();
    agent.use_desk_phone();
    agent.ready();
    let mut customer = Setup {
        folder: hub.phone_folder("customer"),
        hub: &hub.sip(),
        username: "+34600222071",
        password: None,
        answers: false,
        dials: Some(SUPPORT_NUMBER),
        tone_hz: 440.0,
        transport: "udp",
    }
    .start();
    agent.becomes("talking");
    let heard_seconds = |phone: &end_to_end::baresip::Baresip, tone_hz| {
        phone.heard_so_far().is_some_and(|sound| sound.seconds_of(0, tone_hz) > 1.0).then_some(())
    };
    eventually("the agent to hear the customer", || heard_seconds(&desk, 440.0));
    eventually("the customer to hear the agent", || heard_seconds(&customer, 880.0));
    // The hub offers keys and would also talk plainly: the phone says what was agreed on.
    desk.says("SRTP is Enabled");
    customer.hang_up();
    agent.becomes("wrap_up");
    desk.hang_up();
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

/// What `openssl` is shown at `address`, as PEM.
fn shown(address: &str) -> Option<String> {
    let output = Command::new("timeout")
        .args([&Duration::from_secs(20).as_secs().to_string(), "openssl", "s_client", "-connect", address])
        .stdin(Stdio::null())
        .output()
        .expect("openssl is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let begin = text.find("-----BEGIN CERTIFICATE-----")?;
    const END: &str = "-----END CERTIFICATE-----";
    let end = text.find(END)? + END.len();
    Some(text[begin..end].to_owned())
}

/// A pair of somebody else's making.
fn make(certificate: &Path, key: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"])
        .arg("-keyout")
        .arg(key)
        .arg("-out")
        .arg(certificate)
        .output()
        .expect("openssl is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}
