//! What our side of one leg says about keys, from its first description to its last.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use super::SdpError;
use super::security::{Crypto, Keying, SUITES, Security, Setup, Transport, crypto_text, fingerprint_text};
use crate::remote::{DtlsKeys, Protection};
use crate::secure::ice::IceCredentials;
use crate::secure::identity::Fingerprint;
use crate::secure::keys::MasterKey;

/// What our side of one leg says about keys.
#[derive(Clone, Debug)]
pub(crate) enum Side {
    Plain,
    Sdes(Box<Sdes>),
    Dtls(Dtls),
}

/// Our keys for SDES, one for each suite, in the order of [`SUITES`].
#[derive(Clone, Debug)]
pub(crate) struct Sdes {
    ours: [MasterKey; SUITES.len()],
    /// The far end's key in use.
    theirs: Option<MasterKey>,
    /// What an answer repeats: the line that was taken.
    taken: Option<(u32, MasterKey)>,
    is_optional: bool,
}

/// Our half of a handshake.
#[derive(Clone, Debug)]
pub(crate) struct Dtls {
    pub fingerprint: Fingerprint,
    pub ice: Option<Ice>,
    we_begin: Option<bool>,
}

/// What a browser needs besides.
#[derive(Clone, Debug)]
pub(crate) struct Ice {
    pub credentials: IceCredentials,
    /// Where browsers can reach us, the best first.
    pub candidates: Vec<SocketAddr>,
    /// Whether they can over TCP, too.
    pub takes_tcp: bool,
    /// Of the voice that we send.
    pub ssrc: u32,
    their_ufrag: Option<String>,
}

/// Whether words belong to an offer or to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Offer,
    Answer,
}

impl Side {
    /// A side for legs on sockets of their own.
    pub(crate) fn new(security: Security, fingerprint: Fingerprint) -> Side {
        match security {
            Security::Plain => Side::Plain,
            Security::Sdes => Side::Sdes(Box::new(Sdes::new(false))),
            Security::SdesOptional => Side::Sdes(Box::new(Sdes::new(true))),
            Security::Dtls | Security::Browser => Side::Dtls(Dtls { fingerprint, ice: None, we_begin: None }),
        }
    }

    /// A side for a browser's leg.
    pub(crate) fn browser(
        fingerprint: Fingerprint,
        credentials: IceCredentials,
        candidates: Vec<SocketAddr>,
        takes_tcp: bool,
        ssrc: u32,
    ) -> Side {
        let ice = Ice { credentials, candidates, takes_tcp, ssrc, their_ufrag: None };
        Side::Dtls(Dtls { fingerprint, ice: Some(ice), we_begin: None })
    }

    /// One more address for a browser to try, before the others.
    pub(crate) fn reached_at(&mut self, addr: SocketAddr) {
        if let Side::Dtls(Dtls { ice: Some(ice), .. }) = self
            && !ice.candidates.contains(&addr)
        {
            ice.candidates.insert(0, addr);
        }
    }

    pub(super) fn security(&self) -> Security {
        match self {
            Side::Plain => Security::Plain,
            Side::Sdes(sdes) if sdes.is_optional => Security::SdesOptional,
            Side::Sdes(_) => Security::Sdes,
            Side::Dtls(Dtls { ice: None, .. }) => Security::Dtls,
            Side::Dtls(Dtls { ice: Some(_), .. }) => Security::Browser,
        }
    }

    /// Whether RTCP shares the port of RTP, if the far end wants it so.
    pub(super) fn muxes(&self) -> bool {
        matches!(self, Side::Dtls(_))
    }

    /// What both sides' words come to.
    pub(super) fn agree(&mut self, theirs: &Keying, turn: Turn) -> Result<Protection, SdpError> {
        match (self, theirs.transport) {
            (Side::Plain, Transport::Plain) => Ok(Protection::Plain),
            (Side::Sdes(sdes), Transport::Plain) if sdes.is_optional => {
                Ok(sdes.agree(&theirs.cryptos, turn).unwrap_or(Protection::Plain))
            }
            (Side::Sdes(sdes), Transport::Sdes) => sdes.agree(&theirs.cryptos, turn).ok_or(SdpError::NoKeys),
            (Side::Dtls(dtls), Transport::Dtls) => dtls.agree(theirs, turn),
            _ => Err(SdpError::NoKeys),
        }
    }

    /// Attributes of the session.
    pub(super) fn write_session(&self, text: &mut String, bundled: Option<&str>) {
        if let Side::Dtls(Dtls { ice: Some(_), .. }) = self {
            text.push_str("a=ice-lite\r\n");
            if let Some(mid) = bundled {
                push(text, format_args!("a=group:BUNDLE {mid}\r\n"));
            }
            text.push_str("a=msid-semantic: WMS *\r\n");
        }
    }

    /// Attributes of the audio line.
    pub(super) fn write_media(&self, text: &mut String, turn: Turn, muxes: bool) {
        match self {
            Side::Plain => {}
            Side::Sdes(sdes) => sdes.write(text, turn),
            Side::Dtls(dtls) => dtls.write(text, turn),
        }
        if muxes {
            text.push_str("a=rtcp-mux\r\n");
        }
    }
}

impl Sdes {
    fn new(is_optional: bool) -> Sdes {
        Sdes {
            ours: SUITES.map(|(_, profile)| MasterKey::random(profile)),
            theirs: None,
            taken: None,
            is_optional,
        }
    }

