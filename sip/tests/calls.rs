//! Calls between two endpoints over real sockets.

mod common;

use bytes::Bytes;
use common::{Endpoint, Phones, call_to, client, next, peer, soon};
use sip::{CallError, Credentials, Ended, EndedBy, LegEvent, Origin, Target, Transport};

async fn pair(host: &str) -> (Endpoint, Endpoint) {
    let trunk = if host.starts_with('[') { "::1" } else { "127.0.0.1" };
    let caller = Endpoint::on(host, Phones::with(&[]), &[trunk]).await;
    let callee = Endpoint::on(host, Phones::with(&[("agent", "secret")]), &[trunk]).await;
    (caller, callee)
}

fn ended(by: EndedBy, code: u16, reason: &str) -> LegEvent {
    LegEvent::Ended(Ended { by, code, reason: reason.to_owned(), redirect_to: None })
}

async fn whole_call(host: &str, transport: Transport) {
    let (caller, mut callee) = pair(host).await;
    let mut out = caller.sip.call(call_to(peer(&callee, transport))).await.expect("the call goes out");
    let mut call = callee.next_call().await;
    assert_eq!(call.from, Origin::Trunk("carrier".to_owned()));
    assert_eq!(call.caller.user, "+34600111222");
    assert_eq!(call.caller.display.as_deref(), Some("Ana \"A\""));
    assert_eq!(call.called, "+34900900900");
    assert_eq!(call.body, "v=0 offer");
    assert_eq!(call.transport, transport);
    assert_eq!(call.sip_call_id, out.sip_call_id);
    assert!(call.headers.contains(&("X-Call".to_owned(), "7".to_owned())));

    let control = call.leg.commands();
    control.ring().expect("rings");
    assert_eq!(next(&mut out).await, LegEvent::Ringing { code: 180, body: None });
    control.progress(Bytes::from_static(b"early")).expect("early media");
    let early = Some(Bytes::from_static(b"early"));
    assert_eq!(next(&mut out).await, LegEvent::Ringing { code: 183, body: early });
    control.answer(Bytes::from_static(b"v=0 answer")).expect("answers");
    let body = Bytes::from_static(b"v=0 answer");
    assert_eq!(next(&mut out).await, LegEvent::Answered { body });
    assert_eq!(next(&mut call.leg).await, LegEvent::Confirmed);

    // A hold from the callee, a refused change from the caller.
    control.reoffer(Bytes::from_static(b"hold")).expect("offers");
    let body = Some(Bytes::from_static(b"hold"));
    assert_eq!(next(&mut out).await, LegEvent::Reoffer { body });
    let caller_control = out.commands();
    caller_control.accept_reoffer(Bytes::from_static(b"held")).expect("accepts");
    let body = Bytes::from_static(b"held");
    assert_eq!(next(&mut call.leg).await, LegEvent::ReofferAnswered { body });
    caller_control.reoffer(Bytes::from_static(b"video")).expect("offers");
    assert!(matches!(next(&mut call.leg).await, LegEvent::Reoffer { .. }));
    control.refuse_reoffer(488).expect("refuses");
    assert_eq!(next(&mut out).await, LegEvent::ReofferRefused { code: 488 });

    caller_control.end(Some("Q.850;cause=16".to_owned())).expect("ends");
    assert_eq!(next(&mut call.leg).await, ended(EndedBy::Remote, 200, "Q.850;cause=16"));
    assert_eq!(next(&mut out).await, ended(EndedBy::Local, 200, "Q.850;cause=16"));
    assert_eq!(soon(out.event()).await, None);
    assert_eq!(soon(call.leg.event()).await, None);
}

#[tokio::test]
async fn a_whole_call_over_udp() {
    whole_call("127.0.0.1", Transport::Udp).await;
}

#[tokio::test]
async fn a_whole_call_over_tcp() {
    whole_call("127.0.0.1", Transport::Tcp).await;
}

#[tokio::test]
async fn a_whole_call_over_ipv6() {
    whole_call("[::1]", Transport::Udp).await;
    whole_call("[::1]", Transport::Tcp).await;
}

