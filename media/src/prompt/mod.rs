//! Sounds that are played to a leg: read once, kept in each law and as wide linear sound, shared by
//! all calls.

mod resample;

use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use crate::codec::{Law, SampleRate};
use crate::rtp::CLOCK_HZ;
use crate::tone::Sine;

/// 15 minutes: longer than any hold music loop; all forms of it together take 43 MB.
const LENGTH_LIMIT_SECONDS: u32 = 15 * 60;
/// 15 minutes in stereo at 48 kHz, and its header.
const FILE_LIMIT_BYTES: u64 = 180 * 1024 * 1024;
/// Rates that a phone system meets.
const RATES_HZ: std::ops::RangeInclusive<u32> = 8_000..=48_000;
/// Peak of [`Prompt::tone`], of 32767: loud, yet below what clips.
const TONE_AMPLITUDE: i16 = 12_000;

/// A sound ready to be sent. Share it as `Arc<Prompt>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Prompt {
    pcmu: Box<[u8]>,
    pcma: Box<[u8]>,
    /// At 16000 Hz, twice as many samples as there are codes.
    wide: Box<[i16]>,
}

/// Why a sound was refused.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The file could not be read.
    #[error("prompt cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Not a WAV file.
    #[error("prompt is no WAV file: {0}")]
    Wav(#[from] hound::Error),
    /// A WAV file, but not one we take.
    #[error(
        "prompt must be PCM of 16 bits, 1 or 2 channels, 8000 to 48000 Hz; it has {bits} bits, \
         {channels} channels, {rate_hz} Hz"
    )]
    Format { bits: u16, channels: u16, rate_hz: u32 },
    /// No sound in it.
    #[error("prompt is empty")]
    Empty,
    /// Too much sound in it.
    #[error("prompt is longer than {limit_seconds} s")]
    TooLong { limit_seconds: u32 },
}

impl Prompt {
    /// Reads a WAV file held in memory: 16 bit PCM, mono or stereo (mixed down), 8 to 48 kHz.
    pub fn from_wav(bytes: &[u8]) -> Result<Prompt, PromptError> {
        let reader = hound::WavReader::new(Cursor::new(bytes))?;
        let spec = reader.spec();
        if spec.bits_per_sample != 16
            || spec.sample_format != hound::SampleFormat::Int
            || !(1..=2).contains(&spec.channels)
            || !RATES_HZ.contains(&spec.sample_rate)
        {
            return Err(PromptError::Format {
                bits: spec.bits_per_sample,
                channels: spec.channels,
                rate_hz: spec.sample_rate,
            });
        }
        if reader.duration() / spec.sample_rate >= LENGTH_LIMIT_SECONDS {
            return Err(PromptError::TooLong { limit_seconds: LENGTH_LIMIT_SECONDS });
        }
        let samples = reader.into_samples::<i16>().collect::<Result<Vec<_>, _>>()?;
        let mono = match spec.channels {
            1 => samples,
            _ => samples.chunks_exact(2).map(mean).collect(),
        };
        if mono.is_empty() {
            return Err(PromptError::Empty);
        }
        let narrow = resample::resampled(&mono, spec.sample_rate, SampleRate::Narrow);
        let wide = resample::resampled(&mono, spec.sample_rate, SampleRate::Wide);
        Ok(Prompt::from_linear(&narrow, wide))
    }

    /// Reads a WAV file; see [`Prompt::from_wav`]. Blocks.
    pub fn from_file(path: &Path) -> Result<Prompt, PromptError> {
        if std::fs::metadata(path)?.len() > FILE_LIMIT_BYTES {
            return Err(PromptError::TooLong { limit_seconds: LENGTH_LIMIT_SECONDS });
        }
        Prompt::from_wav(&std::fs::read(path)?)
    }

    /// A sine of `frequency_hz` for `ms`, at most the length any prompt may have.
    pub fn tone(frequency_hz: f64, ms: u32) -> Prompt {
        let samples = (u64::from(ms) * u64::from(CLOCK_HZ) / 1_000)
            .clamp(1, u64::from(LENGTH_LIMIT_SECONDS * CLOCK_HZ));
        let sine = |rate: SampleRate| Sine::new(frequency_hz, rate.hz(), TONE_AMPLITUDE);
        let narrow: Vec<i16> = sine(SampleRate::Narrow).take(samples as usize).collect();
        Prompt::from_linear(&narrow, sine(SampleRate::Wide).take(2 * samples as usize).collect())
    }

    /// How long it lasts, played once.
    pub fn duration(&self) -> Duration {
        Duration::from_micros(self.pcmu.len() as u64 * 1_000_000 / u64::from(CLOCK_HZ))
    }

