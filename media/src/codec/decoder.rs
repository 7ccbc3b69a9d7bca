//! Packets into linear sound.

use audio_codec::Decoder as _;
use audio_codec::g722::G722Decoder;

use super::{CodecKind, Law, SampleRate, opus};

/// The longest packet in samples: 120 ms of Opus (RFC 6716 section 3.2), or of what else comes.
pub const PACKET_SAMPLES_LIMIT: usize = 1_920;

/// A decoder for one stream: what it makes of a packet depends on the packets before.
pub struct Decoder {
    kind: CodecKind,
    rate: SampleRate,
    state: State,
}

enum State {
    Law(Law),
    G722(Box<G722Decoder>),
    Opus(::opus::Decoder),
}

impl Decoder {
    /// None for G.729, which is never decoded here, and where the system has no memory left.
    /// `wanted` is the rate that Opus shall give; the others know one only.
    pub fn new(kind: CodecKind, wanted: SampleRate) -> Option<Decoder> {
        let rate = SampleRate::of(kind, wanted);
        let state = match kind {
            CodecKind::Pcmu => State::Law(Law::Mu),
            CodecKind::Pcma => State::Law(Law::A),
            CodecKind::G722 => State::G722(Box::new(G722Decoder::new())),
            CodecKind::Opus => State::Opus(opus::decoder(rate).ok()?),
            CodecKind::G729 => return None,
        };
        Some(Decoder { kind, rate, state })
    }

    /// Which codec.
    pub fn kind(&self) -> CodecKind {
        self.kind
    }

    /// The rate it gives.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// How long a packet is, in samples; none if it is empty, broken or longer than
    /// [`PACKET_SAMPLES_LIMIT`].
    pub fn samples(&self, packet: &[u8]) -> Option<usize> {
        let samples = match &self.state {
            State::Law(_) => packet.len(),
            State::G722(_) => packet.len() * 2,
            State::Opus(_) => opus::samples(packet, self.rate)?,
        };
        (1..=PACKET_SAMPLES_LIMIT).contains(&samples).then_some(samples)
    }

    /// Decodes a packet to the front of `sound`. Returns how many samples that were; none if the
    /// packet is broken, or longer than `sound`.
    pub fn decode(&mut self, packet: &[u8], sound: &mut [i16]) -> Option<usize> {
        let samples = self.samples(packet)?;
        let sound = sound.get_mut(..samples)?;
        match &mut self.state {
            State::Law(law) => {
                let linear = law.linear();
                for (sample, code) in sound.iter_mut().zip(packet) {
                    *sample = linear[usize::from(*code)];
                }
                Some(samples)
            }
            State::G722(decoder) => decoder.decode_into(packet, sound).ok(),
            State::Opus(decoder) => decoder.decode(packet, sound, false).ok(),
        }
    }

    /// Makes up for the packet *before* `next` from the copy that `next` carries (RFC 6716 section
    /// 2.1.7), if it does: all of `sound`. Where it carries none the codec guesses. Returns false
    /// where the codec knows no such thing.
    pub fn recover(&mut self, next: &[u8], sound: &mut [i16]) -> bool {
        match &mut self.state {
            State::Opus(decoder) => decoder.decode(next, sound, true).is_ok(),
            State::Law(_) | State::G722(_) => false,
        }
    }

    /// Guesses what a lost packet said: all of `sound`, a multiple of 2.5 ms. Returns false where
    /// the codec cannot.
    pub fn conceal(&mut self, sound: &mut [i16]) -> bool {
        match &mut self.state {
            State::Opus(decoder) => decoder.decode(&[], sound, false).is_ok(),
            State::Law(_) | State::G722(_) => false,
        }
    }
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decoder({:?}, {:?})", self.kind, self.rate)
    }
}
