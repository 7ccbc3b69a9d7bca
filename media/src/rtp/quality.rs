//! How good a leg sounds, by the E-model in its usual simplification.
//!
//! ITU-T G.107 (06/2015) with its default values leaves `R = 93.2 - Id - Ie,eff`. Delay counts as
//! Cole and Rosenbluth (2001) fitted it; loss by G.107 equation 7-29 for loss at random, with the
//! codecs' values of ITU-T G.113 appendix I. What nobody has measured is not made up: without a
//! round trip the delay is what our own side knows of it.

use std::time::{Duration, Instant};

use crate::codec::CodecKind;

/// Jitter is looked at this often for its mean and maximum.
const SAMPLE_INTERVAL: Duration = Duration::from_secs(1);
/// An owner is told this often.
const TELL_INTERVAL: Duration = Duration::from_secs(5);
/// A packet's own length, and what codec and sound card take, in ms.
const FIXED_DELAY_MS: f32 = 25.0;

/// The course of a leg's jitter, and the clock of its reports to the owner.
#[derive(Debug)]
pub(crate) struct Quality {
    next_sample: Instant,
    next_tell: Instant,
    samples: u32,
    sum_ms: f64,
    max_ms: f32,
    /// Packets that had come and been lost when the owner was told.
    told: (u64, u64),
}

impl Quality {
    pub(crate) fn new(now: Instant) -> Quality {
        Quality {
            next_sample: now + SAMPLE_INTERVAL,
            next_tell: now + TELL_INTERVAL,
            samples: 0,
            sum_ms: 0.0,
            max_ms: 0.0,
            told: (0, 0),
        }
    }

    /// Takes a look at the jitter when it is time; true when the owner is to be told.
    pub(crate) fn turn(&mut self, now: Instant, jitter_ms: f32) -> bool {
        if now >= self.next_sample {
            self.next_sample = now + SAMPLE_INTERVAL;
            self.samples = self.samples.saturating_add(1);
            self.sum_ms += f64::from(jitter_ms);
            self.max_ms = self.max_ms.max(jitter_ms);
        }
        if now < self.next_tell {
            return false;
        }
        self.next_tell = now + TELL_INTERVAL;
        true
    }

    /// What has come and been lost since this was asked last, from the counts of the whole leg. A
    /// packet that is only late takes back what was counted as lost.
    pub(crate) fn since_told(&mut self, came: u64, lost: u64) -> (u64, u64) {
        let before = std::mem::replace(&mut self.told, (came, lost));
        (came.saturating_sub(before.0), lost.saturating_sub(before.1))
    }

    /// In ms; 0 before the first look.
    pub(crate) fn mean_jitter_ms(&self) -> f32 {
        if self.samples == 0 { 0.0 } else { (self.sum_ms / f64::from(self.samples)) as f32 }
    }

    /// In ms.
    pub(crate) fn max_jitter_ms(&self) -> f32 {
        self.max_ms
    }
}

/// Mean opinion score of one direction, 1 to 4.5.
pub(crate) fn mos(kind: CodecKind, loss_pct: f32, jitter_ms: f32, rtt_ms: Option<f32>) -> f32 {
    // A jitter buffer holds back about twice the jitter.
    let delay_ms = rtt_ms.unwrap_or(0.0) / 2.0 + 2.0 * jitter_ms + FIXED_DELAY_MS;
    let delay = 0.024 * delay_ms + 0.11 * (delay_ms - 177.3).max(0.0);
    let (impairment, robustness) = impairment(kind);
    let loss_pct = loss_pct.clamp(0.0, 100.0);
    let loss = impairment + (95.0 - impairment) * loss_pct / (loss_pct + robustness);
    opinion(93.2 - delay - loss)
}

/// Ie and Bpl: ITU-T G.113 appendix I for G.711 with concealment and for G.729A. The wideband codecs
/// have no place on this narrowband scale; they are taken as no worse than G.711.
fn impairment(kind: CodecKind) -> (f32, f32) {
    match kind {
        CodecKind::Pcmu | CodecKind::Pcma | CodecKind::G722 | CodecKind::Opus => (0.0, 25.1),
        CodecKind::G729 => (11.0, 19.0),
    }
}

/// G.107 annex B.
fn opinion(rating: f32) -> f32 {
    if rating <= 0.0 {
        return 1.0;
    }
    let rating = rating.min(100.0);
    (1.0 + 0.035 * rating + 7e-6 * rating * (rating - 60.0) * (100.0 - rating)).clamp(1.0, 4.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_that_of_the_standard() {
        // G.107 annex B: R of 93.2 is 4.41, of 50 is 2.58.
        assert!((opinion(93.2) - 4.41).abs() < 0.01);
        assert!((opinion(50.0) - 2.58).abs() < 0.01);
        assert_eq!((opinion(-3.0), opinion(200.0)), (1.0, 4.5));
    }

    #[test]
    fn loss_delay_and_codec_cost() {
        let clean = mos(CodecKind::Pcmu, 0.0, 1.0, Some(20.0));
        assert!((4.3..4.45).contains(&clean), "{clean}");
        let steps = [
            mos(CodecKind::Pcmu, 2.0, 1.0, Some(20.0)),
            mos(CodecKind::Pcmu, 2.0, 20.0, Some(400.0)),
            mos(CodecKind::Pcmu, 20.0, 20.0, Some(400.0)),
        ];
        assert!(clean > steps[0] && steps[0] > steps[1] && steps[1] > steps[2], "{steps:?}");
        assert!(mos(CodecKind::G729, 0.0, 1.0, Some(20.0)) < clean);
    }

    #[test]
    fn what_was_lost_lately_is_the_difference() {
        let mut quality = Quality::new(Instant::now());
        assert_eq!(quality.since_told(250, 0), (250, 0));
        assert_eq!(quality.since_told(475, 25), (225, 25));
        assert_eq!(quality.since_told(730, 20), (255, 0), "late ones came after all");
    }

    #[test]
    fn mean_and_maximum_come_from_looks_a_second_apart() {
        let start = Instant::now();
        let mut quality = Quality::new(start);
        let told = (0..600u64).filter(|turn| {
            let jitter_ms = if *turn < 300 { 2.0 } else { 4.0 };
            quality.turn(start + Duration::from_millis(20 * turn), jitter_ms)
        });
        assert_eq!(told.count(), 2);
        assert_eq!(quality.max_jitter_ms(), 4.0);
        assert!((quality.mean_jitter_ms() - 3.0).abs() < 0.2, "{}", quality.mean_jitter_ms());
    }
}
