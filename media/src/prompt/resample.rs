//! Any rate to 8000 or 16000 Hz, once per prompt: a windowed-sinc low-pass, evaluated where each output
//! sample falls.

use std::f64::consts::PI;

use crate::codec::SampleRate;

/// Half the filter's length, in zero crossings of its sinc: with the Blackman window this puts the
/// transition (about 5.5 / 64 of the line's rate, 700 Hz wide at 8 kHz) between voice and fold-back.
const HALF_CROSSINGS: f64 = 32.0;
/// Centre of the transition at 8000 Hz: the telephone band ends at 3400 Hz, folding starts at 4000.
/// At 16000 Hz all is twice as high.
const CUTOFF: f64 = 3_700.0 / 8_000.0;

/// The sound at `to`. At that rate it is returned as it is.
pub(super) fn resampled(samples: &[i16], rate_hz: u32, to: SampleRate) -> Vec<i16> {
    if rate_hz == to.hz() {
        return samples.to_vec();
    }
    // The rates as a fraction in lowest terms: an output sample falls on one of `phases` places
    // between two input samples, and each place has one set of taps.
    let divisor = gcd(rate_hz, to.hz());
    let (step, phases) = ((rate_hz / divisor) as usize, (to.hz() / divisor) as usize);
    // What the lower of the two rates can carry, relative to the input's.
    let cutoff = CUTOFF * f64::from(to.hz().min(rate_hz)) / f64::from(rate_hz);
    let taps: Vec<Taps> = (0..phases).map(|phase| Taps::new(phase as f64 / phases as f64, cutoff)).collect();
    let count = (samples.len() * phases).div_ceil(step);
    (0..count)
        .map(|index| {
            let place = index * step;
            let sum = taps[place % phases].apply(samples, place / phases);
            sum.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
        })
        .collect()
}

/// The filter for output samples that fall `fraction` of an input sample behind one.
struct Taps {
    /// Input samples from the one before the place back to the first that counts.
    before: usize,
    values: Vec<f64>,
}

impl Taps {
    fn new(fraction: f64, cutoff: f64) -> Taps {
        let half = HALF_CROSSINGS / (2.0 * cutoff);
        let before = (half - fraction).floor() as usize;
        let after = (half + fraction).floor() as usize;
        let values = (0..=before + after)
            .map(|tap_at| tap(tap_at as f64 - before as f64 - fraction, cutoff, half))
            .collect();
        Taps { before, values }
    }

    /// The filtered sample at `base`; beyond its ends the sound is silence.
    fn apply(&self, samples: &[i16], base: usize) -> f64 {
        let skipped = self.before.saturating_sub(base);
        let first = base.saturating_sub(self.before).min(samples.len());
        samples[first..]
            .iter()
            .zip(&self.values[skipped..])
            .map(|(sample, tap)| f64::from(*sample) * tap)
            .sum()
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The filter at `offset` input samples from its centre.
fn tap(offset: f64, cutoff: f64, half: f64) -> f64 {
    let angle = 2.0 * PI * cutoff * offset;
    let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
    let place = PI * offset / half;
    let blackman = 0.42 + 0.5 * place.cos() + 0.08 * (2.0 * place).cos();
    2.0 * cutoff * sinc * blackman
}
