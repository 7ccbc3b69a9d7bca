//! How long to wait for packets: long enough for nearly all that come unsteadily, and no longer.
//!
//! A packet's transit is its arrival less its timestamp; the fastest of the last seconds is the
//! base, and what others take beyond it goes into a histogram that forgets. The target is the
//! delay that all but [`LATE_SHARE`] of the recent packets keep.

/// A class of the histogram. Finer than a packet is long, coarser than the worker's clock.
const CLASS_US: i64 = 5_000;
/// Up to half a second: beyond it people talk into each other, and losing is better than waiting.
const CLASSES: usize = 100;
/// Share of the packets that may come too late: concealment hides one in fifty.
const LATE_SHARE: f32 = 0.02;
/// A packet's weight falls to a half after so many more: five seconds.
const HALF_LIFE_PACKETS: f32 = 250.0;
/// The base is the fastest of this stretch and the one before: longer than a spike of delay, yet
/// it follows a clock that runs away 100 ppm within 1 ms.
const BASE_STRETCH_US: i64 = 5_000_000;
/// Above the histogram's answer: our turns come every 20 ms, a few ms late at times.
const MARGIN_US: i64 = 5_000;
/// Below this the turn's own beat would make holes.
const TARGET_FLOOR_US: i64 = 20_000;
/// What a stream is thought to be before it has shown itself.
const FIRST_GUESS_US: i64 = 25_000;

/// The delay of one stream.
#[derive(Debug)]
pub(crate) struct Delay {
    classes: [f32; CLASSES],
    sum: f32,
    /// What the next packet weighs: growing it is cheaper than shrinking all others.
    weight: f32,
    base_us: Option<i64>,
    /// Fastest of the running stretch and of the one before, and when the running one began.
    running_us: i64,
    before_us: i64,
    began_us: i64,
    target_us: i64,
}

impl Delay {
    pub(crate) fn new() -> Delay {
        let mut classes = [0.0; CLASSES];
        classes[((FIRST_GUESS_US - 1) / CLASS_US) as usize] = 1.0;
        Delay {
            classes,
            sum: 1.0,
            weight: 0.2,
            base_us: None,
            running_us: i64::MAX,
            before_us: i64::MAX,
            began_us: 0,
            target_us: FIRST_GUESS_US + MARGIN_US,
        }
    }

    /// A packet came at `now_us` whose timestamp says `stamp_us`, on clocks of any origin.
    pub(crate) fn arrived(&mut self, now_us: i64, stamp_us: i64) {
        let transit_us = now_us - stamp_us;
        self.follow_base(now_us, transit_us);
        let beyond_us = transit_us - self.base_us.unwrap_or(transit_us);
        let class = (beyond_us.max(0) / CLASS_US) as usize;
        self.weight *= 1.0 + 0.693 / HALF_LIFE_PACKETS;
        self.classes[class.min(CLASSES - 1)] += self.weight;
        self.sum += self.weight;
        if self.weight > 1e6 {
            self.classes.iter_mut().for_each(|class| *class /= 1e6);
            self.sum /= 1e6;
            self.weight /= 1e6;
        }
        self.target_us = self.quantile_us();
    }

    /// A stream with another clock begins: its unsteadiness is likely that of the one before.
    pub(crate) fn restart(&mut self) {
        (self.base_us, self.running_us, self.before_us) = (None, i64::MAX, i64::MAX);
    }

    /// Whether no packet of this stream has shown its way yet: nothing of it would ever be due.
    pub(crate) fn is_unknown(&self) -> bool {
        self.base_us.is_none()
    }

    /// How long after the fastest way a packet shall sound, in µs.
    pub(crate) fn target_us(&self) -> i64 {
        self.target_us
    }

    /// How long after the fastest way the sound stamped `stamp_us` is at `now_us`.
    pub(crate) fn since_fastest_us(&self, now_us: i64, stamp_us: i64) -> i64 {
        now_us - stamp_us - self.base_us.unwrap_or(now_us - stamp_us)
    }

