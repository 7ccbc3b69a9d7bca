//! Linear sound into packets of 20 ms.

use audio_codec::Encoder as _;
use audio_codec::g722::G722Encoder;

use super::opus::{self, FEC_FROM_LOSS_PCT, Mode};
use super::{CodecKind, Law, SampleRate};

/// The longest packet of 20 ms that any codec here makes: Opus may spend this on a loud moment.
pub const PACKET_LIMIT_BYTES: usize = 640;

/// An encoder for one stream: what it makes of a frame depends on the frames before.
pub struct Encoder {
    kind: CodecKind,
    rate: SampleRate,
    state: State,
}

enum State {
    Law(Law),
    G722(Box<G722Encoder>),
    Opus { encoder: ::opus::Encoder, mode: Mode, bitrate_limit: u32 },
}

impl Encoder {
    /// None for G.729, which is never encoded here, and where the system has no memory left.
    /// `wanted` is the rate that Opus shall take; the others know one only.
    pub fn new(kind: CodecKind, wanted: SampleRate) -> Option<Encoder> {
        let rate = SampleRate::of(kind, wanted);
        let state = match kind {
            CodecKind::Pcmu => State::Law(Law::Mu),
            CodecKind::Pcma => State::Law(Law::A),
            CodecKind::G722 => State::G722(Box::new(G722Encoder::new())),
            CodecKind::Opus => State::Opus {
                encoder: opus::encoder(rate, Mode::Thrifty, u32::MAX).ok()?,
                mode: Mode::Thrifty,
                bitrate_limit: u32::MAX,
            },
            CodecKind::G729 => return None,
        };
        Some(Encoder { kind, rate, state })
    }

    /// Which codec.
    pub fn kind(&self) -> CodecKind {
        self.kind
    }

    /// The rate it takes.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Tells the loss that the far end reports, in percent, and the most bits a second that it
    /// takes: Opus then carries each frame twice, or is coarser.
    pub fn suit(&mut self, loss_pct: u8, bitrate_limit: u32) {
        let State::Opus { encoder, mode, bitrate_limit: limit } = &mut self.state else {
            return;
        };
        let needed =
            if loss_pct >= FEC_FROM_LOSS_PCT { Mode::Repairing(loss_pct.min(100)) } else { Mode::Thrifty };
        if (needed, bitrate_limit) == (*mode, *limit) {
            return;
        }
        // A decoder takes both modes at any time (RFC 6716 section 4.5).
        if let Ok(fresh) = opus::encoder(self.rate, needed, bitrate_limit) {
            (*encoder, *mode, *limit) = (fresh, needed, bitrate_limit);
        }
    }

    /// Encodes one frame of [`SampleRate::frame_samples`] into `packet`, which should have room
    /// for [`PACKET_LIMIT_BYTES`]. Returns the packet's length; none if the frame or the room is
    /// of the wrong length.
    pub fn encode(&mut self, frame: &[i16], packet: &mut [u8]) -> Option<usize> {
        if frame.len() != self.rate.frame_samples() {
            return None;
        }
        match &mut self.state {
            State::Law(law) => {
                for (code, sample) in packet.get_mut(..frame.len())?.iter_mut().zip(frame) {
                    *code = law.encode(*sample);
                }
                Some(frame.len())
            }
            State::G722(encoder) => encoder.encode_into(frame, packet).ok(),
            State::Opus { encoder, .. } => encoder.encode(frame, packet).ok(),
        }
    }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Encoder({:?}, {:?})", self.kind, self.rate)
    }
}
