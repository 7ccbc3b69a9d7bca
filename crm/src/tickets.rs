//! What customers ask for and the company owes them.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Page, PageRequest, Result, check,
    companies::CompanyRef,
    contacts::ContactRef,
    interactions::{self, Entry},
    linked::Linked,
    patch::present,
    search::{Kind, index},
    sql::{self, Changes, Read, backend, now, values},
    users::UserRef,
    words::{TicketPriority, TicketStatus},
};

/// A ticket as shown beside a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct TicketRef {
    pub id: Uuid,
    pub number: i64,
    pub subject: String,
    pub status: TicketStatus,
    pub priority: TicketPriority,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ticket {
    pub id: Uuid,
    /// What people say: #1042.
    pub number: i64,
    pub subject: String,
    pub description: String,
    pub status: TicketStatus,
    pub priority: TicketPriority,
    /// An open list: question, incident, order …
    pub kind: String,
    pub contact: Option<ContactRef>,
    pub company: Option<CompanyRef>,
    pub owner: Option<UserRef>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewTicket {
    pub subject: String,
    pub description: String,
    /// Open when not given.
    pub status: Option<TicketStatus>,
    /// Normal when not given.
    pub priority: Option<TicketPriority>,
    /// `question` when not given.
    pub kind: Option<String>,
    pub contact_id: Option<Uuid>,
    pub company_id: Option<Uuid>,
    pub owner_id: Option<Uuid>,
}

/// What is left out stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TicketPatch {
    pub subject: Option<String>,
    pub description: Option<String>,
    pub status: Option<TicketStatus>,
    pub priority: Option<TicketPriority>,
    pub kind: Option<String>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<Option<Uuid>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub company_id: Option<Option<Uuid>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Option<Uuid>>,
}

/// Which tickets a list shows. All of what is given must be met.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filter {
    /// Beginnings of words, or the number.
    pub search: Option<String>,
    pub contact_id: Option<Uuid>,
    pub company_id: Option<Uuid>,
    pub status: Option<TicketStatus>,
}

/// A screen pop shows no more.
const MAX_OPEN_SHOWN: u32 = 20;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    number: i64,
    subject: String,
    description: String,
    status: TicketStatus,
    priority: TicketPriority,
    kind: String,
    #[sea_orm(nested)]
    linked: Linked,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Ticket {
    fn from(row: Row) -> Self {
        let (contact, company, owner) = row.linked.split();
        let Row { id, number, subject, description, status, priority, kind, created_at, updated_at, .. } =
            row;
        Self {
            id,
            number,
            subject,
            description,
            status,
            priority,
            kind,
            contact,
            company,
            owner,
            created_at,
            updated_at,
        }
    }
}

fn select() -> String {
    format!(
        "SELECT t.id, t.number, t.subject, t.description, t.status, t.priority, t.kind, t.created_at, t.updated_at, \
         {} FROM tickets t {}",
        Linked::COLUMNS,
        Linked::JOINS
    )
}

/// A ticket of a contact also enters that one's timeline. `by` is who made it.
pub async fn create(tx: &impl Read, by: Option<Uuid>, new: &NewTicket) -> Result<Ticket> {
    create_at(tx, by, new, now()).await
}

