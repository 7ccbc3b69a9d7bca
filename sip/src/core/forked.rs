//! One INVITE of ours that a proxy sends to several callees (RFC 3261 section 13.2.2.4, RFC 6026
//! section 7.2).

use std::time::Duration;

use super::pair::{CALLER, Pair, first_line};
use crate::{
    LegEvent, LegId,
    api::leg::Command,
    wire::{Message, Method, Request, parse},
};

fn read(pair: &mut Pair) -> Request {
    match parse(&pair.take(CALLER)) {
        Ok(Message::Request(request)) => request,
        other => panic!("{other:?}"),
    }
}

/// One callee answers the INVITE.
fn answer(pair: &mut Pair, invite: &Request, callee: &str, code: u16, more: &[(&str, &str)]) {
    let mut response = invite.answer(code, callee);
    response.headers.push("Contact", format!("<sip:{callee}@192.0.2.2>"));
    for (name, value) in more {
        response.headers.push(name, *value);
    }
    if matches!(code, 183 | 200) {
        response.body = format!("from {callee}").into();
    }
    pair.receive(CALLER, Message::Response(response));
}

fn calling() -> (Pair, LegId, Request) {
    let mut pair = Pair::new();
    let out = pair.call();
    let invite = read(&mut pair);
    (pair, out, invite)
}

fn told(pair: &mut Pair) -> Vec<LegEvent> {
    std::mem::take(&mut pair.told[CALLER])
}

/// Answers what is under way, so that nothing is left.
fn say_ok(pair: &mut Pair, bye: &Request) {
    assert_eq!(bye.method, Method::Bye);
    pair.receive(CALLER, Message::Response(bye.answer(200, "x")));
}

#[test]
fn the_first_answer_wins_and_the_second_is_hung_up() {
    let (mut pair, out, invite) = calling();
    answer(&mut pair, &invite, "desk", 180, &[]);
    answer(&mut pair, &invite, "mobile", 183, &[]);
    let early = LegEvent::Ringing { code: 183, body: Some("from mobile".into()) };
    assert_eq!(told(&mut pair), [LegEvent::Ringing { code: 180, body: None }, early]);

    answer(&mut pair, &invite, "desk", 200, &[]);
    assert_eq!(told(&mut pair), [LegEvent::Answered { body: "from desk".into() }]);
    let ack = read(&mut pair);
    assert_eq!((ack.method, ack.uri.as_str()), (Method::Ack, "sip:desk@192.0.2.2"));

    // The second, with a copy: two ACKs, one BYE.
    for _ in 0..2 {
        answer(&mut pair, &invite, "mobile", 200, &[]);
    }
    let (ack, bye, again) = (read(&mut pair), read(&mut pair), read(&mut pair));
    assert_eq!((ack.method, ack.head.to_tag.as_deref()), (Method::Ack, Some("mobile")));
    assert_eq!((&bye.method, bye.uri.as_str()), (&Method::Bye, "sip:mobile@192.0.2.2"));
    assert_eq!((again.method, again.head.to_tag.as_deref()), (Method::Ack, Some("mobile")));
    say_ok(&mut pair, &bye);
    assert!(told(&mut pair).is_empty() && pair.sent[CALLER].is_empty());

    pair.say(CALLER, out, Command::End(None));
    let bye = read(&mut pair);
    say_ok(&mut pair, &bye);
    // The call is over, its INVITE lives on: a third callee answers.
    assert!(pair.cores[CALLER].leg_ids().is_empty());
    pair.wait(Duration::from_secs(20));
    answer(&mut pair, &invite, "home", 200, &[]);
    let (ack, bye) = (read(&mut pair), read(&mut pair));
    assert_eq!((ack.method, ack.uri.as_str()), (Method::Ack, "sip:home@192.0.2.2"));
    say_ok(&mut pair, &bye);
    pair.nothing_is_left();
}

