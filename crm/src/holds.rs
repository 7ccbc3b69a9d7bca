//! What must not be deleted, though a rule would: a recording, or everything of a contact.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Page, PageRequest, Result, check,
    sql::{self, Filter, Read, now, values},
    users::UserRef,
};

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Recording(Uuid),
    /// Every recording of theirs, past and future.
    Contact(Uuid),
}

impl Held {
    const fn column(self) -> &'static str {
        match self {
            Self::Recording(_) => "recording_id",
            Self::Contact(_) => "contact_id",
        }
    }

    const fn id(self) -> Uuid {
        match self {
            Self::Recording(id) | Self::Contact(id) => id,
        }
    }
}

/// A hold that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    pub id: Uuid,
    /// Either this, or `contact_id`.
    pub recording_id: Option<Uuid>,
    /// The call of `recording_id`.
    pub call_id: Option<Uuid>,
    pub contact_id: Option<Uuid>,
    pub contact_name: Option<String>,
    pub reason: String,
    pub placed_by: UserRef,
    pub placed_at: DateTime<Utc>,
}

/// Whether something holds a recording `r` of a call `c`.
pub(crate) const HELD: &str = "EXISTS (SELECT 1 FROM holds h WHERE h.lifted_at IS NULL \
     AND (h.recording_id = r.id OR h.contact_id = c.contact_id))";

/// Those who hold and those who let go do so one after the other: without this, PostgreSQL would let
/// go of what a transaction not yet committed holds.
pub(crate) async fn pass_gate(tx: &impl Read) -> Result<()> {
    sql::exec(tx, "UPDATE recordings_gate SET turn = turn + 1 WHERE id = 1", vec![]).await.map(drop)
}

/// `Conflict { field: "hold" }` with `already_held`, or `expired` where there is nothing left to hold.
pub async fn place(tx: &impl Read, held: Held, by: Uuid, reason: &str) -> Result<()> {
    let reason = check::name("reason", reason)?;
    pass_gate(tx).await?;
    match held {
        Held::Recording(id) => {
            let sql = "SELECT status FROM recordings WHERE id = $1";
            let status: Option<String> = sql::scalar(tx, sql, values![id]).await?;
            match status.as_deref() {
                None => return Err(Error::NotFound { what: "recording" }),
                Some("expired" | "lost") => return Err(Error::Conflict { field: "hold", code: "expired" }),
                Some(_) => {}
            }
        }
        Held::Contact(id) => crate::contacts::get(tx, id).await.map(drop)?,
    }
    if !of(tx, held).await?.is_empty() {
        return Err(Error::Conflict { field: "hold", code: "already_held" });
    }
    let row = vec![
        ("id", Uuid::now_v7().into()),
        (held.column(), held.id().into()),
        ("reason", reason.into()),
        ("placed_by", by.into()),
        ("placed_at", now().into()),
    ];
    sql::insert(tx, "holds", row).await
}

/// `NotFound { what: "hold" }` where none stands.
pub async fn lift(tx: &impl Read, held: Held, by: Uuid, reason: &str) -> Result<()> {
    let reason = check::name("reason", reason)?;
    let sql = format!(
        "UPDATE holds SET lifted_by = $1, lifted_at = $2, lift_reason = $3 \
         WHERE {} = $4 AND lifted_at IS NULL",
        held.column()
    );
    match sql::exec(tx, &sql, values![by, now(), reason, held.id()]).await? {
        0 => Err(Error::NotFound { what: "hold" }),
        _ => Ok(()),
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    recording_id: Option<Uuid>,
    call_id: Option<Uuid>,
    contact_id: Option<Uuid>,
    first_name: Option<String>,
    last_name: Option<String>,
    reason: String,
    placed_by: Uuid,
    placed_by_name: String,
    placed_at: DateTime<Utc>,
}

impl From<Row> for Hold {
    fn from(row: Row) -> Self {
        let name = |first: String, last: Option<String>| {
            format!("{first} {}", last.unwrap_or_default()).trim().to_owned()
        };
        Self {
            id: row.id,
            recording_id: row.recording_id,
            call_id: row.call_id,
            contact_id: row.contact_id,
            contact_name: row.first_name.map(|first| name(first, row.last_name)),
            reason: row.reason,
            placed_by: UserRef { id: row.placed_by, display_name: row.placed_by_name },
            placed_at: row.placed_at,
        }
    }
}

const SELECT: &str = "SELECT h.id, h.recording_id, r.call_id, h.contact_id, k.first_name, k.last_name, \
     h.reason, h.placed_by, u.display_name AS placed_by_name, h.placed_at FROM holds h \
     JOIN users u ON u.id = h.placed_by LEFT JOIN recordings r ON r.id = h.recording_id \
     LEFT JOIN contacts k ON k.id = h.contact_id";

async fn of(db: &impl Read, held: Held) -> Result<Vec<Hold>> {
    let sql = format!("{SELECT} WHERE h.{} = $1 AND h.lifted_at IS NULL", held.column());
    let rows: Vec<Row> = sql::rows(db, &sql, values![held.id()]).await?;
    Ok(rows.into_iter().map(Hold::from).collect())
}

/// What holds it: two at most for a recording, its own and its contact's.
pub async fn standing(db: &impl Read, held: Held) -> Result<Vec<Hold>> {
    let mut holds = of(db, held).await?;
    if let Held::Recording(id) = held {
        let sql = "SELECT c.contact_id FROM recordings r JOIN calls c ON c.id = r.call_id \
             WHERE r.id = $1 AND c.contact_id IS NOT NULL";
        if let Some(contact) = sql::scalar::<Uuid>(db, sql, values![id]).await? {
            holds.extend(of(db, Held::Contact(contact)).await?);
        }
    }
    Ok(holds)
}

/// All that stand, the newest first.
pub async fn list(db: &impl Read, page: &PageRequest) -> Result<Page<Hold>> {
    let mut filter = Filter::default();
    filter.plain("h.lifted_at IS NULL");
    if let Some((at, id)) = page.after_time()? {
        filter.after("(h.placed_at, h.id) < (?, ?)", at.into(), id);
    }
    let (conditions, values) = filter.finish();
    let rows = page.rows_to_fetch();
    let sql = format!("{SELECT} {conditions} ORDER BY h.placed_at DESC, h.id DESC LIMIT {rows}");
    let found: Vec<Row> = sql::rows(db, &sql, values).await?;
    Ok(Page::cut(found, page, |row| (row.placed_at, row.id)).map(Hold::from))
}
