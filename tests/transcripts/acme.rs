//! A certificate is ordered from an authority, shown, renewed before it runs out, and kept while the authority is away.

use std::io::Write;
use std::process::{Command, Stdio};

use end_to_end::certificate::shown;
use end_to_end::pebble::{Pebble, free_tcp_port};
use end_to_end::{Hub, eventually};

/// Two thirds of it are over before a patient test is.
const SHORT_LIFE_S: u32 = 45;
const LONG_LIFE_S: u32 = 90 * 86_400;

/// A hub with a plain port that the authority can be told beforehand.
fn hub(pebble: &Pebble, http_port: u16) -> Hub {
    Hub::start_at(
        http_port,
        &[
            ("CENTRALITA_HTTP__LISTEN_TLS", "127.0.0.1:0"),
            ("CENTRALITA_ACME__NAMES", "localhost"),
            ("CENTRALITA_ACME__DIRECTORY", &pebble.directory()),
            ("CENTRALITA_ACME__CA_FILE", &pebble.ca_file().display().to_string()),
            ("CENTRALITA_ACME__CONTACT", "ops@aurora.example"),
            ("CENTRALITA_ACME__TERMS_AGREED", "true"),
        ],
    )
}

/// What `openssl` says of the certificate at this address.
fn about(address: &str) -> Option<String> {
    let pem = shown(address)?;
    let mut child = Command::new("openssl")
        .args(["x509", "-noout", "-issuer", "-serial", "-ext", "subjectAltName"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl is installed");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(pem.as_bytes()).expect("openssl reads");
    drop(input);
    let output = child.wait_with_output().expect("openssl ends");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn issued(address: &str) -> Option<String> {
    about(address).filter(|text| text.contains("Pebble Intermediate CA"))
}

#[test]
fn a_certificate_is_ordered_and_shown_by_https_and_by_sip() {
    let http_port = free_tcp_port();
    let pebble = Pebble::start(http_port, LONG_LIFE_S);
    let mut hub = hub(&pebble, http_port);
    let text = eventually("a certificate of the authority", || issued(&hub.https()));
    assert!(text.contains("DNS:localhost"), "{text}");
    eventually("the same over SIP", || (about(&hub.sip_tls())? == text).then_some(()));
    for name in ["acme.pem", "acme-account.json"] {
        let file = std::fs::metadata(hub.data().join(name)).expect("kept");
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.permissions());
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert!(!hub.log_text().contains("PRIVATE KEY"), "{}", hub.log_text());

    // A restart orders nothing: what is there is good.
    assert!(hub.stop().success());
    hub.boot();
    assert_eq!(about(&hub.https()), Some(text));
    assert_eq!(hub.log_text().matches("a certificate is ordered").count(), 1, "{}", hub.log_text());
}

#[test]
fn a_certificate_is_renewed_in_time_and_stays_while_the_authority_is_away() {
    let http_port = free_tcp_port();
    let mut pebble = Pebble::start(http_port, SHORT_LIFE_S);
    let hub = hub(&pebble, http_port);
    let first = eventually("a certificate of the authority", || issued(&hub.https()));
    let second = eventually("its renewal", || issued(&hub.https()).filter(|text| *text != first));
    eventually("the same over SIP", || (about(&hub.sip_tls())? == second).then_some(()));

    pebble.kill();
    eventually("the hub to say that nobody answers", || {
        hub.log_text().contains("the authority cannot be reached").then_some(())
    });
    let kept = issued(&hub.https()).expect("the old certificate is still shown");
    assert!(hub.api("admin").get("/metrics").to_string().contains("centralita_acme_failures"));
    // It comes back with other keys, and has forgotten our account.
    pebble.boot();
    eventually("a certificate of the authority that is back", || {
        issued(&hub.https()).filter(|text| *text != kept)
    });
}
