//! Our requests are challenged (RFC 3261 section 22.2): before the call and inside it.

use bytes::Bytes;
use md5::{Digest, Md5};

use super::pair::{CALLEE, CALLER, Pair};
use crate::{
    Ended, EndedBy, LegEvent,
    api::leg::Command,
    wire::{AuthParams, Message, Request, parse},
};

fn read(bytes: &Bytes) -> Request {
    match parse(bytes).expect("we write what we read") {
        Message::Request(request) => request,
        Message::Response(_) => panic!("a request"),
    }
}

/// The peer refuses the latest request of the caller.
fn challenge(pair: &mut Pair, request: &Request, code: u16, nonce: &str, more: &str) {
    let name = if code == 401 { "WWW-Authenticate" } else { "Proxy-Authenticate" };
    let mut response = request.answer(code, "peer");
    let value = format!("Digest realm=\"carrier\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"{more}");
    response.headers.push(name, value);
    pair.receive(CALLER, Message::Response(response));
}

/// RFC 7616 section 3.4.1, with the credentials of [`Pair::call`].
fn is_right(request: &Request, header: &str, nonce: &str) -> bool {
    let md5 = |text: String| Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let params = AuthParams::parse(request.headers.get(header).expect("an answer")).expect("digest");
    let get = |name| params.get(name).expect("a parameter").to_owned();
    let ha2 = md5(format!("{}:{}", request.method, request.uri));
    let ha1 = md5("200:carrier:secret".to_owned());
    get("uri") == request.uri
        && get("nonce") == nonce
        && get("response") == md5(format!("{ha1}:{nonce}:00000001:{}:auth:{ha2}", get("cnonce")))
}

#[test]
fn a_proxy_and_the_callee_ask_who_calls() {
    let mut pair = Pair::new();
    pair.call();
    let first = read(&pair.take(CALLER));
    challenge(&mut pair, &first, 407, "p1", "");
    assert!(pair.take(CALLER).starts_with(b"ACK "));
    let second = read(&pair.take(CALLER));
    assert!(is_right(&second, "Proxy-Authorization", "p1"));
    challenge(&mut pair, &second, 401, "c1", "");
    assert!(pair.take(CALLER).starts_with(b"ACK "));
    let third = read(&pair.take(CALLER));
    assert!(is_right(&third, "Proxy-Authorization", "p1") && is_right(&third, "Authorization", "c1"));
    assert_eq!((first.head.cseq, second.head.cseq, third.head.cseq), (1, 2, 3));
    assert_eq!(third.head.call_id, first.head.call_id);
    // The same question again: the password is wrong, and stays so.
    challenge(&mut pair, &third, 401, "c2", "");
    let ended =
        Ended { by: EndedBy::Remote, code: 401, reason: "Unauthorized".to_owned(), redirect_to: None };
    assert_eq!(pair.told[CALLER], [LegEvent::Ended(ended)]);
    pair.sent = Default::default();
    pair.nothing_is_left();
}

#[test]
fn a_challenged_bye_still_hangs_up() {
    let mut pair = Pair::new();
    let (out, _) = pair.talking();
    pair.say(CALLER, out, Command::End(Some("Q.850;cause=16".to_owned())));
    let bye = read(&pair.take(CALLER));
    challenge(&mut pair, &bye, 407, "one", "");
    let again = read(&pair.take(CALLER));
    assert!(is_right(&again, "Proxy-Authorization", "one"));
    assert_eq!((again.head.cseq, again.headers.get("Reason")), (bye.head.cseq + 1, Some("Q.850;cause=16")));
    assert_ne!(again.head.branch, bye.head.branch);
    // A nonce that went stale is worth another try, with a new answer alone.
    challenge(&mut pair, &again, 407, "two", ", stale=true");
    let again = pair.take(CALLER);
    assert!(is_right(&read(&again), "Proxy-Authorization", "two"));
    assert_eq!(read(&again).headers.all("Proxy-Authorization").count(), 1);
    pair.deliver(CALLER, &again);
    pair.carry_all();
    assert_eq!(pair.told[CALLER].len(), 1, "the end is told once");
    let ended =
        Ended { by: EndedBy::Remote, code: 200, reason: "Q.850;cause=16".to_owned(), redirect_to: None };
    assert_eq!(pair.told[CALLEE], [LegEvent::Ended(ended)]);
    pair.nothing_is_left();
}

#[test]
fn a_bye_that_is_refused_for_good_ends_the_leg() {
    let mut pair = Pair::new();
    let (out, _) = pair.talking();
    pair.say(CALLER, out, Command::End(None));
    let bye = read(&pair.take(CALLER));
    challenge(&mut pair, &bye, 401, "one", "");
    let again = read(&pair.take(CALLER));
    challenge(&mut pair, &again, 401, "two", "");
    assert!(pair.sent[CALLER].is_empty() && pair.cores[CALLER].leg_ids().is_empty());
}

#[test]
fn a_challenged_reinvite_goes_out_again() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    pair.say(CALLER, out, Command::Reoffer("hold".into()));
    let invite = read(&pair.take(CALLER));
    challenge(&mut pair, &invite, 401, "one", "");
    assert!(pair.take(CALLER).starts_with(b"ACK "));
    let again = pair.take(CALLER);
    assert!(is_right(&read(&again), "Authorization", "one"));
    assert_eq!(read(&again).headers.get("Content-Type"), Some("application/sdp"));
    pair.deliver(CALLER, &again);
    pair.carry_all();
    assert_eq!(pair.told[CALLEE], [LegEvent::Reoffer { body: Some("hold".into()) }]);
    pair.say(CALLEE, inc, Command::AcceptReoffer("held".into()));
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [LegEvent::ReofferAnswered { body: "held".into() }]);

    // The next one starts anew; a refusal of its answer is told, and the call stays up.
    pair.say(CALLER, out, Command::Reoffer("video".into()));
    for nonce in ["two", "three"] {
        let invite = loop {
            let request = read(&pair.take(CALLER));
            if request.method.as_str() == "INVITE" {
                break request;
            }
        };
        challenge(&mut pair, &invite, 401, nonce, "");
    }
    assert_eq!(pair.told[CALLER].pop(), Some(LegEvent::ReofferRefused { code: 401 }));
    pair.say(CALLEE, inc, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}
