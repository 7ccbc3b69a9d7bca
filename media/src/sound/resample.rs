//! Between 8000 and 16000 Hz: a half-band filter, frame by frame, no allocation.
//!
//! Every second tap of a half-band filter is zero and its centre is a half, so a sample costs
//! [`TAPS`] multiplications; a general resampler spends ten times that.

/// Taps on one side of the centre that are not zero. The transition lies between 3500 and
/// 4500 Hz; what folds back is below -60 dB.
const TAPS: usize = 16;
/// Input samples that the next frame needs: the filter's reach to both sides.
const MEMORY: usize = 2 * TAPS;
/// The longest frame at the lower rate: 20 ms.
const FRAME_LIMIT: usize = 160;

/// Odd taps from the centre outwards: a sinc in a Kaiser window (beta 6), summing to a quarter.
static HALF: [f32; TAPS] = [
    0.31754569,
    -0.10360431,
    0.05954092,
    -0.03984405,
    0.02837684,
    -0.02075731,
    0.01530968,
    -0.01125421,
    0.00817490,
    -0.00582379,
    0.00403789,
    -0.00270020,
    0.00172045,
    -0.00102513,
    0.00055245,
    -0.00024980,
];

/// Doubles the rate.
#[derive(Debug, Clone)]
pub(crate) struct Upsampler {
    memory: [f32; MEMORY],
}

impl Upsampler {
    pub(crate) fn new() -> Upsampler {
        Upsampler { memory: [0.0; MEMORY] }
    }

    /// `wide` is twice as long as `narrow`, which is at most 20 ms. Delays by 2 ms.
    pub(crate) fn process(&mut self, narrow: &[i16], wide: &mut [i16]) {
        debug_assert!(narrow.len() <= FRAME_LIMIT && wide.len() == narrow.len() * 2);
        let mut line = [0.0; MEMORY + FRAME_LIMIT];
        let line = load(&mut line, &self.memory, narrow);
        for (window, out) in line.windows(MEMORY).skip(1).zip(wide.chunks_exact_mut(2)) {
            // Between the two in the middle, and on the later of them.
            let between: f32 =
                (0..TAPS).map(|at| HALF[at] * (window[TAPS - 1 - at] + window[TAPS + at])).sum();
            out[0] = sample(2.0 * between);
            out[1] = sample(window[TAPS]);
        }
        self.memory.copy_from_slice(&line[line.len() - MEMORY..]);
    }
}

/// Halves the rate.
#[derive(Debug, Clone)]
pub(crate) struct Downsampler {
    even: [f32; MEMORY],
    odd: [f32; MEMORY],
}

impl Downsampler {
    pub(crate) fn new() -> Downsampler {
        Downsampler { even: [0.0; MEMORY], odd: [0.0; MEMORY] }
    }

    /// `narrow` is half as long as `wide`, which is at most 20 ms. Delays by 2 ms.
    pub(crate) fn process(&mut self, wide: &[i16], narrow: &mut [i16]) {
        debug_assert!(narrow.len() <= FRAME_LIMIT && wide.len() == narrow.len() * 2);
        let (mut even, mut odd) = ([0.0; MEMORY + FRAME_LIMIT], [0.0; MEMORY + FRAME_LIMIT]);
        even[..MEMORY].copy_from_slice(&self.even);
        odd[..MEMORY].copy_from_slice(&self.odd);
        for (at, pair) in wide.chunks_exact(2).enumerate() {
            even[MEMORY + at] = f32::from(pair[0]);
            odd[MEMORY + at] = f32::from(pair[1]);
        }
        let end = MEMORY + narrow.len();
        for (at, out) in narrow.iter_mut().enumerate() {
            // Evens lie at the odd distances from the odd sample in the middle.
            let window = &even[at + 1..at + 1 + MEMORY];
            let around: f32 =
                (0..TAPS).map(|tap| HALF[tap] * (window[TAPS - 1 - tap] + window[TAPS + tap])).sum();
            *out = sample(around + 0.5 * odd[at + TAPS]);
        }
        self.even.copy_from_slice(&even[end - MEMORY..end]);
        self.odd.copy_from_slice(&odd[end - MEMORY..end]);
    }
}

fn load<'a>(line: &'a mut [f32; MEMORY + FRAME_LIMIT], memory: &[f32; MEMORY], frame: &[i16]) -> &'a [f32] {
    line[..MEMORY].copy_from_slice(memory);
    for (at, sample) in line[MEMORY..].iter_mut().zip(frame) {
        *at = f32::from(*sample);
    }
    &line[..MEMORY + frame.len()]
}

fn sample(value: f32) -> i16 {
    // Rounds; a float that is out of range becomes the nearest sample.
    (value + 0.5_f32.copysign(value)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::{Sine, share_of_tone};

    fn up(narrow: &[i16]) -> Vec<i16> {
        let (mut filter, mut out) = (Upsampler::new(), vec![0; narrow.len() * 2]);
        for (frame, wide) in narrow.chunks(160).zip(out.chunks_mut(320)) {
            filter.process(frame, wide);
        }
        out
    }

    fn down(wide: &[i16]) -> Vec<i16> {
        let (mut filter, mut out) = (Downsampler::new(), vec![0; wide.len() / 2]);
        for (frame, narrow) in wide.chunks(320).zip(out.chunks_mut(160)) {
            filter.process(frame, narrow);
        }
        out
    }

    fn tone(hz: f64, rate_hz: u32) -> Vec<i16> {
        Sine::new(hz, rate_hz, 10_000).take(rate_hz as usize).collect()
    }

    fn peak(sound: &[i16]) -> u16 {
        sound[1_000..].iter().map(|s| s.unsigned_abs()).max().unwrap_or(0)
    }

    #[test]
    fn the_telephone_band_survives_both_ways() {
        for hz in [200.0, 1_000.0, 3_300.0] {
            let wide = up(&tone(hz, 8_000));
            assert!(share_of_tone(&wide[1_000..], hz, 16_000) > 0.999, "{hz}");
            assert!((9_800..10_200).contains(&peak(&wide)), "{hz}: {}", peak(&wide));
            let narrow = down(&wide);
            assert!(share_of_tone(&narrow[1_000..], hz, 8_000) > 0.999, "{hz}");
            assert!((9_700..10_300).contains(&peak(&narrow)), "{hz}: {}", peak(&narrow));
        }
    }

    #[test]
    fn what_does_not_fit_does_not_fold_back() {
        for hz in [4_700.0, 6_000.0, 7_500.0] {
            assert!(peak(&down(&tone(hz, 16_000))) < 20, "{hz}");
        }
    }

    #[test]
    fn full_scale_is_cut_not_wrapped() {
        let square: Vec<i16> =
            (0..1_600).map(|at| if at / 40 % 2 == 0 { i16::MAX } else { i16::MIN }).collect();
        let wide = up(&square);
        // In the middle of a half wave the sign is that of the input.
        assert!(wide[60 * 2 + 32] < -20_000 && wide[100 * 2 + 32] > 20_000);
    }
}
