//! Session timers (RFC 4028), as either side.

use std::time::Duration;

use bytes::Bytes;

use super::pair::{CALLEE, CALLER, Pair, first_line};
use crate::{Ended, EndedBy, LegEvent, LegId, SessionTimer, api::leg::Command};

const HOUR: Duration = Duration::from_secs(3600);

fn text(bytes: &Bytes) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn header(bytes: &Bytes, name: &str) -> Option<String> {
    let start = format!("{name}: ");
    text(bytes).split("\r\n").find_map(|line| line.strip_prefix(&start).map(str::to_owned))
}

/// The same message, as a peer would write it that lacks something.
fn without(bytes: &Bytes, part: &str) -> Bytes {
    assert!(text(bytes).contains(part), "{part} in {}", text(bytes));
    text(bytes).replace(part, "").into()
}

fn timeout(reason: &str) -> LegEvent {
    LegEvent::Ended(Ended { by: EndedBy::Timeout, code: 408, reason: reason.to_owned(), redirect_to: None })
}

/// Carries all messages for this long, a second at a time.
fn live(pair: &mut Pair, time: Duration) {
    for _ in 0..time.as_secs() {
        pair.wait(Duration::from_secs(1));
        pair.carry_all();
    }
}

fn methods_since(pair: &Pair, from: usize) -> Vec<(usize, String)> {
    let requests = pair.log[from..].iter().map(|(side, bytes)| (*side, first_line(bytes)));
    let requests = requests.filter(|(_, line)| !line.starts_with("SIP/"));
    requests.map(|(side, line)| (side, line.split(' ').next().unwrap_or_default().to_owned())).collect()
}

/// A call in which one message says less than we do: the INVITE, or the 2xx.
fn talking_without(side: usize, part: &str) -> (Pair, LegId, LegId) {
    let mut pair = Pair::new();
    let out = pair.call();
    let invite = pair.take(CALLER);
    let invite = if side == CALLER { without(&invite, part) } else { invite };
    pair.deliver(CALLER, &invite);
    let inc = pair.taken[CALLEE].expect("it came in");
    pair.carry(CALLEE);
    pair.say(CALLEE, inc, Command::Answer("answer".into()));
    let answer = pair.take(CALLEE);
    let answer = if side == CALLEE { without(&answer, part) } else { answer };
    pair.deliver(CALLEE, &answer);
    pair.carry_all();
    pair.told = Default::default();
    (pair, out, inc)
}

