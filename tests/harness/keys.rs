//! Key presses on the wire: a sound port that the test holds in place of its `SIPp` phone, which
//! plays captures only as root and keeps nothing of what it hears.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::ports::free_port;

/// `SIPp`'s own captures of real key presses, one a file.
const CAPTURES: &str = "/usr/share/sip-tester";
/// libpcap's file header, and what stands before each packet.
const CAPTURE_HEADER_BYTES: usize = 24;
const PACKET_HEADER_BYTES: usize = 16;
/// Ethernet, IPv4 without options, UDP.
const LOWER_HEADERS_BYTES: usize = 14 + 20 + 8;
/// RFC 3550 section 5.1, without contributing sources.
const RTP_HEADER_BYTES: usize = 12;
/// RFC 4733 section 2.3.
const EVENT_BYTES: usize = 4;
/// The keys in the order of their event codes (RFC 4733 section 3.2).
const KEYS: &[u8; 12] = b"0123456789*#";
/// As the captures were sent, and voice too.
const BETWEEN_PACKETS: Duration = Duration::from_millis(20);
const TICKS_A_PACKET: u16 = 160;
/// Packets of voice before and after each key: more than a phone's jitter buffer holds back.
const BETWEEN_KEYS: usize = 15;
const VOICE_TYPE: u8 = 0;
const EVENT_TYPE: u8 = 101;
/// The silence of the µ-law.
const SILENCE: [u8; 160] = [0xff; 160];
const MARKER: u8 = 0x80;
/// How often the listener looks whether it is still wanted.
const LISTEN_FOR: Duration = Duration::from_millis(100);

/// One RFC 4733 packet as it arrived.
#[derive(Debug, Clone, Copy)]
pub struct EventPacket {
    pub payload_type: u8,
    pub key: char,
    /// The key went up.
    pub end: bool,
    /// How long it has been down, in timestamp units: 8 a millisecond.
    pub duration: u16,
    /// The same in all packets of one press.
    pub timestamp: u32,
}

/// An RTP port on 127.0.0.1, listened on until it is dropped.
pub struct SoundPort {
    socket: Arc<UdpSocket>,
    heard: Arc<Mutex<Vec<EventPacket>>>,
    wanted: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl SoundPort {
    /// Opens it on a free port.
    #[must_use]
    pub fn open() -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, free_port())).expect("the port was free");
        socket.set_read_timeout(Some(LISTEN_FOR)).expect("a timeout above zero");
        let socket = Arc::new(socket);
        let heard = Arc::new(Mutex::new(Vec::new()));
        let wanted = Arc::new(AtomicBool::new(true));
        let listener = std::thread::spawn({
            let (socket, heard, wanted) = (socket.clone(), heard.clone(), wanted.clone());
            move || listen(&socket, &heard, &wanted)
        });
        Self { socket, heard, wanted, listener: Some(listener) }
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.socket.local_addr().expect("it is bound").port()
    }

    /// Presses `keys` towards the hub's port in one stream with silence around each: `SIPp`'s
    /// captures, packet by packet, under the stream's own numbers.
    pub fn press(&self, keys: &str, hub: SocketAddr) {
        let mut stream = Stream { socket: &self.socket, hub, sequence: 1, timestamp: 0 };
        stream.be_silent();
        for key in keys.chars() {
            stream.press(&capture_of(key));
            stream.be_silent();
        }
    }

    /// Sends so many packets of silence towards the hub's port, but leaves out one of ten, as a
    /// bad network would. The last one arrives.
    pub fn speak_with_losses(&self, packets: u16, hub: SocketAddr) {
        let mut stream = Stream { socket: &self.socket, hub, sequence: 1, timestamp: 0 };
        for n in 0..packets {
            match n % 10 {
                5 => std::thread::sleep(BETWEEN_PACKETS),
                _ => stream.send(VOICE_TYPE, 0, &SILENCE),
            }
            stream.sequence += 1;
            stream.timestamp += u32::from(TICKS_A_PACKET);
        }
    }

    /// Every event packet that came so far.
    #[must_use]
    pub fn events(&self) -> Vec<EventPacket> {
        self.heard.lock().expect("the listener does not panic").clone()
    }

    /// The keys that went up, each once however often its end was repeated.
    #[must_use]
    pub fn keys(&self) -> String {
        let mut ends: Vec<EventPacket> = self.events().into_iter().filter(|event| event.end).collect();
        ends.dedup_by_key(|event| event.timestamp);
        ends.iter().map(|event| event.key).collect()
    }
}

impl Drop for SoundPort {
    fn drop(&mut self) {
        self.wanted.store(false, Ordering::Relaxed);
        if let Some(listener) = self.listener.take() {
            // Its panic would have been seen by the test already.
            let _ = listener.join();
        }
    }
}

