//! Pages behind the door for websockets, in a running signalling.

mod common;

use std::net::SocketAddr;

use bytes::Bytes;
use common::{Endpoint, Phones, REALM, call_to, hex, next, soon};
use md5::{Digest, Md5};
use sip::{CallError, LegEvent, Target, Transport, WebSocketDoor, WebSocketPeer};

const CONTACT: &str = "sip:page@k3.invalid;transport=ws";

fn md5(text: &str) -> String {
    hex(&Md5::digest(text.as_bytes()))
}

/// A page with an open websocket.
struct Page {
    door: WebSocketDoor,
    port: u16,
    cseq: u32,
}

impl Page {
    fn open(hub: &Endpoint, port: u16) -> Self {
        let source = SocketAddr::from(([127, 0, 0, 1], port));
        let door = hub.sip.websocket(WebSocketPeer { source, secure: true }).expect("there is room");
        Self { door, port, cseq: 0 }
    }

    async fn send(&self, text: String) {
        soon(self.door.into.send(Bytes::from(text))).await.expect("the hub listens");
    }

    async fn hear(&mut self) -> String {
        let frame = soon(self.door.out.recv()).await.expect("a frame");
        String::from_utf8(frame.to_vec()).expect("text")
    }

    /// Sends REGISTER; returns the answer. Without Content-Length: a frame has an end.
    async fn send_register(&mut self, authorization: &str) -> String {
        self.cseq += 1;
        let text = format!(
            "REGISTER sip:{REALM} SIP/2.0\r\nVia: SIP/2.0/WSS k3.invalid;branch=z9hG4bK{port}-{cseq}\r\n\
             Max-Forwards: 69\r\nTo: <sip:agent@{REALM}>\r\nFrom: <sip:agent@{REALM}>;tag=f\r\n\
             Call-ID: page\r\nCSeq: {cseq} REGISTER\r\n\
             Contact: <{CONTACT}>;reg-id=1;+sip.instance=\"<urn:uuid:1>\";expires=600\r\n\
             User-Agent: JsSIP 3.13.8\r\n{authorization}\r\n",
            port = self.port,
            cseq = self.cseq,
        );
        self.send(text).await;
        self.hear().await
    }

    async fn register(&mut self) {
        let challenge = self.send_register("").await;
        let nonce = challenge.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
        let nonce = nonce.expect("a challenge");
        let (ha1, ha2) = (md5(&format!("agent:{REALM}:secret")), md5(&format!("REGISTER:sip:{REALM}")));
        let response = md5(&format!("{ha1}:{nonce}:00000001:c:auth:{ha2}"));
        let authorization = format!(
            "Authorization: Digest algorithm=MD5, username=\"agent\", realm=\"{REALM}\", nonce=\"{nonce}\", \
             uri=\"sip:{REALM}\", response=\"{response}\", qop=auth, cnonce=\"c\", nc=00000001\r\n"
        );
        let answer = self.send_register(&authorization).await;
        assert!(answer.starts_with("SIP/2.0 200 OK\r\n"), "{answer}");
    }

    /// 200 to a request, with the headers that an answer copies.
    async fn accept(&self, request: &str) {
        let copied = ["Via", "From", "To", "Call-ID", "CSeq"];
        let lines = request
            .split("\r\n")
            .filter(|line| line.split_once(':').is_some_and(|(name, _)| copied.contains(&name)));
        let lines: Vec<String> = lines
            .map(|line| match line.strip_prefix("To: ") {
                Some(to) if !to.contains(";tag=") => format!("To: {to};tag=p"),
                _ => line.to_owned(),
            })
            .collect();
        self.send(format!("SIP/2.0 200 OK\r\n{}\r\nContact: <{CONTACT}>\r\n\r\n", lines.join("\r\n"))).await;
    }
}

