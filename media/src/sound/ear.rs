//! One leg's stream as sound: packets in as they come, 20 ms out at each turn.
//!
//! In between lies the adaptive jitter buffer. Sound is played as long after the fastest packet's
//! way as [`Delay`] says; a delay that is off is mended in a pause, else by a period of the voice
//! more or less. What is lost is repaired by the next packet (Opus), or guessed; a far end that
//! says nothing is silent, or rustles as its comfort noise packets describe.
//!
//! Pure: `now` comes from outside, and nothing is allocated once the stream runs.

use std::time::Instant;

use super::buffer::{Content, PacketBuffer};
use super::conceal::Concealer;
use super::delay::Delay;
use super::line::Line;
use super::noise::ComfortNoise;
use super::stretch::{self, Need};
use crate::codec::{CodecKind, Decoder, SampleRate};
use crate::rtp::packet::Header;

/// Farther from the wall clock than this a timestamp belongs to another stream, as in
/// `rtp/sender.rs`.
const STAMP_STRAY_US: i64 = 2_000_000;
/// A delay this far off is mended gently, and this far at once: two packets, and what is heard as
/// a lag.
const OFF_GENTLY_US: i64 = 15_000;
const OFF_URGENTLY_US: i64 = 80_000;
/// Later than the target by this, sound is skipped rather than played.
const OFF_HOPELESSLY_US: i64 = 600_000;
/// A hole longer than this is a pause: the guess has faded by then.
const GUESS_LIMIT_MS: i64 = 100;
/// A guess is made in pieces of 10 ms, so that a late packet is used as soon as it is here.
const GUESSES_A_SECOND: u32 = 100;
/// While Opus loses packets we wait for the next one, which may carry the lost one's copy: a packet
/// and a turn. So long after the last loss.
const REPAIR_TARGET_US: i64 = 45_000;
const REPAIR_HOLD_US: i64 = 10_000_000;
/// Of comfort noise before any voice (RFC 3389 section 4).
const NOISE_CLOCK_HZ: i64 = 8_000;
/// Steps in one turn: no packet is shorter than 2.5 ms, so 20 ms are filled well before.
const STEPS_LIMIT: usize = 64;

/// What a turn gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Voice, or a guess at it.
    Voice,
    /// Comfort noise, as the far end described it.
    Noise,
    /// Nothing: zeros.
    Silence,
}

/// What became of a leg's packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EarStats {
    /// Packets that came after their time.
    pub late: u64,
    /// Sound guessed or repaired, in ms.
    pub concealed_ms: u64,
}

/// A stream as sound.
#[derive(Debug)]
pub(crate) struct Ear {
    wanted: SampleRate,
    decoder: Option<Decoder>,
    concealer: Concealer,
    noise: ComfortNoise,
    buffer: PacketBuffer,
    delay: Delay,
    line: Line,
    state: State,
    stream: Option<Stream>,
    /// Packets stamped before this are too late.
    played_until: Option<i64>,
    /// When a packet was last found missing.
    lost_us: Option<i64>,
    /// The origin of `now`.
    since: Instant,
    stats: EarStats,
}

/// The newest packet of the stream, its numbers without a wrap.
#[derive(Clone, Copy, Debug)]
struct Stream {
    ssrc: u32,
    sequence: i64,
    stamp: i64,
    clock_hz: i64,
    arrived_us: i64,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Nobody speaks.
    Pause { noise: bool },
    Playing {
        /// Of the next packet.
        stamp: i64,
        sequence: i64,
        /// Clock ticks guessed while nothing was there to play.
        waited: i64,
    },
}

impl Ear {
    /// `wanted` is the rate of what comes out; `seed` any number.
    pub(crate) fn new(wanted: SampleRate, now: Instant, seed: u32) -> Ear {
        Ear {
            wanted,
            decoder: None,
            concealer: Concealer::new(wanted),
            noise: ComfortNoise::new(seed),
            buffer: PacketBuffer::default(),
            delay: Delay::new(),
            line: Line::new(),
            state: State::Pause { noise: false },
            stream: None,
            played_until: None,
            lost_us: None,
            since: now,
            stats: EarStats::default(),
        }
    }

    /// The rate asked for. What comes out has [`Ear::rate`].
    pub(crate) fn wanted(&self) -> SampleRate {
        self.wanted
    }

    /// The rate of what comes out: that of the codec heard last.
    pub(crate) fn rate(&self) -> SampleRate {
        self.decoder.as_ref().map_or(self.wanted, Decoder::rate)
    }

    pub(crate) fn stats(&self) -> EarStats {
        self.stats
    }

