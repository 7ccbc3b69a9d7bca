//! A phone of a few lines: it speaks RTP and remembers nothing.

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use media::sdp::OpusWishes;
use media::{Codec, CodecKind, Direction, Protection, Remote};

/// Nothing takes this long unless it never comes.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// The payload type our phones use for events: not the usual one, so that mapping shows.
pub const EVENT: u8 = 96;

pub struct Phone {
    pub rtp: UdpSocket,
    pub rtcp: UdpSocket,
    pub ssrc: u32,
    pub sequence: u16,
    pub timestamp: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub marker: bool,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: Vec<u8>,
}

impl Phone {
    pub fn new(ssrc: u32) -> Phone {
        Phone::on("127.0.0.1:0", ssrc)
    }

    pub fn on(bind: &str, ssrc: u32) -> Phone {
        let bind = || {
            let socket = UdpSocket::bind(bind).expect("a loopback socket");
            socket.set_read_timeout(Some(PATIENCE)).expect("a timeout is set");
            socket
        };
        Phone { rtp: bind(), rtcp: bind(), ssrc, sequence: 65_500, timestamp: u32::MAX - 1_000 }
    }

    pub fn addr(&self) -> SocketAddr {
        self.rtp.local_addr().expect("bound")
    }

    /// What its SDP would say.
    pub fn remote(&self, kind: CodecKind) -> Remote {
        Remote {
            addr: self.addr(),
            rtcp: self.rtcp.local_addr().expect("bound"),
            codec: Codec::well_known(kind),
            ptime_ms: 20,
            telephone_event: Some(EVENT),
            voice_in: Codec::well_known(kind).payload_type,
            event_in: Some(EVENT),
            event_clock_hz: 8_000,
            opus: OpusWishes::default(),
            comfort_noise: None,
            direction: Direction::SendRecv,
            mux: false,
            protection: Protection::Plain,
        }
    }

    /// Says the next 20 ms.
    pub fn say(&mut self, to: SocketAddr, kind: CodecKind, payload: &[u8]) {
        self.send(to, false, Codec::well_known(kind).payload_type, payload);
        self.timestamp = self.timestamp.wrapping_add(160);
    }

    pub fn send(&mut self, to: SocketAddr, marker: bool, payload_type: u8, payload: &[u8]) {
        let mut packet = vec![0x80, (u8::from(marker) << 7) | payload_type];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(self.timestamp.to_be_bytes());
        packet.extend(self.ssrc.to_be_bytes());
        packet.extend(payload);
        self.rtp.send_to(&packet, to).expect("loopback takes it");
        self.sequence = self.sequence.wrapping_add(1);
    }

    /// The next packet it hears.
    pub fn hear(&self) -> Packet {
        let mut bytes = [0; 2_048];
        let (length, _) = self.rtp.recv_from(&mut bytes).expect("a packet comes");
        read(&bytes[..length])
    }

    /// The next packet, if one has come.
    pub fn hear_if_any(&self) -> Option<Packet> {
        self.rtp.set_nonblocking(true).expect("set");
        let mut bytes = [0; 2_048];
        let received = self.rtp.recv_from(&mut bytes);
        self.rtp.set_nonblocking(false).expect("set");
        received.ok().map(|(length, _)| read(&bytes[..length]))
    }

    /// Whether nothing is waiting to be heard.
    pub fn hears_nothing(&self) -> bool {
        self.hear_if_any().is_none()
    }
}

fn read(bytes: &[u8]) -> Packet {
    assert_eq!(bytes[0], 0x80, "version 2, no extras");
    let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("4 bytes"));
    Packet {
        marker: bytes[1] & 0x80 != 0,
        payload_type: bytes[1] & 0x7f,
        sequence: u16::from_be_bytes([bytes[2], bytes[3]]),
        timestamp: word(4),
        ssrc: word(8),
        payload: bytes[12..].to_vec(),
    }
}
