//! Noise, broken messages and impossible requests over real sockets; then a good call works.

mod common;

use std::net::SocketAddr;

use common::{Endpoint, Phones, REALM, call_to, hex, next, peer, soon};
use md5::{Digest, Md5};
use sip::{LegEvent, Origin, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
};

/// Who may do what: one phone, and no trunk unless the test is about calls.
async fn hub(trunks: &[&str]) -> Endpoint {
    Endpoint::on("127.0.0.1", Phones::with(&[("agent", "secret")]), trunks).await
}

/// A peer that writes its messages by hand.
struct Raw {
    socket: UdpSocket,
    hub: SocketAddr,
    sent: u32,
}

impl Raw {
    async fn to(hub: &Endpoint) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        Self { socket, hub: hub.addr(Transport::Udp), sent: 0 }
    }

    async fn send(&self, bytes: &[u8]) {
        self.socket.send_to(bytes, self.hub).await.expect("sent");
    }

    async fn receive(&self) -> String {
        let mut buffer = vec![0; 65_535];
        let (length, _) = soon(self.socket.recv_from(&mut buffer)).await.expect("received");
        String::from_utf8(buffer[..length].to_vec()).expect("text")
    }

    /// Sends a request with what is always needed and `more` header lines; returns the final
    /// answer.
    async fn ask(&mut self, method: &str, uri: &str, more: &str, body: &str) -> String {
        self.sent += 1;
        let here = self.socket.local_addr().expect("bound");
        let number = self.sent;
        self.send(
            format!(
                "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKraw{number};rport\r\n\
                 From: <sip:agent@{REALM}>;tag=raw\r\nTo: <sip:agent@{REALM}>\r\n\
                 Call-ID: raw{number}@test\r\nCSeq: {number} {method}\r\nContact: <sip:agent@{here}>\r\n\
                 {more}Content-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        )
        .await;
        loop {
            let answer = self.receive().await;
            let ours = answer.contains(&format!("z9hG4bKraw{number};"));
            if ours && !answer.starts_with("SIP/2.0 1") {
                return answer;
            }
        }
    }
}

fn code(answer: &str) -> u16 {
    answer[8..11].parse().expect("a status line")
}

fn part<'a>(answer: &'a str, from: &str) -> &'a str {
    answer.split_once(from).and_then(|(_, rest)| rest.split('"').next()).expect("a parameter")
}

/// RFC 7616 section 3.4, MD5, for a digest URI of the peer's choice.
fn digest(challenge: &str, method: &str, uri: &str, password: &str, nc: &str) -> String {
    let md5 = |text: String| hex(&Md5::digest(text.as_bytes()));
    let nonce = part(challenge, "nonce=\"");
    let ha1 = md5(format!("agent:{REALM}:{password}"));
    let ha2 = md5(format!("{method}:{uri}"));
    let response = md5(format!("{ha1}:{nonce}:{nc}:c:auth:{ha2}"));
    format!(
        "Authorization: Digest username=\"agent\",realm=\"{REALM}\",cnonce=\"c\",nc={nc},qop=auth,\
         uri=\"{uri}\",nonce=\"{nonce}\",response=\"{response}\",algorithm=MD5\r\n"
    )
}

async fn a_good_call_works(hub: &mut Endpoint) {
    let caller = Endpoint::on("127.0.0.1", Phones::with(&[]), &[]).await;
    let mut out = caller.sip.call(call_to(peer(hub, Transport::Udp))).await.expect("goes out");
    let mut call = hub.next_call().await;
    call.leg.commands().answer("answer".into()).expect("answers");
    assert!(matches!(next(&mut out).await, LegEvent::Answered { .. }));
    assert_eq!(next(&mut call.leg).await, LegEvent::Confirmed);
    out.commands().end(None).expect("ends");
    assert!(matches!(next(&mut call.leg).await, LegEvent::Ended(_)));
}

#[tokio::test]
async fn noise_is_dropped_and_the_next_call_works() {
    let mut hub = hub(&["127.0.0.1"]).await;
    let raw = Raw::to(&hub).await;
    for length in [0, 1, 4, 100, 1500, 30_000, 65_507] {
        raw.send(&vec![0xA5; length]).await;
        raw.send(&vec![b'\n'; length]).await;
        raw.send(&b"INVITE sip:a@b SIP/2.0\r\n".repeat(length / 24 + 1)[..length]).await;
    }
    a_good_call_works(&mut hub).await;
}

#[tokio::test]
async fn a_broken_request_is_told_what_is_wrong() {
    let mut hub = hub(&["127.0.0.1"]).await;
    let mut raw = Raw::to(&hub).await;
    let long = format!("X-Long: {}\r\n", "a".repeat(9000));
    let many = "X-A: b\r\n".repeat(200);
    for broken in ["no colon here\r\n", "X-Zero: a\0b\r\n", "Content-Length: 700\r\n", &*long, &*many] {
        let answer = raw.ask("OPTIONS", "sip:hub", broken, "").await;
        assert_eq!(code(&answer), 400, "{broken:.40}");
        assert!(answer.contains("Warning: 399 sip \""), "{answer}");
    }
    // A header section without end within 16 KiB names nobody to answer to.
    raw.send(format!("OPTIONS sip:hub SIP/2.0\r\n{}", "X-A: b\r\n".repeat(6000)).as_bytes()).await;
    a_good_call_works(&mut hub).await;
}

