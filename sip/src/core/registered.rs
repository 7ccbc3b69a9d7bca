//! Registrations between two cores, and who is refused.

use std::time::Duration;

use super::pair::{CALLEE, CALLER, DEVICE, PASSWORD, Pair, addr, first_line};
use crate::{RegisterClient, Transport};

fn client(aor_user: &str, password: &str, expires_s: u32) -> RegisterClient {
    RegisterClient {
        registrar: addr(CALLEE),
        transport: Transport::Udp,
        aor_user: aor_user.to_owned(),
        domain: "pair.example".to_owned(),
        username: DEVICE.to_owned(),
        password: password.to_owned(),
        expires_s,
    }
}

/// Registers and returns the registrar's answers.
fn register(pair: &mut Pair, client: RegisterClient) -> (u64, Vec<String>) {
    pair.log.clear();
    let id = pair.cores[CALLER].begin_registration(pair.now, client, Pair::flow(CALLER));
    pair.drain(CALLER);
    pair.carry_all();
    let answers = pair.log.iter().filter(|(side, _)| *side == CALLEE).map(|(_, bytes)| first_line(bytes));
    (id.expect("well formed"), answers.collect())
}

fn is_bound(pair: &Pair) -> bool {
    pair.cores[CALLEE].bindings(pair.now, DEVICE).len() == 1
}

/// RFC 3261 section 10.2.8 and 10.3 step 7: 423 names what would do, and is asked for.
#[test]
fn a_brief_registration_is_made_longer() {
    let mut pair = Pair::new();
    let (id, answers) = register(&mut pair, client(DEVICE, PASSWORD, 30));
    assert_eq!(answers[1], "SIP/2.0 423 Interval Too Brief");
    let (_, brief) = &pair.log.iter().filter(|(side, _)| *side == CALLEE).nth(1).expect("423");
    assert!(String::from_utf8_lossy(brief).contains("\r\nMin-Expires: 60\r\n"));
    let binding = pair.cores[CALLEE].bindings(pair.now, DEVICE).pop().expect("registered");
    assert_eq!(binding.expires_at_unix_ms, pair.now.0 + 60_000);

    // It is refreshed before it ends, and ends when it is given back.
    for _ in 0..200 {
        pair.wait(Duration::from_secs(1));
        pair.carry_all();
        assert!(is_bound(&pair));
    }
    pair.cores[CALLER].end_registration(pair.now, id);
    pair.drain(CALLER);
    pair.carry_all();
    assert!(!is_bound(&pair));
    pair.nothing_is_left();
}

/// A phone that dies without a word.
#[test]
fn a_silent_phone_expires() {
    let mut pair = Pair::new();
    register(&mut pair, client(DEVICE, PASSWORD, 60));
    pair.wait(Duration::from_millis(59_999));
    assert!(is_bound(&pair));
    pair.wait(Duration::from_millis(1));
    assert!(!is_bound(&pair));
}

/// RFC 3261 section 10.3 step 4: a right password registers its own name alone.
#[test]
fn nobody_registers_for_others() {
    let mut pair = Pair::new();
    let (_, answers) = register(&mut pair, client("boss", PASSWORD, 300));
    assert_eq!(answers, ["SIP/2.0 401 Unauthorized", "SIP/2.0 403 Forbidden"]);
    assert!(pair.cores[CALLEE].bindings(pair.now, "boss").is_empty() && !is_bound(&pair));
}

/// Section 10.3 step 7: what could not be kept is not confirmed, and does not ring.
#[test]
fn what_is_not_kept_is_not_confirmed() {
    let mut pair = Pair::new();
    pair.keeps_bindings = false;
    let (_, answers) = register(&mut pair, client(DEVICE, PASSWORD, 300));
    assert_eq!(answers, ["SIP/2.0 401 Unauthorized", "SIP/2.0 500 Server Internal Error"]);
    assert!(!is_bound(&pair));
}

/// A trunk's address is answered whatever it guesses: its calls need no password, and they
/// must not suffer.
#[test]
fn a_trunk_is_never_silenced() {
    let mut pair = Pair::new();
    for _ in 0..30 {
        let (id, answers) = register(&mut pair, client(DEVICE, "guess", 300));
        assert_eq!(answers, ["SIP/2.0 401 Unauthorized", "SIP/2.0 403 Forbidden"]);
        pair.cores[CALLER].end_registration(pair.now, id);
        pair.drain(CALLER);
        assert!(pair.sent[CALLER].is_empty(), "nothing was granted, so nothing is given back");
    }
    pair.talking();
}

/// Anybody else is not answered after too many guesses, however right the form, until a
/// minute has passed.
#[test]
fn a_guesser_is_silenced_for_a_minute() {
    let mut pair = Pair::new();
    pair.cores[CALLEE].config.trunks.clear();
    let (mut forbidden, mut silent) = (0, 0);
    for _ in 0..30 {
        let (_, answers) = register(&mut pair, client(DEVICE, "guess", 300));
        match answers.last().map(String::as_str) {
            Some("SIP/2.0 403 Forbidden") => forbidden += 1,
            None => silent += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((forbidden, silent), (21, 9));
    for id in pair.cores[CALLER].registration_ids() {
        pair.cores[CALLER].end_registration(pair.now, id);
    }
    // The clients' farewells and retries are over by then.
    for _ in 0..100 {
        pair.wait(Duration::from_secs(1));
        pair.sent = Default::default();
    }
    let (_, answers) = register(&mut pair, client(DEVICE, PASSWORD, 300));
    assert_eq!(answers, ["SIP/2.0 401 Unauthorized", "SIP/2.0 200 OK"]);
}
