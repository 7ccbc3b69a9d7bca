//! Messages out of a byte stream (RFC 3261 section 18.3).

use bytes::{Bytes, BytesMut};

use super::limits::{DATAGRAM_MAX_BYTES, HEADER_SECTION_MAX_BYTES};

/// What stands at the front of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A whole message.
    Message(Bytes),
    /// A keep-alive: two line breaks, to be answered with one (RFC 5626 section 3.5.1).
    Ping,
    /// The rest has not come yet.
    Partial,
    /// No way to find the next message: close the connection.
    Broken(&'static str),
}

/// Takes the next message off the stream.
pub(crate) fn next_frame(stream: &mut BytesMut) -> Frame {
    if stream.starts_with(b"\r\n\r\n") {
        let _ping = stream.split_to(4);
        return Frame::Ping;
    }
    // RFC 3261 section 7.5: empty lines before the start line are skipped. A lone CRLF may
    // be half a ping: wait for what follows it.
    if stream.starts_with(b"\r\n") && stream.len() > 3 {
        let _empty_line = stream.split_to(2);
    }
    let window = &stream[..stream.len().min(HEADER_SECTION_MAX_BYTES)];
    let Some(end) = find(window, b"\r\n\r\n") else {
        if stream.len() >= HEADER_SECTION_MAX_BYTES {
            return Frame::Broken("headers too long");
        }
        return Frame::Partial;
    };
    let Some(length) = content_length(&stream[..end]) else {
        return Frame::Broken("no usable Content-Length");
    };
    if length > DATAGRAM_MAX_BYTES {
        return Frame::Broken("body too long");
    }
    let total = end + 4 + length;
    if stream.len() < total {
        return Frame::Partial;
    }
    Frame::Message(stream.split_to(total).freeze())
}

pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

/// The one Content-Length of a header section; `None` when absent, repeated or no number.
pub(super) fn content_length(section: &[u8]) -> Option<usize> {
    let mut found = None;
    for line in section.split(|&b| b == b'\n') {
        let Some(colon) = line.iter().position(|&b| b == b':') else {
            continue;
        };
        let name = line[..colon].trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"l") {
            let value = std::str::from_utf8(line[colon + 1..].trim_ascii()).ok()?;
            let value: usize = value.parse().ok()?;
            if found.replace(value).is_some_and(|earlier| earlier != value) {
                return None;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_comes_apart_at_any_cut() {
        let wire = b"\r\n\r\nA b SIP/2.0\r\nl: 3\r\n\r\nxyzB b SIP/2.0\r\nContent-Length: 0\r\n\r\n";
        for cut in 0..wire.len() {
            let mut stream = BytesMut::new();
            let mut seen = Vec::new();
            for part in [&wire[..cut], &wire[cut..]] {
                stream.extend_from_slice(part);
                loop {
                    match next_frame(&mut stream) {
                        Frame::Message(message) => seen.push(message),
                        Frame::Ping => {}
                        Frame::Partial => break,
                        Frame::Broken(why) => panic!("{why}"),
                    }
                }
            }
            assert_eq!(seen.len(), 2, "cut at {cut}");
            assert!(seen[0].ends_with(b"xyz"));
        }
    }

    #[test]
    fn a_stream_without_end_or_length_is_broken() {
        let mut endless = BytesMut::from("a".repeat(HEADER_SECTION_MAX_BYTES).as_str());
        assert!(matches!(next_frame(&mut endless), Frame::Broken(_)));
        for headers in ["X: 1", "l: 5\r\nl: 6", "l: -1", "l: 99999999"] {
            let mut stream = BytesMut::from(format!("A b SIP/2.0\r\n{headers}\r\n\r\n").as_str());
            assert!(matches!(next_frame(&mut stream), Frame::Broken(_)), "{headers}");
        }
    }
}
