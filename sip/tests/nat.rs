//! Keeping a way through a NAT open, over real sockets.

mod common;

use std::time::Duration;

use common::{Endpoint, Phones, soon};
use sip::{Transport, stun};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
};

/// RFC 5626 section 4.4.2 and RFC 5389: the UDP port tells who asks how it is seen.
#[tokio::test]
async fn the_udp_port_answers_stun() {
    for host in ["127.0.0.1", "[::1]"] {
        let hub = Endpoint::on(host, Phones::with(&[]), &[]).await;
        let seen = soon(stun::discover(hub.addr(Transport::Udp), Duration::from_secs(10))).await;
        assert!(seen.expect("an answer").ip().is_loopback());
    }
}

#[tokio::test]
async fn a_silent_stun_server_is_given_up() {
    let silent = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let server = silent.local_addr().expect("bound");
    let patience = Duration::from_millis(700);
    let seen = soon(stun::discover(server, patience)).await;
    assert!(matches!(seen, Err(stun::DiscoverError::Silence)));
}

/// RFC 5626 section 4.4.1.
#[tokio::test]
async fn a_ping_on_a_stream_is_answered() {
    let hub = Endpoint::on("127.0.0.1", Phones::with(&[]), &[]).await;
    let mut stream = TcpStream::connect(hub.addr(Transport::Tcp)).await.expect("connects");
    stream.write_all(b"\r\n\r\n").await.expect("sends");
    let mut pong = [0; 2];
    soon(stream.read_exact(&mut pong)).await.expect("a pong");
    assert_eq!(&pong, b"\r\n");
}
