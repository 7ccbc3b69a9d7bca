//! Messages that cross and overtake each other on their way.

use std::time::Duration;

use super::pair::{CALLEE, CALLER, Pair, first_line};
use crate::{
    Ended, EndedBy, LegEvent,
    api::leg::Command,
    wire::{Message, parse},
};

fn ended(by: EndedBy, code: u16, reason: &str) -> LegEvent {
    LegEvent::Ended(Ended { by, code, reason: reason.to_owned(), redirect_to: None })
}

/// RFC 3261 section 9.1: a 2xx that crosses the CANCEL makes a call, which is acknowledged and
/// hung up at once.
#[test]
fn an_answer_crosses_the_cancel() {
    let mut pair = Pair::new();
    let out = pair.call();
    pair.carry(CALLER);
    let inc = pair.taken[CALLEE].expect("it came in");
    assert_eq!(pair.carry(CALLEE), "SIP/2.0 100 Trying");
    pair.say(CALLEE, inc, Command::Answer("answer".into()));
    pair.say(CALLER, out, Command::End(None));
    assert!(pair.first_lines(CALLER)[0].starts_with("CANCEL "));
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 200 OK"]);

    // The CANCEL comes too late: 200 for itself, no effect on the call (section 9.2).
    pair.carry(CALLER);
    assert!(pair.told[CALLEE].is_empty());
    // The 200 comes too late as well: ACK, then BYE.
    pair.carry(CALLEE);
    let lines = pair.first_lines(CALLER);
    assert!(lines[0].starts_with("ACK ") && lines[1].starts_with("BYE "), "{lines:?}");
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [ended(EndedBy::Local, 487, "")]);
    assert_eq!(pair.told[CALLEE], [LegEvent::Confirmed, ended(EndedBy::Remote, 200, "")]);
    pair.nothing_is_left();
}

/// RFC 3261 section 9.1: no CANCEL before a provisional answer; and section 9.2: the INVITE
/// that it reaches in time gets 487.
#[test]
fn a_cancel_waits_for_a_provisional_answer() {
    let mut pair = Pair::new();
    let out = pair.call();
    pair.say(CALLER, out, Command::End(None));
    assert_eq!(pair.first_lines(CALLER).len(), 1, "the INVITE alone");
    pair.carry(CALLER);
    assert_eq!(pair.carry(CALLEE), "SIP/2.0 100 Trying");
    assert!(pair.carry(CALLER).starts_with("CANCEL "));
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"]);
    pair.carry_all();
    assert_eq!(pair.told[CALLEE], [ended(EndedBy::Remote, 487, "cancelled")]);
    pair.nothing_is_left();
}

/// Section 9.2: a CANCEL that comes while the directory is asked who calls. The call is told,
/// with its end.
#[test]
fn a_cancel_is_faster_than_the_directory() {
    let mut pair = Pair::new();
    pair.slow_directory = true;
    let out = pair.call();
    pair.carry(CALLER);
    pair.carry(CALLEE);
    pair.say(CALLER, out, Command::End(None));
    assert!(pair.carry(CALLER).starts_with("CANCEL "));
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 200 OK"]);
    assert!(pair.taken[CALLEE].is_none());
    pair.look_up(CALLEE);
    assert!(pair.taken[CALLEE].is_some());
    assert_eq!(pair.told[CALLEE], [ended(EndedBy::Remote, 487, "cancelled")]);
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"]);
    pair.carry_all();
    pair.nothing_is_left();
}

/// RFC 3261 section 12.2.2: a request that was overtaken by a later one of its dialog gets 500
/// and does nothing.
#[test]
fn an_overtaken_reinvite_does_nothing() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    pair.say(CALLER, out, Command::Reoffer("old".into()));
    let old = pair.take(CALLER);
    let Ok(Message::Request(request)) = parse(&old) else { panic!("a request") };
    pair.receive(CALLER, Message::Response(request.answer(488, "x")));
    pair.sent = Default::default();
    pair.told = Default::default();
    pair.say(CALLER, out, Command::Reoffer("new".into()));
    pair.carry_all();
    pair.say(CALLEE, inc, Command::AcceptReoffer("yes".into()));
    pair.carry_all();
    assert_eq!(pair.told[CALLEE], [LegEvent::Reoffer { body: Some("new".into()) }]);
    pair.deliver(CALLER, &old);
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 500 Server Internal Error"]);
    assert_eq!(pair.told[CALLEE].len(), 1);
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// A refusal crosses the CANCEL: it stands, and the CANCEL finds nothing to cancel.
#[test]
fn a_refusal_crosses_the_cancel() {
    let mut pair = Pair::new();
    let out = pair.call();
    pair.carry(CALLER);
    let inc = pair.taken[CALLEE].expect("it came in");
    pair.carry(CALLEE);
    pair.say(CALLEE, inc, Command::Reject(486, String::new()));
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [ended(EndedBy::Local, 487, "")]);
    assert_eq!(pair.told[CALLEE], [ended(EndedBy::Local, 486, "")]);
    pair.nothing_is_left();
}