    /// RFC 4568 section 5.1: the answer takes one line, by its tag and suite.
    fn agree(&mut self, theirs: &[Crypto], turn: Turn) -> Option<Protection> {
        let crypto = match turn {
            Turn::Answer => theirs.first()?,
            // In what answers our offer, the tag says which of our lines was taken.
            Turn::Offer => theirs.iter().find(|crypto| {
                let ours = (crypto.tag as usize).checked_sub(1).and_then(|at| self.ours.get(at));
                ours.is_some_and(|ours| ours.profile() == crypto.key.profile())
            })?,
        };
        // A far end that changes its key wants ours changed too (section 7.1.4 allows either).
        let rekeys = turn == Turn::Answer && self.theirs.is_some_and(|before| before != crypto.key);
        let ours = self.ours.iter_mut().find(|ours| ours.profile() == crypto.key.profile())?;
        if rekeys {
            *ours = MasterKey::random(ours.profile());
        }
        self.theirs = Some(crypto.key);
        self.taken = Some((crypto.tag, *ours));
        Some(Protection::Sdes { ours: *ours, theirs: crypto.key })
    }

    fn write(&self, text: &mut String, turn: Turn) {
        match turn {
            Turn::Offer => {
                for (tag, key) in (1..).zip(&self.ours) {
                    push(text, format_args!("a=crypto:{}\r\n", crypto_text(tag, key)));
                }
            }
            Turn::Answer => {
                if let Some((tag, key)) = &self.taken {
                    push(text, format_args!("a=crypto:{}\r\n", crypto_text(*tag, key)));
                }
            }
        }
    }
}

impl Dtls {
    fn agree(&mut self, theirs: &Keying, turn: Turn) -> Result<Protection, SdpError> {
        let fingerprint = theirs.fingerprint.ok_or(SdpError::NoKeys)?;
        // RFC 5763 section 5, RFC 8842 section 5: who offers leaves the choice to who answers. We
        // let the other end begin: its first packet also opens the way through its translator.
        let we_begin = match (turn, theirs.setup) {
            (_, Some(Setup::Passive)) => true,
            (_, Some(Setup::Active)) | (Turn::Offer, _) => false,
            (Turn::Answer, Some(Setup::ActPass) | None) => self.we_begin.unwrap_or(false),
        };
        self.we_begin = Some(we_begin);
        if let Some(ice) = &mut self.ice {
            // A lite end with nobody to check it would never be found.
            let ufrag = theirs.ufrag.as_ref().ok_or(SdpError::NoKeys)?;
            // RFC 8839 section 4.4.1.1.1: another fragment in an offer restarts; the answer has
            // new words of ours.
            if turn == Turn::Answer && ice.their_ufrag.as_ref().is_some_and(|before| before != ufrag) {
                ice.credentials = IceCredentials::random();
            }
            ice.their_ufrag = Some(ufrag.clone());
        }
        let ice = self.ice.as_ref().map(|ice| ice.credentials);
        Ok(Protection::Dtls(DtlsKeys { fingerprint, we_begin, ice }))
    }

    fn write(&self, text: &mut String, turn: Turn) {
        push(text, format_args!("a=fingerprint:{}\r\n", fingerprint_text(&self.fingerprint)));
        let setup = match (turn, self.we_begin) {
            (Turn::Offer, _) => "actpass",
            (Turn::Answer, Some(true)) => "active",
            (Turn::Answer, _) => "passive",
        };
        push(text, format_args!("a=setup:{setup}\r\n"));
        if let Some(ice) = &self.ice {
            ice.write(text);
        }
    }
}

impl Ice {
    fn write(&self, text: &mut String) {
        let credentials = &self.credentials;
        push(
            text,
            format_args!("a=ice-ufrag:{}\r\na=ice-pwd:{}\r\n", credentials.ufrag(), credentials.password()),
        );
        for (at, addr) in self.candidates.iter().enumerate() {
            // RFC 8445 section 5.1.2.1: host candidates, the first preferred, component 1.
            let priority = (126u32 << 24) | ((65_535 - at as u32) << 8) | 255;
            let (ip, port): (IpAddr, u16) = (addr.ip(), addr.port());
            push(text, format_args!("a=candidate:{} 1 udp {priority} {ip} {port} typ host\r\n", at + 1));
        }
        for (at, addr) in self.candidates.iter().enumerate().filter(|_| self.takes_tcp) {
            // RFC 6544 section 4.2: UDP is preferred by the type (browsers say 90, too); 4 is the
            // direction of those who wait to be connected to.
            let priority = (90u32 << 24) | (((4 << 13) | (8_191 - at as u32)) << 8) | 255;
            let (foundation, ip, port) = (self.candidates.len() + at + 1, addr.ip(), addr.port());
            push(
                text,
                format_args!(
                    "a=candidate:{foundation} 1 tcp {priority} {ip} {port} typ host tcptype passive\r\n"
                ),
            );
        }
        // The stream and the track have no names of their own; the SSRC is unique enough.
        push(
            text,
            format_args!(
                "a=end-of-candidates\r\na=msid:hub voice-{ssrc}\r\na=ssrc:{ssrc} cname:hub\r\n\
                 a=ssrc:{ssrc} msid:hub voice-{ssrc}\r\n",
                ssrc = self.ssrc
            ),
        );
    }
}

/// Writing to a `String` cannot fail; this says it once.
pub(super) fn push(text: &mut String, words: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(words);
    debug_assert!(written.is_ok());
}
