//! A leg's sound: its stream decoded at each turn, and what it hears encoded.

use std::time::Instant;

use super::routes::Plan;
use crate::codec::{CodecKind, Encoder, FRAME_SAMPLES_LIMIT, PACKET_LIMIT_BYTES, SampleRate};
use crate::rtp::packet::{HEADER_BYTES, Header};
use crate::sdp::OpusWishes;
use crate::sound::{Activity, Content, Downsampler, Ear, EarStats, Heard, Mixer, Upsampler, level_dbov};

/// What a leg has while its sound is more than passed on. Large, so it is boxed, and none of it is
/// made or freed but by orders and by changes of the stream.
pub(super) struct Voice {
    ear: Ear,
    pub frame: Frame,
    up: Upsampler,
    down: Downsampler,
    activity: Activity,
    encoder: Option<Encoder>,
    /// What the far end says it lost of ours, in percent, and the bits a second that it takes.
    loss_pct: u8,
    bitrate_limit: u32,
    pub mixer: Mixer,
}

/// The 20 ms that the leg said in this turn.
pub(super) struct Frame {
    pub heard: Heard,
    /// Whether it is speech, rather than background.
    pub active: bool,
    native: [i16; FRAME_SAMPLES_LIMIT],
    native_rate: SampleRate,
    /// In the other rate, where somebody wants it.
    other: [i16; FRAME_SAMPLES_LIMIT],
}

/// A packet to be: its payload lies behind the room for a header.
pub(super) type Packet = [u8; HEADER_BYTES + PACKET_LIMIT_BYTES];

impl Voice {
    pub(super) fn new(now: Instant, wanted: SampleRate) -> Voice {
        Voice {
            ear: Ear::new(wanted, now, rand::random()),
            frame: Frame {
                heard: Heard::Silence,
                active: false,
                native: [0; FRAME_SAMPLES_LIMIT],
                native_rate: wanted,
                other: [0; FRAME_SAMPLES_LIMIT],
            },
            up: Upsampler::new(),
            down: Downsampler::new(),
            activity: Activity::new(),
            encoder: None,
            loss_pct: 0,
            bitrate_limit: u32::MAX,
            mixer: Mixer::new(),
        }
    }

    /// The leg is to be heard at this rate from now on.
    pub(super) fn want(&mut self, now: Instant, wanted: SampleRate) {
        if self.ear.wanted() != wanted {
            self.ear = Ear::new(wanted, now, rand::random());
        }
    }

    pub(super) fn packet(&mut self, now: Instant, header: &Header, content: Content, payload: &[u8]) {
        self.ear.packet(now, header, content, payload);
    }

    /// What became of the leg's packets, since it was last heard in this way.
    pub(super) fn stats(&self) -> EarStats {
        self.ear.stats()
    }

    /// Hears this turn's frame, in the rates that the plan names.
    pub(super) fn hear(&mut self, now: Instant, plan: Plan) {
        let frame = &mut self.frame;
        let (heard, native) = self.ear.hear(now, &mut frame.native);
        frame.heard = heard;
        let is_narrow = native.len() == SampleRate::Narrow.frame_samples();
        frame.native_rate = if is_narrow { SampleRate::Narrow } else { SampleRate::Wide };
        frame.active = self.activity.frame(if heard == Heard::Voice { level_dbov(native) } else { 127 });
        let native = &frame.native[..frame.native_rate.frame_samples()];
        match frame.native_rate {
            SampleRate::Narrow if plan.wide => self.up.process(native, &mut frame.other),
            SampleRate::Wide if plan.narrow => {
                self.down.process(native, &mut frame.other[..SampleRate::Narrow.frame_samples()]);
            }
            SampleRate::Narrow | SampleRate::Wide => {}
        }
    }

    /// Encodes a frame of that rate for the leg. Returns the length of the packet with its header.
    pub(super) fn encode(
        &mut self,
        kind: CodecKind,
        rate: SampleRate,
        frame: &[i16],
        packet: &mut Packet,
    ) -> Option<usize> {
        if !self.encoder.as_ref().is_some_and(|e| e.kind() == kind && e.rate() == rate) {
            self.encoder = Encoder::new(kind, rate);
            self.suit();
        }
        let bytes = self.encoder.as_mut()?.encode(frame, &mut packet[HEADER_BYTES..])?;
        Some(HEADER_BYTES + bytes)
    }

    /// What the far end says it lost of ours, in percent, and what it wishes of Opus.
    pub(super) fn lost_at_remote(&mut self, loss_pct: u8, wishes: OpusWishes) {
        self.loss_pct = if wishes.repair { steadied(self.loss_pct, loss_pct) } else { 0 };
        self.bitrate_limit = wishes.bitrate_limit;
        self.suit();
    }

    fn suit(&mut self) {
        if let Some(encoder) = &mut self.encoder {
            encoder.suit(self.loss_pct, self.bitrate_limit);
        }
    }
}

/// Losses rise at once and fall by halves from report to report: an encoder that changes its ways
/// each time would be heard.
fn steadied(before_pct: u8, now_pct: u8) -> u8 {
    now_pct.max(before_pct / 2)
}

impl Frame {
    /// The frame at `rate`.
    pub(super) fn at(&self, rate: SampleRate) -> &[i16] {
        let samples = if rate == self.native_rate { &self.native } else { &self.other };
        &samples[..rate.frame_samples()]
    }
}
