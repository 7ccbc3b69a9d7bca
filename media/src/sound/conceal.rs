//! What is heard in place of a lost packet of G.711 or G.722: the last pitch period again and
//! again, fading, in the manner of ITU-T G.711 Appendix I.

use super::period::{self, LOOKS_AT_MS, fade};
use crate::codec::SampleRate;

/// The sound remembered: two of the longest periods, which is what the search looks at.
const HISTORY_LIMIT: usize = 16 * LOOKS_AT_MS;
/// Full for 10 ms, then a fifth quieter each 10 ms: silent after 60 ms (Appendix I section 2.7).
const FULL_MS: usize = 10;
const SILENT_MS: usize = 60;
/// How long the guess and the truth overlap when it is back: 4 ms.
const OVERLAP_MS: usize = 4;

/// The concealment of one stream.
#[derive(Debug)]
pub(crate) struct Concealer {
    rate: SampleRate,
    /// The newest sound at the end.
    history: [i16; HISTORY_LIMIT],
    state: State,
}

#[derive(Debug)]
enum State {
    Heard,
    Guessing {
        period: usize,
        /// Samples made so far.
        made: usize,
    },
}

impl Concealer {
    pub(crate) fn new(rate: SampleRate) -> Concealer {
        Concealer { rate, history: [0; HISTORY_LIMIT], state: State::Heard }
    }

    /// Sound that came. The start of what follows a guess is faded in.
    pub(crate) fn heard(&mut self, sound: &mut [i16]) {
        if let State::Guessing { .. } = self.state {
            let overlap = (self.per_ms() * OVERLAP_MS).min(sound.len());
            let mut guess = [0; 16 * OVERLAP_MS];
            let guess = &mut guess[..overlap];
            self.guess(guess);
            let truth: &mut [i16] = &mut sound[..overlap];
            let mut mixed = [0; 16 * OVERLAP_MS];
            fade(guess, truth, &mut mixed[..overlap]);
            truth.copy_from_slice(&mixed[..overlap]);
            self.state = State::Heard;
        }
        self.remember(sound);
    }

    /// Fills `sound` with a guess.
    pub(crate) fn conceal(&mut self, sound: &mut [i16]) {
        self.guess(sound);
    }

    fn guess(&mut self, sound: &mut [i16]) {
        let (period, made) = match self.state {
            State::Guessing { period, made } => (period, made),
            State::Heard => {
                let period = period::find(self.recent(), self.rate).samples;
                self.close_the_loop(period);
                (period, 0)
            }
        };
        let (full, silent) = (FULL_MS * self.per_ms(), SILENT_MS * self.per_ms());
        for (at, sample) in (made..).zip(sound.iter_mut()) {
            let template = self.history[HISTORY_LIMIT - period + at % period];
            let left = silent.saturating_sub(at.max(full)) as i32;
            *sample = (i32::from(template) * left / (silent - full) as i32) as i16;
        }
        self.state = State::Guessing { period, made: made + sound.len() };
    }

    /// The end of the last period is faded into what came before its start, so that the repetition
    /// has no seam (Appendix I section 2.5).
    fn close_the_loop(&mut self, period: usize) {
        let overlap = period / 4;
        let end = HISTORY_LIMIT;
        // The search never looks beyond the history, and a period is at most half of it.
        let before = &self.history[end - period - overlap..end - period];
        let mut seam = [0; HISTORY_LIMIT / 4];
        fade(&self.history[end - overlap..], before, &mut seam[..overlap]);
        self.history[end - overlap..].copy_from_slice(&seam[..overlap]);
    }

    fn remember(&mut self, sound: &[i16]) {
        let newest = &sound[sound.len().saturating_sub(HISTORY_LIMIT)..];
        self.history.copy_within(newest.len().., 0);
        self.history[HISTORY_LIMIT - newest.len()..].copy_from_slice(newest);
    }

    fn recent(&self) -> &[i16] {
        &self.history[HISTORY_LIMIT - self.per_ms() * LOOKS_AT_MS..]
    }

    fn per_ms(&self) -> usize {
        self.rate.hz() as usize / 1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::{Sine, share_of_tone};

    fn tone(rate: SampleRate) -> impl Iterator<Item = i16> {
        Sine::new(200.0, rate.hz(), 10_000)
    }

    #[test]
    fn a_lost_packet_of_a_steady_voice_is_hardly_heard() {
        for rate in [SampleRate::Narrow, SampleRate::Wide] {
            let mut concealer = Concealer::new(rate);
            let mut voice = tone(rate);
            let mut out = Vec::new();
            for turn in 0..50 {
                let mut frame: Vec<i16> = voice.by_ref().take(rate.frame_samples()).collect();
                match turn % 10 {
                    7 => concealer.conceal(&mut frame),
                    _ => concealer.heard(&mut frame),
                }
                out.extend(frame);
            }
            let share = share_of_tone(&out, 200.0, rate.hz());
            assert!(share > 0.95, "{rate:?}: {share}");
            // No clicks: a sine of that height moves by at most so much a sample.
            let steepest = out.windows(2).map(|w| (i32::from(w[1]) - i32::from(w[0])).abs()).max();
            let allowed = 2 * 10_000 * 1_257 / rate.hz() as i32;
            assert!(steepest.expect("sound") < allowed, "{rate:?}: {steepest:?} of {allowed}");
        }
    }

    #[test]
    fn the_guess_fades_to_silence() {
        let mut concealer = Concealer::new(SampleRate::Narrow);
        let mut frame: Vec<i16> = tone(SampleRate::Narrow).take(800).collect();
        concealer.heard(&mut frame);
        let mut guess = [0; 8 * 100];
        concealer.conceal(&mut guess);
        let peak = |piece: &[i16]| piece.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
        assert!(peak(&guess[..80]) > 9_000);
        assert!((3_000..7_000).contains(&peak(&guess[8 * 30..8 * 40])));
        assert_eq!(peak(&guess[8 * 60..]), 0);
        // However long it lasts.
        for _ in 0..100 {
            concealer.conceal(&mut guess);
            assert_eq!(peak(&guess), 0);
        }
    }

    #[test]
    fn nothing_heard_is_nothing_guessed() {
        let mut concealer = Concealer::new(SampleRate::Wide);
        let mut guess = [7; 320];
        concealer.conceal(&mut guess);
        assert_eq!(guess, [0; 320]);
        concealer.heard(&mut [5; 3]);
    }
}
