//! One message as it is kept and shown.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use sip::{Direction, Observed, Transport};

use super::limits::MESSAGE_BYTES_LIMIT;
use super::redact;

/// A SIP message without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Microseconds since 1970 UTC.
    pub at_unix_us: i64,
    /// To the hub.
    pub incoming: bool,
    pub local: SocketAddr,
    pub remote: SocketAddr,
    /// `udp`, `tcp`, `tls`, `ws`, `wss`.
    pub transport: String,
    pub sip_call_id: String,
    pub text: String,
}

impl Message {
    /// `masked`: what may be keyed digits goes too.
    pub fn of(seen: &Observed, masked: bool) -> Message {
        let mut text = redact::redact(&seen.bytes, masked);
        text.truncate(text.floor_char_boundary(MESSAGE_BYTES_LIMIT));
        Message {
            at_unix_us: seen.at_unix_us,
            incoming: seen.direction == Direction::In,
            local: seen.local,
            remote: seen.remote,
            transport: word(seen.transport).to_owned(),
            sip_call_id: seen.sip_call_id.clone(),
            text,
        }
    }

    pub fn from(&self) -> SocketAddr {
        if self.incoming { self.remote } else { self.local }
    }

    pub fn to(&self) -> SocketAddr {
        if self.incoming { self.local } else { self.remote }
    }

    /// What it is about: the method, of a response that of its CSeq header.
    pub fn method(&self) -> &str {
        match self.code() {
            None => self.first_line().split(' ').next().unwrap_or_default(),
            Some(_) => {
                self.header("cseq").and_then(|cseq| cseq.split_whitespace().nth(1)).unwrap_or_default()
            }
        }
    }

    /// Of a response.
    pub fn code(&self) -> Option<u16> {
        self.first_line().strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()
    }

    /// `INVITE`, `200 OK`.
    pub fn summary(&self) -> &str {
        self.first_line().strip_prefix("SIP/2.0 ").unwrap_or_else(|| self.method())
    }

    /// Whether it describes media.
    pub fn has_sdp(&self) -> bool {
        let body = self.text.find("\r\n\r\n").map(|at| &self.text[at + 4..]);
        body.is_some_and(|body| body.starts_with("v=0"))
    }

    fn first_line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let headers = self.text.lines().skip(1).take_while(|line| !line.is_empty());
        let mut named = headers.filter_map(|line| line.split_once(':'));
        named.find(|(this, _)| this.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

fn word(transport: Transport) -> &'static str {
    match transport {
        Transport::Udp => "udp",
        Transport::Tcp => "tcp",
        Transport::Tls => "tls",
        Transport::Ws => "ws",
        Transport::Wss => "wss",
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn seen(sip_call_id: &str, at_unix_us: i64, text: &str) -> Observed {
        Observed {
            sip_call_id: sip_call_id.to_owned(),
            at_unix_us,
            direction: Direction::In,
            local: "192.0.2.1:5060".parse().expect("an address"),
            remote: "198.51.100.7:5062".parse().expect("an address"),
            transport: Transport::Udp,
            bytes: bytes::Bytes::copy_from_slice(text.as_bytes()),
        }
    }

    #[test]
    fn a_request_and_its_answer_say_what_they_are() {
        let text = "INVITE sip:a@b SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\nv=0\r\n";
        let invite = Message::of(&seen("a", 5, text), false);
        assert_eq!((invite.method(), invite.code(), invite.summary()), ("INVITE", None, "INVITE"));
        assert!(invite.has_sdp());
        assert_eq!(invite.from().to_string(), "198.51.100.7:5062");
        let ok = Message::of(&seen("a", 5, "SIP/2.0 200 OK\r\ncseq : 2 BYE\r\n\r\n"), false);
        assert_eq!((ok.method(), ok.code(), ok.summary()), ("BYE", Some(200), "200 OK"));
        assert!(!ok.has_sdp());
    }

    #[test]
    fn rubbish_is_no_trouble() {
        for text in ["", "\r\n\r\n", "SIP/2.0 ", "SIP/2.0 2\u{e9}0 x", "SIP/2.0 200", ":::"] {
            let message = Message::of(&seen("a", 0, text), true);
            let _ = (message.method(), message.code(), message.summary(), message.has_sdp());
        }
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let long = "é".repeat(MESSAGE_BYTES_LIMIT);
        let message = Message::of(&seen("a", 0, &format!("INVITE x\r\n{long}")), false);
        assert_eq!(message.text.len(), MESSAGE_BYTES_LIMIT);
    }
}