    fn follow_base(&mut self, now_us: i64, transit_us: i64) {
        if self.running_us == i64::MAX {
            self.began_us = now_us;
        } else if now_us - self.began_us > BASE_STRETCH_US {
            (self.before_us, self.running_us, self.began_us) = (self.running_us, i64::MAX, now_us);
        }
        self.running_us = self.running_us.min(transit_us);
        let fastest_us = self.running_us.min(self.before_us);
        let base_us = *self.base_us.get_or_insert(fastest_us);
        // In whole classes, so that the histogram can move along.
        let moved = (fastest_us - base_us).div_euclid(CLASS_US);
        self.base_us = Some(base_us + moved * CLASS_US);
        // A way that has become shorter is likely as unsteady as it was; if not, that shows within a
        // few packets.
        if moved > 0 {
            self.shift_down(moved as usize);
        }
    }

    /// Moves all weights down by so many classes; those pushed off the end stay in the first.
    fn shift_down(&mut self, by: usize) {
        let by = by.min(CLASSES - 1);
        self.classes[by] += self.classes[..by].iter().sum::<f32>();
        self.classes.copy_within(by.., 0);
        self.classes[CLASSES - by..].fill(0.0);
    }

    fn quantile_us(&self) -> i64 {
        let mut late = self.sum * LATE_SHARE;
        let last = self.classes.iter().rposition(|weight| {
            late -= weight;
            late < 0.0
        });
        let class = last.unwrap_or(0) as i64;
        ((class + 1) * CLASS_US + MARGIN_US).max(TARGET_FLOOR_US)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packets every 20 ms, late by what `late_us` says.
    fn feed(delay: &mut Delay, from: i64, count: i64, late_us: impl Fn(i64) -> i64) {
        for at in from..from + count {
            delay.arrived(at * 20_000 + late_us(at), at * 20_000 - 77_000_000);
        }
    }

    #[test]
    fn a_steady_stream_waits_little() {
        let mut delay = Delay::new();
        feed(&mut delay, 0, 500, |_| 0);
        assert_eq!(delay.target_us(), TARGET_FLOOR_US);
        assert_eq!(delay.since_fastest_us(77_020_000, 0), 20_000);
    }

    #[test]
    fn the_target_follows_unsteadiness_up_fast_and_down_slowly() {
        let mut delay = Delay::new();
        feed(&mut delay, 0, 500, |_| 0);
        feed(&mut delay, 500, 50, |at| at * 37 % 80 * 1_000);
        assert!((75_000..=90_000).contains(&delay.target_us()), "up within a second: {}", delay.target_us());
        feed(&mut delay, 550, 250, |_| 0);
        assert!(delay.target_us() > 40_000, "not down after five");
        feed(&mut delay, 800, 2_000, |_| 0);
        assert_eq!(delay.target_us(), TARGET_FLOOR_US, "down in 45");
    }

    #[test]
    fn a_longer_way_is_no_unsteadiness() {
        let mut delay = Delay::new();
        feed(&mut delay, 0, 1_000, |at| at % 3 * 10_000);
        let before = delay.target_us();
        feed(&mut delay, 1_000, 1_000, |at| 150_000 + at % 3 * 10_000);
        assert_eq!(delay.target_us(), before);
        // And back again.
        feed(&mut delay, 2_000, 1_000, |at| at % 3 * 10_000);
        assert_eq!(delay.target_us(), before);
    }

    #[test]
    fn the_target_is_bounded() {
        let mut delay = Delay::new();
        feed(&mut delay, 0, 1_000, |at| at % 2 * 3_000_000);
        assert_eq!(delay.target_us(), CLASSES as i64 * CLASS_US + MARGIN_US);
        delay.restart();
        delay.arrived(i64::from(u32::MAX), -5);
        assert!(delay.target_us() > 0);
    }
}
