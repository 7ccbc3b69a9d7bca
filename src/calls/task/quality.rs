//! How the call's legs sound: judged as they go, kept when they end.

mod course;

use std::collections::BTreeMap;

use crm::calls::LegQuality;
use crm::words::Quality;
use media::{LegId, LegStats};
use uuid::Uuid;

use course::Course;

use super::CallTask;
use crate::calls::board::News;

/// The legs whose media has not said its last yet.
#[derive(Default)]
pub struct Hearing(BTreeMap<LegId, Heard>);

struct Heard {
    /// The leg's row.
    row: Uuid,
    course: Course,
    /// How it sounds now.
    word: Option<Quality>,
}

impl Hearing {
    pub fn begin(&mut self, media: LegId, row: Uuid) {
        self.0.insert(media, Heard { row, course: Course::default(), word: None });
    }

    /// The leg's media has gone over into another call, which hears its end.
    pub fn forget(&mut self, media: LegId) {
        self.0.remove(&media);
    }

    pub fn word(&self, media: LegId) -> Option<Quality> {
        self.0.get(&media)?.word
    }

    /// Whether there are legs whose end is still to come.
    pub fn is_waited_for(&self) -> bool {
        !self.0.is_empty()
    }

    fn goes_on(&mut self, media: LegId, stats: &LegStats) {
        let Some(heard) = self.0.get_mut(&media) else { return };
        let lately = stats.mos_lately.map(two_digits);
        heard.course.add(lately);
        let scores = [lately, stats.mos_at_remote.map(two_digits)];
        // Silence is no news: a phone on hold keeps the word that it had.
        heard.word = scores.into_iter().flatten().min_by(f64::total_cmp).map(Quality::of_mos).or(heard.word);
    }

    /// What is kept of a leg; none where no sound went either way.
    fn end(&mut self, media: LegId, stats: &LegStats) -> Option<LegQuality> {
        let heard = self.0.remove(&media)?;
        let count = |packets: u64| i64::try_from(packets).unwrap_or(i64::MAX);
        let mos = stats.mos.map(two_digits);
        (stats.packets_in > 0 || stats.packets_out > 0).then(|| LegQuality {
            leg_id: heard.row,
            codec: stats.codec.map(|codec| codec.encoding_name().to_owned()),
            packets_in: count(stats.packets_in),
            packets_out: count(stats.packets_out),
            lost: count(stats.lost),
            lost_at_remote: count(stats.lost_at_remote),
            late: count(stats.late),
            concealed_ms: count(stats.concealed_ms),
            jitter_ms: two_digits(stats.jitter_mean_ms),
            jitter_max_ms: two_digits(stats.jitter_max_ms),
            jitter_at_remote_ms: two_digits(stats.jitter_at_remote_ms),
            rtt_ms: stats.rtt_ms.map(two_digits),
            mos,
            // A leg shorter than a stretch has no other score than its own.
            mos_lowest: [mos, heard.course.lowest()].into_iter().flatten().min_by(f64::total_cmp),
            mos_at_remote: stats.mos_at_remote.map(two_digits),
            course: heard.course.into_kept(),
        })
    }
}

impl CallTask {
    /// A leg says how it fares; the board hears of it when the word for it is another.
    pub(super) async fn heard_so_far(&mut self, media: LegId, stats: &LegStats) {
        self.hearing.goes_on(media, stats);
        if self.participants_changed() {
            self.live.participants = self.participants();
            self.shared.board.tell(News::Call(self.live.clone())).await;
        }
    }

    /// A leg's media is gone.
    pub(super) fn heard_to_the_end(&mut self, media: LegId, stats: &LegStats) {
        if let Some(quality) = self.hearing.end(media, stats) {
            self.journal.leg_quality(quality);
        }
    }
}

/// More is noise.
fn two_digits(figure: f32) -> f64 {
    (f64::from(figure) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
