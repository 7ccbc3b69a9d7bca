//! What each stretch of a recording is.

use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Result,
    sql::{self, Read, values},
    words::SegmentKind,
};

/// The beginning of a stretch, which lasts until the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// From 0.
    pub position: u32,
    pub kind: SegmentKind,
    /// Within the recording's sound.
    pub from_ms: u64,
    /// Who has the customer.
    pub user_id: Option<Uuid>,
}

/// A stretch of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    pub kind: SegmentKind,
    /// Within the recording's sound.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Who had the customer.
    pub user_id: Option<Uuid>,
    pub user_name: Option<String>,
}

/// Keeps it; what was at its position before is replaced.
pub async fn put(tx: &impl Read, recording: Uuid, turn: &Turn) -> Result<()> {
    let sql = "INSERT INTO recording_segments (recording_id, position, kind, from_ms, user_id) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (recording_id, position) \
         DO UPDATE SET kind = excluded.kind, from_ms = excluded.from_ms, user_id = excluded.user_id";
    let position = i32::try_from(turn.position).unwrap_or(i32::MAX);
    let from_ms = i64::try_from(turn.from_ms).unwrap_or(i64::MAX);
    sql::exec(tx, sql, values![recording, position, turn.kind, from_ms, turn.user_id]).await?;
    Ok(())
}

/// All of a recording, in order and without gaps, the last until `duration_ms`. None where the
/// recording was made before there were any.
pub async fn of_recording(db: &impl Read, recording: Uuid, duration_ms: i64) -> Result<Vec<Segment>> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: SegmentKind,
        from_ms: i64,
        user_id: Option<Uuid>,
        user_name: Option<String>,
    }
    let sql = "SELECT s.kind, s.from_ms, s.user_id, u.display_name AS user_name FROM recording_segments s \
         LEFT JOIN users u ON u.id = s.user_id WHERE s.recording_id = $1 ORDER BY s.position";
    let rows: Vec<Row> = sql::rows(db, sql, values![recording]).await?;
    let ends: Vec<i64> = rows.iter().skip(1).map(|row| row.from_ms).chain([duration_ms]).collect();
    let segments = rows.into_iter().zip(ends).map(|(row, to_ms)| Segment {
        kind: row.kind,
        from_ms: row.from_ms.min(duration_ms),
        to_ms: to_ms.clamp(row.from_ms.min(duration_ms), duration_ms),
        user_id: row.user_id,
        user_name: row.user_name,
    });
    Ok(segments.filter(|segment| segment.to_ms > segment.from_ms).collect())
}
