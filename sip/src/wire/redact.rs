//! Messages without what proves who somebody is.

use bytes::Bytes;

/// Headers whose values must not be kept.
const SECRET: [&str; 2] = ["authorization", "proxy-authorization"];

/// What stands in their place: a scheme (RFC 3261 section 25.1 wants one), for tools that read on.
const REMOVED: &[u8] = b" Digest removed\r\n";

/// The same message, the values of Authorization and Proxy-Authorization replaced. Copies nothing
/// when there are none.
pub(crate) fn redact(message: &Bytes) -> Bytes {
    let end = super::frame::find(message, b"\r\n\r\n").map_or(message.len(), |at| at + 2);
    let (headers, rest) = message.split_at(end);
    if !headers.split_inclusive(|byte| *byte == b'\n').any(|line| secret_name(line).is_some()) {
        return message.clone();
    }
    let mut out = Vec::with_capacity(message.len());
    let mut removing = false;
    for line in headers.split_inclusive(|byte| *byte == b'\n') {
        // RFC 3261 section 7.3.1: a line that begins with white space goes on with the one before.
        if removing && line.starts_with(b" ") | line.starts_with(b"\t") {
            continue;
        }
        let name = secret_name(line);
        removing = name.is_some();
        match name {
            Some(name) => {
                out.extend_from_slice(name);
                out.extend_from_slice(REMOVED);
            }
            None => out.extend_from_slice(line),
        }
    }
    out.extend_from_slice(rest);
    out.into()
}

/// The name with its colon, when the line holds a secret.
fn secret_name(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii();
    SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret.as_bytes())).then(|| &line[..=colon])
}

/// The Call-ID of a message of ours, as we write it.
pub(crate) fn call_id_of(message: &[u8]) -> Option<&str> {
    const NAME: &[u8] = b"\r\nCall-ID: ";
    let at = super::frame::find(message, NAME)? + NAME.len();
    let rest = &message[at..];
    let end = super::frame::find(rest, b"\r\n")?;
    std::str::from_utf8(&rest[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        let message = Bytes::from(
            "INVITE sip:a SIP/2.0\r\nAuthorization: Digest a=\"b\",\r\n response=\"c\"\r\n\tnonce=\"d\"\r\n\
             X: 1\r\n  folded\r\nproxy-authorization : Digest e\r\nCall-ID: 7\r\n\r\nAuthorization: body\r\n",
        );
        let expected = "INVITE sip:a SIP/2.0\r\nAuthorization: Digest removed\r\nX: 1\r\n  folded\r\n\
             proxy-authorization : Digest removed\r\nCall-ID: 7\r\n\r\nAuthorization: body\r\n";
        assert_eq!(redact(&message), expected);
        assert_eq!(redact(&redact(&message)), expected);
        assert_eq!(call_id_of(&message), Some("7"));
        // Cut off, without an end, without a line: nothing is lost, nothing panics.
        for length in 0..message.len() {
            let part = redact(&message.slice(..length));
            assert!(!part.windows(8).any(|w| w == b"nonce=\"d") && part.len() <= length + 2 * REMOVED.len());
        }
    }

    #[test]
    fn a_message_without_secrets_is_not_copied() {
        let message = Bytes::from("SIP/2.0 200 OK\r\nCall-ID: 7\r\n\r\n");
        assert_eq!(redact(&message).as_ptr(), message.as_ptr());
        assert_eq!(call_id_of(b"SIP/2.0 200 OK\r\n\r\n"), None);
    }
}
