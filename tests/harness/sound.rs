//! Tones made and tones found: what a phone sends, and what a dump or a recording holds.

use std::f64::consts::TAU;
use std::path::Path;

pub const TELEPHONE_HZ: u32 = 8_000;

/// `seconds` of a sine at `frequency_hz`, 8 kHz, half of full scale.
#[must_use]
pub fn tone(frequency_hz: f64, seconds: u32) -> Vec<i16> {
    (0..TELEPHONE_HZ * seconds)
        .map(|n| {
            let phase = TAU * frequency_hz * f64::from(n) / f64::from(TELEPHONE_HZ);
            #[expect(clippy::cast_possible_truncation, reason = "half of full scale fits")]
            let sample = (phase.sin() * 16_000.0) as i16;
            sample
        })
        .collect()
}

/// Writes a mono 16-bit WAV, what baresip's `aufile` takes.
pub fn write_wav(path: &Path, samples: &[i16]) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: TELEPHONE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).expect("a WAV can be made");
    for sample in samples {
        writer.write_sample(*sample).expect("a sample can be written");
    }
    writer.finalize().expect("a WAV can be closed");
}

/// Writes raw µ-law, what `SIPp`'s `rtp_stream` takes.
pub fn write_ulaw(path: &Path, samples: &[i16]) {
    let bytes: Vec<u8> = samples.iter().map(|sample| ulaw(*sample)).collect();
    std::fs::write(path, bytes).expect("raw audio can be written");
}

/// ITU-T G.711 µ-law, the segment found by the position of the highest bit.
pub fn ulaw(sample: i16) -> u8 {
    const BIAS: i32 = 0x84;
    const CLIP: i32 = 32_635;
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = i32::from(sample).abs().min(CLIP) + BIAS;
    let segment = 24 - magnitude.leading_zeros().cast_signed();
    let mantissa = (magnitude >> (segment + 3)) & 0x0f;
    let code = sign | (segment << 4) | mantissa;
    !u8::try_from(code).expect("sign, three bits and four bits")
}

/// Sound as read from a file: one row of samples a channel, -1.0 to 1.0.
#[derive(Debug)]
pub struct Sound {
    pub rate_hz: u32,
    pub channels: Vec<Vec<f64>>,
}

impl Sound {
    /// Reads a WAV as a strict reader does: a length in its header that is not true is an error.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut reader = hound::WavReader::new(bytes).map_err(|error| error.to_string())?;
        let spec = reader.spec();
        if spec.bits_per_sample != 16 || spec.sample_format != hound::SampleFormat::Int {
            return Err(format!("not 16-bit integers: {spec:?}"));
        }
        let width = usize::from(spec.channels);
        let mut channels = vec![Vec::new(); width];
        for (index, sample) in reader.samples::<i16>().enumerate() {
            let sample = sample.map_err(|error| error.to_string())?;
            channels[index % width].push(f64::from(sample) / 32_768.0);
        }
        Ok(Self { rate_hz: spec.sample_rate, channels })
    }

    /// Reads a mono 8 kHz dump that is still written: its header knows no length yet.
    #[must_use]
    pub fn read_growing(bytes: &[u8]) -> Option<Self> {
        const HEADER_BYTES: usize = 44;
        let samples = bytes.get(HEADER_BYTES..)?.chunks_exact(2);
        let samples = samples.map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0);
        Some(Self { rate_hz: TELEPHONE_HZ, channels: vec![samples.collect()] })
    }

    #[must_use]
    pub fn seconds(&self) -> f64 {
        let frames = self.channels.first().map_or(0, Vec::len);
        #[expect(clippy::cast_precision_loss, reason = "a test's sound is short")]
        let frames = frames as f64;
        frames / f64::from(self.rate_hz)
    }

    #[must_use]
    pub fn length_ms(&self) -> u64 {
        let frames = self.channels.first().map_or(0, Vec::len) as u64;
        frames * 1_000 / u64::from(self.rate_hz)
    }

    /// The sound between two places.
    #[must_use]
    pub fn part_ms(&self, from_ms: u64, to_ms: u64) -> Self {
        let frame = |at_ms: u64| (at_ms * u64::from(self.rate_hz) / 1_000) as usize;
        let (from, to) = (frame(from_ms), frame(to_ms));
        let channels = self.channels.iter().map(|channel| channel[from..to].to_vec()).collect();
        Self { rate_hz: self.rate_hz, channels }
    }

    /// The strongest share of energy that `frequency_hz` has in any tenth of a second of a channel:
    /// near 1 for a pure tone, near 0 where it is absent.
    #[must_use]
    pub fn share_of(&self, channel: usize, frequency_hz: f64) -> f64 {
        let window = (self.rate_hz / 10) as usize;
        self.channels[channel]
            .chunks_exact(window)
            .map(|part| energy_share(part, frequency_hz, self.rate_hz))
            .fold(0.0, f64::max)
    }

    /// How many seconds of a channel have `frequency_hz` above everything else. Half is enough: a
    /// starved sender leaves holes in its tone.
    #[must_use]
    pub fn seconds_of(&self, channel: usize, frequency_hz: f64) -> f64 {
        let window = (self.rate_hz / 20) as usize;
        let count = self.channels[channel]
            .chunks_exact(window)
            .filter(|part| energy_share(part, frequency_hz, self.rate_hz) > 0.5)
            .count();
        #[expect(clippy::cast_precision_loss, reason = "a test's sound is short")]
        let count = count as f64;
        count / 20.0
    }
}

/// Goertzel: the part of the energy of `samples` that lies at one frequency, 0 to 1. Silence has none.
#[must_use]
pub fn energy_share(samples: &[f64], frequency_hz: f64, rate_hz: u32) -> f64 {
    let coefficient = 2.0 * (TAU * frequency_hz / f64::from(rate_hz)).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in samples {
        let now = sample + coefficient * last - before;
        before = last;
        last = now;
    }
    let at_frequency = last * last + before * before - coefficient * last * before;
    let all: f64 = samples.iter().map(|sample| sample * sample).sum();
    #[expect(clippy::cast_precision_loss, reason = "a test's window is short")]
    let count = samples.len() as f64;
    // Below this it is a line's silence, not a sound: -60 dB of full scale.
    if all / count < 1e-6 {
        return 0.0;
    }
    (2.0 * at_frequency / (count * all)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_found_at_its_own_frequency_and_at_no_other() {
        let samples: Vec<f64> = tone(440.0, 1).iter().map(|s| f64::from(*s) / 32_768.0).collect();
        assert!(energy_share(&samples, 440.0, TELEPHONE_HZ) > 0.99);
        assert!(energy_share(&samples, 880.0, TELEPHONE_HZ) < 0.01);
        assert!(energy_share(&[0.0; 800], 440.0, TELEPHONE_HZ) < 0.01);
    }

    #[test]
    fn mu_law_gives_the_codes_of_the_recommendation() {
        // ITU-T G.711 table 2a: zero, full scale both ways, and one inside a segment.
        assert_eq!(ulaw(0), 0xff);
        assert_eq!(ulaw(i16::MAX), 0x80);
        assert_eq!(ulaw(i16::MIN), 0x00);
        assert_eq!(ulaw(1_000), 0xce);
    }
}
