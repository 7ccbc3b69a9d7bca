//! What a voice packet may carry: the codecs by name, and their encoders and decoders.

mod decoder;
mod encoder;
pub(crate) mod g711;
mod opus;

#[cfg(test)]
mod tests;

pub use decoder::{Decoder, PACKET_SAMPLES_LIMIT};
pub use encoder::{Encoder, PACKET_LIMIT_BYTES};
pub(crate) use g711::Law;

/// A codec that legs may speak, always in one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodecKind {
    /// G.711 µ-law, static payload type 0 (RFC 3551 section 4.5.14).
    Pcmu,
    /// G.711 A-law, static payload type 8 (RFC 3551 section 4.5.14).
    Pcma,
    /// G.722 at 64 kbit/s, static payload type 9; its RTP clock runs at half its sample rate
    /// (RFC 3551 section 4.5.2).
    G722,
    /// Opus (RFC 6716, RFC 7587), payload type as agreed.
    Opus,
    /// G.729, static payload type 18. It is passed on, never decoded: what is played, recorded or
    /// mixed for such a leg is silence.
    G729,
}

/// The payload type we offer for Opus: the one that browsers use.
const OPUS_PAYLOAD_TYPE: u8 = 111;

impl CodecKind {
    /// All that legs may speak.
    pub const ALL: [CodecKind; 5] =
        [CodecKind::Pcmu, CodecKind::Pcma, CodecKind::G722, CodecKind::Opus, CodecKind::G729];

    /// The payload type RFC 3551 gives it (table 4); none for Opus.
    pub fn static_payload_type(self) -> Option<u8> {
        match self {
            CodecKind::Pcmu => Some(0),
            CodecKind::Pcma => Some(8),
            CodecKind::G722 => Some(9),
            CodecKind::G729 => Some(18),
            CodecKind::Opus => None,
        }
    }

    /// Its name in an `a=rtpmap` line.
    pub fn encoding_name(self) -> &'static str {
        match self {
            CodecKind::Pcmu => "PCMU",
            CodecKind::Pcma => "PCMA",
            CodecKind::G722 => "G722",
            CodecKind::Opus => "opus",
            CodecKind::G729 => "G729",
        }
    }

    /// The clock of its RTP timestamps, in Hz.
    pub fn clock_hz(self) -> u32 {
        match self {
            CodecKind::Pcmu | CodecKind::Pcma | CodecKind::G722 | CodecKind::G729 => 8_000,
            CodecKind::Opus => 48_000,
        }
    }

    /// Whether it carries more than the telephone's band.
    pub fn is_wideband(self) -> bool {
        matches!(self, CodecKind::G722 | CodecKind::Opus)
    }

    /// Its law, if it is G.711.
    pub(crate) fn law(self) -> Option<Law> {
        match self {
            CodecKind::Pcmu => Some(Law::Mu),
            CodecKind::Pcma => Some(Law::A),
            CodecKind::G722 | CodecKind::Opus | CodecKind::G729 => None,
        }
    }

    /// Whether packets of one can be sent as the other without decoding a stream.
    pub(crate) fn passes_as(self, other: CodecKind) -> bool {
        self == other || (self.law().is_some() && other.law().is_some())
    }
}

/// A codec with the payload type that carries it in one direction of one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Codec {
    /// Which codec.
    pub kind: CodecKind,
    /// RTP payload type, 0 to 127.
    pub payload_type: u8,
}

impl Codec {
    /// The codec under the payload type that RFC 3551 gives it, Opus under 111.
    pub fn well_known(kind: CodecKind) -> Codec {
        Codec { kind, payload_type: kind.static_payload_type().unwrap_or(OPUS_PAYLOAD_TYPE) }
    }
}

/// How often linear sound is sampled. More than 16 kHz is not worth its cost here: Opus carries
/// speech fully at that rate, and resamples by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SampleRate {
    /// 8000 Hz: the telephone's band.
    Narrow,
    /// 16000 Hz.
    Wide,
}

/// Samples of 20 ms at the highest rate.
pub const FRAME_SAMPLES_LIMIT: usize = 320;

impl SampleRate {
    /// In Hz.
    pub fn hz(self) -> u32 {
        match self {
            SampleRate::Narrow => 8_000,
            SampleRate::Wide => 16_000,
        }
    }

    /// Samples of 20 ms: 160 or 320.
    pub fn frame_samples(self) -> usize {
        match self {
            SampleRate::Narrow => FRAME_SAMPLES_LIMIT / 2,
            SampleRate::Wide => FRAME_SAMPLES_LIMIT,
        }
    }

    /// The rate at which this codec gives and takes sound, where `wanted` is to be heard.
    pub fn of(kind: CodecKind, wanted: SampleRate) -> SampleRate {
        match kind {
            CodecKind::Pcmu | CodecKind::Pcma | CodecKind::G729 => SampleRate::Narrow,
            CodecKind::G722 => SampleRate::Wide,
            CodecKind::Opus => wanted,
        }
    }
}
