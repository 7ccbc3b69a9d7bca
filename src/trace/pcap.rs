//! Messages as a capture file: each in one Ethernet frame with IP and UDP around it, whatever it
//! really travelled by, because a stream's segments and a websocket's masks are not kept. The
//! classic format (draft-ietf-opsawg-pcap), which every tool reads.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::message::Message;

/// In the writer's byte order, times in microseconds.
const MAGIC: u32 = 0xa1b2_c3d4;
const VERSION: [u16; 2] = [2, 4];
/// More than any frame here.
const SNAP_BYTES: u32 = 65_535;
const LINK_ETHERNET: u32 = 1;
const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_IPV6: u16 = 0x86dd;
const UDP: u8 = 17;
const TTL: u8 = 64;
/// Locally administered: nobody's.
const HUB_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const PEER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];
const UDP_HEADER_BYTES: usize = 8;

/// The whole file.
#[must_use]
pub fn write(messages: &[Message]) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(MAGIC.to_le_bytes());
    file.extend(VERSION.iter().flat_map(|part| part.to_le_bytes()));
    // Time zone and accuracy, which nobody sets.
    file.extend([0; 8]);
    file.extend(SNAP_BYTES.to_le_bytes());
    file.extend(LINK_ETHERNET.to_le_bytes());
    for message in messages {
        let frame = frame(message);
        let (seconds, micros) =
            (message.at_unix_us.div_euclid(1_000_000), message.at_unix_us.rem_euclid(1_000_000));
        // The format ends in 2106.
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        let micros = u32::try_from(micros).unwrap_or_default();
        let length = u32::try_from(frame.len()).unwrap_or(SNAP_BYTES);
        for field in [seconds, micros, length, length] {
            file.extend(field.to_le_bytes());
        }
        file.extend(frame);
    }
    file
}

fn frame(message: &Message) -> Vec<u8> {
    let (from, to) = (message.from(), message.to());
    let (from_mac, to_mac) = if message.incoming { (PEER_MAC, HUB_MAC) } else { (HUB_MAC, PEER_MAC) };
    let mut frame = Vec::with_capacity(message.text.len() + 64);
    frame.extend(to_mac);
    frame.extend(from_mac);
    let (from_ip, to_ip) = (from.ip().to_canonical(), to.ip().to_canonical());
    match (from_ip, to_ip) {
        (IpAddr::V4(from_ip), IpAddr::V4(to_ip)) => {
            let datagram = udp(message, &pseudo_header_v4(from_ip, to_ip, message));
            frame.extend(ETHERTYPE_IPV4.to_be_bytes());
            frame.extend(ipv4(from_ip, to_ip, datagram.len()));
            frame.extend(datagram);
        }
        (from_ip, to_ip) => {
            let (from_ip, to_ip) = (mapped(from_ip), mapped(to_ip));
            let datagram = udp(message, &pseudo_header_v6(from_ip, to_ip, message));
            frame.extend(ETHERTYPE_IPV6.to_be_bytes());
            frame.extend(ipv6(from_ip, to_ip, datagram.len()));
            frame.extend(datagram);
        }
    }
    frame
}

/// RFC 791 section 3.1, without options.
fn ipv4(from: Ipv4Addr, to: Ipv4Addr, datagram_bytes: usize) -> Vec<u8> {
    let mut header = vec![0x45, 0];
    header.extend(length(20 + datagram_bytes).to_be_bytes());
    // Identification none, not to be fragmented.
    header.extend([0, 0, 0x40, 0, TTL, UDP, 0, 0]);
    header.extend(from.octets());
    header.extend(to.octets());
    let sum = checksum(&header);
    header[10..12].copy_from_slice(&sum.to_be_bytes());
    header
}

/// RFC 8200 section 3.
fn ipv6(from: Ipv6Addr, to: Ipv6Addr, datagram_bytes: usize) -> Vec<u8> {
    let mut header = vec![0x60, 0, 0, 0];
    header.extend(length(datagram_bytes).to_be_bytes());
    header.extend([UDP, TTL]);
    header.extend(from.octets());
    header.extend(to.octets());
    header
}

