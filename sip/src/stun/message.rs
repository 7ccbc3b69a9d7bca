//! Binding requests and answers (RFC 5389 section 6, 7 and 15): the part that tells a host how
//! others see it, without credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

const HEADER_BYTES: usize = 20;
const MAGIC_COOKIE: [u8; 4] = 0x2112_A442_u32.to_be_bytes();

/// Longest message that is looked at: a Binding request with every attribute we know is shorter.
const MESSAGE_MAX_BYTES: usize = 548;

const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const BINDING_ERROR: u16 = 0x0111;

const MAPPED_ADDRESS: u16 = 0x0001;
const ERROR_CODE: u16 = 0x0009;
const UNKNOWN_ATTRIBUTES: u16 = 0x000A;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;

/// USERNAME, MESSAGE-INTEGRITY and REALM (section 18.2): whoever sends them in a request wants
/// to be known, which makes no difference to the answer.
const HARMLESS: [u16; 3] = [0x0006, 0x0008, 0x0014];

/// Names a transaction (section 6).
pub(crate) type TransactionId = [u8; 12];

struct Message<'a> {
    kind: u16,
    id: TransactionId,
    body: &'a [u8],
}

/// Section 6: what tells STUN from the rest. A SIP message begins with a letter, whose two top
/// bits are not both zero.
fn read(datagram: &[u8]) -> Option<Message<'_>> {
    let (header, body) = datagram.split_at_checked(HEADER_BYTES)?;
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    let fits = header[0] & 0xC0 == 0
        && header[4..8] == MAGIC_COOKIE
        && length == body.len()
        && length.is_multiple_of(4)
        && datagram.len() <= MESSAGE_MAX_BYTES;
    let kind = u16::from_be_bytes([header[0], header[1]]);
    fits.then_some(Message { kind, id: header[8..].try_into().ok()?, body })
}

impl<'a> Message<'a> {
    /// Types and values, up to the first that is broken.
    fn attributes(&self) -> impl Iterator<Item = (u16, &'a [u8])> {
        let mut rest = self.body;
        std::iter::from_fn(move || {
            let (head, tail) = rest.split_at_checked(4)?;
            let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
            let value = tail.get(..length)?;
            // Section 15: padded to 32 bits.
            rest = tail.get(length.next_multiple_of(4)..).unwrap_or_default();
            Some((u16::from_be_bytes([head[0], head[1]]), value))
        })
    }
}