/// As [`create`], for what began elsewhere and earlier.
pub async fn create_at(
    tx: &impl Read,
    by: Option<Uuid>,
    new: &NewTicket,
    at: DateTime<Utc>,
) -> Result<Ticket> {
    let id = Uuid::now_v7();
    let subject = check::name("subject", &new.subject)?;
    let kind = new.kind.as_deref().unwrap_or("question");
    let sql = "UPDATE counters SET value = value + 1 WHERE name = 'ticket' RETURNING value";
    let number: i64 = sql::scalar(tx, sql, vec![])
        .await?
        .ok_or_else(|| Error::Damaged("no counter for tickets".to_owned()))?;
    let row = vec![
        ("id", id.into()),
        ("number", number.into()),
        ("subject", subject.clone().into()),
        ("description", check::text("description", &new.description)?.into()),
        ("status", new.status.unwrap_or(TicketStatus::Open).into()),
        ("priority", new.priority.unwrap_or(TicketPriority::Normal).into()),
        ("kind", check::name("kind", kind)?.into()),
        ("contact_id", new.contact_id.into()),
        ("company_id", new.company_id.into()),
        ("owner_id", new.owner_id.into()),
        ("created_at", at.into()),
        ("updated_at", at.into()),
    ];
    sql::insert(tx, "tickets", row).await?;
    let entry = Entry {
        contact_id: new.contact_id,
        company_id: new.company_id,
        user_id: by,
        ..Entry::new("ticket", &subject, at)
    };
    interactions::add(tx, &Entry { ticket_id: Some(id), ..entry }).await?;
    reindex(tx, id).await
}

pub async fn update(tx: &impl Read, id: Uuid, patch: &TicketPatch) -> Result<Ticket> {
    let mut changes = Changes::default();
    if let Some(subject) = &patch.subject {
        changes.set("subject", check::name("subject", subject)?);
    }
    if let Some(description) = &patch.description {
        changes.set("description", check::text("description", description)?);
    }
    if let Some(kind) = &patch.kind {
        changes.set("kind", check::name("kind", kind)?);
    }
    changes
        .set_some("status", patch.status)
        .set_some("priority", patch.priority)
        .set_some("contact_id", patch.contact_id)
        .set_some("company_id", patch.company_id)
        .set_some("owner_id", patch.owner_id)
        .set("updated_at", now());
    changes.apply(tx, "tickets", id, "ticket").await?;
    if let Some(contact) = patch.contact_id {
        let sql = "UPDATE interactions SET contact_id = $1 WHERE ticket_id = $2 AND channel = 'ticket'";
        sql::exec(tx, sql, values![contact, id]).await?;
    }
    reindex(tx, id).await
}

pub async fn get(db: &impl Read, id: Uuid) -> Result<Ticket> {
    let sql = format!("{} WHERE t.id = $1", select());
    let row: Option<Row> = sql::row(db, &sql, values![id]).await?;
    row.map(Ticket::from).ok_or(Error::NotFound { what: "ticket" })
}

/// The newest first.
pub async fn search(db: &impl Read, filter: &Filter, page: &PageRequest) -> Result<Page<Ticket>> {
    let mut conditions = sql::Filter::default();
    conditions
        .and_some("t.contact_id = ?", filter.contact_id)
        .and_some("t.company_id = ?", filter.company_id)
        .and_some("t.status = ?", filter.status);
    if let Some(query) = &filter.search {
        index::matching(&mut conditions, backend(db), "t.id", Kind::Ticket, query);
    }
    if let Some((number, _)) = page.after_number()? {
        conditions.and("t.number < ?", number);
    }
    let (conditions, values) = conditions.finish();
    let rows = page.rows_to_fetch();
    let sql = format!("{} {conditions} ORDER BY t.number DESC LIMIT {rows}", select());
    let found: Vec<Row> = sql::rows(db, &sql, values).await?;
    Ok(Page::cut(found, page, |row| (row.number, row.id)).map(Ticket::from))
}

/// What is open or pending, the newest first.
pub async fn open_for_contact(db: &impl Read, contact: Uuid) -> Result<Vec<TicketRef>> {
    let sql = format!(
        "SELECT id, number, subject, status, priority FROM tickets WHERE contact_id = $1 \
         AND status IN ('open', 'pending') ORDER BY number DESC LIMIT {MAX_OPEN_SHOWN}"
    );
    sql::rows(db, &sql, values![contact]).await
}

async fn reindex(tx: &impl Read, id: Uuid) -> Result<Ticket> {
    let ticket = get(tx, id).await?;
    let number = ticket.number.to_string();
    let texts = vec![number.as_str(), &ticket.subject, &ticket.description];
    index::put(tx, Kind::Ticket, id, index::Doc { texts, numbers: vec![] }).await?;
    Ok(ticket)
}
