//! After a death of the process: what this node had open is closed, truthfully.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::finish::{FinishCall, finish_with};
use crate::{
    Db, Lane, Result,
    recordings::{self, Recording},
    sql::{self, values},
    words::{CallEndedBy, EndCause, LegEndedBy},
};

/// A call that was found open and has been closed.
#[derive(Debug, Clone)]
pub struct Recovered {
    pub call_id: Uuid,
    pub contact_id: Option<Uuid>,
    /// When it is taken to have ended.
    pub ended_at: DateTime<Utc>,
    /// Still to be repaired and then closed by [`recordings::close`]; until then
    /// [`recordings::orphans`] finds them again.
    pub recordings: Vec<Recording>,
}

/// Closes the calls that `node`, which has just started, had open before, with the cause
/// `server_restart`, each in a transaction of its own. Calls of other nodes are left alone.
///
/// Nobody saw the end: it is set to the end of the lease, or to `now` when that comes first, and
/// never before what is known to have happened.
pub async fn recover(db: &Db, node: &str, now: DateTime<Utc>) -> Result<Vec<Recovered>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        contact_id: Option<Uuid>,
        lease_until: DateTime<Utc>,
        state_since: DateTime<Utc>,
    }
    let sql = "SELECT id, contact_id, lease_until, state_since FROM calls \
         WHERE node = $1 AND ended_at IS NULL ORDER BY id";
    let mut recovered = Vec::new();
    for row in sql::rows::<Row>(db, sql, values![node]).await? {
        let ended_at = row.lease_until.min(now).max(row.state_since);
        let end = FinishCall {
            call_id: row.id,
            at: ended_at,
            by: CallEndedBy::System,
            cause: EndCause::ServerRestart,
            legs: Vec::new(),
            recordings: Vec::new(),
        };
        let closed = db
            .write(Lane::Calls, move |tx| {
                Box::pin(async move { finish_with(tx, &end, LegEndedBy::Restart).await })
            })
            .await?;
        if closed {
            tracing::info!(call = %row.id, "closed after a restart");
            recovered.push(Recovered {
                call_id: row.id,
                contact_id: row.contact_id,
                ended_at,
                recordings: recordings::of_call(db, row.id).await?,
            });
        }
    }
    Ok(recovered)
}
