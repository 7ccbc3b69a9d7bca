//! RFC 3261 section 8.2.7: what is refused before it becomes a call leaves nothing behind, and
//! its copies get the same answer.

use std::time::Duration;

use bytes::Bytes;

use super::{Flow, Output, Ticket, pair, pair::CALLEE, pair::Pair};
use crate::{Transport, wire::parse};

/// No trunk of anybody's.
fn stranger() -> Flow {
    Flow { transport: Transport::Udp, local: pair::addr(CALLEE), remote: ([203, 0, 113, 7], 5060).into() }
}

fn request(method: &str, number: u32, more: &str) -> Bytes {
    format!(
        "{method} sip:100@pair.example SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.7;branch=z9hG4bK{number}\r\n\
         From: <sip:spam@x>;tag=1\r\nTo: <sip:100@pair.example>\r\nCall-ID: {number}\r\n\
         CSeq: 1 {method}\r\nContact: <sip:spam@203.0.113.7>\r\n{more}\r\n"
    )
    .into()
}

/// What the core answers, the directory's answers given at once.
fn answers(pair: &mut Pair, bytes: &Bytes) -> Vec<Bytes> {
    let core = &mut pair.cores[CALLEE];
    core.receive(pair.now, stranger(), parse(bytes).expect("well formed"));
    let mut answers = Vec::new();
    while let Some(output) = core.poll() {
        match output {
            Output::Send { flow, bytes } => {
                assert_eq!(flow, stranger());
                answers.push(bytes);
            }
            Output::Lookup { ticket: Ticket(ticket), username } => {
                let found = pair::device(&username, "pair.example");
                core.looked_up(pair.now, Ticket(ticket), Ok(found));
            }
            other => panic!("{other:?}"),
        }
    }
    answers
}

fn one(pair: &mut Pair, bytes: &Bytes) -> Bytes {
    let mut answers = answers(pair, bytes);
    assert_eq!(answers.len(), 1, "no provisional answer: {answers:?}");
    answers.remove(0)
}

fn code(answer: &Bytes) -> String {
    pair::first_line(answer)[8..11].to_owned()
}

#[test]
fn refused_invites_leave_nothing_behind() {
    let mut pair = Pair::new();
    for number in 0..10_000 {
        let invite = request("INVITE", number, "");
        assert_eq!(code(&one(&mut pair, &invite)), "401");
        let ack = request("ACK", number, "");
        assert!(answers(&mut pair, &ack).is_empty());
    }
    let core = &mut pair.cores[CALLEE];
    assert_eq!((core.servers.len(), core.merged.len(), core.alarms.len()), (0, 0, 0));
    assert_eq!((core.legs.len(), core.questions.len(), core.dialogs.len()), (0, 0, 0));
}

#[test]
fn a_copy_gets_the_same_answer() {
    let mut pair = Pair::new();
    for (number, (method, more, expected)) in [
        ("INVITE", "", "401"),
        ("INVITE", "Require: nonsense\r\n", "420"),
        ("REGISTER", "", "401"),
        ("OPTIONS", "", "200"),
        ("OPTIONS", "Max-Forwards: 0\r\n", "483"),
        ("BYE", "", "481"),
        ("CANCEL", "", "481"),
        ("PUBLISH", "", "405"),
    ]
    .into_iter()
    .enumerate()
    {
        let number = u32::try_from(number).expect("small");
        let bytes = request(method, number, more);
        let first = one(&mut pair, &bytes);
        assert_eq!(code(&first), expected, "{method} {more}");
        pair.now = pair.now + Duration::from_secs(2);
        assert_eq!(one(&mut pair, &bytes), first, "{method} {more}");
        // Another request gets another tag, which it cannot guess.
        let other = one(&mut pair, &request(method, number + 1000, more));
        let tag = |bytes: &Bytes| {
            let text = String::from_utf8(bytes.to_vec()).expect("text");
            let to = text.split("\r\n").find(|line| line.starts_with("To: ")).map(str::to_owned);
            to.and_then(|to| to.split_once(";tag=").map(|(_, tag)| tag.to_owned())).expect("a tag")
        };
        assert_ne!(tag(&first), tag(&other));
        assert!(pair.cores[CALLEE].servers.is_empty());
    }
}

/// A trunk's caller waits for a final answer, so its refusal is repeated until the ACK.
#[test]
fn a_trunks_refusal_is_kept() {
    let mut pair = Pair::new();
    pair.cores[CALLEE].config.max_calls = 0;
    pair.call();
    pair.carry(pair::CALLER);
    assert_eq!(pair.first_lines(CALLEE), ["SIP/2.0 100 Trying", "SIP/2.0 503 Service Unavailable"]);
    assert_eq!(pair.cores[CALLEE].servers.len(), 1);
    pair.wait(Duration::from_millis(500));
    assert_eq!(pair.sent[CALLEE].len(), 3, "timer G");
    pair.carry_all();
    pair.nothing_is_left();
}
