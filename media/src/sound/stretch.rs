//! A little more or less time without a change of pitch: one period of the voice is taken out or
//! put in, where the sound repeats itself or hardly is one.

use super::line::Line;
use super::period::{self, LOOKS_AT_MS, fade};
use crate::codec::SampleRate;

/// From here on a period more or less is not heard.
const LIKENESS: f32 = 0.85;
/// Mean amplitude below which nobody listens for the pitch: about -50 dBov.
const QUIET: i64 = 100;
/// The longest period, at the highest rate.
const PERIOD_LIMIT: usize = 16 * 16;

/// Whether it must be, even if it is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Gentle,
    Urgent,
}

/// Samples that [`shorten`] wants to see.
pub(super) fn needs(rate: SampleRate) -> usize {
    rate.hz() as usize / 1_000 * LOOKS_AT_MS
}

/// Takes a period out of the front of `line`. Returns how many samples that were, 0 if it would be
/// heard.
pub(super) fn shorten(line: &mut Line, rate: SampleRate, need: Need) -> usize {
    let Some(period) = line.samples().get(..needs(rate)).and_then(|sound| suitable(sound, rate, need)) else {
        return 0;
    };
    let mut seam = [0; PERIOD_LIMIT];
    let seam = &mut seam[..period];
    let sound = line.samples();
    fade(&sound[..period], &sound[period..2 * period], seam);
    line.discard(period);
    line.samples_mut()[..period].copy_from_slice(seam);
    period
}

/// Says a period again at the front of `line`, if that will not be heard: half of what it looks at
/// has been played already.
pub(super) fn lengthen(line: &mut Line, rate: SampleRate) {
    let half = needs(rate) / 2;
    let Some(sound) = line.around(half, half) else {
        return;
    };
    let Some(period) = suitable(sound, rate, Need::Gentle) else {
        return;
    };
    let mut seam = [0; PERIOD_LIMIT];
    let seam = &mut seam[..period];
    // It begins as what follows, and ends as what was played, which is what comes before that.
    fade(&sound[half..half + period], &sound[half - period..half], seam);
    line.put_first(seam);
}

fn suitable(sound: &[i16], rate: SampleRate, need: Need) -> Option<usize> {
    let period = period::find(sound, rate);
    let amplitude: i64 = sound.iter().map(|sample| i64::from(sample.unsigned_abs())).sum();
    let quiet = amplitude < QUIET * sound.len() as i64;
    let fits = 2 * period.samples <= sound.len();
    (fits && (quiet || period.likeness >= LIKENESS || need == Need::Urgent)).then_some(period.samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::{Sine, share_of_tone};

    fn tone(samples: usize) -> Line {
        let mut line = Line::new();
        let sound: Vec<i16> = Sine::new(150.0, 8_000, 9_000).take(samples).collect();
        line.room(samples).expect("room").copy_from_slice(&sound);
        line
    }

    #[test]
    fn a_tone_stays_a_tone() {
        let mut line = tone(1_600);
        let mut removed = 0;
        for _ in 0..4 {
            removed += shorten(&mut line, SampleRate::Narrow, Need::Gentle);
        }
        assert!(removed >= 4 * 50, "{removed}");
        assert_eq!(line.samples().len(), 1_600 - removed);
        assert!(share_of_tone(line.samples(), 150.0, 8_000) > 0.98);
        let before = line.samples().len();
        let mut played = Vec::new();
        for turn in 0..7 {
            if turn % 2 == 1 {
                lengthen(&mut line, SampleRate::Narrow);
            }
            played.extend_from_slice(&line.samples()[..160]);
            line.discard(160);
        }
        played.extend_from_slice(line.samples());
        assert!(played.len() >= before + 3 * 50, "{} of {before}", played.len());
        assert!(share_of_tone(&played, 150.0, 8_000) > 0.98);
        let steepest = played.windows(2).map(|w| (w[1] - w[0]).abs()).max();
        assert!(steepest.expect("sound") < 2 * 1_060, "a click: {steepest:?}");
    }

    #[test]
    fn what_has_no_period_is_left_alone_unless_it_must_be() {
        use rand::{RngExt as _, SeedableRng as _};
        let mut random = rand::rngs::StdRng::seed_from_u64(5);
        let mut line = Line::new();
        line.room(400).expect("room").iter_mut().for_each(|s| *s = random.random_range(-9_000..9_000));
        assert_eq!(shorten(&mut line, SampleRate::Narrow, Need::Gentle), 0);
        line.discard(200);
        lengthen(&mut line, SampleRate::Narrow);
        assert_eq!(line.samples().len(), 200);
        line = Line::new();
        line.room(400).expect("room").iter_mut().for_each(|s| *s = random.random_range(-9_000..9_000));
        assert!(shorten(&mut line, SampleRate::Narrow, Need::Urgent) > 0);
        assert_eq!(shorten(&mut tone(100), SampleRate::Narrow, Need::Urgent), 0, "too short to tell");
    }
}
