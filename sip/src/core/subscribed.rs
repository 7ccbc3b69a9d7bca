//! Subscriptions of devices (RFC 6665).

use std::time::Duration;

use super::{
    browser::{Hub, tcp, ws},
    pair::DEVICE,
};
use crate::{
    EventPackage, SubscriptionId,
    api::subscription::{Asked, SubscriptionCommand},
    wire::{Message, Request},
};

const CONTACT: &str = "Contact: <sip:agent@10.0.0.7:5070;transport=tcp>\r\n";

fn subscribe(hub: &mut Hub, call_id: &str, more: &str) {
    hub.ask(tcp(40_000), "SUBSCRIBE", call_id, 1, &format!("{CONTACT}{more}"));
}

/// A subscription that stands, its first NOTIFY answered.
fn standing(hub: &mut Hub, more: &str) -> SubscriptionId {
    subscribe(hub, "blf", &format!("Event: dialog\r\n{more}"));
    let (id, _) = hub.subscriptions.pop().expect("it came in");
    hub.order(id, SubscriptionCommand::Accept("idle".into()));
    let notify = hub.last_request().1;
    hub.answer(tcp(40_000), &notify, 200, "<sip:agent@10.0.0.7:5070>");
    id
}

fn state(notify: &Request) -> (&str, &[u8]) {
    (notify.headers.get("Subscription-State").unwrap_or_default(), &notify.body)
}

/// A SUBSCRIBE inside the dialog.
fn again(hub: &mut Hub, cseq: u32, more: &str) {
    let tag = hub.last_request_of("NOTIFY").1.head.from_tag;
    hub.hear(
        tcp(40_000),
        &format!(
            "SUBSCRIBE sip:100@hub SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.7;branch=z9hG4bKs{cseq}\r\n\
             From: <sip:agent@pair.example>;tag=page\r\nTo: <sip:100@pair.example>;tag={tag}\r\n\
             Call-ID: blf\r\nCSeq: {cseq} SUBSCRIBE\r\n{CONTACT}{more}\r\n"
        ),
    );
}

fn code(hub: &Hub) -> u16 {
    let found = hub.sent.iter().rev().find_map(|(_, message)| match message {
        Message::Response(response) => Some(response.code),
        Message::Request(_) => None,
    });
    found.expect("an answer")
}

/// Section 4.2.1 and 4.2.2: 200 with the time, then at once the state.
#[test]
fn a_device_is_told_the_state() {
    let mut hub = Hub::new();
    subscribe(&mut hub, "blf", "Event: dialog;id=7\r\nExpires: 600\r\n");
    let (id, asked) = hub.subscriptions.pop().expect("it came in");
    let expected = Asked {
        event: EventPackage::Dialog,
        subscriber: DEVICE.to_owned(),
        target: "100".to_owned(),
        expires_s: 600,
    };
    assert_eq!(asked, expected);
    let sent = hub.sent.len();
    hub.order(id, SubscriptionCommand::Accept("idle".into()));
    let Some((_, Message::Response(ok))) = hub.sent.get(sent) else { panic!("an answer first") };
    assert_eq!((ok.code, ok.headers.get("Expires")), (200, Some("600")));
    let (flow, notify) = hub.last_request();
    assert_eq!((flow, notify.uri.as_str()), (tcp(40_000), "sip:agent@10.0.0.7:5070;transport=tcp"));
    assert_eq!(notify.headers.get("Event"), Some("dialog;id=7"));
    assert_eq!(notify.headers.get("Content-Type"), Some("application/dialog-info+xml"));
    assert_eq!(ok.head.to_tag.as_deref(), Some(notify.head.from_tag.as_str()));
    assert_eq!(state(&notify), ("active;expires=600", &b"idle"[..]));

    // One NOTIFY at a time, and the newest state alone waits.
    let count = hub.sent.len();
    hub.order(id, SubscriptionCommand::Notify("ringing".into()));
    hub.order(id, SubscriptionCommand::Notify("talking".into()));
    assert_eq!(hub.sent.len(), count);
    hub.answer(tcp(40_000), &notify, 200, "<sip:agent@10.0.0.7:5070>");
    let (_, newer) = hub.last_request();
    assert_eq!((hub.sent.len(), &newer.body[..]), (count + 1, &b"talking"[..]));
    assert_eq!(newer.head.cseq, notify.head.cseq + 1);
    hub.answer(tcp(40_000), &newer, 200, "<sip:agent@10.0.0.7:5070>");
    assert_eq!(hub.sent.len(), count + 1);
}

/// Section 4.2.1.4: a refresh gets the state again and moves the end; 0 is the end.
#[test]
fn a_subscription_is_refreshed_and_given_back() {
    let mut hub = Hub::new();
    let id = standing(&mut hub, "Expires: 600\r\n");
    hub.wait(Duration::from_secs(500));
    again(&mut hub, 3, "Event: dialog\r\nExpires: 600\r\n");
    assert_eq!(code(&hub), 200);
    let notify = hub.last_request().1;
    assert_eq!(state(&notify), ("active;expires=600", &b"idle"[..]));
    hub.answer(tcp(40_000), &notify, 200, "<sip:agent@10.0.0.7:5070>");
    hub.wait(Duration::from_secs(599));
    assert!(hub.unsubscribed.is_empty());
    // An old copy, and another event, change nothing.
    again(&mut hub, 2, "Event: dialog\r\nExpires: 0\r\n");
    assert_eq!(code(&hub), 500);
    again(&mut hub, 4, "Event: message-summary\r\nExpires: 0\r\n");
    assert_eq!(code(&hub), 489);
    again(&mut hub, 5, "Event: dialog\r\nExpires: 0\r\n");
    assert_eq!((code(&hub), hub.unsubscribed.as_slice()), (200, &[id][..]));
    assert_eq!(state(&hub.last_request().1).0, "terminated;reason=timeout");
    again(&mut hub, 6, "Event: dialog\r\n");
    assert_eq!(code(&hub), 481);
}

