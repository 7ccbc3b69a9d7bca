//! Any rate to 8000 Hz, once per prompt: a windowed-sinc low-pass, evaluated where each output
//! sample falls.

use std::f64::consts::PI;

use crate::rtp::CLOCK_HZ;

/// Half the filter's length, in zero crossings of its sinc: with the Blackman window this puts the
/// transition (about 5.5 / 64 of the line's 8 kHz, 700 Hz wide) between voice and fold-back.
const HALF_CROSSINGS: f64 = 32.0;
/// Centre of the transition: the telephone band ends at 3400 Hz, folding starts at 4000.
const CUTOFF_HZ: f64 = 3_700.0;

/// The sound at 8000 Hz. At that rate it is returned as it is.
pub(super) fn to_8_khz(samples: &[i16], rate_hz: u32) -> Vec<i16> {
    if rate_hz == CLOCK_HZ {
        return samples.to_vec();
    }
    let step = f64::from(rate_hz) / f64::from(CLOCK_HZ);
    // Cut-off relative to the input's rate.
    let cutoff = CUTOFF_HZ / f64::from(rate_hz);
    let half = HALF_CROSSINGS / (2.0 * cutoff);
    let count = (samples.len() as f64 / step).ceil() as usize;
    (0..count)
        .map(|index| {
            let centre = index as f64 * step;
            let first = (centre - half).ceil().max(0.0) as usize;
            let last = ((centre + half).floor() as usize).min(samples.len().saturating_sub(1));
            let sum: f64 = samples[first..=last]
                .iter()
                .zip(first..)
                .map(|(sample, at)| f64::from(*sample) * tap(at as f64 - centre, cutoff, half))
                .sum();
            sum.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
        })
        .collect()
}

/// The filter at `offset` input samples from its centre.
fn tap(offset: f64, cutoff: f64, half: f64) -> f64 {
    let angle = 2.0 * PI * cutoff * offset;
    let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
    let place = PI * offset / half;
    let blackman = 0.42 + 0.5 * place.cos() + 0.08 * (2.0 * place).cos();
    2.0 * cutoff * sinc * blackman
}
