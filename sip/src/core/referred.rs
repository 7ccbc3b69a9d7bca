//! Transfers: REFER (RFC 3515, RFC 4488) and Replaces (RFC 3891).

use std::time::Duration;

use bytes::Bytes;

use super::pair::{CALLEE, CALLER, Pair, first_line};
use crate::{
    LegEvent, LegId, ReferId, ReferTo, Replaces,
    api::leg::Command,
    wire::{Message, Method, Request, parse},
};

fn read(bytes: &Bytes) -> Request {
    match parse(bytes) {
        Ok(Message::Request(request)) => request,
        other => panic!("{other:?}"),
    }
}

/// The callee's phone sends REFER; returns its id as our user hears it.
fn refer(pair: &mut Pair, inc: LegId, more: &[(&str, &str)]) -> ReferId {
    let bytes = pair.inside(CALLEE, inc, Method::Refer, more);
    pair.deliver(CALLEE, &bytes);
    match pair.told[CALLER].pop() {
        Some(LegEvent::Refer { id, .. }) => id,
        other => panic!("{other:?}"),
    }
}

/// Our NOTIFYs under way: subscription state and body. They are answered.
fn notified(pair: &mut Pair) -> Vec<(String, String)> {
    let mut all = Vec::new();
    while let Some(bytes) = pair.sent[CALLER].pop_front() {
        let notify = read(&bytes);
        assert_eq!(notify.method, Method::Notify);
        assert_eq!(notify.headers.get("Content-Type"), Some("message/sipfrag;version=2.0"));
        let state = notify.headers.get("Subscription-State").unwrap_or_default().to_owned();
        all.push((state, String::from_utf8(notify.body.to_vec()).expect("text")));
        pair.receive(CALLER, Message::Response(notify.answer(200, "x")));
    }
    all
}

#[test]
fn a_transfer_is_accepted_and_told() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    let to = ("Refer-To", "<sip:103@hub>");
    let bytes = pair.inside(CALLEE, inc, Method::Refer, &[to, ("Referred-By", "<sip:100@hub>")]);
    pair.deliver(CALLEE, &bytes);
    let id = ReferId(read(&bytes).head.cseq);
    let refer_to = ReferTo { user: "103".to_owned(), host: "hub".to_owned(), replaces: None };
    let referred_by = Some("<sip:100@hub>".to_owned());
    assert_eq!(pair.told[CALLER], [LegEvent::Refer { id, refer_to, referred_by }]);
    assert!(pair.sent[CALLER].is_empty(), "our user is asked first");

    pair.say(CALLER, out, Command::AcceptRefer(id));
    assert_eq!(first_line(&pair.take(CALLER)), "SIP/2.0 202 Accepted");
    let told = notified(&mut pair);
    assert_eq!(told, [("active;expires=180".to_owned(), "SIP/2.0 100 Trying\r\n".to_owned())]);
    for (code, reason, last) in [(180, "Ringing", false), (200, "OK", true), (486, "too late", true)] {
        let reason = reason.to_owned();
        pair.say(CALLER, out, Command::NotifyRefer { id, code, reason, last });
    }
    let told = notified(&mut pair);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[1], ("terminated;reason=noresource".to_owned(), "SIP/2.0 200 OK\r\n".to_owned()));
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// Section 2.4.1 and what an unwilling or slow user leads to.
#[test]
fn a_transfer_is_refused() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    for (headers, code) in [
        (&[][..], "400"),
        (&[("Refer-To", "<sip:1@h>"), ("Refer-To", "<sip:2@h>")][..], "400"),
        (&[("Refer-To", "<http://h/>")][..], "416"),
        (&[("Refer-To", "<sip:1@h;method=BYE>")][..], "501"),
    ] {
        let bytes = pair.inside(CALLEE, inc, Method::Refer, headers);
        pair.deliver(CALLEE, &bytes);
        assert_eq!(&first_line(&pair.take(CALLER))[8..11], code, "{headers:?}");
    }
    assert!(pair.told[CALLER].is_empty());
    let to = [("Refer-To", "<sip:103@hub>")];
    let id = refer(&mut pair, inc, &to);
    pair.say(CALLER, out, Command::RefuseRefer(id, 403));
    assert_eq!(first_line(&pair.take(CALLER)), "SIP/2.0 403 Forbidden");
    let late = refer(&mut pair, inc, &to);
    pair.wait(Duration::from_secs(10));
    assert_eq!(first_line(&pair.take(CALLER)), "SIP/2.0 500 Server Internal Error");
    pair.say(CALLER, out, Command::AcceptRefer(late));
    assert!(pair.sent[CALLER].is_empty());
    // More than one phone ever has, and the end of the call with them.
    for _ in 0..4 {
        refer(&mut pair, inc, &to);
    }
    let bytes = pair.inside(CALLEE, inc, Method::Refer, &to);
    pair.deliver(CALLEE, &bytes);
    assert_eq!(first_line(&pair.take(CALLER)), "SIP/2.0 500 Server Internal Error");
    pair.say(CALLER, out, Command::End(None));
    let lines = pair.first_lines(CALLER);
    assert_eq!(lines.iter().filter(|line| line.contains(" 487 ")).count(), 4, "{lines:?}");
    pair.carry_all();
    pair.nothing_is_left();
}

