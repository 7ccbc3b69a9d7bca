//! The console over the hub's own https: HTTP/2 and 1.1, a session, a certificate that is replaced, and peers that keep
//! silent in the middle of a handshake.

use std::net::TcpStream;

use end_to_end::certificate::{make, shown};
use end_to_end::curl::curl;
use end_to_end::{Hub, eventually};
use serde_json::{Value, json};

/// More than are served at a time.
const SILENT_PEERS: usize = 100;

#[test]
fn a_session_over_http2_is_opened_used_and_closed() {
    let hub = Hub::start();
    let origin = format!("https://{}", hub.https());
    let session = format!("{origin}/api/v1/session");
    let page = curl(&["--http2", &origin]).expect("an answer");
    assert_eq!((page.status, page.version.as_str()), (200, "2"), "{}", page.head);
    assert_eq!(page.header("strict-transport-security"), Some("max-age=31536000"));

    let login = hub.ready()["logins"][0].clone();
    let login = json!({ "email": login["email"], "password": login["password"] }).to_string();
    let json = ["-H", "Content-Type: application/json"];
    let own = format!("Origin: {origin}");
    let opened = curl(&[&["--http2", &session, "-H", &own, "-d", &login], &json[..]].concat());
    let opened = opened.expect("an answer");
    assert_eq!((opened.status, opened.version.as_str()), (200, "2"), "{}", opened.body);
    let cookie = opened.header("set-cookie").expect("a session").to_owned();
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    let csrf: Value = serde_json::from_str(&opened.body).expect("JSON");
    let csrf = format!("X-CSRF-Token: {}", csrf["csrf_token"].as_str().expect("a token"));
    let cookie = format!("Cookie: {}", cookie.split(';').next().expect("a pair"));

    let elsewhere = ["-H", "Origin: https://elsewhere.example"];
    let closed = |origin: &[&str]| {
        let arguments = [&["--http2", &session, "-X", "DELETE", "-H", &cookie, "-H", &csrf], origin].concat();
        curl(&arguments).expect("an answer").status
    };
    assert_eq!(closed(&elsewhere), 403, "a page of another site");
    assert_eq!(closed(&["-H", &own]), 204);
    let gone = curl(&["--http1.1", &session, "-H", &cookie]).expect("an answer");
    assert_eq!((gone.status, gone.version.as_str()), (401, "1.1"));
}

#[test]
fn plain_words_on_this_machine_are_still_answered_and_promise_nothing() {
    let hub = Hub::start();
    let page = curl(&["--http2", &format!("http://{}", hub.http())]).expect("an answer");
    assert_eq!((page.status, page.version.as_str()), (200, "1.1"));
    assert_eq!(page.header("strict-transport-security"), None);
    // No HTTP/2 without TLS, not even for who knows beforehand.
    assert!(curl(&["--http2-prior-knowledge", &format!("http://{}", hub.http())]).is_none());
}

#[test]
fn a_replaced_certificate_is_shown_by_https_and_by_sip() {
    let hub = Hub::start();
    let [certificate, key] = ["tls-cert.pem", "tls-key.pem"].map(|name| hub.data().join(name));
    let first = std::fs::read_to_string(&certificate).expect("the hub's own").trim().to_owned();
    assert_eq!(shown(&hub.https()), Some(first.clone()));
    make(&certificate, &key);
    let second = std::fs::read_to_string(&certificate).expect("the new one").trim().to_owned();
    assert_ne!(first, second);
    for address in [hub.https(), hub.sip_tls()] {
        eventually("the new certificate", || (shown(&address)? == second).then_some(()));
    }
    // And believed by who knows it: the name of the address is in it.
    let origin = format!("https://{}", hub.https());
    let output = std::process::Command::new("curl")
        .args(["-sS", "--noproxy", "*", "--cacert"])
        .arg(&certificate)
        .args(["-o", "/dev/null", &origin])
        .output()
        .expect("curl is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn silent_peers_hold_nobody_up() {
    let hub = Hub::start();
    let silent: Vec<TcpStream> =
        (0..SILENT_PEERS).map(|_| TcpStream::connect(hub.https()).expect("the hub accepts")).collect();
    let page = curl(&[&format!("https://{}/healthz", hub.https())]).expect("an answer");
    assert_eq!((page.status, page.body.as_str()), (200, "ok\n"));
    drop(silent);
}

#[test]
fn a_stop_does_not_wait_for_who_asks_nothing() {
    let mut hub = Hub::start();
    let silent = TcpStream::connect(hub.https()).expect("the hub accepts");
    let status = hub.stop();
    assert!(status.success(), "{status}");
    assert!(!hub.log_text().contains("cut off by the stop"), "{}", hub.log_text());
    drop(silent);
}
