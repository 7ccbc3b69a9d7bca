//! Desk phones over TCP and through proxies: where requests to them go (RFC 3327, RFC 5626).

use super::{
    browser::{Hub, tcp},
    pair::DEVICE,
};
use crate::{Ended, EndedBy, LegEvent, api::leg::Command};

const CONTACT: &str = "<sip:agent@10.0.0.7:5070;transport=tcp>";

fn register(hub: &mut Hub, port: u16, cseq: u32, more: &str) {
    hub.ask(tcp(port), "REGISTER", "desk", cseq, &format!("Contact: {CONTACT}{more}\r\n"));
    assert_eq!(hub.last_response().1.code, 200);
}

/// RFC 3261 section 18.1.1: when the connection has ended, the next request opens another, to
/// the Contact; when the phone has registered anew, it goes over that one.
#[test]
fn a_connection_that_ended_is_replaced() {
    let mut hub = Hub::new();
    register(&mut hub, 40_000, 1, "");
    let leg = hub.talking_to(tcp(40_000), CONTACT);
    hub.close(tcp(40_000));
    assert_eq!(hub.told, [LegEvent::FlowLost]);
    assert_eq!(hub.bindings().len(), 1, "it may be dialled");
    hub.say(leg, Command::Reoffer("hold".into()));
    let (flow, _) = hub.last_request_of("INVITE");
    assert_eq!(flow.remote, ([10, 0, 0, 7], 5070).into());
    // Nobody there: a NAT. The offer waits for the phone.
    hub.close(flow);
    assert_eq!(hub.told.len(), 1);
    register(&mut hub, 40_001, 3, "");
    assert_eq!(hub.told, [LegEvent::FlowLost, LegEvent::FlowBack { resumed: true }]);
    let (flow, invite) = hub.last_request_of("INVITE");
    assert_eq!((flow, &invite.body[..]), (tcp(40_001), &b"hold"[..]));
}

/// RFC 5626 section 6: a phone that does outbound has no other way than its flow.
#[test]
fn a_flow_that_ended_has_no_binding() {
    let mut hub = Hub::new();
    register(&mut hub, 40_000, 1, ";reg-id=1;+sip.instance=\"<urn:uuid:1>\"");
    hub.close(tcp(40_000));
    assert!(hub.bindings().is_empty());
}

/// A phone that registers over one connection and talks over another: a new registration says
/// nothing about the call.
#[test]
fn a_call_beside_the_registration_stays_where_it_is() {
    let mut hub = Hub::new();
    register(&mut hub, 40_000, 1, "");
    hub.ask(tcp(41_000), "INVITE", "call", 1, &format!("Contact: {CONTACT}\r\n"));
    let leg = hub.incoming.pop().expect("it came in").leg;
    register(&mut hub, 40_002, 3, "");
    assert!(hub.told.is_empty());
    hub.say(leg, Command::Ring);
    assert_eq!(hub.last_response().0, tcp(41_000));
}

/// Nobody listens where a ringing phone was.
#[test]
fn a_call_to_an_ended_connection_fails() {
    let mut hub = Hub::new();
    register(&mut hub, 40_000, 1, "");
    hub.call(tcp(40_000));
    hub.close(tcp(40_000));
    assert!(matches!(hub.told.last(), Some(LegEvent::Ended(Ended { by: EndedBy::Transport, .. }))));
}

/// RFC 3327 section 5.3: the Path is given back, and is the route of what we send.
#[test]
fn a_path_is_the_route_to_the_phone() {
    let mut hub = Hub::new();
    let lines = format!("Contact: {CONTACT}\r\nPath: <sip:p1.example;lr>, <sip:p2.example;lr>\r\n");
    hub.ask(tcp(40_000), "REGISTER", "desk", 1, &lines);
    let path = "<sip:p1.example;lr>, <sip:p2.example;lr>";
    assert_eq!(hub.last_response().1.headers.get("Path"), Some(path));
    let (_, invite) = hub.call(tcp(40_000));
    let routes: Vec<&str> = invite.headers.all("Route").collect();
    assert_eq!(routes, ["<sip:p1.example;lr>", "<sip:p2.example;lr>"]);
    assert_eq!(invite.uri, "sip:agent@10.0.0.7:5070;transport=tcp");
}

/// RFC 3261 section 20.10: what the phones prefer; and one ring for a phone with several ways
/// (RFC 5626 section 5.3).
#[test]
fn the_preferred_phone_comes_first() {
    let mut hub = Hub::new();
    for (host, more) in [
        ("10.0.0.1", ";q=0.3"),
        ("10.0.0.2", ";q=0.9"),
        ("10.0.0.3", ";q=0.3"),
        ("10.0.0.4", ";q=0.5;reg-id=1;+sip.instance=\"<urn:uuid:1>\""),
        ("10.0.0.5", ";q=0.5;reg-id=2;+sip.instance=\"<urn:uuid:1>\""),
    ] {
        hub.ask(tcp(40_000), "REGISTER", host, 1, &format!("Contact: <sip:a@{host}>{more}\r\n"));
    }
    let uris: Vec<String> = hub.core.bindings(hub.now, DEVICE).into_iter().map(|b| b.contact_uri).collect();
    assert_eq!(uris, ["sip:a@10.0.0.2", "sip:a@10.0.0.5", "sip:a@10.0.0.3", "sip:a@10.0.0.1"]);
}

/// Behind a NAT of ours: who is outside is told our public address, in Via and Contact.
#[test]
fn the_public_address_stands_in_via_and_contact() {
    let mut hub = Hub::public("203.0.113.1");
    register(&mut hub, 40_000, 1, "");
    let (_, invite) = hub.call(tcp(40_000));
    let via = invite.headers.get("Via").expect("a Via");
    assert!(via.starts_with("SIP/2.0/TCP 203.0.113.1:5060;branch="), "{via}");
    assert_eq!(invite.headers.get("Contact"), Some("<sip:200@203.0.113.1:5060;transport=tcp>"));
    hub.ask(tcp(40_000), "INVITE", "call", 1, &format!("Contact: {CONTACT}\r\n"));
    let leg = hub.incoming.pop().expect("it came in").leg;
    hub.say(leg, Command::Ring);
    let (_, ringing) = hub.last_response();
    assert_eq!(ringing.headers.get("Contact"), Some("<sip:100@203.0.113.1:5060;transport=tcp>"));
}
