//! The pitch period of a piece of speech: what concealment repeats, and what can be cut out or put
//! in without being heard.

use crate::codec::SampleRate;

/// The search runs at this rate: pitch lies far below.
const SEARCH_HZ: usize = 4_000;
/// 15 ms, a voice of 66 Hz (ITU-T G.711 Appendix I section 2.3).
const LONGEST: usize = SEARCH_HZ * 15 / 1_000;
/// 2.5 ms, 400 Hz.
const SHORTEST: usize = SEARCH_HZ / 400;
/// The stretch that is compared with itself: 15 ms, at least one period.
const COMPARED: usize = LONGEST;

/// Milliseconds of sound that [`find`] looks at.
pub(super) const LOOKS_AT_MS: usize = 30;

/// A period, and how alike the sound is one period apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Period {
    /// 2.5 to 15 ms.
    pub samples: usize,
    /// 1.0 repeats itself exactly, 0.0 not at all.
    pub likeness: f32,
}

/// The period at the end of `sound`, of which the last [`LOOKS_AT_MS`] count; missing ones are
/// silence.
pub(super) fn find(sound: &[i16], rate: SampleRate) -> Period {
    let factor = rate.hz() as usize / SEARCH_HZ;
    let mut line = [0.0_f32; LONGEST + COMPARED];
    for (at, group) in line.iter_mut().rev().zip(sound.rchunks_exact(factor)) {
        *at = group.iter().map(|sample| f32::from(*sample)).sum();
    }
    let newest = &line[LONGEST..];
    let newest_power: f32 = newest.iter().map(|s| s * s).sum();
    let mut best = Period { samples: LONGEST, likeness: 0.0 };
    for lag in SHORTEST..=LONGEST {
        let before = &line[LONGEST - lag..LONGEST - lag + COMPARED];
        let (mut cross, mut power) = (0.0, 0.0);
        for (a, b) in newest.iter().zip(before) {
            cross += a * b;
            power += b * b;
        }
        // One is for silence, which is like nothing.
        let likeness = cross / (newest_power * power).sqrt().max(1.0);
        // A multiple of the period is as alike: it must be better to win.
        if likeness > best.likeness + 0.02 {
            best = Period { samples: lag, likeness };
        }
    }
    Period { samples: refined(sound, best.samples * factor, factor), ..best }
}

/// The best of the periods that the coarse one stands for.
fn refined(sound: &[i16], coarse: usize, factor: usize) -> usize {
    let compared = sound.len().saturating_sub(coarse + factor).min(COMPARED * factor);
    if compared == 0 {
        return coarse;
    }
    let newest = &sound[sound.len() - compared..];
    let difference = |lag: usize| -> i64 {
        let start = sound.len() - compared - lag;
        let before = &sound[start..start + compared];
        newest.iter().zip(before).map(|(a, b)| i64::from((i32::from(*a) - i32::from(*b)).abs())).sum()
    };
    (coarse + 1 - factor..coarse + factor).min_by_key(|lag| difference(*lag)).unwrap_or(coarse)
}

/// Fades from one stretch into the other, both as long as `out`.
pub(super) fn fade(from: &[i16], to: &[i16], out: &mut [i16]) {
    let length = out.len() as i32;
    for (at, ((from, to), out)) in (1..).zip(from.iter().zip(to).zip(out)) {
        let mixed = i32::from(*from) * (length + 1 - at) + i32::from(*to) * at;
        *out = (mixed / (length + 1)) as i16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A voice of that pitch: its harmonics up to 3 kHz.
    fn voice(hz: f64, rate: SampleRate) -> Vec<i16> {
        let rate_hz = f64::from(rate.hz());
        (0..rate.hz() / 10)
            .map(|at| {
                let phase = std::f64::consts::TAU * hz * f64::from(at) / rate_hz;
                let harmonics = (3_000.0 / hz) as i32;
                let sum: f64 = (1..=harmonics).map(|h| (phase * f64::from(h)).cos() / f64::from(h)).sum();
                (sum * 3_000.0) as i16
            })
            .collect()
    }

    #[test]
    fn the_pitch_of_a_voice_is_found() {
        for rate in [SampleRate::Narrow, SampleRate::Wide] {
            for hz in [80.0, 110.0, 175.0, 240.0, 350.0] {
                let period = find(&voice(hz, rate), rate);
                let expected = f64::from(rate.hz()) / hz;
                let periods = (period.samples as f64 / expected).round();
                let off = (period.samples as f64 - periods * expected).abs();
                assert!(off <= 1.5 && periods <= 3.0, "{hz} Hz at {rate:?}: {period:?}, not {expected}");
                assert!(period.likeness > 0.9, "{hz} Hz: {period:?}");
            }
        }
    }

    #[test]
    fn noise_and_silence_are_like_nothing() {
        use rand::{RngExt as _, SeedableRng as _};
        let mut random = rand::rngs::StdRng::seed_from_u64(3);
        let noise: Vec<i16> = (0..400).map(|_| random.random_range(-9_000..9_000)).collect();
        assert!(find(&noise, SampleRate::Narrow).likeness < 0.6);
        assert_eq!(find(&[0; 400], SampleRate::Wide).likeness, 0.0);
        // Short, or nothing at all.
        for length in 0..60 {
            let period = find(&noise[..length], SampleRate::Narrow);
            assert!((20..=121).contains(&period.samples));
        }
    }
}
