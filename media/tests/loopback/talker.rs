//! A phone with a voice: it speaks a tone in its codec, and knows which tones it hears.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use media::tone::{Sine, share_of_tone};
use media::{Codec, CodecKind, Decoder, Encoder, PACKET_LIMIT_BYTES, PACKET_SAMPLES_LIMIT, SampleRate};

use crate::phone::{Packet, Phone};

/// What a packet is long.
pub const TURN: Duration = Duration::from_millis(20);

pub struct Talker {
    pub phone: Phone,
    pub kind: CodecKind,
    encoder: Encoder,
    decoder: Decoder,
    tone: Sine,
    pub heard: Vec<Packet>,
    pub sound: Vec<i16>,
}

impl Talker {
    pub fn new(ssrc: u32, kind: CodecKind, tone_hz: f64) -> Talker {
        let encoder = Encoder::new(kind, SampleRate::Wide).expect("one of ours");
        let rate_hz = encoder.rate().hz();
        Talker {
            phone: Phone::new(ssrc),
            kind,
            encoder,
            decoder: Decoder::new(kind, SampleRate::Wide).expect("one of ours"),
            tone: Sine::new(tone_hz, rate_hz, 6_000),
            heard: Vec::new(),
            sound: Vec::new(),
        }
    }

    /// Says the next 20 ms.
    pub fn say(&mut self, to: SocketAddr) {
        let frame: Vec<i16> = self.tone.by_ref().take(self.encoder.rate().frame_samples()).collect();
        let mut packet = [0; PACKET_LIMIT_BYTES];
        let bytes = self.encoder.encode(&frame, &mut packet).expect("encoded");
        self.phone.send(to, false, Codec::well_known(self.kind).payload_type, &packet[..bytes]);
        self.phone.timestamp = self.phone.timestamp.wrapping_add(self.kind.clock_hz() / 50);
    }

    /// Takes in what has come.
    pub fn listen(&mut self) {
        while let Some(packet) = self.phone.hear_if_any() {
            if packet.payload_type == Codec::well_known(self.kind).payload_type {
                let mut sound = [0; PACKET_SAMPLES_LIMIT];
                let samples = self.decoder.decode(&packet.payload, &mut sound).expect("decoded");
                self.sound.extend(&sound[..samples]);
            }
            self.heard.push(packet);
        }
    }

    /// How many of the 100 ms pieces heard hold the tone, and of how many: whose share is above
    /// `share`.
    pub fn pieces_with(&self, tone_hz: f64, share: f64) -> (usize, usize) {
        let rate_hz = self.decoder.rate().hz();
        let pieces: Vec<&[i16]> = self.sound.chunks_exact(rate_hz as usize / 10).collect();
        let with = pieces.iter().filter(|piece| share_of_tone(piece, tone_hz, rate_hz) > share).count();
        (with, pieces.len())
    }
}

/// Lets all of them talk and listen for so many turns.
pub fn converse(talkers: &mut [(Talker, SocketAddr)], turns: u32) {
    let start = Instant::now();
    for turn in 1..=turns {
        for (talker, to) in talkers.iter_mut() {
            talker.say(*to);
        }
        std::thread::sleep((start + TURN * turn).saturating_duration_since(Instant::now()));
        for (talker, _) in talkers.iter_mut() {
            talker.listen();
        }
    }
}
