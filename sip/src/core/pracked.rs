//! Reliable provisional answers (RFC 3262) and offers before the final answer (RFC 3311).

use std::time::Duration;

use bytes::Bytes;

use super::pair::{CALLEE, CALLER, Pair, first_line};
use crate::{Ended, EndedBy, LegEvent, LegId, api::leg::Command};

fn text(bytes: &Bytes) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// A call whose INVITE requires 100rel, and has come in.
fn ringing(body: &str) -> (Pair, LegId, LegId) {
    let mut pair = Pair::new();
    let mut spec = Pair::spec();
    spec.call.headers.push(("Require".to_owned(), "100rel".to_owned()));
    spec.call.body = Bytes::copy_from_slice(body.as_bytes());
    let (out, _) = pair.cores[CALLER].call(pair.now, spec).expect("there is room");
    pair.drain(CALLER);
    pair.carry(CALLER);
    pair.carry(CALLEE);
    let inc = pair.taken[CALLEE].expect("no 420");
    (pair, out, inc)
}

fn ringing_with(code: u16, body: &str) -> LegEvent {
    LegEvent::Ringing { code, body: (!body.is_empty()).then(|| Bytes::copy_from_slice(body.as_bytes())) }
}

/// Sections 3 and 4: one answer at a time, each acknowledged once, and the 2xx not before the
/// description that is under way.
#[test]
fn provisional_answers_go_one_by_one() {
    let (mut pair, out, inc) = ringing("offer");
    pair.say(CALLEE, inc, Command::Progress("early".into()));
    pair.say(CALLEE, inc, Command::Ring);
    pair.say(CALLEE, inc, Command::Answer("answer".into()));
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 183 Session Progress"]);
    let progress = pair.take(CALLEE);
    assert!(text(&progress).contains("\r\nRequire: 100rel\r\n"), "{}", text(&progress));
    // It is lost, comes again, twice, and is told once.
    pair.wait(Duration::from_millis(1500));
    assert_eq!(pair.first_lines(CALLEE).len(), 2);
    pair.carry(CALLEE);
    pair.carry(CALLEE);
    assert_eq!(pair.told[CALLER], [ringing_with(183, "early")]);
    let lines = pair.first_lines(CALLER);
    assert!(matches!(&lines[..], [prack] if prack.starts_with("PRACK sip:")), "{lines:?}");
    let prack = pair.take(CALLER);
    pair.deliver(CALLER, &prack);
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 200 OK", "SIP/2.0 200 OK"], "to PRACK and INVITE");
    pair.carry_all();
    assert_eq!(pair.told[CALLER][1..], [LegEvent::Answered { body: "answer".into() }]);
    assert_eq!(pair.told[CALLEE], [LegEvent::Confirmed]);
    // The CSeq of the PRACK is spent: the BYE has a higher one.
    pair.say(CALLER, out, Command::End(None));
    assert!(text(&pair.sent[CALLER][0]).contains("\r\nCSeq: 3 BYE\r\n"));
    pair.carry_all();
    pair.nothing_is_left();
}

