//! Pure tones: made, and found again by the Goertzel algorithm.

use std::f64::consts::TAU;

/// A sine, sample by sample.
#[derive(Clone, Debug)]
pub struct Sine {
    phase: f64,
    step: f64,
    amplitude: f64,
}

impl Sine {
    /// `amplitude` is the peak, 0 to 32767.
    pub fn new(frequency_hz: f64, sample_rate_hz: u32, amplitude: i16) -> Sine {
        Sine {
            phase: 0.0,
            step: TAU * frequency_hz / f64::from(sample_rate_hz),
            amplitude: f64::from(amplitude),
        }
    }
}

impl Iterator for Sine {
    type Item = i16;

    fn next(&mut self) -> Option<i16> {
        let sample = (self.phase.sin() * self.amplitude).round() as i16;
        self.phase = (self.phase + self.step) % TAU;
        Some(sample)
    }
}

/// How much of the sound in `samples` is the tone `frequency_hz`: 0.0 none, 1.0 nothing else.
/// Silence is 0.0. The resolution is about `sample_rate_hz / samples.len()`.
pub fn share_of_tone(samples: &[i16], frequency_hz: f64, sample_rate_hz: u32) -> f64 {
    let energy: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
    if energy == 0.0 {
        return 0.0;
    }
    let coefficient = 2.0 * (TAU * frequency_hz / f64::from(sample_rate_hz)).cos();
    let (mut before, mut last) = (0.0, 0.0);
    for sample in samples {
        let next = f64::from(*sample) + coefficient * last - before;
        before = last;
        last = next;
    }
    let power = last * last + before * before - coefficient * last * before;
    // A pure tone of N samples and energy E has the power N·E/2 here.
    (2.0 * power / (energy * samples.len() as f64)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_found_and_no_other() {
        let samples: Vec<i16> = Sine::new(440.0, 8_000, 12_000).take(8_000).collect();
        assert!(share_of_tone(&samples, 440.0, 8_000) > 0.99);
        assert!(share_of_tone(&samples, 880.0, 8_000) < 0.01);
        assert!(share_of_tone(&samples, 445.0, 8_000) < 0.05);
    }

    #[test]
    fn silence_has_no_tone() {
        assert_eq!(share_of_tone(&[0; 800], 440.0, 8_000), 0.0);
        assert_eq!(share_of_tone(&[], 440.0, 8_000), 0.0);
    }

    #[test]
    fn two_tones_share() {
        let low = Sine::new(440.0, 8_000, 8_000);
        let high = Sine::new(880.0, 8_000, 8_000);
        let both: Vec<i16> = low.zip(high).map(|(a, b)| a + b).take(8_000).collect();
        let share = share_of_tone(&both, 440.0, 8_000);
        assert!((0.45..0.55).contains(&share), "{share}");
    }
}