#[test]
fn a_subscription_ends() {
    // Its time runs out.
    let mut hub = Hub::new();
    let id = standing(&mut hub, "Expires: 60\r\n");
    hub.wait(Duration::from_secs(60));
    assert_eq!(state(&hub.last_request().1).0, "terminated;reason=timeout");
    assert_eq!(hub.unsubscribed, [id]);
    // Our user has nothing more to tell.
    let mut hub = Hub::new();
    let id = standing(&mut hub, "");
    hub.order(id, SubscriptionCommand::End);
    assert_eq!(state(&hub.last_request().1).0, "terminated;reason=noresource");
    assert_eq!(hub.unsubscribed, [id]);
    // The device knows it no more, does not answer, or has gone.
    let mut hub = Hub::new();
    let id = standing(&mut hub, "");
    hub.order(id, SubscriptionCommand::Notify("talking".into()));
    let notify = hub.last_request().1;
    hub.answer(tcp(40_000), &notify, 481, "<sip:agent@10.0.0.7:5070>");
    assert_eq!(hub.unsubscribed, [id]);
    let mut hub = Hub::new();
    let id = standing(&mut hub, "");
    hub.order(id, SubscriptionCommand::Notify("talking".into()));
    hub.wait(Duration::from_secs(32));
    assert_eq!(hub.unsubscribed, [id]);
    let mut hub = Hub::new();
    let id = standing(&mut hub, "");
    hub.order(id, SubscriptionCommand::Notify("talking".into()));
    hub.close(tcp(40_000));
    assert_eq!(hub.unsubscribed, [id]);
}

/// Section 4.4.3: who asks with no time is told once.
#[test]
fn a_device_may_ask_once() {
    let mut hub = Hub::new();
    subscribe(&mut hub, "blf", "Event: message-summary\r\nExpires: 0\r\n");
    let (id, asked) = hub.subscriptions.pop().expect("it came in");
    assert_eq!(asked.expires_s, 0);
    hub.order(id, SubscriptionCommand::Accept("Messages-Waiting: no".into()));
    let notify = hub.last_request().1;
    assert_eq!(state(&notify), ("terminated;reason=timeout", &b"Messages-Waiting: no"[..]));
    assert_eq!(notify.headers.get("Content-Type"), Some("application/simple-message-summary"));
    assert_eq!(hub.unsubscribed, [id]);
}

#[test]
fn what_cannot_be_subscribed_to_is_refused() {
    let mut hub = Hub::new();
    for (more, expected) in
        [("Event: presence\r\n", 489), ("", 489), ("Event: dialog\r\nExpires: 30\r\n", 423)]
    {
        let call_id = format!("call{}", hub.sent.len());
        subscribe(&mut hub, &call_id, more);
        assert_eq!(code(&hub), expected, "{more}");
    }
    assert!(hub.subscriptions.is_empty());
    // By the user, and by his silence.
    subscribe(&mut hub, "a", "Event: dialog\r\n");
    let (id, _) = hub.subscriptions.pop().expect("it came in");
    hub.order(id, SubscriptionCommand::Refuse(404));
    assert_eq!((code(&hub), hub.unsubscribed.pop()), (404, Some(id)));
    subscribe(&mut hub, "b", "Event: dialog\r\n");
    hub.wait(Duration::from_secs(10));
    assert_eq!((code(&hub), hub.unsubscribed.len()), (480, 1));
}

/// A trunk's address is no proof here.
#[test]
fn only_a_device_subscribes() {
    let mut hub = Hub::new();
    let mut flow = tcp(40_000);
    flow.remote.set_ip(ws(0).remote.ip());
    hub.hear(
        flow,
        &format!(
            "SUBSCRIBE sip:100@pair.example SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.7;branch=z9hG4bK1\r\n\
             From: <sip:nobody@x>;tag=1\r\nTo: <sip:100@x>\r\nCall-ID: c\r\nCSeq: 1 SUBSCRIBE\r\n\
             Event: dialog\r\n{CONTACT}\r\n"
        ),
    );
    assert_eq!(code(&hub), 401);
    assert!(hub.subscriptions.is_empty());
}

/// A panel has its keys, and no more; one that starts anew does not pile up.
#[test]
fn subscriptions_are_bounded() {
    let mut hub = Hub::new();
    for round in 0..2 {
        for key in 0..64 {
            let contact = format!("Contact: <sip:agent@10.0.0.7:{}>\r\nEvent: dialog\r\n", 5000 + key);
            hub.ask(tcp(40_000), "SUBSCRIBE", &format!("{round}-{key}"), 1, &contact);
            let (id, _) = hub.subscriptions.pop().expect("it came in");
            hub.order(id, SubscriptionCommand::Accept("idle".into()));
        }
        assert_eq!((hub.core.subscription_ids().len(), hub.unsubscribed.len()), (64, round * 64));
    }
    subscribe(&mut hub, "more", "Event: dialog\r\n");
    assert_eq!(code(&hub), 503);
}
