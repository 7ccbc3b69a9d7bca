//! Tables that are full: a clear refusal, and room again later.

use super::pair::{CALLEE, CALLER, Pair, addr, first_line};
use crate::{CallError, LegEvent, api::leg::Command};

fn ended_code(event: Option<&LegEvent>) -> Option<u16> {
    match event {
        Some(LegEvent::Ended(ended)) => Some(ended.code),
        _ => None,
    }
}

/// RFC 3261 section 21.5.4: 503 with Retry-After while all lines are in use.
#[test]
fn one_call_too_many_is_refused() {
    let mut pair = Pair::new();
    pair.cores[CALLEE].config.max_calls = 1;
    let (out, _) = pair.talking();
    pair.call();
    pair.carry_all();
    assert_eq!(ended_code(pair.told[CALLER].last()), Some(503));
    let refusal = pair.log.iter().find(|(_, bytes)| first_line(bytes).contains(" 503 "));
    assert!(String::from_utf8_lossy(&refusal.expect("503").1).contains("\r\nRetry-After: 5\r\n"));
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.told = Default::default();
    let (out, _) = pair.talking();
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}

/// Our own calls count as well, and after a stop there are none, either way.
#[test]
fn a_full_or_closing_house_places_no_call() {
    let mut pair = Pair::new();
    pair.cores[CALLER].config.max_calls = 1;
    let (out, inc) = pair.talking();
    let again = |pair: &mut Pair| pair.cores[CALLER].call(pair.now, Pair::spec()).err();
    assert_eq!(again(&mut pair), Some(CallError::Busy));
    pair.cores[CALLER].refuse_new_calls();
    assert_eq!(again(&mut pair), Some(CallError::Closed));
    // The call that runs goes on.
    pair.say(CALLEE, inc, Command::Reoffer("hold".into()));
    pair.carry_all();
    assert_eq!(pair.told[CALLER], [LegEvent::Reoffer { body: Some("hold".into()) }]);
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();

    let mut pair = Pair::new();
    pair.cores[CALLEE].refuse_new_calls();
    pair.call();
    pair.carry_all();
    assert_eq!(ended_code(pair.told[CALLER].last()), Some(503));
}

/// A flood of a trunk's INVITEs fills the table of transactions and no more; what comes then gets
/// 503 without a trace.
#[test]
fn a_flood_of_requests_stays_in_its_table() {
    let mut pair = Pair::new();
    pair.cores[CALLEE].config.max_calls = 0;
    let max = pair.cores[CALLEE].transactions_max();
    let mut last = String::new();
    for number in 0..max + 10 {
        let invite = format!(
            "INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP {};branch=z9hG4bK{number}\r\nFrom: <sip:f@x>;tag=1\r\n\
             To: <sip:x>\r\nCall-ID: {number}\r\nCSeq: 1 INVITE\r\n\r\n",
            addr(CALLER)
        );
        pair.deliver(CALLER, &invite.into());
        last = first_line(&pair.sent[CALLEE].pop_back().expect("an answer"));
        pair.sent[CALLEE].clear();
        pair.log.clear();
    }
    assert_eq!(last, "SIP/2.0 503 Service Unavailable");
    assert_eq!(pair.cores[CALLEE].servers.len(), max);
    pair.nothing_is_left();
}
