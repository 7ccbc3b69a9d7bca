//! What the other end's session description says about its audio.

use std::net::{IpAddr, SocketAddr};

use sdp_types::{Media, RtpMap, Session};

use super::security::{Keying, Security, is_bundled, mid_of};
use super::{OpusWishes, SdpError};
use crate::codec::{Codec, CodecKind};
use crate::remote::{Direction, Protection, Remote};

/// A body fits a UDP datagram; the largest browser offers are near 10 KB.
const BODY_LIMIT_BYTES: usize = 16 * 1024;
/// Each `m=` line must be answered; real offers have one or two.
const MEDIA_LIMIT: usize = 16;
/// `a=` lines of one media or of the session; browsers write about 60.
const ATTRIBUTES_LIMIT: usize = 256;
/// Payload types in one `m=` line; there are 128 in all.
const FORMATS_LIMIT: usize = 128;
/// Fallback where the other end names no packet length (RFC 3551 table 4).
const DEFAULT_PTIME_MS: u8 = 20;

/// A parsed offer or answer: its first usable audio stream, and the shape of all its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    pub(super) lines: Vec<Line>,
    audio_index: usize,
    addr: SocketAddr,
    rtcp: SocketAddr,
    codecs: Vec<Codec>,
    events: Events,
    comfort_noise: Option<u8>,
    opus: OpusWishes,
    ptime_ms: u8,
    direction: Direction,
    keying: Keying,
}

/// The payload types of telephone-event, by clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Events {
    at_8000: Option<u8>,
    at_48000: Option<u8>,
}

impl Events {
    /// Those for a codec: on the clock of the audio (RFC 4733 section 2.1), or what else is there,
    /// as phones that speak Opus offer events at 8000 Hz alone.
    fn for_clock(self, clock_hz: u32) -> (Option<u8>, u32) {
        match (self.at_8000, self.at_48000) {
            (_, Some(wide)) if clock_hz == 48_000 => (Some(wide), 48_000),
            (narrow, _) => (narrow, 8_000),
        }
    }
}

/// One `m=` line, as far as an answer repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub media: String,
    pub proto: String,
    pub format: String,
    /// Its tag, where it has one (RFC 5888).
    pub mid: Option<String>,
    pub is_bundled: bool,
}

impl Description {
    /// Reads a body. Refused: what is too long, is no SDP, has no audio over RTP, or none of ours
    /// in it, or an address that is a name or multicast.
    pub fn parse(body: &[u8]) -> Result<Description, SdpError> {
        if body.len() > BODY_LIMIT_BYTES {
            return Err(SdpError::TooLong { bytes: body.len(), limit_bytes: BODY_LIMIT_BYTES });
        }
        let session = Session::parse(body).map_err(|e| SdpError::Syntax(e.to_string()))?;
        bounded("media lines", session.medias.len(), MEDIA_LIMIT)?;
        bounded("attributes", session.attributes.len(), ATTRIBUTES_LIMIT)?;
        for media in &session.medias {
            bounded("attributes", media.attributes.len(), ATTRIBUTES_LIMIT)?;
        }
        let (audio_index, media, keying) = session
            .medias
            .iter()
            .enumerate()
            .find_map(|(index, media)| Some((index, media, usable_keying(&session, media)?)))
            .ok_or(SdpError::NoAudio)?;
        let formats = formats_of(media)?;
        let codecs: Vec<Codec> = formats.iter().filter_map(|format| codec_of(media, *format)).collect();
        if codecs.is_empty() {
            return Err(SdpError::NoCommonCodec);
        }
        let connection =
            media.connections.first().or(session.connection.as_ref()).ok_or(SdpError::BadAddress)?;
        let ip = connection.try_address().map_err(|_| SdpError::BadAddress)?.ip.to_canonical();
        if ip.is_multicast() {
            return Err(SdpError::BadAddress);
        }
        let addr = SocketAddr::new(ip, media.port);
        let stated =
            direction_of(media).or_else(|| session_direction(&session)).unwrap_or(Direction::SendRecv);
        // RFC 3264 section 8.4: the old way to hold is to receive at no address.
        // A browser that has not gathered its candidates yet has no address (RFC 8839 section 4.2.5).
        let is_hold = ip.is_unspecified() && keying.ufrag.is_none();
        let direction = if is_hold { stated.within(Direction::SendOnly) } else { stated };
        Ok(Description {
            lines: session.medias.iter().map(|media| Line::of(&session, media)).collect(),
            audio_index,
            addr,
            rtcp: rtcp_of(media, addr)?,
            events: Events {
                at_8000: named(media, &formats, "telephone-event", 8_000),
                at_48000: named(media, &formats, "telephone-event", 48_000),
            },
            // RFC 3551 table 4: 13 needs no map.
            comfort_noise: named(media, &formats, "CN", 8_000)
                .or_else(|| formats.iter().copied().find(|f| *f == 13 && rtpmap_of(media, *f).is_none())),
            opus: codecs
                .iter()
                .find(|codec| codec.kind == CodecKind::Opus)
                .map_or_else(OpusWishes::default, |codec| OpusWishes::of(media, codec.payload_type)),
            ptime_ms: ptime_of(media),
            codecs,
            direction,
            keying,
        })
    }

