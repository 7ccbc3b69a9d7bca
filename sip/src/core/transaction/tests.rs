//! The four machines of RFC 3261 section 17, with RFC 6026, one by one.

use std::time::Duration;

use super::{ClientKey, ClientTransaction, ServerKey, ServerTransaction, Tick};
use crate::{
    Timers, Transport,
    core::{Flow, Time},
    wire::{Message, Request, Response, parse},
};

const START: Time = Time(1_000_000);

fn flow(transport: Transport) -> Flow {
    Flow { transport, local: ([192, 0, 2, 1], 5060).into(), remote: ([192, 0, 2, 2], 5060).into() }
}

fn request(method: &str) -> Request {
    let text = format!(
        "{method} sip:100@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKone\r\n\
         Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKtwo\r\nRoute: <sip:192.0.2.3;lr>\r\n\
         From: <sip:a@h>;tag=f\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 7 {method}\r\n\
         Contact: <sip:a@192.0.2.1>\r\n\r\n"
    );
    match parse(&text.into()).expect("well written") {
        Message::Request(request) => request,
        Message::Response(_) => panic!("a request"),
    }
}

fn answer(method: &str, code: u16) -> Response {
    request(method).answer(code, "t")
}

fn client(method: &str, transport: Transport) -> ClientTransaction {
    ClientTransaction::new(START, request(method), flow(transport), &Timers::default())
}

fn server(method: &str, transport: Transport) -> ServerTransaction {
    ServerTransaction::new(request(method), flow(transport))
}

/// Seconds after the start, as `0.5`.
fn at(seconds: f64) -> Time {
    START + Duration::from_secs_f64(seconds)
}

/// Lets time pass; returns when copies were sent, in seconds, and how it ended.
fn run(
    deadline: impl Fn(&mut Tick) -> Option<Time>,
    mut tick: impl FnMut(Time) -> Tick,
) -> (Vec<f64>, Tick, Time) {
    let mut copies = Vec::new();
    let mut last = Tick::default();
    let mut now = START;
    while let Some(next) = deadline(&mut last) {
        now = next;
        last = tick(now);
        if last.send.is_some() {
            copies.push((now - START).as_secs_f64());
        }
        if last.done {
            break;
        }
    }
    (copies, last, now)
}

fn run_client(transaction: &mut ClientTransaction) -> (Vec<f64>, Tick, Time) {
    let transaction = std::cell::RefCell::new(transaction);
    run(|_| transaction.borrow().deadline(), |now| transaction.borrow_mut().tick(now, &Timers::default()))
}

fn run_server(transaction: &mut ServerTransaction) -> (Vec<f64>, Tick, Time) {
    let transaction = std::cell::RefCell::new(transaction);
    run(|_| transaction.borrow().deadline(), |now| transaction.borrow_mut().tick(now, &Timers::default()))
}

/// Section 17.1.1.2: timer A doubles without bound, timer B ends it after 64*T1.
#[test]
fn an_invite_is_repeated_with_doubling_pauses() {
    let (copies, end, when) = run_client(&mut client("INVITE", Transport::Udp));
    assert_eq!(copies, [0.5, 1.5, 3.5, 7.5, 15.5, 31.5]);
    assert!(end.timed_out && when == at(32.0));
}

/// Section 17.1.2.2: timer E doubles up to T2, timer F ends it after 64*T1.
#[test]
fn another_request_is_repeated_with_pauses_up_to_t2() {
    let (copies, end, when) = run_client(&mut client("BYE", Transport::Udp));
    assert_eq!(copies, [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]);
    assert!(end.timed_out && when == at(32.0));
}

/// Sections 17.1.1.2 and 17.1.2.2: a connection repeats by itself; the limits stay.
#[test]
fn nothing_is_repeated_on_a_connection() {
    for method in ["INVITE", "BYE"] {
        let (copies, end, when) = run_client(&mut client(method, Transport::Tcp));
        assert!(copies.is_empty() && end.timed_out && when == at(32.0), "{method}");
    }
}

/// Section 17.1.1.2: a provisional answer ends the copies and timer B.
#[test]
fn an_invite_that_rings_waits_without_timer() {
    let mut invite = client("INVITE", Transport::Udp);
    assert!(invite.hear(at(0.1), &answer("INVITE", 100), &Timers::default()).deliver);
    assert_eq!(invite.deadline(), None);
    assert!(invite.hear(at(0.2), &answer("INVITE", 180), &Timers::default()).deliver);
    assert!(invite.is_waiting());
}

