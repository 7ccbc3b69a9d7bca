//! A leg's scores over time, in a bounded number of stretches.

use crm::calls::QualityCourse;

/// Media tells of a leg this often.
const TELL_S: u32 = 5;
/// Stretches begin this long, for as long as there is room.
const FIRST_STRETCH_S: u32 = 10;
/// As many as a small graph has pixels. A longer leg has longer stretches.
const STRETCHES_LIMIT: usize = 120;

/// The worst score of each stretch, the last perhaps not whole.
pub struct Course {
    stretch_s: u32,
    whole: Vec<Option<f64>>,
    /// Of the stretch that runs: how much of it has been heard, and its worst score.
    heard_s: u32,
    worst: Option<f64>,
}

impl Default for Course {
    fn default() -> Self {
        Course { stretch_s: FIRST_STRETCH_S, whole: Vec::new(), heard_s: 0, worst: None }
    }
}

impl Course {
    /// The next [`TELL_S`] seconds; none where nothing was heard in them.
    pub fn add(&mut self, mos: Option<f64>) {
        self.worst = lower(self.worst, mos);
        self.heard_s += TELL_S;
        if self.heard_s >= self.stretch_s {
            self.close_stretch();
        }
    }

    fn close_stretch(&mut self) {
        self.whole.push(self.worst.take());
        self.heard_s = 0;
        if self.whole.len() == STRETCHES_LIMIT {
            // Two become one: the worst of a stretch stays to be seen.
            self.whole = self.whole.chunks(2).map(|two| two.iter().copied().fold(None, lower)).collect();
            self.stretch_s *= 2;
        }
    }

    pub fn lowest(&self) -> Option<f64> {
        self.whole.iter().copied().fold(self.worst, lower)
    }

    pub fn into_kept(mut self) -> QualityCourse {
        if self.heard_s > 0 {
            self.whole.push(self.worst);
        }
        QualityCourse { every_s: self.stretch_s, mos: self.whole }
    }
}

fn lower(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    [one, other].into_iter().flatten().min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stretch_shows_its_worst() {
        let mut course = Course::default();
        for mos in [Some(4.4), Some(3.0), Some(4.4), Some(4.3), None, None, Some(2.0)] {
            course.add(mos);
        }
        assert_eq!(course.lowest(), Some(2.0));
        let kept = course.into_kept();
        assert_eq!((kept.every_s, kept.mos), (10, vec![Some(3.0), Some(4.3), None, Some(2.0)]));
    }

    #[test]
    fn a_day_long_leg_stays_small_and_keeps_its_worst_moment() {
        let mut course = Course::default();
        for tell in 0..24 * 3600 / TELL_S {
            course.add(Some(if tell == 1000 { 1.5 } else { 4.4 }));
        }
        let kept = course.into_kept();
        assert!(kept.mos.len() <= STRETCHES_LIMIT, "{}", kept.mos.len());
        assert_eq!(kept.mos.iter().filter(|mos| **mos == Some(1.5)).count(), 1);
        let stretch = usize::try_from(5000 / kept.every_s).expect("small");
        assert_eq!(kept.mos[stretch], Some(1.5), "where it was");
    }
}
