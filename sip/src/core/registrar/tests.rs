//! The rules of RFC 3261 section 10.3, step 6 and 7, on the list of bindings.

use super::update::{BINDINGS_MAX, Refusal, updated};
use crate::{
    Binding, Transport,
    core::{Flow, Time},
    wire::{Message, Request, parse},
};

const NOW: Time = Time(1_700_000_000_000);

fn flow() -> Flow {
    Flow {
        transport: Transport::Udp,
        local: ([192, 0, 2, 1], 5060).into(),
        remote: ([198, 51, 100, 7], 40_000).into(),
    }
}

fn register(call_id: &str, cseq: u32, lines: &str) -> Request {
    let text = format!(
        "REGISTER sip:aurora.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7;branch=z9hG4bKr\r\n\
         From: <sip:a@aurora.example>;tag=f\r\nTo: <sip:a@aurora.example>\r\nCall-ID: {call_id}\r\n\
         CSeq: {cseq} REGISTER\r\n{lines}\r\n"
    );
    match parse(&text.into()).expect("well written") {
        Message::Request(request) => request,
        Message::Response(_) => panic!("a request"),
    }
}

fn after(bindings: &[Binding], call_id: &str, cseq: u32, lines: &str) -> Result<Vec<Binding>, Refusal> {
    updated(NOW, bindings.to_vec(), &flow(), &register(call_id, cseq, lines))
}

fn one(cseq: u32) -> Vec<Binding> {
    after(&[], "one", cseq, "Contact: <sip:a@10.0.0.7>\r\n").expect("taken")
}

fn life_s(binding: &Binding) -> i64 {
    (binding.expires_at_unix_ms - NOW.0) / 1000
}

/// Step 7: the lifetime stands at the Contact, else in Expires, else it is ours to choose;
/// more than we give is cut, less is refused with 423, and 0 ends the binding.
#[test]
fn a_lifetime_is_bounded() {
    for (lines, expected_s) in [
        ("Contact: <sip:a@10.0.0.7>\r\n", 3600),
        ("Contact: <sip:a@10.0.0.7>\r\nExpires: 120\r\n", 120),
        ("Contact: <sip:a@10.0.0.7>;expires=60\r\nExpires: 120\r\n", 60),
        ("Contact: <sip:a@10.0.0.7>\r\nExpires: 7200\r\n", 3600),
        ("Contact: <sip:a@10.0.0.7>;expires=99999999999\r\n", 3600),
        // Section 20.19: a broken value counts as 3600.
        ("Contact: <sip:a@10.0.0.7>;expires=soon\r\n", 3600),
    ] {
        let bindings = after(&[], "one", 1, lines).expect("taken");
        assert_eq!((bindings.len(), life_s(&bindings[0])), (1, expected_s), "{lines}");
    }
    for lines in ["Contact: <sip:a@10.0.0.7>;expires=59\r\n", "Contact: <sip:a@10.0.0.7>\r\nExpires: 1\r\n"] {
        assert_eq!(after(&[], "one", 1, lines), Err(Refusal::TooBrief), "{lines}");
    }
    assert_eq!(after(&one(1), "one", 2, "Contact: <sip:a@10.0.0.7>;expires=0\r\n"), Ok(Vec::new()));
}

/// Step 6: `*` goes with `Expires: 0` and with nothing else, and removes every binding.
#[test]
fn a_star_removes_everything() {
    let two = after(&one(1), "two", 1, "Contact: <sip:a@10.0.0.8>\r\n").expect("taken");
    assert_eq!(two.len(), 2);
    assert_eq!(after(&two, "one", 2, "Contact: *\r\nExpires: 0\r\n"), Ok(Vec::new()));
    for lines in [
        "Contact: *\r\n",
        "Contact: *\r\nExpires: 60\r\n",
        "Contact: *, <sip:a@10.0.0.7>\r\nExpires: 0\r\n",
        "Contact: *\r\nContact: *\r\nExpires: 0\r\n",
        "Contact: *;expires=0\r\n",
    ] {
        assert_eq!(after(&two, "one", 2, lines), Err(Refusal::Malformed), "{lines}");
    }
    // It came late: of the same Call-ID, a newer REGISTER was there before.
    assert_eq!(after(&two, "one", 1, "Contact: *\r\nExpires: 0\r\n"), Err(Refusal::OutOfOrder));
}

/// Step 7: within a Call-ID CSeq must grow; another Call-ID is a phone that started anew.
#[test]
fn a_late_register_changes_nothing() {
    let lines = "Contact: <sip:a@10.0.0.7>\r\nExpires: 60\r\n";
    for cseq in [4, 5] {
        assert_eq!(after(&one(5), "one", cseq, lines), Err(Refusal::OutOfOrder));
    }
    for (call_id, cseq) in [("one", 6), ("two", 1)] {
        let bindings = after(&one(5), call_id, cseq, lines).expect("taken");
        assert_eq!((bindings.len(), bindings[0].cseq, life_s(&bindings[0])), (1, cseq, 60));
    }
}