/// RFC 4488: who does not want to know is not told; and nobody is told for ever.
#[test]
fn the_subscription_ends() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    let quiet = [("Refer-To", "<sip:103@hub>"), ("Refer-Sub", "false"), ("Require", "norefersub")];
    let id = refer(&mut pair, inc, &quiet);
    pair.say(CALLER, out, Command::AcceptRefer(id));
    let accepted = pair.take(CALLER);
    assert!(String::from_utf8_lossy(&accepted).contains("\r\nRefer-Sub: false\r\n"));
    pair.say(CALLER, out, Command::NotifyRefer { id, code: 200, reason: "OK".to_owned(), last: true });
    assert!(pair.sent[CALLER].is_empty());

    let id = refer(&mut pair, inc, &quiet[..1]);
    pair.say(CALLER, out, Command::AcceptRefer(id));
    pair.take(CALLER);
    notified(&mut pair);
    pair.wait(Duration::from_secs(180));
    let told = notified(&mut pair);
    assert_eq!(
        told,
        [("terminated;reason=noresource".to_owned(), "SIP/2.0 408 Request Timeout\r\n".to_owned())]
    );
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// How a Replaces would name a leg of the callee.
fn name_of(pair: &Pair, inc: LegId) -> Replaces {
    pair.cores[CALLEE].name_of(inc).expect("a leg with a peer")
}

/// Another call that wants to replace it; the code of its refusal, or the leg that was found.
fn replace(pair: &mut Pair, name: &Replaces) -> Result<Option<LegId>, u16> {
    let Replaces { call_id, to_tag, from_tag, early_only } = name;
    let early = if *early_only { ";early-only" } else { "" };
    let value = format!("{call_id};to-tag={to_tag};from-tag={from_tag}{early}");
    let mut spec = Pair::spec();
    spec.call.headers = vec![("Replaces".to_owned(), value), ("Require".to_owned(), "replaces".to_owned())];
    let (out, _) = pair.cores[CALLER].call(pair.now, spec).expect("there is room");
    pair.drain(CALLER);
    pair.told[CALLER].clear();
    pair.carry_all();
    if let Some(LegEvent::Ended(ended)) = pair.told[CALLER].pop() {
        return Err(ended.code);
    }
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.told = Default::default();
    Ok(pair.replaces[CALLEE])
}

/// RFC 3891 section 3, in its order.
#[test]
fn a_call_takes_the_place_of_another() {
    let mut pair = Pair::new();
    let (out, inc) = pair.talking();
    let name = name_of(&pair, inc);
    assert_eq!(replace(&mut pair, &name), Ok(Some(inc)));
    assert_eq!(pair.cores[CALLEE].leg_of(&name), Some(inc));

    // As its peer would name it.
    let mirrored = Replaces { to_tag: name.from_tag.clone(), from_tag: name.to_tag.clone(), ..name.clone() };
    assert_eq!(replace(&mut pair, &mirrored), Ok(Some(inc)));
    let stranger = Replaces { from_tag: "guessed".to_owned(), ..name.clone() };
    assert_eq!(replace(&mut pair, &stranger), Err(481));
    assert_eq!(pair.cores[CALLEE].leg_of(&stranger), None);
    let early = Replaces { early_only: true, ..name.clone() };
    assert_eq!(replace(&mut pair, &early), Err(486));
    // Its BYE is under way.
    pair.say(CALLEE, inc, Command::End(None));
    pair.sent = Default::default();
    assert_eq!(replace(&mut pair, &name), Err(603));
    assert_eq!(pair.cores[CALLEE].leg_of(&name), None);
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();

    // A call that rings at the callee cannot be picked up this way.
    let ringing = pair.call();
    pair.carry_all();
    let inc = pair.taken[CALLEE].expect("it came in");
    let name = name_of(&pair, inc);
    assert_eq!(replace(&mut pair, &name), Err(481));
    pair.say(CALLER, ringing, Command::End(None));
    pair.carry_all();
    assert_eq!(replace(&mut pair, &name), Err(481));
    pair.nothing_is_left();
}

/// A call of ours that rings at a phone is named as soon as the phone has answered at all.
#[test]
fn a_call_that_rings_has_a_name() {
    let mut pair = Pair::new();
    let out = pair.call();
    assert_eq!(pair.cores[CALLER].name_of(out), None);
    pair.carry_all();
    let inc = pair.taken[CALLEE].expect("it came in");
    pair.say(CALLEE, inc, Command::Ring);
    pair.carry_all();
    let name = pair.cores[CALLER].name_of(out).expect("180 has a tag");
    assert_eq!(pair.cores[CALLER].leg_of(&name), Some(out));
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    assert_eq!(pair.cores[CALLER].name_of(out), None);
    pair.nothing_is_left();
}
