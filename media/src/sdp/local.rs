//! Our side of one leg's offers and answers.

use std::fmt::Write as _;
use std::net::SocketAddr;

use bytes::Bytes;

use super::description::{Description, Line};
use super::{PTIME_MS, SdpError, TELEPHONE_EVENT_PAYLOAD_TYPE};
use crate::codec::{Codec, CodecKind};
use crate::remote::{Direction, Remote};

/// What we say about one leg, from its first offer or answer to its last: the session id stays, the
/// version rises with every change (RFC 3264 section 8), and no `m=` line ever disappears.
#[derive(Clone, Debug)]
pub struct LocalSdp {
    local: SocketAddr,
    session_id: u64,
    version: u64,
    /// What follows the `o=` line in the last body, to see whether a new one differs.
    last: String,
    /// The `m=` lines agreed so far; ours is the audio at `audio_index`.
    lines: Vec<Line>,
    audio_index: usize,
    telephone_event: u8,
    /// Payload types already bound to a codec: they keep their meaning (RFC 3264 section 8.3.2).
    bound: Vec<Codec>,
}

impl LocalSdp {
    /// For a leg whose RTP arrives at `local`, the address others can reach. The session id is
    /// random.
    pub fn new(local: SocketAddr) -> LocalSdp {
        // 62 bits: some phones keep the id in a signed number.
        LocalSdp::with_session_id(local, rand::random::<u64>() >> 2)
    }

    /// The same with a session id of the caller's choosing.
    pub fn with_session_id(local: SocketAddr, session_id: u64) -> LocalSdp {
        LocalSdp {
            local,
            session_id,
            version: session_id,
            last: String::new(),
            lines: vec![Line {
                media: "audio".to_owned(),
                proto: "RTP/AVP".to_owned(),
                format: "0".to_owned(),
            }],
            audio_index: 0,
            telephone_event: TELEPHONE_EVENT_PAYLOAD_TYPE,
            bound: Vec::new(),
        }
    }

    /// An offer or a re-offer: `codecs` in order of preference (empty means both laws, µ-law
    /// first). The same words twice keep their version.
    pub fn offer(&mut self, codecs: &[CodecKind], direction: Direction) -> Bytes {
        let codecs = if codecs.is_empty() { &[CodecKind::Pcmu, CodecKind::Pcma] } else { codecs };
        let codecs: Vec<Codec> = codecs.iter().map(|kind| self.payload_type(*kind)).collect();
        self.write(&codecs, Some(self.telephone_event), direction)
    }

    /// Answers an offer: `prefer` wins if it was offered, else the offerer's order does. Every
    /// other `m=` line is refused with port 0 (RFC 3264 section 6), a hold is mirrored, and
    /// `allowed` (as seen from us) narrows what remains.
    pub fn answer(
        &mut self,
        offer: &Description,
        prefer: Option<CodecKind>,
        allowed: Direction,
    ) -> Result<(Bytes, Remote), SdpError> {
        let remote = offer.remote(prefer, allowed)?;
        self.lines.clone_from(&offer.lines);
        self.audio_index = offer.audio_index();
        // RFC 3264 section 6.1: the answer uses the offer's numbers.
        self.bound.retain(|codec| codec.kind != remote.codec.kind);
        self.bound.push(remote.codec);
        self.telephone_event = remote.telephone_event.unwrap_or(self.telephone_event);
        let body = self.write(&[remote.codec], remote.telephone_event, remote.direction);
        Ok((body, remote))
    }

    fn payload_type(&self, kind: CodecKind) -> Codec {
        self.bound.iter().find(|codec| codec.kind == kind).copied().unwrap_or(Codec::well_known(kind))
    }

    fn write(&mut self, codecs: &[Codec], telephone_event: Option<u8>, direction: Direction) -> Bytes {
        let body = self.after_origin(codecs, telephone_event, direction);
        if !self.last.is_empty() && body != self.last {
            self.version = self.version.wrapping_add(1);
        }
        let family = if self.local.is_ipv4() { "IP4" } else { "IP6" };
        let text = format!(
            "v=0\r\no=- {} {} IN {family} {}\r\n{body}",
            self.session_id,
            self.version,
            self.local.ip()
        );
        self.last = body;
        Bytes::from(text)
    }

    fn after_origin(&self, codecs: &[Codec], telephone_event: Option<u8>, direction: Direction) -> String {
        let family = if self.local.is_ipv4() { "IP4" } else { "IP6" };
        let mut text = format!("s=-\r\nc=IN {family} {}\r\nt=0 0\r\n", self.local.ip());
        for (index, line) in self.lines.iter().enumerate() {
            if index == self.audio_index {
                self.write_audio(&mut text, &line.proto, codecs, telephone_event, direction);
            } else {
                push(&mut text, format_args!("m={} 0 {} {}\r\n", line.media, line.proto, line.format));
            }
        }
        text
    }

    fn write_audio(
        &self,
        text: &mut String,
        proto: &str,
        codecs: &[Codec],
        telephone_event: Option<u8>,
        direction: Direction,
    ) {
        push(text, format_args!("m=audio {} {proto}", self.local.port()));
        for codec in codecs {
            push(text, format_args!(" {}", codec.payload_type));
        }
        if let Some(event) = telephone_event {
            push(text, format_args!(" {event}"));
        }
        text.push_str("\r\n");
        for Codec { kind, payload_type } in codecs {
            let name = kind.encoding_name();
            push(text, format_args!("a=rtpmap:{payload_type} {name}/8000\r\n"));
        }
        if let Some(event) = telephone_event {
            push(text, format_args!("a=rtpmap:{event} telephone-event/8000\r\na=fmtp:{event} 0-15\r\n"));
        }
        push(text, format_args!("a=ptime:{PTIME_MS}\r\na={}\r\n", direction.attribute()));
    }
}

/// Writing to a `String` cannot fail; this says it once.
fn push(text: &mut String, words: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(words);
    debug_assert!(written.is_ok());
}