/// Both hang up at the same time: each BYE is answered, and each side hung up by itself.
#[test]
fn both_byes_cross() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    pair.say(CALLER, out, Command::End(None));
    pair.say(CALLEE, inc, Command::End(None));
    assert!(pair.carry(CALLER).starts_with("BYE "));
    assert!(pair.carry(CALLEE).starts_with("BYE "));
    assert_eq!(pair.first_lines(CALLER), ["SIP/2.0 200 OK"]);
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 200 OK"]);
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [ended(EndedBy::Local, 200, "")]);
    assert_eq!(pair.told[CALLEE], [ended(EndedBy::Local, 200, "")]);
    pair.nothing_is_left();
}

/// RFC 3261 section 14.1 and 14.2: offers that cross are both refused with 491 and tried again:
/// first by who did not make the Call-ID, within 2 s, then by the other, after 2.1 to 4 s.
#[test]
fn both_reinvites_cross() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    pair.say(CALLER, out, Command::Reoffer("hold".into()));
    pair.say(CALLEE, inc, Command::Reoffer("video".into()));
    pair.carry_all();
    let refused = pair.log.iter().filter(|(_, bytes)| first_line(bytes) == "SIP/2.0 491 Request Pending");
    assert_eq!(refused.count(), 2);
    assert!(pair.told.iter().all(Vec::is_empty));
    pair.wait(Duration::from_millis(2000));
    assert!(pair.sent[CALLER].is_empty());
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [LegEvent::Reoffer { body: Some("video".into()) }]);
    // Ours waits until the peer's is done, whatever the time.
    pair.wait(Duration::from_millis(4000));
    assert!(pair.sent[CALLER].is_empty());
    pair.say(CALLER, out, Command::AcceptReoffer("seen".into()));
    pair.carry_all();
    let [answered, offered] = &pair.told[CALLEE][..] else { panic!("{:?}", pair.told[CALLEE]) };
    assert_eq!(answered, &LegEvent::ReofferAnswered { body: "seen".into() });
    assert_eq!(offered, &LegEvent::Reoffer { body: Some("hold".into()) });
    pair.say(CALLEE, inc, Command::AcceptReoffer("held".into()));
    pair.carry_all();
    assert_eq!(pair.told[CALLER].last(), Some(&LegEvent::ReofferAnswered { body: "held".into() }));
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// Section 14.1: a peer that answers 491 for ever is believed in the end; an offer that comes
/// meanwhile waits for its turn, and the last one wins.
#[test]
fn a_glare_without_end_is_told() {
    let mut pair = Pair::new();
    let (out, _) = pair.talking();
    pair.say(CALLER, out, Command::Reoffer("hold".into()));
    let refuse = |pair: &mut Pair| {
        let invite = loop {
            let Ok(Message::Request(request)) = parse(&pair.take(CALLER)) else { panic!("a request") };
            if request.method.as_str() == "INVITE" {
                break request;
            }
        };
        pair.receive(CALLER, Message::Response(invite.answer(491, "x")));
        // Copies of the INVITE and the ACK go nowhere.
        pair.sent = Default::default();
        invite.body
    };
    assert_eq!(refuse(&mut pair), "hold");
    pair.say(CALLER, out, Command::Reoffer("video".into()));
    pair.say(CALLER, out, Command::Reoffer("both".into()));
    for _ in 0..5 {
        pair.wait(Duration::from_millis(2090));
        assert!(pair.sent[CALLER].is_empty(), "too early");
        pair.wait(Duration::from_millis(1910));
        assert!(pair.told[CALLER].is_empty());
        assert_eq!(refuse(&mut pair), "both");
    }
    assert_eq!(pair.told[CALLER], [LegEvent::ReofferRefused { code: 491 }]);
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// A re-INVITE meets the BYE: section 15.1.2, it gets 487 where it is pending, and 481 where
/// the dialog is already over.
#[test]
fn a_reinvite_crosses_the_bye() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    pair.say(CALLER, out, Command::Reoffer("hold".into()));
    pair.say(CALLEE, inc, Command::End(None));
    assert!(pair.carry(CALLER).starts_with("INVITE "));
    let lines = pair.first_lines(CALLEE);
    assert!(lines.iter().any(|line| line.starts_with("SIP/2.0 481 ")), "{lines:?}");
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [ended(EndedBy::Remote, 200, "")]);
    assert_eq!(pair.told[CALLEE], [ended(EndedBy::Local, 200, "")]);
    pair.nothing_is_left();

    let (out, inc) = pair.talking();
    pair.told = Default::default();
    pair.say(CALLER, out, Command::Reoffer("hold".into()));
    pair.carry_all();
    pair.say(CALLER, out, Command::End(None));
    assert!(pair.carry(CALLER).starts_with("BYE "));
    let lines = pair.first_lines(CALLEE);
    assert!(lines.iter().any(|line| line.starts_with("SIP/2.0 487 ")), "{lines:?}");
    pair.say(CALLEE, inc, Command::AcceptReoffer("too late".into()));
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [ended(EndedBy::Local, 200, "")]);
    pair.nothing_is_left();
}