/// Section 19.1.4: the same phone keeps one binding, whatever parameters and case it writes.
#[test]
fn a_phone_has_one_binding() {
    let bindings = after(&[], "one", 1, "Contact: \"A\" <sip:a@Phone.lan;ob>;q=0.5\r\n").expect("taken");
    let bindings = after(&bindings, "two", 1, "m: <sip:a@phone.LAN>\r\n").expect("taken");
    assert_eq!(bindings.len(), 1);
    let bindings = after(&bindings, "two", 2, "m: <sip:a@phone.lan:5070>\r\n").expect("taken");
    assert_eq!(bindings.len(), 2);
    // Where the packets came from is kept, not where the Contact points.
    assert!(bindings.iter().all(|b| b.source == flow().remote && b.local == Some(flow().local)));
}

/// More bindings than a user may have: the newest stay.
#[test]
fn too_many_bindings_push_out_the_oldest() {
    let mut bindings = Vec::new();
    for port in 0..30 {
        let lines = format!("Contact: <sip:a@10.0.0.7:{}>\r\n", 5000 + port);
        bindings = after(&bindings, &format!("call{port}"), 1, &lines).expect("taken");
        assert!(bindings.len() <= BINDINGS_MAX);
    }
    let at_once: String =
        (0..40).map(|port| format!("Contact: <sip:a@10.0.0.7:{}>\r\n", 6000 + port)).collect();
    let bindings = after(&bindings, "many", 1, &at_once).expect("taken");
    assert_eq!(bindings.len(), BINDINGS_MAX);
    assert_eq!(bindings[BINDINGS_MAX - 1].contact_uri, "sip:a@10.0.0.7:6039");
}

/// A Contact that names nobody we could call.
#[test]
fn a_contact_must_be_an_address() {
    for lines in ["Contact: hello\r\n", "Contact: <mailto:a@b>\r\n", "Contact: <sip:>\r\n"] {
        assert_eq!(after(&[], "one", 1, lines), Err(Refusal::Malformed), "{lines}");
    }
}

/// RFC 3327 section 5.3: the Path is kept for the way to the phone.
#[test]
fn a_path_is_kept() {
    let lines = "Contact: <sip:a@10.0.0.7>\r\nPath: <sip:p1;lr>, <sip:p2;lr>\r\nPath: <sip:p3;lr>\r\n";
    let bindings = after(&[], "one", 1, lines).expect("taken");
    assert_eq!(bindings[0].path, ["<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"]);
}

/// RFC 5626 section 6: a way to a phone has one binding, whatever Contact and Call-ID it has by
/// now; another way and another phone have their own.
#[test]
fn a_way_to_a_phone_has_one_binding() {
    let contact = |host: &str, instance: &str, reg_id: &str| {
        format!("Contact: <sip:a@{host}>;+sip.instance=\"<urn:uuid:{instance}>\"{reg_id}\r\n")
    };
    let first = after(&[], "one", 1, &contact("10.0.0.7", "AB-1", ";reg-id=1")).expect("taken");
    for (host, instance, reg_id, expected) in [
        ("10.0.0.8", "ab-1", ";reg-id=1", 1),
        ("10.0.0.8", "AB-1", ";reg-id=2", 2),
        ("10.0.0.8", "AB-2", ";reg-id=1", 2),
        ("10.0.0.8", "AB-1", "", 2),
        ("10.0.0.7", "AB-1", "", 1),
    ] {
        let lines = contact(host, instance, reg_id);
        let bindings = after(&first, "two", 1, &lines).expect("taken");
        assert_eq!(bindings.len(), expected, "{lines}");
        assert_eq!(bindings[expected - 1].call_id, "two");
    }
    // A reg-id without instance names no way, and 0 is none.
    for lines in
        ["Contact: <sip:a@10.0.0.7>;reg-id=1\r\n".to_owned(), contact("10.0.0.7", "AB-1", ";reg-id=0")]
    {
        assert_eq!(after(&[], "one", 1, &lines).expect("taken")[0].reg_id, None, "{lines}");
    }
}

/// RFC 5626 section 6: through a proxy that keeps no flow up there is no outbound.
#[test]
fn a_first_hop_must_know_outbound() {
    let lines = |path: &str, supported: &str| {
        format!(
            "Via: SIP/2.0/UDP proxy;branch=z9hG4bKp\r\n{path}{supported}\
             Contact: <sip:a@10.0.0.7>;reg-id=1;+sip.instance=\"<urn:uuid:1>\"\r\n"
        )
    };
    let (with, wants) = ("Path: <sip:p2;lr>, <sip:p1;lr;ob>\r\n", "Supported: path, outbound\r\n");
    assert_eq!(after(&[], "one", 1, &lines(with, wants)).map(|b| b.len()), Ok(1));
    assert_eq!(after(&[], "one", 1, &lines("", "")).map(|b| b.len()), Ok(1));
    for path in ["", "Path: <sip:p2;lr;ob>, <sip:p1;lr>\r\n"] {
        assert_eq!(after(&[], "one", 1, &lines(path, wants)), Err(Refusal::FirstHop), "{path}");
    }
}

/// RFC 3261 section 20.10 and 25.1.
#[test]
fn a_preference_is_kept() {
    for (q, expected) in [
        (";q=0.5", 500),
        (";q=0", 0),
        (";q=1.0", 1000),
        (";q=0.125", 125),
        (";q=.7", 700),
        ("", 1000),
        (";q", 1000),
        (";q=2", 1000),
        (";q=0.1234", 1000),
        (";q=0.+5", 1000),
    ] {
        let bindings = after(&[], "one", 1, &format!("Contact: <sip:a@10.0.0.7>{q}\r\n")).expect("taken");
        assert_eq!(bindings[0].q_permille, expected, "{q}");
    }
}
