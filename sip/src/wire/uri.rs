//! SIP and tel URIs, as far as routing and identity need them.

use std::net::{IpAddr, SocketAddr};

use rsipstack::sip::{Host, Param, Scheme, parse_uri};

use crate::Transport;

/// Port of a URI that names none (RFC 3261 section 19.1.2).
pub(crate) const DEFAULT_PORT: u16 = 5060;

/// The same for one that wants TLS.
const DEFAULT_TLS_PORT: u16 = 5061;

/// A parsed `sip:`, `sips:` or `tel:` URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SipUri {
    /// User part without its parameters, percent-decoded; the number of a `tel:` URI.
    pub user: String,
    /// Host in lower case; IPv6 without brackets.
    pub host: String,
    pub port: Option<u16>,
    /// The `transport` parameter, if it is one of ours.
    pub transport: Option<Transport>,
    /// Loose routing (RFC 3261 section 16.12).
    pub loose: bool,
    pub sips: bool,
}

impl SipUri {
    /// `None` when the text is no URI or of a scheme that we do not know.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        let scheme: Scheme = scheme.parse().ok()?;
        let sips = match scheme {
            Scheme::Sip => false,
            Scheme::Sips => true,
            Scheme::Other(other) if other.eq_ignore_ascii_case("tel") => return tel(rest),
            Scheme::Other(_) => return None,
        };
        // The user part may hold ';' and '?' (RFC 3261 section 25.1, user-unreserved), which
        // the grammar below would take for the end of the host: cut it off first.
        let (user, host) = match rest.rfind('@') {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => ("", rest),
        };
        let user = user.split([';', ':']).next().unwrap_or("");
        let uri = parse_uri(&format!("sip:{host}")).ok()?;
        let host = match uri.host_with_port.host {
            Host::Domain(domain) if is_host(&domain.0) => domain.0.to_ascii_lowercase(),
            Host::Domain(_) => return None,
            Host::IpAddr(ip) => ip.to_string(),
        };
        let transport = uri.params.iter().find_map(|p| match p {
            Param::Transport(rsipstack::sip::Transport::Udp) => Some(Transport::Udp),
            Param::Transport(rsipstack::sip::Transport::Tcp) => Some(Transport::Tcp),
            Param::Transport(rsipstack::sip::Transport::Tls) => Some(Transport::Tls),
            Param::Transport(rsipstack::sip::Transport::Ws) => Some(Transport::Ws),
            Param::Transport(rsipstack::sip::Transport::Wss) => Some(Transport::Wss),
            _ => None,
        });
        Some(Self {
            user: decode(user),
            host,
            port: uri.host_with_port.port.map(|p| p.0),
            transport,
            loose: uri.params.iter().any(|p| matches!(p, Param::Lr)),
            sips,
        })
    }

    /// The address, when the host is one.
    pub fn addr(&self) -> Option<SocketAddr> {
        let ip: IpAddr = self.host.parse().ok()?;
        let secure = self.sips || self.transport == Some(Transport::Tls);
        let default = if secure { DEFAULT_TLS_PORT } else { DEFAULT_PORT };
        Some(SocketAddr::new(ip, self.port.unwrap_or(default)))
    }
}

fn tel(rest: &str) -> Option<SipUri> {
    let number = rest.split(';').next()?.trim();
    if number.is_empty() {
        return None;
    }
    Some(SipUri {
        user: decode(number),
        host: String::new(),
        port: None,
        transport: None,
        loose: false,
        sips: false,
    })
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
}

/// Percent-decoding; a broken escape stays as it is.
pub(super) fn decode(user: &str) -> String {
    let bytes = user.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes what a user part may not hold (RFC 3261 section 25.1, `user`).
pub(crate) fn encode_user(user: &str) -> String {
    let mut out = String::with_capacity(user.len());
    for byte in user.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_comes_apart() {
        let uri = SipUri::parse("sip:al%69ce;x=1:pw@EXAMPLE.com:5070;transport=tcp;lr?a=b");
        let uri = uri.expect("a URI");
        assert_eq!((uri.user.as_str(), uri.host.as_str()), ("alice", "example.com"));
        assert_eq!(uri.port, Some(5070));
        assert_eq!(uri.transport, Some(Transport::Tcp));
        assert!(uri.loose && !uri.sips);
    }

    #[test]
    fn an_ipv6_host_has_an_address() {
        let uri = SipUri::parse("sip:x@[::1]:5062").expect("a URI");
        assert_eq!(uri.addr(), "[::1]:5062".parse().ok());
    }

    #[test]
    fn a_tel_uri_has_its_number_as_user() {
        let uri = SipUri::parse("tel:+34600111222;phone-context=x").expect("a URI");
        assert_eq!(uri.user, "+34600111222");
        assert_eq!(uri.addr(), None);
    }

    #[test]
    fn other_text_is_no_uri() {
        for text in ["", "alice", "mailto:a@b", "sip:", "sip:a@", "sip:a@b c", "sip:a@b:99999"] {
            assert_eq!(SipUri::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_user_survives_encoding() {
        for user in ["+34 600", "a@b;c", "ñandú", "100%"] {
            let uri = SipUri::parse(&format!("sip:{}@h", encode_user(user))).expect("a URI");
            assert_eq!(uri.user, user);
        }
    }
}