/// RFC 3261 section 15: a callee who hangs up before the ACK waits for it. Section 13.2.2.4:
/// the ACK is repeated with every copy of the 2xx.
#[test]
fn the_callee_hangs_up_before_the_ack() {
    let mut pair = Pair::new();
    pair.call();
    pair.carry(CALLER);
    let inc = pair.taken[CALLEE].expect("it came in");
    pair.say(CALLEE, inc, Command::Answer("answer".into()));
    pair.say(CALLEE, inc, Command::End(None));
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]);
    pair.carry(CALLEE);
    pair.carry(CALLEE);
    // The ACK is lost; the 2xx comes again and brings another.
    assert!(pair.take(CALLER).starts_with(b"ACK "));
    pair.wait(Duration::from_millis(500));
    assert_eq!(pair.carry(CALLEE), "SIP/2.0 200 OK");
    assert!(pair.carry(CALLER).starts_with("ACK "));
    assert!(pair.carry(CALLEE).starts_with("BYE "));
    pair.carry_all();
    let answered = LegEvent::Answered { body: "answer".into() };
    assert_eq!(pair.told[CALLER], [answered, ended(EndedBy::Remote, 200, "")]);
    pair.nothing_is_left();
}

/// RFC 3261 section 13.3.1.4: without an ACK for 64*T1 the call is hung up.
#[test]
fn an_answer_without_ack_ends_with_bye() {
    let mut pair = Pair::new();
    pair.call();
    pair.carry(CALLER);
    let inc = pair.taken[CALLEE].expect("it came in");
    pair.say(CALLEE, inc, Command::Answer("answer".into()));
    pair.wait(Duration::from_secs(33));
    assert_eq!(pair.told[CALLEE], [ended(EndedBy::Timeout, 408, "no ACK")]);
    let copies = pair.first_lines(CALLEE).iter().filter(|line| *line == "SIP/2.0 200 OK").count();
    // At 0, 0.5, 1.5, 3.5, 7.5, 11.5 ... 31.5 s.
    assert_eq!(copies, 11);
    assert!(pair.first_lines(CALLEE).iter().any(|line| line.starts_with("BYE ")));
    pair.sent = Default::default();
    pair.nothing_is_left();
}

/// RFC 6086: a small INFO is carried as it is, a large one is not.
#[test]
fn an_info_is_carried() {
    let mut pair = Pair::new();
    let (out, _) = pair.talking();
    let content_type = "application/dtmf-relay".to_owned();
    let body = bytes::Bytes::from("Signal=5\r\nDuration=160\r\n");
    pair.say(CALLER, out, Command::Info(content_type.clone(), body.clone()));
    pair.say(CALLER, out, Command::Info(content_type.clone(), vec![b'x'; 5000].into()));
    pair.carry_all();
    assert_eq!(pair.told[CALLEE], [LegEvent::Info { content_type, body }]);
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// RFC 3261 section 9.1: a caller that never hears of us may not even cancel. Its call does not
/// ring for ever.
#[test]
fn a_caller_without_a_word_is_given_up() {
    let mut pair = Pair::new();
    pair.call();
    pair.carry(CALLER);
    pair.wait(Duration::from_secs(599));
    assert!(pair.told[CALLEE].is_empty());
    pair.wait(Duration::from_secs(1));
    assert_eq!(pair.told[CALLEE], [ended(EndedBy::Timeout, 408, "nobody answered")]);
    pair.sent = Default::default();
    pair.nothing_is_left();
}

/// Section 14.2: 500 with Retry-After means "not now". The ACK to the peer's 2xx is lost, so that
/// its next offer finds us not ready.
#[test]
fn an_offer_that_comes_too_early_is_repeated() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    pair.say(CALLER, out, Command::Reoffer("hold".into()));
    pair.carry_all();
    pair.say(CALLEE, inc, Command::AcceptReoffer("held".into()));
    pair.carry(CALLEE);
    assert!(pair.take(CALLER).starts_with(b"ACK "));
    pair.told = Default::default();
    pair.say(CALLER, out, Command::Reoffer("video".into()));
    pair.carry_all();
    assert!(pair.log.iter().any(|(_, bytes)| first_line(bytes) == "SIP/2.0 500 Server Internal Error"));
    assert!(pair.told.iter().all(Vec::is_empty));
    for _ in 0..11 {
        pair.wait(Duration::from_secs(1));
        pair.carry_all();
    }
    assert_eq!(pair.told[CALLEE], [LegEvent::Reoffer { body: Some("video".into()) }]);
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}