    /// One byte a sample at 8000 Hz. Never empty.
    pub(crate) fn encoded(&self, law: Law) -> &[u8] {
        match law {
            Law::Mu => &self.pcmu,
            Law::A => &self.pcma,
        }
    }

    /// Linear at 16000 Hz: two samples for each code of [`Prompt::encoded`].
    pub(crate) fn wide(&self) -> &[i16] {
        &self.wide
    }

    fn from_linear(narrow: &[i16], mut wide: Vec<i16>) -> Prompt {
        let encode = |law: Law| narrow.iter().map(|s| law.encode(*s)).collect();
        wide.resize(narrow.len() * 2, 0);
        Prompt { pcmu: encode(Law::Mu), pcma: encode(Law::A), wide: wide.into() }
    }
}

impl std::fmt::Debug for Prompt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prompt").field("duration", &self.duration()).finish_non_exhaustive()
    }
}

fn mean(frame: &[i16]) -> i16 {
    let sum: i32 = frame.iter().map(|s| i32::from(*s)).sum();
    (sum / frame.len() as i32) as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::share_of_tone;

    fn wav(rate_hz: u32, channels: u16, samples: impl Iterator<Item = i16>) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate_hz,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("in memory");
        for sample in samples {
            for _ in 0..channels {
                writer.write_sample(sample).expect("in memory");
            }
        }
        writer.finalize().expect("in memory");
        bytes.into_inner()
    }

    fn decoded(prompt: &Prompt, law: Law) -> Vec<i16> {
        let linear = law.linear();
        prompt.encoded(law).iter().map(|code| linear[usize::from(*code)]).collect()
    }

    #[test]
    fn every_rate_keeps_its_tone_and_its_length() {
        for rate_hz in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] {
            for channels in [1, 2] {
                let tone = Sine::new(1_000.0, rate_hz, 10_000).take(rate_hz as usize);
                let prompt = Prompt::from_wav(&wav(rate_hz, channels, tone)).expect("a prompt");
                assert!(
                    prompt.duration().abs_diff(Duration::from_secs(1)) < Duration::from_millis(1),
                    "{rate_hz}: {prompt:?}"
                );
                assert_eq!(prompt.wide().len(), 2 * prompt.encoded(Law::A).len());
                assert!(share_of_tone(prompt.wide(), 1_000.0, 16_000) > 0.98, "{rate_hz}");
                for law in [Law::Mu, Law::A] {
                    let linear = decoded(&prompt, law);
                    assert!(share_of_tone(&linear, 1_000.0, 8_000) > 0.98, "{rate_hz}");
                    let peak = linear[1_000..7_000].iter().map(|s| s.unsigned_abs()).max();
                    assert!((9_000..11_000).contains(&peak.expect("samples")), "{rate_hz}");
                }
            }
        }
    }

    #[test]
    fn what_the_line_cannot_carry_does_not_fold_back() {
        for rate_hz in [16_000, 24_000, 44_100, 48_000] {
            // 5500 Hz would come back as 2500 Hz.
            let tone = Sine::new(5_500.0, rate_hz, 10_000).take(rate_hz as usize);
            let prompt = Prompt::from_wav(&wav(rate_hz, 1, tone)).expect("a prompt");
            let linear = decoded(&prompt, Law::Mu);
            let peak = linear[1_000..7_000].iter().map(|s| s.unsigned_abs()).max();
            assert!(peak.expect("samples") < 100, "{rate_hz}: {peak:?}");
        }
    }

    #[test]
    fn other_files_are_refused_with_a_reason() {
        assert!(matches!(Prompt::from_wav(b"RIFF, almost"), Err(PromptError::Wav(_))));
        assert!(matches!(Prompt::from_wav(&wav(8_000, 1, std::iter::empty())), Err(PromptError::Empty)));
        assert!(matches!(
            Prompt::from_wav(&wav(8_000, 3, 0..10)),
            Err(PromptError::Format { channels: 3, .. })
        ));
        assert!(matches!(
            Prompt::from_wav(&wav(96_000, 1, 0..10)),
            Err(PromptError::Format { rate_hz: 96_000, .. })
        ));
        let whole = wav(8_000, 1, 0..100);
        assert!(Prompt::from_wav(&whole[..whole.len() - 50]).is_err());
    }

    #[test]
    fn a_tone_is_a_tone() {
        let prompt = Prompt::tone(440.0, 500);
        assert_eq!(prompt.duration(), Duration::from_millis(500));
        assert!(share_of_tone(&decoded(&prompt, Law::A), 440.0, 8_000) > 0.98);
    }
}
