//! Damaged messages over real sockets: the hub answers or drops them, and the next call works.

mod common;
#[path = "../src/wire/mutant.rs"]
mod mutant;

use std::net::SocketAddr;

use common::{Endpoint, Phones, REALM, call_to, next, peer, soon};
use rand::{Rng, SeedableRng, rngs::StdRng};
use sip::{LegEvent, Transport};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpStream, UdpSocket},
};

/// Damaged datagrams, a tenth of them as streams.
const MUTANTS: u64 = 2_000;

/// After so many, the hub gets a good call.
const BETWEEN_CALLS: u64 = 500;

/// One message of every kind that a stranger may send.
fn originals(here: SocketAddr) -> Vec<String> {
    let invite = "Contact: <sip:200@192.0.2.1>\r\nContent-Type: application/sdp\r\nAllow: INVITE, ACK\r\n\
                  Record-Route: <sip:192.0.2.3;lr>\r\nP-Asserted-Identity: \"A\" <tel:+34600111222>\r\n";
    let register = "Contact: <sip:agent@10.0.0.7:5062;ob>;expires=300\r\nAuthorization: Digest \
                    username=\"agent\", realm=\"aurora.example\", nonce=\"1.2.3\", uri=\"sip:aurora.example\", \
                    response=\"00\", algorithm=MD5, cnonce=\"c\", qop=auth, nc=00000001\r\n";
    let requests = [
        ("INVITE", invite, "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"),
        ("REGISTER", register, ""),
        ("OPTIONS", "Accept: application/sdp\r\n", ""),
        ("CANCEL", "Reason: Q.850;cause=16\r\n", ""),
        ("BYE", "", ""),
        ("ACK", "", ""),
        ("INFO", "Content-Type: application/dtmf-relay\r\n", "Signal=5\r\nDuration=160\r\n"),
        ("UPDATE", "Contact: <sip:200@192.0.2.1>\r\n", ""),
    ];
    let mut all: Vec<String> = requests
        .iter()
        .map(|(method, more, body)| {
            format!(
                "{method} sip:100@{REALM} SIP/2.0\r\n\
                 Via: SIP/2.0/UDP {here};branch=z9hG4bKmutant;rport\r\nMax-Forwards: 70\r\n\
                 From: \"A\" <sip:200@{REALM}>;tag=m\r\nTo: <sip:100@{REALM}>\r\nCall-ID: mutant\r\n\
                 CSeq: 1 {method}\r\n{more}Content-Length: {}\r\n\r\n{body}",
                body.len()
            )
        })
        .collect();
    all.push(all[0].replacen("INVITE sip:100@aurora.example SIP/2.0", "SIP/2.0 200 OK", 1));
    all
}

async fn a_good_call_works(hub: &mut Endpoint) {
    let caller = Endpoint::on("127.0.0.1", Phones::with(&[]), &[]).await;
    let target = peer(hub, Transport::Udp);
    let mut out = caller.sip.call(call_to(target)).await.expect("goes out");
    // A damaged INVITE may still have been a call; nobody answers those.
    let mut call = loop {
        let call = hub.next_call().await;
        if call.sip_call_id == out.sip_call_id {
            break call;
        }
    };
    call.leg.commands().answer("answer".into()).expect("answers");
    assert!(matches!(next(&mut out).await, LegEvent::Answered { .. }));
    assert_eq!(next(&mut call.leg).await, LegEvent::Confirmed);
    out.commands().end(None).expect("ends");
    assert!(matches!(next(&mut call.leg).await, LegEvent::Ended(_)));
}

#[tokio::test]
async fn damaged_messages_leave_the_next_call_alone() {
    let mut hub = Endpoint::on("127.0.0.1", Phones::with(&[("agent", "secret")]), &["127.0.0.1"]).await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let originals = originals(socket.local_addr().expect("bound"));
    let (udp, tcp) = (hub.addr(Transport::Udp), hub.addr(Transport::Tcp));
    let seed = std::env::var("SIM_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    println!("seed {seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let mut pick = |bound: usize| usize::try_from(dice.next_u64() >> 1).expect("64 bits") % bound.max(1);
    for number in 0..MUTANTS {
        // A transaction of its own each, so that it is not taken for a copy.
        let original = originals[pick(originals.len())].replace("mutant", &format!("mutant{number}"));
        let mutant = mutant::mutate(original.as_bytes(), &mut pick);
        if number % 10 == 0 {
            let mut stream = TcpStream::connect(tcp).await.expect("connects");
            // The hub may close before all of it is written.
            let _closed_early = soon(stream.write_all(&mutant)).await;
        } else if mutant.len() <= 65_507 {
            socket.send_to(&mutant, udp).await.expect("sent");
        }
        if number % BETWEEN_CALLS == BETWEEN_CALLS - 1 {
            a_good_call_works(&mut hub).await;
        }
    }
}