/// Section 17.1.2.2: after a provisional answer, timer E goes on with T2, and so does timer F.
#[test]
fn another_request_with_provisional_answer_is_repeated_every_t2() {
    let mut bye = client("BYE", Transport::Udp);
    assert!(bye.hear(at(0.25), &answer("BYE", 100), &Timers::default()).deliver);
    let (copies, end, when) = run_client(&mut bye);
    assert_eq!(copies, [4.25, 8.25, 12.25, 16.25, 20.25, 24.25, 28.25]);
    assert!(end.timed_out && when == at(32.0));
}

/// Section 17.1.1.3: the ACK to a refusal has the request's URI, top Via and Route, the To of
/// the answer, and is repeated with its copies until timer D.
#[test]
fn a_refused_invite_is_acknowledged_again_and_again() {
    let timers = Timers::default();
    let mut invite = client("INVITE", Transport::Udp);
    let heard = invite.hear(at(1.0), &answer("INVITE", 486), &timers);
    let ack = heard.send.filter(|_| heard.deliver).expect("an ACK");
    let Ok(Message::Request(ack_read)) = parse(&ack) else { panic!("a request") };
    assert_eq!((ack_read.method.as_str(), &*ack_read.uri), ("ACK", "sip:100@192.0.2.2"));
    assert_eq!((ack_read.head.cseq, &*ack_read.head.branch), (7, "z9hG4bKone"));
    assert_eq!(ack_read.head.to_tag.as_deref(), Some("t"));
    assert_eq!(ack_read.headers.get("Route"), Some("<sip:192.0.2.3;lr>"));
    assert_eq!(ack_read.headers.all("Via").count(), 1, "a single Via");

    let copy = invite.hear(at(2.0), &answer("INVITE", 486), &timers);
    assert!(!copy.deliver && copy.send == Some(ack));
    let (copies, end, when) = run_client(&mut invite);
    assert!(copies.is_empty() && !end.timed_out && when == at(33.0));

    // Section 17.1.1.2: timer D is zero on a connection.
    let mut invite = client("INVITE", Transport::Tcp);
    invite.hear(at(1.0), &answer("INVITE", 486), &timers);
    assert_eq!(invite.deadline(), Some(at(1.0)));
}

/// RFC 6026 section 7.2: copies of a 2xx pass to the user, who repeats the ACK, until timer M;
/// whatever else a branch says is too late.
#[test]
fn copies_of_a_2xx_pass_until_timer_m() {
    let timers = Timers::default();
    let mut invite = client("INVITE", Transport::Udp);
    for _ in 0..3 {
        let heard = invite.hear(at(1.0), &answer("INVITE", 200), &timers);
        assert!(heard.deliver && heard.send.is_none());
    }
    let late = invite.hear(at(2.0), &answer("INVITE", 486), &timers);
    assert!(!late.deliver && late.send.is_none());
    let (_, end, when) = run_client(&mut invite);
    assert!(!end.timed_out && when == at(33.0));
}

/// Section 17.1.2.2: copies of a final answer are absorbed until timer K, T4.
#[test]
fn copies_of_an_answer_are_absorbed_until_timer_k() {
    let mut bye = client("BYE", Transport::Udp);
    assert!(bye.hear(at(1.0), &answer("BYE", 200), &Timers::default()).deliver);
    assert!(!bye.hear(at(1.5), &answer("BYE", 200), &Timers::default()).deliver);
    let (_, end, when) = run_client(&mut bye);
    assert!(!end.timed_out && when == at(6.0));
}

