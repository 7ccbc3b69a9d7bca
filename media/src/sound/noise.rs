//! Comfort noise (RFC 3389): the background that a silent far end describes, and the description
//! of ours.

/// Coefficients used of a description: the usual order, and a bound on work (section 3.2 leaves
/// the order open).
const ORDER_LIMIT: usize = 10;
/// The loudest: what is called noise shall not be louder than speech (-30 dBov).
const LOUDEST_DBOV: u8 = 30;
/// The quietest level there is (section 3.1).
const QUIETEST_DBOV: u8 = 127;
/// Full scale as dBov counts it: the mean amplitude of a square wave (section 3.1).
const FULL_SCALE: f32 = 32_768.0;

/// A generator of noise.
#[derive(Debug, Clone)]
pub(crate) struct ComfortNoise {
    /// The amplitude of white noise before the filter.
    gain: f32,
    reflections: [f32; ORDER_LIMIT],
    order: usize,
    lattice: [f32; ORDER_LIMIT],
    random: u32,
}

impl ComfortNoise {
    /// Silent until described. `seed` is any number.
    pub(crate) fn new(seed: u32) -> ComfortNoise {
        ComfortNoise {
            gain: 0.0,
            reflections: [0.0; ORDER_LIMIT],
            order: 0,
            lattice: [0.0; ORDER_LIMIT],
            random: seed | 1,
        }
    }

    /// Takes a payload: the level, then reflection coefficients (section 3). An empty one says
    /// nothing new.
    pub(crate) fn describe(&mut self, payload: &[u8]) {
        let Some((level, coefficients)) = payload.split_first() else {
            return;
        };
        let level = (level & 0x7f).max(LOUDEST_DBOV);
        self.order = coefficients.len().min(ORDER_LIMIT);
        let mut loss = 1.0;
        for (reflection, coefficient) in self.reflections.iter_mut().zip(coefficients) {
            // Section 3.2: 127 is zero, the ends are ±1, at which the filter would ring for ever.
            *reflection = ((f32::from(*coefficient) - 127.0) / 128.0).clamp(-0.98, 0.98);
            loss *= 1.0 - *reflection * *reflection;
        }
        let amplitude =
            if level == QUIETEST_DBOV { 0.0 } else { FULL_SCALE * 10_f32.powf(-f32::from(level) / 20.0) };
        // Uniform noise of peak 1 has a mean square of a third; the filter amplifies by 1 / loss.
        self.gain = amplitude * (3.0 * loss).sqrt();
    }

    /// Fills `sound` with noise.
    pub(crate) fn fill(&mut self, sound: &mut [i16]) {
        for sample in sound {
            let mut forward = self.gain * self.uniform();
            // An all-pole lattice, from the last stage to the first.
            for stage in (0..self.order).rev() {
                let reflection = self.reflections[stage];
                forward -= reflection * self.lattice[stage];
                let backward = self.lattice[stage] + reflection * forward;
                if let Some(next) = self.lattice.get_mut(stage + 1) {
                    *next = backward;
                }
            }
            self.lattice[0] = forward;
            *sample = forward as i16;
        }
    }

    /// -1.0 to 1.0. Xorshift: nobody guesses what noise says.
    fn uniform(&mut self) -> f32 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        self.random.cast_signed() as f32 / 2_147_483_648.0
    }
}

/// The level of a piece of sound in -dBov, 0 the loudest, 127 silence: as RFC 3389 section 3.1 and
/// RFC 6464 count it.
pub(crate) fn level_dbov(sound: &[i16]) -> u8 {
    let power: i64 = sound.iter().map(|sample| i64::from(*sample) * i64::from(*sample)).sum();
    if power == 0 {
        return QUIETEST_DBOV;
    }
    let mean = power as f32 / sound.len() as f32 / (FULL_SCALE * FULL_SCALE);
    (-10.0 * mean.log10()).round().clamp(0.0, f32::from(QUIETEST_DBOV)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(payload: &[u8]) -> Vec<i16> {
        let mut noise = ComfortNoise::new(99);
        noise.describe(payload);
        let mut sound = vec![0; 16_000];
        noise.fill(&mut sound);
        sound
    }

    #[test]
    fn the_level_is_the_one_described() {
        for level in [30, 40, 55, 70] {
            for coefficients in [vec![], vec![127, 127], vec![60, 150, 120, 140], vec![200; 10]] {
                let payload: Vec<u8> = std::iter::once(level).chain(coefficients).collect();
                let got = level_dbov(&noise(&payload));
                assert!(got.abs_diff(level) <= 2, "{payload:?}: {got}");
            }
        }
    }

    #[test]
    fn silence_is_silence_and_no_noise_is_loud() {
        assert_eq!(level_dbov(&noise(&[127])), 127);
        assert_eq!(level_dbov(&noise(&[])), 127);
        assert!(level_dbov(&noise(&[0])) >= 29);
        assert_eq!(level_dbov(&[]), 127);
        assert_eq!(level_dbov(&[i16::MIN; 10]), 0);
    }

    #[test]
    fn any_description_is_survived() {
        use rand::{RngExt as _, SeedableRng as _};
        let mut random = rand::rngs::StdRng::seed_from_u64(8);
        let mut noise = ComfortNoise::new(0);
        let mut sound = [0; 160];
        for _ in 0..2_000 {
            let mut payload = vec![0u8; random.random_range(0..40)];
            random.fill(&mut payload[..]);
            noise.describe(&payload);
            noise.fill(&mut sound);
        }
        noise.describe(&[60]);
        noise.fill(&mut sound);
        assert!(level_dbov(&sound) > 40, "it did not run away");
    }
}
