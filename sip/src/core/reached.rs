//! Pages over websockets (RFC 7118): called over their flow, lost, and found again.

use std::time::Duration;

use super::{browser::Hub, browser::ws, pair::DEVICE};
use crate::{Ended, EndedBy, LegEvent, Origin, RegistrationChange, api::leg::Command};

const CHROME: &str = "8f1fa16a-1165-4a96-8341-785b1ef24f12";

fn change(registered: bool) -> RegistrationChange {
    RegistrationChange { username: DEVICE.to_owned(), registered }
}

/// Sections 5 and 6: everything goes back on the flow it came on, whatever the names say.
#[test]
fn a_page_is_called_over_its_flow() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    let (flow, answer) = hub.last_response();
    assert_eq!((flow, answer.code), (ws(1), 200));
    // RFC 5626 section 6.
    assert_eq!(
        (answer.headers.get("Require"), answer.headers.get("Flow-Timer")),
        (Some("outbound"), Some("120"))
    );
    let binding = hub.bindings().remove(0);
    assert_eq!(binding.contact_uri, "sip:one@df7jal23ls0d.invalid;transport=ws");
    assert_eq!(binding.instance_id.as_deref(), Some("<urn:uuid:8f1fa16a-1165-4a96-8341-785b1ef24f12>"));
    assert_eq!((binding.reg_id, binding.user_agent.as_deref()), (Some(1), Some("JsSIP 3.13.8")));
    assert_eq!((binding.source, binding.local), (ws(1).remote, None));

    let (leg, invite) = hub.call(ws(1));
    assert_eq!(hub.last_request().0, ws(1));
    assert_eq!(invite.uri, binding.contact_uri);
    let via = invite.headers.get("Via").expect("a Via");
    assert!(via.starts_with("SIP/2.0/WS hub.invalid;branch=z9hG4bK"), "{via}");
    assert_eq!(invite.headers.get("Contact"), Some("<sip:200@hub.invalid;transport=ws>"));
    // Section 4.1: nothing is repeated over a connection.
    let sent = hub.sent.len();
    hub.wait(Duration::from_secs(10));
    assert_eq!(hub.sent.len(), sent);
    hub.answer(ws(1), &invite, 200, "<sip:one@df7jal23ls0d.invalid;transport=ws>");
    hub.say(leg, Command::End(None));
    let (flow, bye) = hub.last_request();
    assert_eq!((flow, bye.method.as_str()), (ws(1), "BYE"));
}

#[test]
fn a_page_calls_and_is_known() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    let contact = "Contact: <sip:one@df7jal23ls0d.invalid;transport=ws;ob>\r\n";
    hub.ask(ws(1), "INVITE", "call", 1, contact);
    let call = hub.incoming.pop().expect("it came in");
    assert_eq!(call.from, Origin::Device(DEVICE.to_owned()));
    assert_eq!(call.binding, hub.bindings().pop());
    hub.close(ws(1));
    assert_eq!(hub.told, [LegEvent::FlowLost]);
}

/// The machine of a browser may be a trunk's, its pages are not.
#[test]
fn a_page_is_never_a_trunk() {
    let mut hub = Hub::new();
    hub.hear(
        ws(1),
        "INVITE sip:100@pair.example SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK1\r\n\
         From: <sip:nobody@x>;tag=1\r\nTo: <sip:100@x>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\
         Contact: <sip:x@x.invalid;transport=ws>\r\n\r\n",
    );
    assert_eq!(hub.last_response().1.code, 401);
    assert!(hub.incoming.is_empty());
}

#[test]
fn a_lost_page_is_unbound_at_once_and_its_call_goes_on() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    let leg = hub.talking(ws(1), "one");
    hub.close(ws(2));
    assert!(hub.told.is_empty() && hub.bindings().len() == 1);
    for _ in 0..2 {
        hub.close(ws(1));
        assert_eq!(hub.told, [LegEvent::FlowLost], "told once");
    }
    assert!(hub.bindings().is_empty());
    assert_eq!(hub.saved.last(), Some(&Vec::new()));
    assert_eq!(hub.changes, [change(true), change(false)]);
    hub.wait(Duration::from_secs(120));
    assert_eq!(hub.core.leg_ids(), [leg]);
    // Our user has waited long enough.
    hub.say(leg, Command::End(None));
    hub.close(ws(1));
    assert!(hub.core.leg_ids().is_empty());
    let ended = Ended { by: EndedBy::Local, code: 200, reason: String::new(), redirect_to: None };
    assert_eq!(hub.told, [LegEvent::FlowLost, LegEvent::Ended(ended)]);
}

/// The network was away: the page is the same, and what waits goes out over its new connection.
#[test]
fn a_page_that_connects_again_goes_on() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    let leg = hub.talking(ws(1), "one");
    hub.close(ws(1));
    hub.say(leg, Command::Reoffer("restart".into()));
    hub.close(ws(1));
    hub.wait(Duration::from_secs(5));
    hub.register(ws(2), "one", CHROME, 3);
    assert_eq!(hub.told, [LegEvent::FlowLost, LegEvent::FlowBack { resumed: true }]);
    let (flow, invite) = hub.last_request_of("INVITE");
    assert_eq!((flow, &invite.body[..]), (ws(2), &b"restart"[..]));
    hub.answer(ws(2), &invite, 200, "<sip:one@df7jal23ls0d.invalid;transport=ws>");
    assert_eq!(hub.last_request().0, ws(2));
    assert!(matches!(hub.told.last(), Some(LegEvent::ReofferAnswered { .. })));
    hub.say(leg, Command::End(None));
    assert_eq!(hub.last_request().0, ws(2));
}

