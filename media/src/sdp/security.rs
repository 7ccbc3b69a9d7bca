//! What a description says about keys: SDES (RFC 4568), DTLS (RFC 5763, RFC 8842), ICE (RFC 8839).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sdp_types::{Media, Session};

use crate::secure::identity::Fingerprint;
use crate::secure::keys::{MasterKey, Profile};

/// `a=crypto` lines read; phones write one for each suite they know, a dozen in all.
const CRYPTO_LIMIT: usize = 16;
/// RFC 8839 section 5.4.
const ICE_LIMIT_BYTES: usize = 256;
/// A tag that goes back into an answer; browsers number their lines.
const MID_LIMIT_BYTES: usize = 32;
/// What a suite's name stands for, in our order of preference where we offer.
pub(super) const SUITES: [(&str, Profile); 4] = [
    ("AES_CM_128_HMAC_SHA1_80", Profile::AesCm128HmacSha1_80),
    ("AES_CM_128_HMAC_SHA1_32", Profile::AesCm128HmacSha1_32),
    ("AEAD_AES_256_GCM", Profile::AeadAes256Gcm),
    ("AEAD_AES_128_GCM", Profile::AeadAes128Gcm),
];

/// How the packets of a leg are kept from others, and where they arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Security {
    /// Not at all: RTP/AVP.
    Plain,
    /// Keys in the description: RTP/SAVP. Worth what signalling's own encryption is worth.
    Sdes,
    /// RTP/AVP with keys for an end that can use them. One that cannot talks plainly.
    SdesOptional,
    /// Keys by a handshake on the leg's own sockets: UDP/TLS/RTP/SAVP.
    Dtls,
    /// The same on the port of all browsers, with ICE: UDP/TLS/RTP/SAVPF.
    Browser,
}

impl Security {
    /// The protocol of the `m=` line.
    pub(super) fn proto(self) -> &'static str {
        match self {
            Security::Plain | Security::SdesOptional => "RTP/AVP",
            Security::Sdes => "RTP/SAVP",
            Security::Dtls => "UDP/TLS/RTP/SAVP",
            Security::Browser => "UDP/TLS/RTP/SAVPF",
        }
    }
}

/// What the `m=` line's protocol asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    Plain,
    Sdes,
    Dtls,
}

/// Who begins the handshake (RFC 4145 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setup {
    Active,
    Passive,
    ActPass,
}

/// One usable `a=crypto` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crypto {
    pub tag: u32,
    pub key: MasterKey,
}

/// What the other end says about keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keying {
    pub transport: Transport,
    pub cryptos: Vec<Crypto>,
    pub fingerprint: Option<Fingerprint>,
    pub setup: Option<Setup>,
    /// It does ICE; its user fragment, to see a restart.
    pub ufrag: Option<String>,
    pub mux: bool,
}

impl Keying {
    pub(super) fn of(session: &Session, media: &Media) -> Option<Keying> {
        let ufrag = stated(session, media, "ice-ufrag", |ufrag| {
            (4..=ICE_LIMIT_BYTES).contains(&ufrag.len()).then(|| ufrag.to_owned())
        });
        Some(Keying {
            transport: transport_of(media, ufrag.is_some())?,
            cryptos: media
                .get_attribute_values("crypto")
                .flatten()
                .take(CRYPTO_LIMIT)
                .filter_map(crypto_of)
                .collect(),
            fingerprint: stated(session, media, "fingerprint", fingerprint_of),
            setup: stated(session, media, "setup", setup_of),
            ufrag,
            mux: media.has_attribute("rtcp-mux"),
        })
    }

    /// Whether the line can be talked over at all.
    pub(super) fn is_usable(&self) -> bool {
        match self.transport {
            Transport::Plain => true,
            Transport::Sdes => !self.cryptos.is_empty(),
            Transport::Dtls => self.fingerprint.is_some(),
        }
    }

    /// Which kind of leg can talk with it.
    pub(super) fn security(&self) -> Security {
        match self.transport {
            Transport::Plain if self.cryptos.is_empty() => Security::Plain,
            Transport::Plain => Security::SdesOptional,
            Transport::Sdes => Security::Sdes,
            Transport::Dtls if self.ufrag.is_some() => Security::Browser,
            Transport::Dtls => Security::Dtls,
        }
    }
}

/// The protocol of the line, if it is one of ours.
fn transport_of(media: &Media, does_ice: bool) -> Option<Transport> {
    let known = [
        ("RTP/AVP", Transport::Plain),
        ("RTP/AVPF", Transport::Plain),
        ("RTP/SAVP", Transport::Sdes),
        ("RTP/SAVPF", Transport::Sdes),
        ("UDP/TLS/RTP/SAVP", Transport::Dtls),
        ("UDP/TLS/RTP/SAVPF", Transport::Dtls),
    ];
    // RFC 6544 section 4.5: what a browser says whose best way is TCP. Without ICE there is none.
    let over_tcp = ["TCP/DTLS/RTP/SAVP", "TCP/DTLS/RTP/SAVPF"];
    if over_tcp.iter().any(|proto| media.proto.eq_ignore_ascii_case(proto)) && does_ice {
        return Some(Transport::Dtls);
    }
    let transport =
        known.into_iter().find(|(proto, _)| media.proto.eq_ignore_ascii_case(proto)).map(|(_, known)| known);
    // RTP/SAVP with a fingerprint is an older way to say UDP/TLS/RTP/SAVP.
    let has_keys = media.has_attribute("crypto") || !media.has_attribute("fingerprint");
    transport.map(|known| if known == Transport::Sdes && !has_keys { Transport::Dtls } else { known })
}