    /// A packet came.
    pub(crate) fn packet(&mut self, now: Instant, header: &Header, content: Content, payload: &[u8]) {
        let now_us = self.us(now);
        let clock_hz = match (content, self.stream) {
            (Content::Voice(kind), _) => i64::from(kind.clock_hz()),
            (Content::ComfortNoise, Some(stream)) => stream.clock_hz,
            // A far end that begins by saying nothing: RFC 3389 section 4 gives noise this clock.
            (Content::ComfortNoise, None) => NOISE_CLOCK_HZ,
        };
        let (sequence, stamp) = self.unwrapped(now_us, header, clock_hz);
        if self.played_until.is_some_and(|until| stamp < until) {
            self.stats.late += 1;
            self.delay.arrived(now_us, us_of(stamp, clock_hz));
            return;
        }
        // Noise may be sent whenever the far end likes; it tells of the way where nothing else has.
        let tells = matches!(content, Content::Voice(_)) || self.delay.is_unknown();
        if self.buffer.insert(sequence, stamp, content, payload) && tells {
            self.delay.arrived(now_us, us_of(stamp, clock_hz));
        }
    }

    /// The next 20 ms, at [`Ear::rate`], of which `sound` must hold a frame.
    pub(crate) fn hear<'a>(
        &mut self,
        now: Instant,
        sound: &'a mut [i16; crate::codec::FRAME_SAMPLES_LIMIT],
    ) -> (Heard, &'a [i16]) {
        let now_us = self.us(now);
        let is_early = self.shorten(now_us);
        let mut heard = if self.line.samples().is_empty() { Heard::Silence } else { Heard::Voice };
        for _ in 0..STEPS_LIMIT {
            if self.line.samples().len() >= self.rate().frame_samples() {
                break;
            }
            heard = self.step(now_us).or_louder(heard);
        }
        if is_early {
            let rate = self.rate();
            stretch::lengthen(&mut self.line, rate);
        }
        let wanted = self.rate().frame_samples();
        let frame = &mut sound[..wanted];
        let there = self.line.samples().len().min(wanted);
        frame[..there].copy_from_slice(&self.line.samples()[..there]);
        frame[there..].fill(0);
        self.line.discard(there);
        if let State::Playing { .. } = self.state {
            heard = Heard::Voice;
        }
        (heard, frame)
    }

    /// Takes away delay that is too much. Says whether there is too little.
    fn shorten(&mut self, now_us: i64) -> bool {
        let (State::Playing { stamp, .. }, Some(stream)) = (self.state, self.stream) else {
            return false;
        };
        let rate = self.rate();
        let head_us =
            us_of(stamp, stream.clock_hz) - us_of(self.line.samples().len() as i64, rate.hz().into());
        let off_us = self.delay.since_fastest_us(now_us, head_us) - self.target_us(now_us);
        if off_us > OFF_HOPELESSLY_US {
            self.line.clear();
            self.skip(now_us, stream.clock_hz);
        } else if off_us > OFF_GENTLY_US {
            let need = if off_us > OFF_URGENTLY_US { Need::Urgent } else { Need::Gentle };
            while self.line.samples().len() < stretch::needs(rate) && self.is_next_here() {
                self.step(now_us);
                if self.rate() != rate {
                    return false;
                }
            }
            stretch::shorten(&mut self.line, rate, need);
        }
        off_us < -OFF_GENTLY_US
    }

    /// How long after the fastest way a packet shall sound.
    fn target_us(&self, now_us: i64) -> i64 {
        let target_us = self.delay.target_us();
        let repairs = self.decoder.as_ref().is_some_and(|decoder| decoder.kind() == CodecKind::Opus)
            && self.lost_us.is_some_and(|lost_us| now_us - lost_us < REPAIR_HOLD_US);
        if repairs { target_us.max(REPAIR_TARGET_US) } else { target_us }
    }

    /// Drops what is too old to be played.
    fn skip(&mut self, now_us: i64, clock_hz: i64) {
        self.state = State::Pause { noise: false };
        while let Some(first) = self.buffer.first() {
            let since_us = self.delay.since_fastest_us(now_us, us_of(first.stamp, clock_hz));
            if since_us <= self.target_us(now_us) + OFF_GENTLY_US {
                break;
            }
            self.buffer.discard_first();
        }
    }

    fn is_next_here(&self) -> bool {
        let State::Playing { stamp, .. } = self.state else {
            return false;
        };
        self.buffer.first().is_some_and(|first| first.stamp == stamp)
    }

    /// Adds something to the line.
    fn step(&mut self, now_us: i64) -> Heard {
        match self.state {
            State::Pause { noise } => self.pause(now_us, noise),
            State::Playing { stamp, sequence, waited } => self.play(now_us, stamp, sequence, waited),
        }
    }

    /// Silence until the first packet's time has come.
    fn pause(&mut self, now_us: i64, noise: bool) -> Heard {
        let rate = self.rate();
        let missing = rate.frame_samples() - self.line.samples().len().min(rate.frame_samples());
        let mut silent = missing;
        if let (Some(first), Some(stream)) = (self.buffer.first(), self.stream) {
            let first_us = us_of(first.stamp, stream.clock_hz);
            // What lies in the line is heard before it.
            let ahead_us = us_of(self.line.samples().len() as i64, rate.hz().into());
            let wait_us = self.target_us(now_us) - self.delay.since_fastest_us(now_us + ahead_us, first_us);
            let wait = wait_us * i64::from(rate.hz()) / 1_000_000;
            if wait <= 0 {
                self.state = State::Playing { stamp: first.stamp, sequence: first.sequence, waited: 0 };
                return Heard::Voice;
            }
            silent = silent.min(wait as usize);
        }
        let Some(room) = self.line.room(silent) else {
            return Heard::Silence;
        };
        match noise {
            true => self.noise.fill(room),
            false => room.fill(0),
        }
        if noise { Heard::Noise } else { Heard::Silence }
    }

    /// The next packet, or what stands for it.
    fn play(&mut self, now_us: i64, stamp: i64, sequence: i64, waited: i64) -> Heard {
        let Some(first) = self.buffer.first() else {
            return self.wait(stamp, sequence, waited);
        };
        let gap = first.stamp - stamp;
        if gap < 0 {
            self.buffer.discard_first();
            return Heard::Voice;
        }
        let clock_hz = self.clock_hz();
        if gap > 0 {
            if first.sequence != sequence {
                self.lost_us = Some(now_us);
            }
            if gap <= waited {
                // The guess while we waited was the lost packet's.
                self.played_until = Some(first.stamp);
                self.state = State::Playing { stamp: first.stamp, sequence: first.sequence, waited: 0 };
                return Heard::Voice;
            }
            // Nothing lost, and yet a gap: the far end paused.
            let paused = first.sequence == sequence || gap * 1_000 > GUESS_LIMIT_MS * clock_hz;
            if paused {
                self.state = State::Pause { noise: false };
                return Heard::Silence;
            }
            return self.repair(stamp, sequence, gap);
        }
        self.play_first()
    }

    /// Decodes the earliest packet into the line.
    fn play_first(&mut self) -> Heard {
        let Some(content) = self.buffer.first().map(|slot| slot.content) else {
            return Heard::Silence;
        };
        match content {
            Content::ComfortNoise => {
                let noise = &mut self.noise;
                self.buffer.take_first(|slot| noise.describe(&slot.payload));
                self.state = State::Pause { noise: true };
                Heard::Noise
            }
            Content::Voice(kind) => {
                self.speak(kind);
                let clock_hz = self.clock_hz();
                let Ear { decoder, concealer, line, buffer, .. } = self;
                let Some(decoder) = decoder else {
                    buffer.discard_first();
                    self.state = State::Pause { noise: false };
                    return Heard::Silence;
                };
                let rate = decoder.rate();
                let played = buffer.take_first(|slot| {
                    let samples = decoder.samples(&slot.payload)?;
                    let room = line.room(samples)?;
                    if decoder.decode(&slot.payload, room).is_none() {
                        line.cut(samples);
                        return None;
                    }
                    concealer.heard(room);
                    Some((slot.stamp + ticks_of(samples, rate, clock_hz), slot.sequence + 1))
                });
                // A broken one is as good as lost, which the packet after it will tell.
                if let Some((stamp, sequence)) = played.flatten() {
                    self.played_until = Some(stamp);
                    self.state = State::Playing { stamp, sequence, waited: 0 };
                }
                Heard::Voice
            }
        }
    }

    /// Something was lost before the first packet here: 10 ms of it, or all that it repairs.
    fn repair(&mut self, stamp: i64, sequence: i64, gap: i64) -> Heard {
        let (rate, clock_hz) = (self.rate(), self.clock_hz());
        let gap_samples = (gap * i64::from(rate.hz()) / clock_hz) as usize;
        let Ear { decoder, line, buffer, .. } = self;
        // The copy is of the one packet before, which is 20 ms almost always.
        let repairable = gap_samples == rate.frame_samples();
        if let (true, Some(decoder), Some(first)) = (repairable, decoder, buffer.first())
            && let Some(room) = line.room(gap_samples)
        {
            if decoder.recover(&first.payload, room) {
                self.stats.concealed_ms += gap_samples as u64 * 1_000 / u64::from(rate.hz());
                self.played_until = Some(stamp + gap);
                self.state = State::Playing { stamp: stamp + gap, sequence: sequence + 1, waited: 0 };
                return Heard::Voice;
            }
            line.cut(gap_samples);
        }
        let guessed = gap_samples.clamp(1, (rate.hz() / GUESSES_A_SECOND) as usize);
        self.guess(guessed);
        let ticks = ticks_of(guessed, rate, clock_hz).min(gap);
        self.played_until = Some(stamp + ticks);
        self.state = State::Playing { stamp: stamp + ticks, sequence, waited: 0 };
        Heard::Voice
    }

    /// Nothing to play: the next packet is late, lost, or there is none.
    fn wait(&mut self, stamp: i64, sequence: i64, waited: i64) -> Heard {
        let (rate, clock_hz) = (self.rate(), self.clock_hz());
        if waited * 1_000 >= GUESS_LIMIT_MS * clock_hz {
            self.state = State::Pause { noise: false };
            return Heard::Silence;
        }
        let guessed = (rate.hz() / GUESSES_A_SECOND) as usize;
        self.guess(guessed);
        let waited = waited + ticks_of(guessed, rate, clock_hz);
        self.state = State::Playing { stamp, sequence, waited };
        Heard::Voice
    }

    fn guess(&mut self, samples: usize) {
        let Some(room) = self.line.room(samples) else {
            return;
        };
        if !self.decoder.as_mut().is_some_and(|decoder| decoder.conceal(room)) {
            self.concealer.conceal(room);
        }
        self.stats.concealed_ms += samples as u64 * 1_000 / u64::from(self.rate().hz());
    }

    /// Takes up another codec.
    fn speak(&mut self, kind: CodecKind) {
        if self.decoder.as_ref().is_some_and(|decoder| decoder.kind() == kind) {
            return;
        }
        self.decoder = Decoder::new(kind, self.wanted);
        // What is left of the old one may be at another rate.
        self.line.clear();
        self.concealer = Concealer::new(self.rate());
    }

    /// The packet's numbers without a wrap; a jump or another source starts over.
    fn unwrapped(&mut self, now_us: i64, header: &Header, clock_hz: i64) -> (i64, i64) {
        let fresh = Stream {
            ssrc: header.ssrc,
            sequence: header.sequence.into(),
            stamp: header.timestamp.into(),
            clock_hz,
            arrived_us: now_us,
        };
        let continued =
            self.stream.filter(|s| s.ssrc == header.ssrc && s.clock_hz == clock_hz).and_then(|s| {
                let ahead = header.sequence.wrapping_sub(s.sequence as u16).cast_signed();
                let stamps_ahead = header.timestamp.wrapping_sub(s.stamp as u32).cast_signed();
                let stray_us = us_of(stamps_ahead.into(), clock_hz) - (now_us - s.arrived_us);
                (stray_us.abs() <= STAMP_STRAY_US)
                    .then_some((s.sequence + i64::from(ahead), s.stamp + i64::from(stamps_ahead)))
            });
        let Some((sequence, stamp)) = continued else {
            if self.stream.is_some() {
                self.buffer.clear();
                self.delay.restart();
                self.played_until = None;
                self.state = State::Pause { noise: false };
            }
            self.stream = Some(fresh);
            return (fresh.sequence, fresh.stamp);
        };
        if self.stream.is_some_and(|s| stamp >= s.stamp) {
            self.stream = Some(Stream { sequence, stamp, ..fresh });
        }
        (sequence, stamp)
    }

    fn clock_hz(&self) -> i64 {
        // Only asked while a stream plays.
        self.stream.map_or(8_000, |stream| stream.clock_hz)
    }

    fn us(&self, now: Instant) -> i64 {
        now.saturating_duration_since(self.since).as_micros() as i64
    }
}

impl Heard {
    fn or_louder(self, other: Heard) -> Heard {
        match (self, other) {
            (Heard::Voice, _) | (_, Heard::Voice) => Heard::Voice,
            (Heard::Noise, _) | (_, Heard::Noise) => Heard::Noise,
            (Heard::Silence, Heard::Silence) => Heard::Silence,
        }
    }
}

/// Ticks of a clock, or samples of a rate, in µs.
fn us_of(ticks: i64, clock_hz: i64) -> i64 {
    ticks * 1_000_000 / clock_hz
}

fn ticks_of(samples: usize, rate: SampleRate, clock_hz: i64) -> i64 {
    samples as i64 * clock_hz / i64::from(rate.hz())
}

#[cfg(test)]
mod tests;