#[tokio::test]
async fn a_caller_who_gives_up_cancels() {
    let (caller, mut callee) = pair("127.0.0.1").await;
    let target = peer(&callee, Transport::Udp);
    let mut out = caller.sip.call(call_to(target)).await.expect("goes out");
    let mut call = callee.next_call().await;
    call.leg.commands().ring().expect("rings");
    next(&mut out).await;
    out.commands().end(None).expect("ends");
    assert!(matches!(next(&mut out).await, LegEvent::Ended(Ended { by: EndedBy::Local, code: 487, .. })));
    assert_eq!(next(&mut call.leg).await, ended(EndedBy::Remote, 487, "cancelled"));
}

#[tokio::test]
async fn a_refusal_tells_its_code() {
    let (caller, mut callee) = pair("127.0.0.1").await;
    let target = peer(&callee, Transport::Udp);
    let mut out = caller.sip.call(call_to(target)).await.expect("goes out");
    let call = callee.next_call().await;
    call.leg.commands().reject(486, "").expect("rejects");
    assert_eq!(next(&mut out).await, ended(EndedBy::Remote, 486, "Busy Here"));
}

#[tokio::test]
async fn an_incoming_call_that_nobody_holds_is_refused() {
    let (caller, mut callee) = pair("127.0.0.1").await;
    let target = peer(&callee, Transport::Udp);
    let mut out = caller.sip.call(call_to(target)).await.expect("goes out");
    drop(callee.next_call().await);
    assert!(matches!(next(&mut out).await, LegEvent::Ended(Ended { by: EndedBy::Remote, code: 480, .. })));
}

#[tokio::test]
async fn a_call_that_nobody_answers_times_out() {
    let (caller, mut callee) = pair("127.0.0.1").await;
    let mut call = call_to(peer(&callee, Transport::Udp));
    call.ring_timeout = std::time::Duration::from_millis(300);
    let mut out = caller.sip.call(call).await.expect("goes out");
    let mut call = callee.next_call().await;
    assert!(matches!(next(&mut out).await, LegEvent::Ended(Ended { by: EndedBy::Timeout, code: 408, .. })));
    assert!(matches!(
        next(&mut call.leg).await,
        LegEvent::Ended(Ended { by: EndedBy::Remote, code: 487, .. })
    ));
}