    /// Which kind of leg can talk with the other end: what [`crate::Session::add_leg_as`] is to be
    /// told for an offer that came.
    pub fn security(&self) -> Security {
        self.keying.security()
    }

    pub(super) fn keying(&self) -> &Keying {
        &self.keying
    }

    /// Which way voice flows as the *other* end sees it, held address included.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Whether the other end has put us on hold: it does not want to hear us.
    pub fn is_hold(&self) -> bool {
        !self.direction.receives()
    }

    /// The codecs of ours that it lists, in its order of preference. Never empty.
    pub fn codecs(&self) -> &[Codec] {
        &self.codecs
    }

    /// Where it wants RTP; the address is unspecified (`0.0.0.0`) on an old-style hold.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Position of the audio line among the `m=` lines.
    pub(super) fn audio_index(&self) -> usize {
        self.audio_index
    }

    /// The far end, with the first codec of `prefer` that is listed, else with the first listed that
    /// we can decode, and the direction seen from us.
    pub(super) fn remote(&self, prefer: &[CodecKind], allowed: Direction) -> Result<Remote, SdpError> {
        let listed = |kind: &CodecKind| self.codecs.iter().find(|codec| codec.kind == *kind);
        let codec = prefer
            .iter()
            .find_map(listed)
            .or_else(|| self.codecs.iter().find(|codec| codec.kind != CodecKind::G729))
            .ok_or(SdpError::NoCommonCodec)?;
        let clock_hz = codec.kind.clock_hz();
        let (telephone_event, event_clock_hz) = self.events.for_clock(clock_hz);
        Ok(Remote {
            addr: self.addr,
            rtcp: self.rtcp,
            codec: *codec,
            ptime_ms: self.ptime_ms,
            telephone_event,
            voice_in: codec.payload_type,
            event_in: telephone_event,
            event_clock_hz,
            opus: self.opus,
            // RFC 3389 section 4: noise on the clock of the audio; Opus makes its own.
            comfort_noise: self.comfort_noise.filter(|_| codec.kind.law().is_some()),
            direction: self.direction.mirrored().within(allowed),
            mux: false,
            protection: Protection::Plain,
        })
    }
}

impl Line {
    fn of(session: &Session, media: &Media) -> Line {
        let mid = mid_of(media);
        Line {
            is_bundled: mid.as_deref().is_some_and(|mid| is_bundled(session, mid)),
            mid,
            media: media.media.clone(),
            proto: media.proto.clone(),
            // A refused line needs a format to be a line at all; one is enough.
            format: media.fmt.split(' ').next().unwrap_or("0").to_owned(),
        }
    }
}

fn bounded(what: &'static str, count: usize, limit: usize) -> Result<(), SdpError> {
    if count > limit {
        return Err(SdpError::TooMany { what, limit });
    }
    Ok(())
}