/// What one phone sends: one numbering for voice and keys.
struct Stream<'a> {
    socket: &'a UdpSocket,
    hub: SocketAddr,
    /// Of the next packet.
    sequence: u16,
    timestamp: u32,
}

impl Stream<'_> {
    fn be_silent(&mut self) {
        for _ in 0..BETWEEN_KEYS {
            self.send(VOICE_TYPE, 0, &SILENCE);
            self.sequence += 1;
            self.timestamp += u32::from(TICKS_A_PACKET);
        }
    }

    /// One key. All its packets have the timestamp of its beginning (RFC 4733 section 2.5.1.2).
    fn press(&mut self, capture: &[Captured]) {
        let (first, began) = (capture[0].sequence, self.sequence);
        for packet in capture {
            self.sequence = began + (packet.sequence - first);
            self.send(EVENT_TYPE, packet.marker, &packet.payload);
        }
        self.sequence += 1;
        let last = &capture[capture.len() - 1].payload;
        self.timestamp += u32::from(u16::from_be_bytes([last[2], last[3]]));
    }

    fn send(&self, payload_type: u8, marker: u8, payload: &[u8]) {
        /// Any number does: it is alone on its port.
        const SOURCE: [u8; 4] = *b"keys";
        let mut packet = vec![0x80, marker | payload_type];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend(self.timestamp.to_be_bytes());
        packet.extend(SOURCE);
        packet.extend(payload);
        self.socket.send_to(&packet, self.hub).expect("loopback takes a datagram");
        std::thread::sleep(BETWEEN_PACKETS);
    }
}

fn listen(socket: &UdpSocket, heard: &Mutex<Vec<EventPacket>>, wanted: &AtomicBool) {
    let mut buffer = [0; 2_048];
    while wanted.load(Ordering::Relaxed) {
        // A timeout only means that it is time to look whether to go on.
        let Ok((length, _)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        if let Some(event) = event_of(&buffer[..length]) {
            heard.lock().expect("its other holders do not panic").push(event);
        }
    }
}

/// Reads an event packet; voice is longer by far.
fn event_of(packet: &[u8]) -> Option<EventPacket> {
    if packet.len() != RTP_HEADER_BYTES + EVENT_BYTES {
        return None;
    }
    let (header, event) = packet.split_at(RTP_HEADER_BYTES);
    Some(EventPacket {
        payload_type: header[1] & 0x7f,
        key: char::from(*KEYS.get(usize::from(event[0]))?),
        end: event[1] & 0x80 != 0,
        duration: u16::from_be_bytes([event[2], event[3]]),
        timestamp: u32::from_be_bytes([header[4], header[5], header[6], header[7]]),
    })
}

/// One packet of a capture.
struct Captured {
    sequence: u16,
    /// Set in the first: [`MARKER`], else 0.
    marker: u8,
    /// The event.
    payload: Vec<u8>,
}

/// The packets of one key press.
fn capture_of(key: char) -> Vec<Captured> {
    let name = match key {
        '*' => "star".to_owned(),
        '#' => "pound".to_owned(),
        digit => digit.to_string(),
    };
    let path = Path::new(CAPTURES).join(format!("dtmf_2833_{name}.pcap"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut rest = &bytes[CAPTURE_HEADER_BYTES..];
    let mut packets = Vec::new();
    while rest.len() > PACKET_HEADER_BYTES {
        let length = [rest[8], rest[9], rest[10], rest[11]];
        let length = usize::try_from(u32::from_le_bytes(length)).expect("a capture is small");
        let (packet, further) = rest[PACKET_HEADER_BYTES..].split_at(length);
        let (header, payload) = packet[LOWER_HEADERS_BYTES..].split_at(RTP_HEADER_BYTES);
        packets.push(Captured {
            sequence: u16::from_be_bytes([header[2], header[3]]),
            marker: header[1] & MARKER,
            payload: payload.to_vec(),
        });
        rest = further;
    }
    assert!(!packets.is_empty(), "{} is empty", path.display());
    packets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_captures_hold_the_keys_that_they_are_named_after() {
        for (code, key) in KEYS.iter().enumerate() {
            let packets = capture_of(char::from(*key));
            let ends = packets.iter().filter(|packet| packet.payload[1] & 0x80 != 0);
            assert_eq!(ends.count(), 3, "the end of {key} is said three times");
            assert!(packets.iter().all(|packet| usize::from(packet.payload[0]) == code));
            assert!(packets.iter().all(|packet| packet.payload.len() == EVENT_BYTES));
            assert_eq!(packets.iter().filter(|packet| packet.marker == MARKER).count(), 1);
        }
    }
}