/// Nobody came back: RFC 3261 timer B, and no sooner.
#[test]
fn an_offer_to_a_lost_page_times_out() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    let leg = hub.talking(ws(1), "one");
    hub.say(leg, Command::Reoffer("hold".into()));
    hub.close(ws(1));
    hub.wait(Duration::from_millis(31_999));
    assert_eq!(hub.told, [LegEvent::FlowLost]);
    hub.wait(Duration::from_millis(1));
    assert!(matches!(hub.told.last(), Some(LegEvent::Ended(Ended { by: EndedBy::Timeout, .. }))));
}

/// A reload: the browser is the same, the page knows nothing of the call.
#[test]
fn a_page_that_was_loaded_anew_has_left_its_call() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    let leg = hub.talking(ws(1), "one");
    hub.close(ws(1));
    hub.register(ws(2), "two", CHROME, 1);
    hub.register(ws(2), "two", CHROME, 3);
    assert_eq!(hub.told, [LegEvent::FlowLost, LegEvent::FlowBack { resumed: false }]);
    // The new page is called anew, beside the old leg.
    hub.talking(ws(2), "two");
    assert_eq!(hub.core.leg_ids().len(), 2);
    hub.close(ws(2));
    assert_eq!(hub.told.len(), 3, "the old leg is not told about the new page");
    hub.say(leg, Command::End(None));
    assert_eq!(hub.last_request().0, ws(1));
}

/// Another browser of the same user is another phone.
#[test]
fn another_browser_takes_nothing_over() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    hub.talking(ws(1), "one");
    hub.register(ws(2), "two", "11111111-1165-4a96-8341-785b1ef24f12", 1);
    assert_eq!(hub.bindings().len(), 2);
    hub.close(ws(1));
    assert_eq!(hub.told, [LegEvent::FlowLost]);
    assert_eq!(hub.bindings().len(), 1);
    assert_eq!(hub.changes, [change(true)]);
}

/// RFC 5626 section 6: the new connection may be there before the end of the old one shows.
#[test]
fn a_new_connection_replaces_the_old_one() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    let leg = hub.talking(ws(1), "one");
    hub.register(ws(2), "one", CHROME, 3);
    assert_eq!(hub.told, [LegEvent::FlowLost, LegEvent::FlowBack { resumed: true }]);
    assert_eq!(hub.bindings().len(), 1);
    hub.close(ws(1));
    assert_eq!((hub.told.len(), hub.bindings().len()), (2, 1));
    hub.say(leg, Command::End(None));
    assert_eq!(hub.last_request().0, ws(2));
}

/// A page that closes while it rings will not answer: the caller shall not wait for it.
#[test]
fn a_ringing_page_that_is_lost_has_failed() {
    let mut hub = Hub::new();
    hub.register(ws(1), "one", CHROME, 1);
    let (_, invite) = hub.call(ws(1));
    hub.answer(ws(1), &invite, 180, "<sip:one@df7jal23ls0d.invalid;transport=ws>");
    hub.close(ws(1));
    assert!(matches!(hub.told.last(), Some(LegEvent::Ended(Ended { by: EndedBy::Transport, .. }))));
}

/// The connection is lost while the directory still writes: the binding never counts, and what
/// is kept says so in the end.
#[test]
fn a_page_lost_before_it_is_kept() {
    let mut hub = Hub::new();
    hub.prompt = false;
    hub.register(ws(1), "one", CHROME, 1);
    hub.close(ws(1));
    // The page is back before that is through: its REGISTER waits for its turn.
    hub.register(ws(2), "two", CHROME, 1);
    assert_eq!((hub.saved.len(), hub.saving.len()), (1, 1));
    hub.keep_one();
    assert!(hub.bindings().is_empty() && hub.changes.is_empty());
    assert_eq!(hub.saved[1], []);
    hub.keep_one();
    assert_eq!(hub.saved[2].len(), 1);
    hub.keep_one();
    assert_eq!(hub.bindings()[0].source, ws(2).remote);
    assert_eq!((hub.last_response().0, hub.last_response().1.code), (ws(2), 200));
    assert_eq!((hub.saving.len(), hub.changes.as_slice()), (0, &[change(true)][..]));
}

/// REGISTERs of one user are kept one after the other, and no more wait than a user has phones.
#[test]
fn registers_of_one_user_wait_their_turn() {
    let mut hub = Hub::new();
    hub.prompt = false;
    for port in 1..=12 {
        let instance = format!("{port:08}-1165-4a96-8341-785b1ef24f12");
        hub.register(ws(port), &format!("life{port}"), &instance, 1);
    }
    let (flow, refused) = hub.last_response();
    assert_eq!((flow, refused.code, refused.headers.get("Retry-After")), (ws(12), 503, Some("1")));
    for kept in 1..=11 {
        assert_eq!(hub.saving.len(), 1);
        hub.keep_one();
        assert_eq!(hub.last_response().0, ws(kept));
    }
    let ports: Vec<u16> = hub.bindings().iter().map(|binding| binding.source.port()).collect();
    assert_eq!(ports, (2..=11).rev().collect::<Vec<u16>>(), "the newest first, the oldest gone");
}