/// The keys of a line of audio over RTP that was not refused (RFC 3264 section 6: port 0 refuses);
/// none if it needs keys and has none that we can use.
fn usable_keying(session: &Session, media: &Media) -> Option<Keying> {
    let is_audio = media.media.eq_ignore_ascii_case("audio") && media.port != 0;
    Keying::of(session, media).filter(|keying| is_audio && keying.is_usable())
}

fn formats_of(media: &Media) -> Result<Vec<u8>, SdpError> {
    let mut formats = Vec::new();
    for word in media.fmt.split_ascii_whitespace() {
        bounded("payload types", formats.len() + 1, FORMATS_LIMIT)?;
        match word.parse::<u8>() {
            Ok(format) if format < 128 => formats.push(format),
            _ => return Err(SdpError::Syntax(format!("payload type {}", excerpt(word)))),
        }
    }
    Ok(formats)
}

/// A hostile word, short enough for a log line.
fn excerpt(word: &str) -> String {
    word.chars().take(16).collect()
}

/// The `a=rtpmap` of a payload type. Broken ones of other types are none of our business.
fn rtpmap_of(media: &Media, format: u8) -> Option<RtpMap> {
    media.attributes_typed::<RtpMap>().flatten().find(|map| map.payload_type == format)
}

fn codec_of(media: &Media, format: u8) -> Option<Codec> {
    let mut kinds = CodecKind::ALL.into_iter();
    let kind = match rtpmap_of(media, format) {
        Some(map) => kinds.find(|kind| {
            // RFC 7587 section 7: Opus always says two channels, whatever is in it.
            let channels = if *kind == CodecKind::Opus { "2" } else { "1" };
            map.encoding_name.eq_ignore_ascii_case(kind.encoding_name())
                && map.clock_rate == kind.clock_hz()
                && map.encoding_params.as_deref().unwrap_or("1") == channels
        }),
        // RFC 3551 section 6: static types need no map.
        None => kinds.find(|kind| kind.static_payload_type() == Some(format)),
    }?;
    Some(Codec { kind, payload_type: format })
}

/// The first payload type of that name and clock.
fn named(media: &Media, formats: &[u8], name: &str, clock_hz: u32) -> Option<u8> {
    formats.iter().copied().find(|format| {
        rtpmap_of(media, *format)
            .is_some_and(|map| map.encoding_name.eq_ignore_ascii_case(name) && map.clock_rate == clock_hz)
    })
}

/// RFC 3605 if stated, else the next port (RFC 3550 section 11).
fn rtcp_of(media: &Media, addr: SocketAddr) -> Result<SocketAddr, SdpError> {
    let next = SocketAddr::new(addr.ip(), addr.port().saturating_add(1));
    let Some(Ok(rtcp)) = media.get_first_attribute_typed::<sdp_types::Rtcp>() else {
        return Ok(next);
    };
    let ip: IpAddr = match rtcp.try_address() {
        None => addr.ip(),
        Some(Ok(address)) => address.ip.to_canonical(),
        Some(Err(_)) => return Err(SdpError::BadAddress),
    };
    // Reports go where the voice goes: another host there would make us a reflector.
    if ip != addr.ip() || rtcp.port == 0 {
        return Ok(next);
    }
    Ok(SocketAddr::new(ip, rtcp.port))
}

fn ptime_of(media: &Media) -> u8 {
    media
        .get_first_attribute_value("ptime")
        .flatten()
        .and_then(|value| value.trim().parse::<u8>().ok())
        .filter(|ptime_ms| (10..=200).contains(ptime_ms))
        .unwrap_or(DEFAULT_PTIME_MS)
}

fn direction_of(media: &Media) -> Option<Direction> {
    ALL_DIRECTIONS.into_iter().find(|direction| media.has_attribute(direction.attribute()))
}

fn session_direction(session: &Session) -> Option<Direction> {
    ALL_DIRECTIONS.into_iter().find(|direction| session.has_attribute(direction.attribute()))
}

/// Where a body contradicts itself, the most silent reading wins.
const ALL_DIRECTIONS: [Direction; 4] =
    [Direction::Inactive, Direction::RecvOnly, Direction::SendOnly, Direction::SendRecv];