fn end(mut pair: Pair, out: LegId) {
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// Sections 7.1, 9 and 7.4: the caller asks for half an hour, the callee takes the role, and
/// every quarter of an hour an UPDATE without body says that it is there.
#[test]
fn a_call_is_refreshed_and_nobody_is_told() {
    let mut pair = Pair::new();
    let (out, _) = pair.talking();
    let invite = &pair.log[0].1;
    assert_eq!(header(invite, "Session-Expires").as_deref(), Some("1800"));
    assert_eq!(header(invite, "Min-SE").as_deref(), Some("90"));
    let answer = &pair.log.iter().find(|(_, bytes)| first_line(bytes) == "SIP/2.0 200 OK").expect("a 200").1;
    assert_eq!(header(answer, "Session-Expires").as_deref(), Some("1800;refresher=uas"));
    let before = pair.log.len();
    live(&mut pair, HOUR);
    let update = (CALLEE, "UPDATE".to_owned());
    assert_eq!(methods_since(&pair, before), vec![update; 4]);
    assert!(pair.log[before..].iter().all(|(_, bytes)| text(bytes).contains("Content-Length: 0\r\n")));
    assert!(pair.told.iter().all(Vec::is_empty));
    end(pair, out);
}

/// Section 7.4: a peer that does not know UPDATE gets our last description again, and answers
/// with its own.
#[test]
fn a_peer_without_update_is_refreshed_by_invite() {
    let (mut pair, out, inc) = talking_without(CALLER, ", UPDATE");
    pair.say(CALLEE, inc, Command::Reoffer("hold".into()));
    pair.carry_all();
    pair.say(CALLER, out, Command::AcceptReoffer("held".into()));
    pair.carry_all();
    let before = pair.log.len();
    pair.told = Default::default();
    // The re-INVITE's 2xx allows UPDATE; this peer's does not.
    pair.cores[CALLEE].with_leg(pair.now, inc, |_, leg| leg.session.peer_updates = false);
    pair.wait(Duration::from_secs(900));
    let invite = pair.take(CALLEE);
    assert!(first_line(&invite).starts_with("INVITE ") && text(&invite).ends_with("\r\n\r\nhold"));
    pair.deliver(CALLEE, &invite);
    pair.carry_all();
    let answer =
        pair.log.iter().rfind(|(side, bytes)| *side == CALLER && first_line(bytes).contains(" 200 "));
    assert!(text(&answer.expect("a 200").1).ends_with("\r\n\r\nheld"));
    assert_eq!(methods_since(&pair, before), [(CALLEE, "INVITE".to_owned()), (CALLEE, "ACK".to_owned())]);
    assert!(pair.told.iter().all(Vec::is_empty));
    end(pair, out);
}

/// Section 9, table 2: who does not know of session timers cannot have the role, and without a
/// wish of anybody there is no timer.
#[test]
fn who_does_not_ask_gets_no_timer() {
    for (side, part) in [
        (CALLER, "Supported: timer, 100rel, replaces, norefersub\r\nSession-Expires: 1800\r\nMin-SE: 90\r\n"),
        (CALLEE, "Session-Expires: 1800;refresher=uas\r\n"),
    ] {
        let (mut pair, out, _) = talking_without(side, part);
        let before = pair.log.len();
        if side == CALLEE {
            // The callee believes in the timer, and its refreshes are answered.
            live(&mut pair, Duration::from_secs(60));
        } else {
            live(&mut pair, HOUR);
        }
        assert!(methods_since(&pair, before).is_empty());
        end(pair, out);
    }
    // A proxy wants one, the caller knows nothing of it: the callee refreshes.
    let (mut pair, out, _) = talking_without(CALLER, "Supported: timer, 100rel, replaces, norefersub\r\n");
    let before = pair.log.len();
    live(&mut pair, Duration::from_secs(901));
    assert_eq!(methods_since(&pair, before), [(CALLEE, "UPDATE".to_owned())]);
    end(pair, out);
}

/// Section 10: both sides hang up by themselves when the other is gone.
#[test]
fn a_dead_peer_ends_the_call() {
    let mut pair = Pair::new();
    pair.talking();
    for _ in 0..2000 {
        pair.wait(Duration::from_secs(1));
        pair.sent = Default::default();
    }
    assert_eq!(pair.told[CALLER], [timeout("session expired")]);
    assert_eq!(pair.told[CALLEE], [timeout("no answer to re-INVITE")]);
    pair.nothing_is_left();
}

/// Sections 6 and 7.3: an interval that is too small is refused with the smallest that is not,
/// and asked for again.
#[test]
fn an_interval_that_is_too_small_grows() {
    let mut pair = Pair::new();
    pair.cores[CALLER].config.session_timer = Some(SessionTimer { expires_s: 120, min_se_s: 90 });
    pair.cores[CALLEE].config.session_timer = Some(SessionTimer { expires_s: 900, min_se_s: 600 });
    let (out, _) = pair.talking();
    let lines: Vec<String> = pair.log.iter().map(|(_, bytes)| first_line(bytes)).collect();
    assert!(lines.iter().any(|line| line == "SIP/2.0 422 Session Interval Too Small"), "{lines:?}");
    let again = pair.log.iter().filter(|(_, bytes)| first_line(bytes).starts_with("INVITE ")).nth(1);
    let again = &again.expect("a second INVITE").1;
    assert_eq!(header(again, "Session-Expires").as_deref(), Some("600"));
    assert_eq!(header(again, "Min-SE").as_deref(), Some("600"));
    assert_eq!(header(again, "CSeq").as_deref(), Some("2 INVITE"));

    // The same inside the call: the caller's minimum has grown, the callee refreshes.
    pair.cores[CALLER].config.session_timer = Some(SessionTimer { expires_s: 900, min_se_s: 700 });
    let before = pair.log.len();
    live(&mut pair, Duration::from_secs(301));
    let expires: Vec<_> =
        pair.log[before..].iter().filter_map(|(_, b)| header(b, "Session-Expires")).collect();
    assert_eq!(expires, ["600;refresher=uac", "700;refresher=uac", "700;refresher=uac"]);
    end(pair, out);
}

/// Section 7.4: refreshes of the peer by INVITE, with what we know already or with nothing.
#[test]
fn a_refreshing_invite_is_answered_inside() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    for (body, answer) in [("offer", "answer"), ("", "answer")] {
        pair.say(CALLER, out, Command::Reoffer(body.into()));
        pair.carry_all();
        assert!(pair.told[CALLEE].is_empty());
        assert_eq!(pair.told[CALLER].pop(), Some(LegEvent::ReofferAnswered { body: answer.into() }));
    }
    // Without a session interval, an INVITE without offer asks for a new description.
    pair.cores[CALLER].with_leg(pair.now, out, |_, leg| leg.session.stop());
    pair.say(CALLER, out, Command::Reoffer(Bytes::new()));
    pair.carry_all();
    assert_eq!(pair.told[CALLEE], [LegEvent::Reoffer { body: None }]);
    pair.say(CALLEE, inc, Command::RefuseReoffer(488));
    pair.carry_all();
    end(pair, out);
}
