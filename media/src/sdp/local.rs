//! Our side of one leg's offers and answers.

use std::net::SocketAddr;

use bytes::Bytes;

use super::description::{Description, Line};
use super::security::Security;
use super::side::{Side, Turn, push};
use super::{PTIME_MS, SdpError, TELEPHONE_EVENT_PAYLOAD_TYPE, WIDE_TELEPHONE_EVENT_PAYLOAD_TYPE};
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
    /// Payload types of events on a clock of 8000 and of 48000 Hz.
    telephone_event: [u8; 2],
    /// What we say about keys.
    side: Side,
    /// Whether RTCP shares the port of RTP: offered, or agreed.
    muxes: bool,
    /// Payload types already bound to a codec: they keep their meaning (RFC 3264 section 8.3.2).
    bound: Vec<Codec>,
}

/// What an audio line names.
struct Formats<'a> {
    codecs: &'a [Codec],
    /// Payload types of telephone-event with their clocks, in Hz.
    events: &'a [(u8, u32)],
    comfort_noise: Option<u8>,
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
        LocalSdp::of(local, Side::Plain, session_id)
    }

    /// For a leg that says this about keys.
    pub(crate) fn with_side(local: SocketAddr, side: Side) -> LocalSdp {
        LocalSdp::of(local, side, rand::random::<u64>() >> 2)
    }

    fn of(local: SocketAddr, side: Side, session_id: u64) -> LocalSdp {
        let security = side.security();
        LocalSdp {
            local,
            session_id,
            version: session_id,
            last: String::new(),
            lines: vec![Line {
                media: "audio".to_owned(),
                proto: security.proto().to_owned(),
                format: "0".to_owned(),
                mid: (security == Security::Browser).then(|| "0".to_owned()),
                is_bundled: security == Security::Browser,
            }],
            audio_index: 0,
            telephone_event: [TELEPHONE_EVENT_PAYLOAD_TYPE, WIDE_TELEPHONE_EVENT_PAYLOAD_TYPE],
            bound: Vec::new(),
            muxes: side.muxes(),
            side,
        }
    }

    /// How the leg's packets are protected.
    pub fn security(&self) -> Security {
        self.side.security()
    }

    /// An offer or a re-offer: `codecs` in order of preference (empty means both laws, µ-law
    /// first). The same words twice keep their version.
    pub fn offer(&mut self, codecs: &[CodecKind], direction: Direction) -> Bytes {
        let codecs = if codecs.is_empty() { &[CodecKind::Pcmu, CodecKind::Pcma] } else { codecs };
        let codecs: Vec<Codec> = codecs.iter().map(|kind| self.payload_type(*kind)).collect();
        let [narrow, wide] = self.telephone_event;
        let mut events = vec![(narrow, 8_000)];
        if codecs.iter().any(|codec| codec.kind == CodecKind::Opus) {
            events.push((wide, 48_000));
        }
        self.muxes = self.side.muxes();
        let formats = Formats { codecs: &codecs, events: &events, comfort_noise: None };
        self.write(&formats, direction, Turn::Offer)
    }

    /// The far end as its answer to our offer describes it. Fails where it has no key for what we
    /// offered.
    pub fn accept(&mut self, answer: &Description) -> Result<Remote, SdpError> {
        let remote = answer.remote(&[], Direction::SendRecv)?;
        let protection = self.side.agree(answer.keying(), Turn::Offer)?;
        let [narrow, wide] = self.telephone_event;
        let event = if remote.event_clock_hz == 48_000 { wide } else { narrow };
        let voice_in = self.payload_type(remote.codec.kind).payload_type;
        let event_in = remote.telephone_event.map(|_| event);
        Ok(self.muxed(Remote { protection, voice_in, event_in, ..remote }, answer))
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
        self.answer_preferring(offer, prefer.as_slice(), allowed)
    }

    /// The same with several preferences: the first of `prefer` that was offered wins, else the
    /// offerer's order does, except that G.729, which we cannot decode, is taken only if preferred.
    pub fn answer_preferring(
        &mut self,
        offer: &Description,
        prefer: &[CodecKind],
        allowed: Direction,
    ) -> Result<(Bytes, Remote), SdpError> {
        let remote = offer.remote(prefer, allowed)?;
        let protection = self.side.agree(offer.keying(), Turn::Answer)?;
        let remote = self.muxed(Remote { protection, ..remote }, offer);
        self.lines.clone_from(&offer.lines);
        self.audio_index = offer.audio_index();
        // RFC 3264 section 6.1: the answer uses the offer's numbers.
        self.bound.retain(|codec| codec.kind != remote.codec.kind);
        self.bound.push(remote.codec);
        let event = remote.telephone_event.map(|event| (event, remote.event_clock_hz));
        if let Some((event, clock_hz)) = event {
            self.telephone_event[usize::from(clock_hz == 48_000)] = event;
        }
        let formats = Formats {
            codecs: &[remote.codec],
            events: event.as_slice(),
            comfort_noise: remote.comfort_noise,
        };
        let body = self.write(&formats, remote.direction, Turn::Answer);
        Ok((body, remote))
    }

    /// RFC 5761 section 5.1.1: one port for both, if both ends say so.
    fn muxed(&mut self, remote: Remote, theirs: &Description) -> Remote {
        self.muxes = self.side.muxes() && theirs.keying().mux;
        if self.muxes { Remote { rtcp: remote.addr, mux: true, ..remote } } else { remote }
    }

    fn payload_type(&self, kind: CodecKind) -> Codec {
        self.bound.iter().find(|codec| codec.kind == kind).copied().unwrap_or(Codec::well_known(kind))
    }

    fn write(&mut self, formats: &Formats<'_>, direction: Direction, turn: Turn) -> Bytes {
        let body = self.after_origin(formats, direction, turn);
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

    fn after_origin(&self, formats: &Formats<'_>, direction: Direction, turn: Turn) -> String {
        let family = if self.local.is_ipv4() { "IP4" } else { "IP6" };
        let mut text = format!("s=-\r\nc=IN {family} {}\r\nt=0 0\r\n", self.local.ip());
        let bundled = self.lines.get(self.audio_index).filter(|line| line.is_bundled);
        self.side.write_session(&mut text, bundled.and_then(|line| line.mid.as_deref()));
        for (index, line) in self.lines.iter().enumerate() {
            if index == self.audio_index {
                self.write_audio(&mut text, &line.proto, formats, direction);
                self.side.write_media(&mut text, turn, self.muxes);
            } else {
                push(&mut text, format_args!("m={} 0 {} {}\r\n", line.media, line.proto, line.format));
            }
            if let Some(mid) = &line.mid {
                push(&mut text, format_args!("a=mid:{mid}\r\n"));
            }
        }
        text
    }

    fn write_audio(&self, text: &mut String, proto: &str, formats: &Formats<'_>, direction: Direction) {
        push(text, format_args!("m=audio {} {proto}", self.local.port()));
        let codecs = formats.codecs.iter().map(|codec| codec.payload_type);
        let events = formats.events.iter().map(|(event, _)| *event);
        for payload_type in codecs.chain(formats.comfort_noise).chain(events) {
            push(text, format_args!(" {payload_type}"));
        }
        text.push_str("\r\n");
        for Codec { kind, payload_type } in formats.codecs {
            let (name, clock_hz) = (kind.encoding_name(), kind.clock_hz());
            match kind {
                // RFC 7587 section 7: always "2", and what we like to be sent.
                CodecKind::Opus => push(
                    text,
                    format_args!(
                        "a=rtpmap:{payload_type} {name}/{clock_hz}/2\r\n\
                         a=fmtp:{payload_type} minptime=10;useinbandfec=1\r\n"
                    ),
                ),
                _ => push(text, format_args!("a=rtpmap:{payload_type} {name}/{clock_hz}\r\n")),
            }
        }
        if let Some(noise) = formats.comfort_noise {
            push(text, format_args!("a=rtpmap:{noise} CN/8000\r\n"));
        }
        for (event, clock_hz) in formats.events {
            push(
                text,
                format_args!("a=rtpmap:{event} telephone-event/{clock_hz}\r\na=fmtp:{event} 0-15\r\n"),
            );
        }
        push(text, format_args!("a=ptime:{PTIME_MS}\r\na={}\r\n", direction.attribute()));
    }
}