fn write(kind: u16, id: &TransactionId, attributes: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (attribute, value) in attributes {
        let length = u16::try_from(value.len()).unwrap_or(0);
        body.extend(attribute.to_be_bytes());
        body.extend(length.to_be_bytes());
        body.extend(value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    let mut out = Vec::with_capacity(HEADER_BYTES + body.len());
    out.extend(kind.to_be_bytes());
    out.extend(u16::try_from(body.len()).unwrap_or(0).to_be_bytes());
    out.extend(MAGIC_COOKIE);
    out.extend(id);
    out.extend(body);
    out
}

/// A Binding request.
pub(crate) fn request(id: &TransactionId) -> Vec<u8> {
    write(BINDING_REQUEST, id, &[])
}

/// The answer to a Binding request from `source`; `None` for anything else.
pub(crate) fn answer(datagram: &[u8], source: SocketAddr) -> Option<Vec<u8>> {
    let message = read(datagram).filter(|message| message.kind == BINDING_REQUEST)?;
    // Section 7.3.1: below 0x8000 an attribute must be understood.
    let unknown: Vec<u8> = message
        .attributes()
        .map(|(attribute, _)| attribute)
        .filter(|attribute| *attribute < 0x8000 && !HARMLESS.contains(attribute))
        .flat_map(u16::to_be_bytes)
        .collect();
    if unknown.is_empty() {
        let mapped = (XOR_MAPPED_ADDRESS, xor_address(source, &message.id));
        return Some(write(BINDING_SUCCESS, &message.id, &[mapped]));
    }
    let mut code = vec![0, 0, 4, 20];
    code.extend(b"Unknown Attribute");
    Some(write(BINDING_ERROR, &message.id, &[(ERROR_CODE, code), (UNKNOWN_ATTRIBUTES, unknown)]))
}

/// What the answer to our request `id` says; `None` when it is none, or says nothing.
pub(crate) fn mapped(datagram: &[u8], id: &TransactionId) -> Option<SocketAddr> {
    let message = read(datagram).filter(|message| message.kind == BINDING_SUCCESS && message.id == *id)?;
    let find = |wanted| message.attributes().find(|(attribute, _)| *attribute == wanted);
    match find(XOR_MAPPED_ADDRESS) {
        Some((_, value)) => address(&unmask(value, id)),
        // Section 7.3.3 of servers after RFC 3489.
        None => find(MAPPED_ADDRESS).and_then(|(_, value)| address(value)),
    }
}

/// Section 15.2.
fn xor_address(addr: SocketAddr, id: &TransactionId) -> Vec<u8> {
    let family = if addr.is_ipv4() { 1 } else { 2 };
    let mut value = vec![0, family];
    value.extend(addr.port().to_be_bytes());
    match addr.ip() {
        IpAddr::V4(ip) => value.extend(ip.octets()),
        IpAddr::V6(ip) => value.extend(ip.octets()),
    }
    unmask(&value, id)
}

/// The mask is its own inverse: port with the cookie's upper half, address with cookie and id.
fn unmask(value: &[u8], id: &TransactionId) -> Vec<u8> {
    let mask = [0, 0].iter().chain(&MAGIC_COOKIE[..2]).chain(&MAGIC_COOKIE).chain(id);
    value.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
}

/// Section 15.1.
fn address(value: &[u8]) -> Option<SocketAddr> {
    let (head, ip) = value.split_at_checked(4)?;
    let port = u16::from_be_bytes([head[2], head[3]]);
    let ip: IpAddr = match head[1] {
        1 => Ipv4Addr::from(<[u8; 4]>::try_from(ip).ok()?).into(),
        2 => Ipv6Addr::from(<[u8; 16]>::try_from(ip).ok()?).into(),
        _ => return None,
    };
    (port != 0).then_some(SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5769 section 2.2 and 2.3: the addresses of the sample responses.
    #[test]
    fn the_samples_of_the_rfc() {
        let id = *b"\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae";
        let v4 = b"\x00\x01\xa1\x47\xe1\x12\xa6\x43";
        let v6 = b"\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9";
        for (value, text) in
            [(&v4[..], "192.0.2.1:32853"), (&v6[..], "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
        {
            let addr: SocketAddr = text.parse().expect("an address");
            assert_eq!(xor_address(addr, &id), value);
            let answer = write(
                BINDING_SUCCESS,
                &id,
                &[(0x8022, b"odd".to_vec()), (XOR_MAPPED_ADDRESS, value.to_vec())],
            );
            assert_eq!(mapped(&answer, &id), Some(addr));
            assert_eq!(mapped(&answer, b"another one!"), None);
        }
    }

    #[test]
    fn a_question_is_answered_and_nothing_else() {
        let (id, source) = (*b"twelve bytes", SocketAddr::from(([198, 51, 100, 7], 40_000)));
        let question = request(&id);
        let reply = answer(&question, source).expect("an answer");
        assert_eq!(mapped(&reply, &id), Some(source));
        assert_eq!(answer(&reply, source), None, "no answer to an answer");
        assert_eq!(answer(b"OPTIONS sip:a SIP/2.0\r\n\r\n", source), None);
        for cut in 0..question.len() {
            assert_eq!(answer(&question[..cut], source), None);
        }
    }

    /// Section 7.3.1: what must be understood and is not, is named; what need not be, is not.
    #[test]
    fn an_unknown_attribute_is_named() {
        let id = *b"twelve bytes";
        let source = SocketAddr::from(([198, 51, 100, 7], 40_000));
        let asked = |attribute| write(BINDING_REQUEST, &id, &[(attribute, vec![1, 2, 3])]);
        let reply = answer(&asked(0x8022), source).expect("an answer");
        assert_eq!(mapped(&reply, &id), Some(source));
        let reply = answer(&asked(0x0003), source).expect("an answer");
        let error = read(&reply).expect("a message");
        assert_eq!(error.kind, BINDING_ERROR);
        assert!(error.attributes().any(|found| found == (UNKNOWN_ATTRIBUTES, &[0, 3][..])));
    }

    /// A broken or boundless attribute ends the reading.
    #[test]
    fn nonsense_is_bounded() {
        let (id, source) = (*b"twelve bytes", SocketAddr::from(([198, 51, 100, 7], 40_000)));
        let mut long = request(&id);
        long.extend([0x80, 0x22, 0xFF, 0xFF]);
        long[3] = 4;
        assert!(answer(&long, source).is_some());
        let big = write(BINDING_REQUEST, &id, &[(0x8022, vec![0; MESSAGE_MAX_BYTES])]);
        assert_eq!(answer(&big, source), None);
    }
}
