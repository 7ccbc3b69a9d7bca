//! What a voice packet may carry: G.711 in its two laws.

pub(crate) mod g711;

/// A codec that legs may speak. Both run at 8000 Hz, mono, one byte a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodecKind {
    /// G.711 µ-law, static payload type 0 (RFC 3551 section 4.5.14).
    Pcmu,
    /// G.711 A-law, static payload type 8 (RFC 3551 section 4.5.14).
    Pcma,
}

impl CodecKind {
    /// The payload type RFC 3551 gives it (0 or 8).
    pub fn static_payload_type(self) -> u8 {
        match self {
            CodecKind::Pcmu => 0,
            CodecKind::Pcma => 8,
        }
    }

    /// Its name in an `a=rtpmap` line.
    pub fn encoding_name(self) -> &'static str {
        match self {
            CodecKind::Pcmu => "PCMU",
            CodecKind::Pcma => "PCMA",
        }
    }
}

/// A codec with the payload type that carries it in one direction of one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Codec {
    /// Which law.
    pub kind: CodecKind,
    /// RTP payload type, 0 to 127.
    pub payload_type: u8,
}

impl Codec {
    /// The codec under the payload type that RFC 3551 gives it.
    pub fn well_known(kind: CodecKind) -> Codec {
        Codec { kind, payload_type: kind.static_payload_type() }
    }
}