#[tokio::test]
async fn what_we_do_not_do_is_refused_with_its_code() {
    let hub = hub(&["127.0.0.1"]).await;
    let mut raw = Raw::to(&hub).await;
    for (method, more, expected) in [
        ("OPTIONS", "", 200),
        ("OPTIONS", "Max-Forwards: 0\r\n", 483),
        ("OPTIONS", "Require: 100rel, x\r\n", 420),
        ("SUBSCRIBE", "Event: x\r\n", 401),
        ("NONSENSE", "", 501),
        ("BYE", "", 481),
        ("CANCEL", "", 481),
        ("INFO", "", 481),
    ] {
        assert_eq!(code(&raw.ask(method, "sip:hub", more, "").await), expected, "{method} {more}");
    }
    assert_eq!(code(&raw.ask("INVITE", "ftp:hub", "", "").await), 416);
    let html = raw.ask("INVITE", "sip:hub", "Content-Type: text/html\r\n", "<p>").await;
    assert_eq!(code(&html), 415);
}

#[tokio::test]
async fn a_digest_serves_once_and_for_its_request_alone() {
    let mut hub = hub(&[]).await;
    let mut raw = Raw::to(&hub).await;
    let here = hub.addr(Transport::Udp);
    let uri = format!("sip:100@{here}");
    let sdp = "Content-Type: application/sdp\r\n";
    let challenge = raw.ask("INVITE", &uri, sdp, "v=0").await;
    assert_eq!(code(&challenge), 401);
    assert_eq!(challenge.matches("WWW-Authenticate").count(), 1);
    // SIPp names the server alone in its digest.
    let server = format!("sip:{here}");
    let answer = digest(&challenge, "INVITE", &server, "secret", "00000001");
    let more = format!("{sdp}{answer}");
    let (refused, ()) = tokio::join!(raw.ask("INVITE", &uri, &more, "v=0"), async {
        let call = hub.next_call().await;
        assert_eq!(call.from, Origin::Device("agent".to_owned()));
        call.leg.commands().reject(486, "").expect("refuses");
    });
    assert_eq!(code(&refused), 486);
    // The same answer again, and one made for another callee.
    let again = raw.ask("INVITE", &uri, &format!("{sdp}{answer}"), "v=0").await;
    assert!(code(&again) == 401 && again.contains("stale=true"), "{again}");
    let other = digest(&again, "INVITE", &format!("sip:999@{here}"), "secret", "00000001");
    assert_eq!(code(&raw.ask("INVITE", &uri, &format!("{sdp}{other}"), "v=0").await), 403);
    // One parser read this counter as a byte: 256 must be more than 1.
    let next = digest(&again, "REGISTER", "sip:aurora.example", "secret", "00000100");
    assert_eq!(code(&raw.ask("REGISTER", "sip:aurora.example", &next, "").await), 200);
}

#[tokio::test]
async fn a_guesser_is_not_answered_any_more() {
    let hub = hub(&[]).await;
    let mut raw = Raw::to(&hub).await;
    let challenge = raw.ask("REGISTER", "sip:aurora.example", "", "").await;
    for guess in 0..21 {
        let answer = digest(&challenge, "REGISTER", "sip:aurora.example", &format!("p{guess}"), "00000001");
        assert_eq!(code(&raw.ask("REGISTER", "sip:aurora.example", &answer, "").await), 403);
    }
    // Silence for the guess; OPTIONS, sent after it, is the next thing answered.
    let guess = digest(&challenge, "REGISTER", "sip:aurora.example", "p", "00000001");
    raw.send(
        format!(
            "REGISTER sip:aurora.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKsilent;rport\r\n\
             From: <sip:agent@{REALM}>;tag=raw\r\nTo: <sip:agent@{REALM}>\r\nCall-ID: silent\r\n\
             CSeq: 1 REGISTER\r\n{guess}Content-Length: 0\r\n\r\n"
        )
        .as_bytes(),
    )
    .await;
    assert_eq!(code(&raw.ask("OPTIONS", "sip:hub", "", "").await), 200);
    // The phone itself still gets in.
    let right = digest(&challenge, "REGISTER", "sip:aurora.example", "secret", "00000001");
    assert_eq!(code(&raw.ask("REGISTER", "sip:aurora.example", &right, "").await), 200);
}

#[tokio::test]
async fn a_broken_stream_is_closed_and_a_shutdown_closes_the_rest() {
    let mut hub = hub(&["127.0.0.1"]).await;
    for broken in ["OPTIONS sip:hub SIP/2.0\r\nX: 1\r\n\r\n".to_owned(), "a".repeat(20_000)] {
        let mut stream = TcpStream::connect(hub.addr(Transport::Tcp)).await.expect("connects");
        // The hub may close before all of it is written.
        let _closed_early = stream.write_all(broken.as_bytes()).await;
        let mut rest = Vec::new();
        let _reset = soon(stream.read_to_end(&mut rest)).await;
        assert!(rest.is_empty());
    }
    a_good_call_works(&mut hub).await;
    let mut idle = TcpStream::connect(hub.addr(Transport::Tcp)).await.expect("connects");
    idle.write_all(b"\r\n\r\n").await.expect("pings");
    let mut pong = [0; 2];
    soon(idle.read_exact(&mut pong)).await.expect("answered");
    assert_eq!(&pong, b"\r\n");
    soon(hub.sip.shutdown()).await;
    let mut rest = Vec::new();
    let _reset = soon(idle.read_to_end(&mut rest)).await;
}
