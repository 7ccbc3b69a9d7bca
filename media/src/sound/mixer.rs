//! Several voices in one, for one listener.

use crate::codec::FRAME_SAMPLES_LIMIT;

/// Up to here the sum is left as it is; above, it is bent so that it never reaches full scale.
const KNEE: i32 = 24_000;
const ABOVE_KNEE: i32 = 32_767 - KNEE;
/// When voices come or go the sound is led over the step in this many samples: 5 to 10 ms.
const STEP_SAMPLES: usize = 80;

/// The mix that one listener hears, from frame to frame.
#[derive(Debug)]
pub(crate) struct Mixer {
    sums: [i32; FRAME_SAMPLES_LIMIT],
    /// Whose voices were in the frame before, and its last sample.
    before: u32,
    last: i16,
}

impl Mixer {
    pub(crate) fn new() -> Mixer {
        Mixer { sums: [0; FRAME_SAMPLES_LIMIT], before: 0, last: 0 }
    }

    /// Forgets all voices: silence to begin with.
    pub(crate) fn begin(&mut self) {
        self.sums.fill(0);
    }

    /// Adds a voice.
    pub(crate) fn add(&mut self, voice: &[i16]) {
        for (sum, sample) in self.sums.iter_mut().zip(voice) {
            *sum += i32::from(*sample);
        }
    }

    /// The mix of the voices that were added; `voices` names them, a bit each.
    pub(crate) fn finish(&mut self, voices: u32, mix: &mut [i16]) {
        let changed = voices != self.before;
        let step = self.sums.first().map_or(0, |first| i32::from(self.last) - limited(*first));
        for (at, (sum, out)) in self.sums.iter().zip(mix.iter_mut()).enumerate() {
            let mut sample = limited(*sum);
            if changed && at < STEP_SAMPLES {
                sample += step * (STEP_SAMPLES - at) as i32 / STEP_SAMPLES as i32;
            }
            *out = sample.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        }
        self.before = voices;
        self.last = mix.last().copied().unwrap_or(0);
    }
}

/// Bends what is too loud: continuous, and ever flatter towards full scale.
fn limited(sum: i32) -> i32 {
    let over = sum.abs() - KNEE;
    if over <= 0 {
        return sum;
    }
    // 18 voices at full scale times 8767 is more than 32 bits hold.
    let bent = i64::from(ABOVE_KNEE) * i64::from(over) / i64::from(over + ABOVE_KNEE);
    (KNEE + bent as i32) * sum.signum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::{Sine, share_of_tone};

    fn steepest(sound: &[i16]) -> i32 {
        sound.windows(2).map(|w| (i32::from(w[1]) - i32::from(w[0])).abs()).max().unwrap_or(0)
    }

    #[test]
    fn loud_voices_bend_and_never_wrap() {
        let mut before = 0;
        for sum in 0..16 * 32_768 {
            let bent = limited(sum);
            assert!(bent >= before && bent < 32_768, "{sum} became {bent}");
            assert_eq!(limited(-sum), -bent);
            before = bent;
        }
        assert_eq!(limited(KNEE), KNEE);
    }

    #[test]
    fn each_voice_is_in_the_mix() {
        let mut mixer = Mixer::new();
        let mut voices: Vec<Sine> =
            [300.0, 500.0, 900.0].iter().map(|hz| Sine::new(*hz, 8_000, 5_000)).collect();
        let mut sound = Vec::new();
        for _ in 0..50 {
            mixer.begin();
            for voice in &mut voices {
                let frame: Vec<i16> = voice.take(160).collect();
                mixer.add(&frame);
            }
            let mut mix = [0; 160];
            mixer.finish(7, &mut mix);
            sound.extend(mix);
        }
        for hz in [300.0, 500.0, 900.0] {
            let share = share_of_tone(&sound, hz, 8_000);
            assert!((0.3..0.37).contains(&share), "{hz}: {share}");
        }
    }

    #[test]
    fn who_joins_or_leaves_makes_no_click() {
        let mut mixer = Mixer::new();
        let mut low = Sine::new(100.0, 8_000, 10_000);
        let mut other = Sine::new(90.0, 8_000, 10_000).skip(22);
        let mut sound = Vec::new();
        for turn in 0..30 {
            mixer.begin();
            let frame: Vec<i16> = low.by_ref().take(160).collect();
            mixer.add(&frame);
            let frame: Vec<i16> = other.by_ref().take(160).collect();
            let with = turn % 7 > 3;
            if with {
                mixer.add(&frame);
            }
            let mut mix = [0; 160];
            mixer.finish(1 | u32::from(with) << 1, &mut mix);
            sound.extend(mix);
        }
        // Both sines together move by 1500 a sample; leading over a step adds at most 300.
        assert!(steepest(&sound) < 1_900, "{}", steepest(&sound));
    }
}