#[tokio::test]
async fn a_page_registers_is_called_and_goes() {
    let hub = Endpoint::on("127.0.0.1", Phones::with(&[("agent", "secret")]), &[]).await;
    let mut changes = hub.sip.registrations();
    let mut page = Page::open(&hub, 50_001);
    page.register().await;
    assert!(soon(changes.recv()).await.expect("a change").registered);
    let bindings = hub.sip.bindings("agent").await;
    let [binding] = bindings.as_slice() else { panic!("{bindings:?}") };
    assert_eq!((binding.contact_uri.as_str(), binding.transport), (CONTACT, Transport::Wss));
    assert_eq!(binding.user_agent.as_deref(), Some("JsSIP 3.13.8"));

    // RFC 5626 section 4.4.1.
    page.send("\r\n\r\n".to_owned()).await;
    assert_eq!(page.hear().await, "\r\n");

    let target = Target::Binding { username: "agent".to_owned(), contact_uri: CONTACT.to_owned() };
    let mut leg = hub.sip.call(call_to(target.clone())).await.expect("goes out");
    let invite = page.hear().await;
    assert!(invite.starts_with(&format!("INVITE {CONTACT} SIP/2.0\r\nVia: SIP/2.0/WSS ")), "{invite}");
    page.accept(&invite).await;
    assert!(matches!(next(&mut leg).await, LegEvent::Answered { .. }));
    assert!(page.hear().await.starts_with("ACK "));

    // The network is away for a moment.
    drop(page);
    assert_eq!(next(&mut leg).await, LegEvent::FlowLost);
    assert!(!soon(changes.recv()).await.expect("a change").registered);
    assert_eq!(hub.sip.call(call_to(target)).await.err(), Some(CallError::NotRegistered));
    assert_eq!(hub.phones.saved.lock().expect("not poisoned")["agent"], []);
    let mut page = Page::open(&hub, 50_002);
    page.register().await;
    assert_eq!(next(&mut leg).await, LegEvent::FlowBack { resumed: true });
    leg.commands().end(None).expect("ends");
    let bye = page.hear().await;
    assert!(bye.starts_with(&format!("BYE {CONTACT} SIP/2.0\r\n")), "{bye}");
    page.accept(&bye).await;
    assert!(matches!(next(&mut leg).await, LegEvent::Ended(_)));
}

#[tokio::test]
async fn a_second_websocket_of_the_same_source_closes_the_first() {
    let hub = Endpoint::on("127.0.0.1", Phones::with(&[("agent", "secret")]), &[]).await;
    let mut first = Page::open(&hub, 50_001);
    first.register().await;
    let mut second = Page::open(&hub, 50_001);
    assert_eq!(soon(first.door.out.recv()).await, None);
    assert!(second.send_register("").await.starts_with("SIP/2.0 401 "));
    assert!(hub.sip.bindings("agent").await.is_empty());
}

/// Whatever comes in a frame, the page gets an answer or none, and the next frame is read.
#[tokio::test]
async fn a_broken_frame_ends_nothing() {
    let hub = Endpoint::on("127.0.0.1", Phones::with(&[]), &[]).await;
    let mut page = Page::open(&hub, 50_001);
    for frame in
        [String::new(), "\r\n".to_owned(), "hello".to_owned(), "x".repeat(70_000), "\u{0}\r\n\r\n".to_owned()]
    {
        page.send(frame).await;
    }
    assert!(page.send_register("").await.starts_with("SIP/2.0 401 "));
}

#[tokio::test]
async fn a_shutdown_closes_the_websockets() {
    let hub = Endpoint::on("127.0.0.1", Phones::with(&[("agent", "secret")]), &[]).await;
    let mut page = Page::open(&hub, 50_001);
    page.register().await;
    soon(hub.sip.clone().shutdown()).await;
    assert_eq!(soon(page.door.out.recv()).await, None);
    soon(page.door.into.closed()).await;
    let source = SocketAddr::from(([127, 0, 0, 1], 50_002));
    assert!(hub.sip.websocket(WebSocketPeer { source, secure: false }).is_err());
}