async fn registered_call(transport: Transport) {
    let phone = Endpoint::on("127.0.0.1", Phones::with(&[]), &["127.0.0.1"]).await;
    let mut hub = Endpoint::on("127.0.0.1", Phones::with(&[("agent", "secret")]), &[]).await;
    let mut changes = hub.sip.registrations();
    assert_eq!(
        hub.sip.call(call_to(Target::Device("agent".to_owned()))).await.err(),
        Some(CallError::NotRegistered)
    );
    let registrar = hub.addr(transport);
    let wrong = phone.sip.register(client(registrar, transport, "agent", "guess")).await;
    assert_eq!(wrong.err(), Some(CallError::NotGranted));
    let unknown = phone.sip.register(client(registrar, transport, "nobody", "x")).await;
    assert_eq!(unknown.err(), Some(CallError::NotGranted));
    let handle = phone.sip.register(client(registrar, transport, "agent", "secret")).await;
    let handle = handle.expect("registers");
    let change = soon(changes.recv()).await.expect("a change");
    assert!(change.registered && change.username == "agent");
    assert!(hub.sip.is_registered("agent"));
    assert_eq!(hub.phones.saved.lock().expect("not poisoned")["agent"].len(), 1);

    // The hub calls the phone through its registration.
    let mut phone = phone;
    let out = hub.sip.call(call_to(Target::Device("agent".to_owned()))).await;
    let mut out = out.expect("goes out");
    let mut rung = phone.next_call().await;
    assert_eq!(rung.called, "agent");
    rung.leg.commands().answer(Bytes::from_static(b"a")).expect("answers");
    assert!(matches!(next(&mut out).await, LegEvent::Answered { .. }));
    assert_eq!(next(&mut rung.leg).await, LegEvent::Confirmed);
    rung.leg.commands().end(None).expect("ends");
    assert_eq!(next(&mut out).await, ended(EndedBy::Remote, 200, ""));

    // The phone calls the hub with its password.
    let mut call = call_to(peer(&hub, transport));
    call.from_user = "agent".to_owned();
    call.credentials = Some(Credentials { username: "agent".to_owned(), password: "secret".to_owned() });
    let mut out = phone.sip.call(call.clone()).await.expect("goes out");
    let mut called = hub.next_call().await;
    assert_eq!(called.from, Origin::Device("agent".to_owned()));
    called.leg.commands().answer(Bytes::from_static(b"a")).expect("answers");
    assert!(matches!(next(&mut out).await, LegEvent::Answered { .. }));
    assert_eq!(next(&mut called.leg).await, LegEvent::Confirmed);
    called.leg.commands().end(None).expect("ends");
    assert_eq!(next(&mut out).await, ended(EndedBy::Remote, 200, ""));

    // Without, or with a wrong one, it does not.
    call.credentials = None;
    let mut out = phone.sip.call(call.clone()).await.expect("goes out");
    assert_eq!(next(&mut out).await, ended(EndedBy::Remote, 401, "Unauthorized"));
    call.credentials = Some(Credentials { username: "agent".to_owned(), password: "guess".to_owned() });
    let mut out = phone.sip.call(call).await.expect("goes out");
    assert_eq!(next(&mut out).await, ended(EndedBy::Remote, 403, "Forbidden"));

    drop(handle);
    let change = soon(changes.recv()).await.expect("a change");
    assert!(!change.registered);
    assert!(!hub.sip.is_registered("agent"));
}

#[tokio::test]
async fn a_phone_registers_is_called_and_calls_over_udp() {
    registered_call(Transport::Udp).await;
}

#[tokio::test]
async fn a_phone_registers_is_called_and_calls_over_tcp() {
    registered_call(Transport::Tcp).await;
}

#[tokio::test]
async fn a_shutdown_ends_calls_and_registrations() {
    let mut phone = Endpoint::on("127.0.0.1", Phones::with(&[]), &["127.0.0.1"]).await;
    let hub = Endpoint::on("127.0.0.1", Phones::with(&[("agent", "secret")]), &[]).await;
    let registrar = hub.addr(Transport::Udp);
    let spec = client(registrar, Transport::Udp, "agent", "secret");
    let _handle = phone.sip.register(spec).await.expect("registers");
    let out = hub.sip.call(call_to(Target::Device("agent".to_owned()))).await;
    let mut out = out.expect("goes out");
    let rung = phone.next_call().await;
    rung.leg.commands().answer(Bytes::from_static(b"a")).expect("answers");
    assert!(matches!(next(&mut out).await, LegEvent::Answered { .. }));
    soon(phone.sip.clone().shutdown()).await;
    assert_eq!(next(&mut out).await, ended(EndedBy::Remote, 200, ""));
    assert!(!hub.sip.is_registered("agent"));
    let again = phone.sip.call(call_to(peer(&hub, Transport::Udp))).await;
    assert_eq!(again.err(), Some(CallError::Closed));
}

#[tokio::test]
async fn a_phone_without_md5_secret_registers_with_sha256() {
    let phone = Endpoint::on("127.0.0.1", Phones::with(&[]), &[]).await;
    let hub = Endpoint::on("127.0.0.1", Phones::without_md5(&[("agent", "secret")]), &[]).await;
    let registrar = hub.addr(Transport::Udp);
    let wrong = client(registrar, Transport::Udp, "agent", "guess");
    assert_eq!(phone.sip.register(wrong).await.err(), Some(CallError::NotGranted));
    let right = client(registrar, Transport::Udp, "agent", "secret");
    let _handle = phone.sip.register(right).await.expect("registers");
    assert!(hub.sip.is_registered("agent"));
}
