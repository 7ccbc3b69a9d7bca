//! How the legs of a call sounded, and the word for it.

use std::collections::HashMap;

use sea_orm::{FromJsonQueryResult, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Result,
    sql::{self, Read, values},
    words::Quality,
};

/// From this score on people are satisfied: R of 80 (ITU-T G.109 table 1, G.107 annex B).
const GOOD_FROM_MOS: f64 = 4.03;
/// From this score on some are not: R of 70. Below, many are not.
const FAIR_FROM_MOS: f64 = 3.60;

impl Quality {
    /// The word for a mean opinion score, 1 to 4.5.
    #[must_use]
    pub fn of_mos(mos: f64) -> Quality {
        match mos {
            mos if mos >= GOOD_FROM_MOS => Quality::Good,
            mos if mos >= FAIR_FROM_MOS => Quality::Fair,
            _ => Quality::Poor,
        }
    }
}

/// The worst score of each stretch of a leg.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct QualityCourse {
    /// Length of a stretch, in seconds.
    pub every_s: u32,
    /// Mean opinion scores; none where nothing was heard.
    pub mos: Vec<Option<f64>>,
}

/// One leg's sound from its first packet to its last. "Heard" is what came from the far end, "at
/// remote" what the far end reported of what we sent (RFC 3550 section 6.4).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct LegQuality {
    #[serde(skip)]
    pub leg_id: Uuid,
    /// What the far end spoke.
    pub codec: Option<String>,
    pub packets_in: i64,
    pub packets_out: i64,
    /// Packets of the far end that never came.
    pub lost: i64,
    /// Packets of ours that never came there, as far as it was reported.
    pub lost_at_remote: i64,
    /// Packets that came after their time.
    pub late: i64,
    /// Sound that was repaired or guessed, in ms.
    pub concealed_ms: i64,
    /// The mean of what was heard, in ms.
    pub jitter_ms: f64,
    pub jitter_max_ms: f64,
    pub jitter_at_remote_ms: f64,
    /// To the far end and back, in ms.
    pub rtt_ms: Option<f64>,
    /// How the far end was heard, 1 to 4.5 (ITU-T G.107).
    pub mos: Option<f64>,
    /// The worst stretch of it.
    pub mos_lowest: Option<f64>,
    /// How the far end heard us; none when it did not report.
    pub mos_at_remote: Option<f64>,
    pub course: QualityCourse,
}

/// A leg with the word for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JudgedQuality {
    /// The worse of both ways; none when nothing was heard.
    pub quality: Option<Quality>,
    /// Of what the far end sent, in percent.
    pub loss_pct: f64,
    /// Of what we sent, in percent, as far as it was reported.
    pub loss_at_remote_pct: f64,
    #[serde(flatten)]
    pub figures: LegQuality,
}

impl From<LegQuality> for JudgedQuality {
    fn from(figures: LegQuality) -> Self {
        JudgedQuality {
            quality: worse(figures.mos, figures.mos_at_remote).map(Quality::of_mos),
            loss_pct: share_pct(figures.lost, figures.packets_in.saturating_add(figures.lost)),
            loss_at_remote_pct: share_pct(figures.lost_at_remote, figures.packets_out),
            figures,
        }
    }
}

fn worse(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    [one, other].into_iter().flatten().min_by(f64::total_cmp)
}

/// Two digits are more than anybody hears.
fn share_pct(part: i64, whole: i64) -> f64 {
    if whole <= 0 { 0.0 } else { (part as f64 * 10_000.0 / whole as f64).round() / 100.0 }
}

/// Of a leg that has ended, before its call does.
pub async fn add_leg_quality(tx: &impl Read, new: &LegQuality) -> Result<()> {
    let row = vec![
        ("leg_id", new.leg_id.into()),
        ("codec", new.codec.clone().into()),
        ("packets_in", new.packets_in.into()),
        ("packets_out", new.packets_out.into()),
        ("lost", new.lost.into()),
        ("lost_at_remote", new.lost_at_remote.into()),
        ("late", new.late.into()),
        ("concealed_ms", new.concealed_ms.into()),
        ("jitter_ms", new.jitter_ms.into()),
        ("jitter_max_ms", new.jitter_max_ms.into()),
        ("jitter_at_remote_ms", new.jitter_at_remote_ms.into()),
        ("rtt_ms", new.rtt_ms.into()),
        ("mos", new.mos.into()),
        ("mos_lowest", new.mos_lowest.into()),
        ("mos_at_remote", new.mos_at_remote.into()),
        ("course", new.course.clone().into()),
    ];
    sql::insert(tx, "leg_quality", row).await
}

/// The word for a call: its worst leg's.
pub(super) async fn word_of_call(tx: &impl Read, call: Uuid) -> Result<Option<Quality>> {
    #[derive(FromQueryResult)]
    struct Row {
        heard: Option<f64>,
        at_remote: Option<f64>,
    }
    let sql = "SELECT MIN(q.mos) AS heard, MIN(q.mos_at_remote) AS at_remote \
         FROM leg_quality q JOIN legs l ON l.id = q.leg_id WHERE l.call_id = $1";
    let lowest: Option<Row> = sql::row(tx, sql, values![call]).await?;
    Ok(lowest.and_then(|row| worse(row.heard, row.at_remote)).map(Quality::of_mos))
}

/// By leg.
pub(super) async fn of_call(db: &impl Read, call: Uuid) -> Result<HashMap<Uuid, JudgedQuality>> {
    let sql = "SELECT q.leg_id, q.codec, q.packets_in, q.packets_out, q.lost, q.lost_at_remote, q.late, \
         q.concealed_ms, q.jitter_ms, q.jitter_max_ms, q.jitter_at_remote_ms, q.rtt_ms, q.mos, q.mos_lowest, \
         q.mos_at_remote, q.course FROM leg_quality q JOIN legs l ON l.id = q.leg_id WHERE l.call_id = $1";
    let rows: Vec<LegQuality> = sql::rows(db, sql, values![call]).await?;
    Ok(rows.into_iter().map(|row| (row.leg_id, row.into())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_change_where_g_109_says() {
        let words = [4.41, 4.03, 4.02, 3.60, 3.59, 1.0].map(Quality::of_mos);
        use Quality::{Fair, Good, Poor};
        assert_eq!(words, [Good, Good, Fair, Fair, Poor, Poor]);
    }

    #[test]
    fn the_worse_way_decides() {
        let leg = |mos, mos_at_remote| {
            let figures = LegQuality { mos, mos_at_remote, ..LegQuality::default() };
            JudgedQuality::from(figures).quality
        };
        assert_eq!(leg(Some(4.4), Some(3.0)), Some(Quality::Poor));
        assert_eq!(leg(Some(3.7), None), Some(Quality::Fair));
        assert_eq!(leg(None, None), None);
    }

    #[test]
    fn loss_is_a_share_of_what_was_sent() {
        let figures = LegQuality {
            packets_in: 900,
            lost: 100,
            packets_out: 300,
            lost_at_remote: 1,
            ..LegQuality::default()
        };
        let judged = JudgedQuality::from(figures);
        assert_eq!((judged.loss_pct, judged.loss_at_remote_pct), (10.0, 0.33));
        assert_eq!(JudgedQuality::from(LegQuality::default()).loss_pct, 0.0);
    }
}