/// The tag of a line, if it may be repeated.
pub(super) fn mid_of(media: &Media) -> Option<String> {
    let mid = media.get_first_attribute_value("mid").flatten()?;
    let is_token = !mid.is_empty()
        && mid.len() <= MID_LIMIT_BYTES
        && mid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    is_token.then(|| mid.to_owned())
}

/// Whether this line is in a bundle (RFC 9143).
pub(super) fn is_bundled(session: &Session, mid: &str) -> bool {
    session.attributes.iter().filter(|attribute| attribute.attribute == "group").any(|attribute| {
        let mut words = attribute.value.as_deref().unwrap_or_default().split_ascii_whitespace();
        words.next() == Some("BUNDLE") && words.any(|word| word == mid)
    })
}

/// The first value that can be read, of the line's own before the session's.
fn stated<T>(session: &Session, media: &Media, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let own = media.get_attribute_values(name).flatten().find_map(&read);
    own.or_else(|| {
        let attributes = session.attributes.iter().filter(|attribute| attribute.attribute == name);
        attributes.filter_map(|attribute| attribute.value.as_deref()).find_map(&read)
    })
}

fn setup_of(value: &str) -> Option<Setup> {
    match value.trim().to_ascii_lowercase().as_str() {
        "active" => Some(Setup::Active),
        "passive" => Some(Setup::Passive),
        "actpass" => Some(Setup::ActPass),
        _ => None,
    }
}

/// RFC 8122 section 5: SHA-256, 32 pairs with colons between.
fn fingerprint_of(value: &str) -> Option<Fingerprint> {
    let (hash, pairs) = value.trim().split_once(' ')?;
    if !hash.eq_ignore_ascii_case("sha-256") {
        return None;
    }
    let mut fingerprint = [0; 32];
    let mut pairs = pairs.trim().split(':');
    for byte in &mut fingerprint {
        let pair = pairs.next().filter(|pair| pair.len() == 2)?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    pairs.next().is_none().then_some(fingerprint)
}

/// As `a=fingerprint` tells it.
pub(super) fn fingerprint_text(fingerprint: &Fingerprint) -> String {
    let pairs: Vec<String> = fingerprint.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("sha-256 {}", pairs.join(":"))
}

/// RFC 4568 section 9.1. None for a suite or a parameter that we do not know: it must not be used
/// (section 6.3.7), and there may be another.
fn crypto_of(value: &str) -> Option<Crypto> {
    let mut words = value.split_ascii_whitespace();
    let tag = words.next().filter(|tag| tag.len() <= 9)?.parse().ok()?;
    let suite = words.next()?;
    let (_, profile) = SUITES.into_iter().find(|(name, _)| suite.eq_ignore_ascii_case(name))?;
    let mut parameters = words.next()?.strip_prefix("inline:")?.split('|');
    let secret = BASE64.decode(parameters.next()?).ok()?;
    // What follows is a lifetime, or a key's number in each packet, which we do not write.
    if parameters.any(|parameter| parameter.contains(':')) || words.any(|word| !word.starts_with("WSH=")) {
        return None;
    }
    let (key, salt) = secret.split_at_checked(profile.key_bytes())?;
    Some(Crypto { tag, key: MasterKey::new(profile, key, salt)? })
}

/// The value of our own `a=crypto` line.
pub(super) fn crypto_text(tag: u32, key: &MasterKey) -> String {
    let suite = SUITES.iter().find(|(_, profile)| *profile == key.profile()).map_or("", |(name, _)| name);
    let secret = BASE64.encode([key.key(), key.salt()].concat());
    format!("{tag} {suite} inline:{secret}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_the_line() {
        for (tag, (_, profile)) in (1..).zip(SUITES) {
            let key = MasterKey::random(profile);
            assert_eq!(crypto_of(&crypto_text(tag, &key)), Some(Crypto { tag, key }));
        }
        let text = crypto_text(1, &MasterKey::random(Profile::AesCm128HmacSha1_80));
        assert!(crypto_of(&format!("{text}|2^31")).is_some(), "a lifetime");
        for refused in ["|2^20|1:4", " UNENCRYPTED_SRTP", "AAAA"] {
            assert!(crypto_of(&format!("{text}{refused}")).is_none(), "{refused}");
        }
        assert!(crypto_of("1 AES_CM_128_HMAC_SHA1_80 inline:AAAA").is_none(), "too short");
        assert!(crypto_of("1 F8_128_HMAC_SHA1_80 inline:AAAA").is_none());
    }

    #[test]
    fn fingerprints_survive_the_line() {
        let fingerprint: Fingerprint = std::array::from_fn(|at| at as u8);
        let text = fingerprint_text(&fingerprint);
        assert!(text.starts_with("sha-256 00:01:02:03") && text.ends_with("1E:1F"));
        assert_eq!(fingerprint_of(&text.to_lowercase()), Some(fingerprint));
        for broken in ["sha-1 00:01", "sha-256 00:01", &format!("{text}:20"), "sha-256", ""] {
            assert_eq!(fingerprint_of(broken), None, "{broken}");
        }
    }
}
