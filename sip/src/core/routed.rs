//! Where requests inside a dialog go (RFC 3261 section 12.2.1.1), with peers that write names
//! where we need addresses.

use bytes::Bytes;

use super::pair::{CALLEE, CALLER, Pair};
use crate::{LegId, api::leg::Command, wire::Headers};

/// Replaces or adds a header line of a message.
fn with(bytes: &Bytes, name: &str, value: &str) -> Bytes {
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("headers and a body");
    let start = format!("{name}: ");
    let mut lines: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with(&start)).collect();
    let line = format!("{name}: {value}");
    lines.push(&line);
    format!("{}\r\n\r\n{body}", lines.join("\r\n")).into()
}

fn headers_of(bytes: &Bytes) -> Headers {
    let mut headers = Headers::default();
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    for (name, value) in text.split("\r\n").filter_map(|line| line.split_once(": ")) {
        headers.push(name, value);
    }
    headers
}

/// A call whose INVITE and 2xx each say something more.
fn talking(invite: (&str, &str), answer: (&str, &str)) -> (Pair, LegId, LegId) {
    let mut pair = Pair::new();
    let out = pair.call();
    let bytes = with(&pair.take(CALLER), invite.0, invite.1);
    pair.deliver(CALLER, &bytes);
    let inc = pair.taken[CALLEE].expect("it came in");
    pair.carry(CALLEE);
    pair.say(CALLEE, inc, Command::Answer("answer".into()));
    let bytes = with(&pair.take(CALLEE), answer.0, answer.1);
    pair.deliver(CALLEE, &bytes);
    (pair, out, inc)
}

fn start(bytes: &Bytes) -> String {
    super::pair::first_line(bytes)
}

/// A Contact with a host name, as gateways write it: we have no DNS, so the name goes into the
/// request URI and the packet goes where the peer's came from.
#[test]
fn a_contact_with_a_host_name_is_reached_at_its_source() {
    let named = ("Contact", "\"Gateway\" <sip:100@gw.carrier.example:5080;transport=udp>");
    let (mut pair, out, _) = talking(named, named);
    let ack = pair.take(CALLER);
    assert_eq!(start(&ack), "ACK sip:100@gw.carrier.example:5080;transport=udp SIP/2.0");
    pair.deliver(CALLER, &ack);
    pair.say(CALLER, out, Command::End(None));
    assert_eq!(start(&pair.sent[CALLER][0]), "BYE sip:100@gw.carrier.example:5080;transport=udp SIP/2.0");
    pair.carry_all();
    pair.nothing_is_left();

    // The other way: the caller's Contact has the name.
    let (mut pair, _, inc) = talking(named, named);
    pair.carry_all();
    pair.say(CALLEE, inc, Command::End(None));
    assert_eq!(start(&pair.sent[CALLEE][0]), "BYE sip:100@gw.carrier.example:5080;transport=udp SIP/2.0");
    pair.carry_all();
    pair.nothing_is_left();
}

/// An address is followed, wherever it points.
#[test]
fn a_contact_with_an_address_is_followed() {
    let away = ("Contact", "<sip:100@203.0.113.9:5080>");
    let (mut pair, _, _) = talking(away, away);
    assert!(pair.sent[CALLER].is_empty() && pair.strays == 1, "the ACK went to the Contact");
    pair.strays = 0;
    // An IPv6 address cannot be reached over this IPv4 socket; port 0 not at all.
    for contact in ["<sip:100@[2001:db8::9]:5080>", "<sip:100@192.0.2.7:0>"] {
        let (pair, _, _) = talking(("Contact", contact), ("Contact", contact));
        assert!(pair.strays == 0 && start(&pair.sent[CALLER][0]).starts_with("ACK "), "{contact}");
    }
}

/// Section 12.1.2 and 12.2.1.1: the caller takes the Record-Route in reverse, loose routers
/// stand in Route, and the target in the request URI.
#[test]
fn a_route_of_host_names_is_written_and_goes_to_the_source() {
    let route = "<sip:p1.example;lr>, <sip:p2.example;lr>";
    let (mut pair, _, inc) = talking(("Record-Route", route), ("Record-Route", route));
    let ack = pair.take(CALLER);
    assert_eq!(start(&ack), "ACK sip:100@192.0.2.2:5060 SIP/2.0");
    let routes: Vec<String> = headers_of(&ack).all("Route").map(str::to_owned).collect();
    assert_eq!(routes, ["<sip:p2.example;lr>", "<sip:p1.example;lr>"]);
    pair.deliver(CALLER, &ack);
    pair.say(CALLEE, inc, Command::End(None));
    let routes: Vec<String> = headers_of(&pair.sent[CALLEE][0]).all("Route").map(str::to_owned).collect();
    assert_eq!(routes, ["<sip:p1.example;lr>", "<sip:p2.example;lr>"]);
    pair.carry_all();
    pair.nothing_is_left();
}

/// Section 12.2.1.1: a strict router takes the request URI, and the target comes last.
#[test]
fn a_strict_router_takes_the_request_uri() {
    let route = "<sip:strict.example>";
    let (pair, _, _) = talking(("Record-Route", route), ("Record-Route", route));
    let ack = &pair.sent[CALLER][0];
    assert_eq!(start(ack), "ACK sip:strict.example SIP/2.0");
    assert_eq!(headers_of(ack).get("Route"), Some("<sip:100@192.0.2.2:5060>"));
}

/// A 2xx without Contact, as broken peers send it: we go on with what we called.
#[test]
fn an_answer_without_contact_keeps_the_target() {
    let nothing = ("Contact", "hello");
    let (mut pair, out, _) = talking(("X-Nothing", "1"), nothing);
    assert_eq!(start(&pair.sent[CALLER][0]), "ACK sip:100@192.0.2.2:5060 SIP/2.0");
    pair.carry_all();
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}