/// Section 3: an answer after an acknowledged one has the next RSeq; a PRACK for any other gets
/// 481.
#[test]
fn the_numbers_must_fit() {
    let (mut pair, out, inc) = ringing("offer");
    pair.say(CALLEE, inc, Command::Ring);
    pair.carry(CALLEE);
    let prack = pair.take(CALLER);
    let rack = text(&prack).split("RAck: ").nth(1).and_then(|rest| rest.split(' ').next().map(str::to_owned));
    let rseq: u32 = rack.expect("a RAck").parse().expect("a number");
    let other = text(&prack).replace(&format!("RAck: {rseq}"), &format!("RAck: {}", rseq + 1));
    pair.deliver(CALLER, &other.into());
    assert_eq!(pair.carry(CALLEE), "SIP/2.0 481 Call/Transaction Does Not Exist");
    pair.say(CALLEE, inc, Command::Progress("early".into()));
    assert!(pair.sent[CALLEE].is_empty(), "one at a time");
    // The next copy is acknowledged with a branch of its own.
    let again = text(&prack).replace("z9hG4bK", "z9hG4bKagain").replace("CSeq: 2", "CSeq: 3");
    pair.deliver(CALLER, &again.into());
    assert_eq!(pair.first_lines(CALLEE)[1], "SIP/2.0 183 Session Progress");
    assert!(text(&pair.sent[CALLEE][1]).contains(&format!("\r\nRSeq: {}\r\n", rseq + 1)));
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// Section 3: without PRACK for 64*T1 the INVITE is refused.
#[test]
fn who_never_acknowledges_is_refused() {
    let (mut pair, _, inc) = ringing("offer");
    pair.say(CALLEE, inc, Command::Ring);
    pair.sent = Default::default();
    pair.wait(Duration::from_secs(33));
    let ended = Ended { by: EndedBy::Timeout, code: 408, reason: "no PRACK".to_owned(), redirect_to: None };
    assert_eq!(pair.told[CALLEE], [LegEvent::Ended(ended)]);
    assert!(pair.first_lines(CALLEE).contains(&"SIP/2.0 504 Server Time-out".to_owned()));
    pair.nothing_is_left();
}

/// RFC 3311 section 5.1: once both have described the session, either side may offer again
/// before the call is answered.
#[test]
fn an_early_session_changes() {
    let (mut pair, out, inc) = ringing("offer");
    pair.say(CALLEE, inc, Command::Reoffer("too early".into()));
    assert_eq!(pair.told[CALLEE].pop(), Some(LegEvent::ReofferRefused { code: 491 }));
    pair.say(CALLEE, inc, Command::Progress("early".into()));
    pair.carry_all();
    pair.told = Default::default();
    pair.say(CALLEE, inc, Command::Reoffer("moved".into()));
    assert!(pair.first_lines(CALLEE)[0].starts_with("UPDATE "));
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [LegEvent::Reoffer { body: Some("moved".into()) }]);
    pair.say(CALLER, out, Command::AcceptReoffer("seen".into()));
    pair.carry_all();
    assert_eq!(pair.told[CALLEE], [LegEvent::ReofferAnswered { body: "seen".into() }]);
    pair.say(CALLEE, inc, Command::Answer("moved".into()));
    pair.carry_all();
    assert_eq!(pair.told[CALLER].last(), Some(&LegEvent::Answered { body: "moved".into() }));
    assert_eq!(pair.told[CALLEE].last(), Some(&LegEvent::Confirmed));
    // The UPDATE's CSeq counts.
    pair.say(CALLEE, inc, Command::End(None));
    assert!(text(&pair.sent[CALLEE][0]).contains("\r\nCSeq: 2 BYE\r\n"));
    pair.carry_all();
    pair.nothing_is_left();
}

/// An offer of the callee that nobody has answered when the call is refused goes with it.
#[test]
fn an_early_offer_goes_with_its_call() {
    let (mut pair, _, inc) = ringing("offer");
    pair.say(CALLEE, inc, Command::Progress("early".into()));
    pair.carry_all();
    pair.say(CALLEE, inc, Command::Reoffer("moved".into()));
    pair.carry_all();
    pair.say(CALLEE, inc, Command::Reject(486, String::new()));
    pair.carry_all();
    assert!(pair.log.iter().any(|(side, bytes)| *side == CALLER && first_line(bytes).contains(" 487 ")));
    pair.nothing_is_left();
}

/// RFC 3262 section 5: an INVITE without offer gets ours reliably, and the PRACK brings the
/// answer. Written by hand, as our own calls without offer do not ask for it.
#[test]
fn a_prack_brings_the_answer() {
    let (mut pair, out, inc) = ringing("");
    pair.say(CALLEE, inc, Command::Progress("ours".into()));
    pair.carry(CALLEE);
    let prack = text(&pair.take(CALLER));
    let answered = prack.replace("Content-Length: 0\r\n\r\n", "Content-Length: 6\r\n\r\ntheirs");
    pair.deliver(CALLER, &answered.into());
    assert_eq!(pair.told[CALLEE], [LegEvent::ReofferAnswered { body: "theirs".into() }]);
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}