/// RFC 768. `pseudo` is what its checksum covers besides.
fn udp(message: &Message, pseudo: &[u8]) -> Vec<u8> {
    let mut datagram = Vec::with_capacity(UDP_HEADER_BYTES + message.text.len());
    datagram.extend(message.from().port().to_be_bytes());
    datagram.extend(message.to().port().to_be_bytes());
    datagram.extend(udp_length(message).to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(message.text.as_bytes());
    let sum = match checksum(&[pseudo, &datagram].concat()) {
        // None at all would be 0.
        0 => u16::MAX,
        sum => sum,
    };
    datagram[6..8].copy_from_slice(&sum.to_be_bytes());
    datagram
}

fn pseudo_header_v4(from: Ipv4Addr, to: Ipv4Addr, message: &Message) -> Vec<u8> {
    let [high, low] = udp_length(message).to_be_bytes();
    [&from.octets()[..], &to.octets(), &[0, UDP, high, low]].concat()
}

fn pseudo_header_v6(from: Ipv6Addr, to: Ipv6Addr, message: &Message) -> Vec<u8> {
    let [high, low] = udp_length(message).to_be_bytes();
    [&from.octets()[..], &to.octets(), &[0, 0, high, low, 0, 0, 0, UDP]].concat()
}

fn udp_length(message: &Message) -> u16 {
    length(UDP_HEADER_BYTES + message.text.len())
}

/// Messages are kept to a quarter of what this could hold.
fn length(bytes: usize) -> u16 {
    u16::try_from(bytes).unwrap_or(u16::MAX)
}

fn mapped(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
}

/// RFC 1071. An odd last byte counts as the high one.
fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)));
    // Words add up to less than 2^32 for what fits a datagram.
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::message::tests::seen;

    #[test]
    fn a_file_of_the_classic_format() {
        let mut messages =
            vec![Message::of(&seen("a", 1_700_000_000_000_042, "OPTIONS sip:a SIP/2.0\r\n"), false)];
        messages.push(Message { incoming: false, ..messages[0].clone() });
        let file = write(&messages);
        assert_eq!(file[..4], [0xd4, 0xc3, 0xb2, 0xa1]);
        let length = 14 + 20 + 8 + messages[0].text.len();
        assert_eq!(file.len(), 24 + 2 * (16 + length));
        assert_eq!(file[24..28], 1_700_000_000_u32.to_le_bytes());
        assert_eq!(file[28..32], 42_u32.to_le_bytes());
        let frame = &file[40..40 + length];
        assert_eq!(checksum(&frame[14..34]), 0, "the header's own");
        assert_eq!(frame[26..34], [198, 51, 100, 7, 192, 0, 2, 1]);
        assert_eq!(frame[34..38], [0x13, 0xc6, 0x13, 0xc4], "5062 to 5060");
        let pseudo = pseudo_header_v4([198, 51, 100, 7].into(), [192, 0, 2, 1].into(), &messages[0]);
        assert_eq!(checksum(&[&pseudo, &frame[34..]].concat()), 0, "the datagram's");
        let answer = &file[40 + length + 16..];
        assert_eq!(answer[26..34], [192, 0, 2, 1, 198, 51, 100, 7]);
    }

    #[test]
    fn addresses_of_six() {
        let mut message = Message::of(&seen("a", 0, "x"), false);
        message.local = "[2001:db8::1]:5060".parse().expect("an address");
        let file = write(&[message.clone()]);
        let frame = &file[40..];
        assert_eq!((&frame[12..14], frame.len()), (&[0x86, 0xdd][..], 14 + 40 + 8 + 1));
        let pseudo = pseudo_header_v6(
            mapped(message.remote.ip()),
            "2001:db8::1".parse().expect("an address"),
            &message,
        );
        assert_eq!(checksum(&[&pseudo, &frame[54..]].concat()), 0);
    }
}