/// RFC 3262 section 4: each branch has numbers of its own, and is acknowledged in its dialog.
#[test]
fn each_branch_is_acknowledged_by_itself() {
    let (mut pair, out, invite) = calling();
    let reliable = |rseq| [("Require", "100rel"), ("RSeq", rseq)];
    for (callee, rseq, news) in [
        ("desk", "7", true),
        ("mobile", "100", true),
        ("desk", "7", false),
        ("desk", "9", false),
        ("desk", "8", true),
        ("mobile", "101", true),
    ] {
        answer(&mut pair, &invite, callee, 183, &reliable(rseq));
        assert_eq!(told(&mut pair).len(), usize::from(news), "{callee} {rseq}");
        if news {
            let prack = read(&mut pair);
            assert_eq!(prack.headers.get("RAck"), Some(format!("{rseq} 1 INVITE").as_str()));
            assert_eq!(prack.uri, format!("sip:{callee}@192.0.2.2"));
            pair.receive(CALLER, Message::Response(prack.answer(200, "x")));
        }
        assert!(pair.sent[CALLER].is_empty());
    }
    // The call goes on in the dialog of who answers, after its two PRACKs.
    answer(&mut pair, &invite, "mobile", 200, &[]);
    let ack = read(&mut pair);
    assert_eq!((ack.head.cseq, ack.head.to_tag.as_deref()), (1, Some("mobile")));
    pair.say(CALLER, out, Command::End(None));
    let bye = read(&mut pair);
    assert_eq!(bye.head.cseq, 4);
    say_ok(&mut pair, &bye);
    pair.nothing_is_left();
}

/// More branches than are kept are told all the same, and hung up on.
#[test]
fn a_crowd_of_branches_is_bounded() {
    let (mut pair, out, invite) = calling();
    for callee in 0..40 {
        answer(&mut pair, &invite, &format!("c{callee}"), 180, &[]);
    }
    assert_eq!(told(&mut pair).len(), 40);
    for callee in 0..40 {
        answer(&mut pair, &invite, &format!("c{callee}"), 200, &[]);
    }
    let lines = pair.first_lines(CALLER);
    assert_eq!(lines.iter().filter(|line| line.starts_with("ACK ")).count(), 16);
    assert_eq!(lines.iter().filter(|line| line.starts_with("BYE ")).count(), 15);
    let byes: Vec<_> = pair.sent[CALLER].drain(..).filter(|b| first_line(b).starts_with("BYE ")).collect();
    for bye in byes {
        let Ok(Message::Request(bye)) = parse(&bye) else { panic!("a request") };
        say_ok(&mut pair, &bye);
    }
    pair.say(CALLER, out, Command::End(None));
    let bye = read(&mut pair);
    say_ok(&mut pair, &bye);
    pair.nothing_is_left();
}

/// Section 21.3: a redirection is told, not followed.
#[test]
fn a_redirection_is_told() {
    let long = format!("<sip:{}@h>", "a".repeat(600));
    for (contact, expected) in [
        (
            "\"Home\" <sip:+34600@home.example;user=phone>;q=0.9, <sip:other@x>",
            Some("sip:+34600@home.example;user=phone"),
        ),
        ("<tel:+34600111222>", Some("tel:+34600111222")),
        ("<http://x/>", None),
        (&long, None),
    ] {
        let (mut pair, _, invite) = calling();
        let mut response = invite.answer(302, "desk");
        response.headers.push("Contact", contact);
        pair.receive(CALLER, Message::Response(response));
        assert!(read(&mut pair).method == Method::Ack && pair.sent[CALLER].is_empty());
        let [LegEvent::Ended(ended)] = &told(&mut pair)[..] else { panic!("an end") };
        assert_eq!((ended.code, ended.redirect_to.as_deref()), (302, expected));
        pair.nothing_is_left();
    }
}

/// RFC 3261 section 22.3: a proxy that wants to know who acknowledges is told, once, in the same
/// dialog.
#[test]
fn a_challenged_prack_goes_out_again() {
    let (mut pair, out, invite) = calling();
    answer(&mut pair, &invite, "desk", 183, &[("Require", "100rel"), ("RSeq", "7")]);
    let refuse = |pair: &mut Pair, prack: &Request, nonce: &str| {
        let mut response = prack.answer(407, "x");
        let ask = format!("Digest realm=\"proxy\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"");
        response.headers.push("Proxy-Authenticate", ask);
        pair.receive(CALLER, Message::Response(response));
    };
    let prack = read(&mut pair);
    refuse(&mut pair, &prack, "one");
    let again = read(&mut pair);
    assert_eq!((&again.method, again.head.cseq), (&Method::Prack, 3));
    assert_eq!((again.headers.get("RAck"), again.uri.as_str()), (Some("7 1 INVITE"), "sip:desk@192.0.2.2"));
    assert!(again.headers.get("Proxy-Authorization").is_some_and(|proof| proof.contains("nonce=\"one\"")));
    refuse(&mut pair, &again, "two");
    assert!(pair.sent[CALLER].is_empty(), "once");
    answer(&mut pair, &invite, "desk", 200, &[]);
    read(&mut pair);
    pair.say(CALLER, out, Command::End(None));
    let bye = read(&mut pair);
    assert_eq!(bye.head.cseq, 4);
    say_ok(&mut pair, &bye);
    pair.nothing_is_left();
}