/// Section 17.2.1: timer G doubles up to T2, timer H ends it after 64*T1; a copy of the INVITE
/// gets the answer at once.
#[test]
fn a_refusal_is_repeated_until_its_ack() {
    let timers = Timers::default();
    let mut invite = server("INVITE", Transport::Udp);
    let sent = invite.answer(START, &answer("INVITE", 486), &timers);
    assert!(sent.is_some() && invite.hear_copy() == sent);
    assert_eq!(invite.answer(START, &answer("INVITE", 200), &timers), None, "one final answer");
    let (copies, end, when) = run_server(&mut invite);
    assert_eq!(copies, [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]);
    assert!(end.timed_out && when == at(32.0));

    // The ACK ends the copies; its own copies are absorbed until timer I, T4.
    let mut invite = server("INVITE", Transport::Udp);
    invite.answer(START, &answer("INVITE", 486), &timers);
    invite.hear_ack(at(1.0), &timers);
    assert_eq!(invite.hear_copy(), None);
    invite.hear_ack(at(2.0), &timers);
    let (copies, end, when) = run_server(&mut invite);
    assert!(copies.is_empty() && !end.timed_out && when == at(6.0));

    // On a connection nothing is repeated, and timer I is zero.
    let mut invite = server("INVITE", Transport::Tcp);
    invite.answer(START, &answer("INVITE", 486), &timers);
    assert_eq!(invite.deadline(), Some(at(32.0)));
    invite.hear_ack(at(1.0), &timers);
    assert_eq!(invite.deadline(), Some(at(1.0)));
}

/// Section 17.2.1: a copy of the INVITE gets the latest provisional answer again.
#[test]
fn a_copy_of_the_invite_gets_the_latest_answer() {
    let timers = Timers::default();
    let mut invite = server("INVITE", Transport::Udp);
    assert_eq!(invite.hear_copy(), None);
    invite.answer(START, &answer("INVITE", 100), &timers);
    let ringing = invite.answer(at(1.0), &answer("INVITE", 180), &timers);
    assert!(ringing.is_some() && invite.hear_copy() == ringing);
    assert!(invite.is_open() && invite.deadline().is_none());
}

/// RFC 6026 section 7.1: after a 2xx, copies of the INVITE are absorbed until timer L; the
/// copies of the 2xx are the leg's business.
#[test]
fn copies_of_an_accepted_invite_are_absorbed_until_timer_l() {
    let mut invite = server("INVITE", Transport::Udp);
    invite.answer(START, &answer("INVITE", 200), &Timers::default());
    assert_eq!(invite.hear_copy(), None);
    let (copies, end, when) = run_server(&mut invite);
    assert!(copies.is_empty() && !end.timed_out && when == at(32.0));
}

/// Section 17.2.2: copies of another request get the answer again until timer J, which is zero
/// on a connection.
#[test]
fn copies_of_another_request_get_its_answer_until_timer_j() {
    let timers = Timers::default();
    let mut bye = server("BYE", Transport::Udp);
    let sent = bye.answer(START, &answer("BYE", 200), &timers);
    assert!(sent.is_some() && bye.hear_copy() == sent);
    let (copies, _, when) = run_server(&mut bye);
    assert!(copies.is_empty() && when == at(32.0));

    let mut bye = server("BYE", Transport::Tcp);
    bye.answer(START, &answer("BYE", 200), &timers);
    assert_eq!(bye.deadline(), Some(START));
}

/// Section 17.1.3: an answer belongs to the request with its branch and method. Section
/// 17.2.3: an ACK to a refusal belongs to its INVITE, a CANCEL is a transaction of its own
/// beside the INVITE that it names (section 9.2).
#[test]
fn what_belongs_together_has_the_same_key() {
    let key = |method| ClientKey::of_request(&request(method));
    assert_eq!(key("INVITE"), ClientKey::of_response(&answer("INVITE", 200)));
    assert_ne!(key("CANCEL"), ClientKey::of_response(&answer("INVITE", 200)));
    let key = |method| ServerKey::of(&request(method));
    assert_eq!(key("INVITE"), key("ACK"));
    assert_ne!(key("INVITE"), key("CANCEL"));
    assert_eq!(key("INVITE"), ServerKey::cancelled_by(&request("CANCEL")));

    // The same branch from another sender is another transaction.
    let mut other = request("INVITE");
    other.head.sent_by = "192.0.2.77".to_owned();
    assert_ne!(key("INVITE"), ServerKey::of(&other));

    // Without the cookie (RFC 2543) Call-ID, From tag and CSeq tell.
    let old = |change: fn(&mut Request)| {
        let mut old = request("INVITE");
        old.head.branch.clear();
        change(&mut old);
        ServerKey::of(&old)
    };
    assert_eq!(old(|_| ()), old(|r| r.uri = "sip:else@h".to_owned()));
    assert_ne!(old(|_| ()), old(|r| r.head.cseq = 8));
    assert_ne!(old(|_| ()), old(|r| r.head.call_id = "d".to_owned()));
}
