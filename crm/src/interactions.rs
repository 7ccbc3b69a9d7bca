//! The timeline: everything that happened with a contact, whatever the channel.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Page, PageRequest, Result,
    calls::{self, CallSummary},
    check,
    leads::LeadRef,
    sql::{self, Read, now, values},
    tickets::TicketRef,
    users::UserRef,
    words::{Direction, LeadStatus, TicketPriority, TicketStatus},
};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimelineItem {
    pub id: Uuid,
    /// `call`, `note`, `ticket`, `lead`, `mail`; an open list.
    pub kind: String,
    pub occurred_at: DateTime<Utc>,
    pub direction: Option<Direction>,
    /// A line; empty for calls, which the console words itself.
    pub summary: String,
    /// The text of a note or a mail.
    pub body: String,
    /// Who did it, on our side.
    pub user: Option<UserRef>,
    pub call: Option<CallSummary>,
    pub ticket: Option<TicketRef>,
    pub lead: Option<LeadRef>,
}

/// A row of the timeline to be written.
#[derive(Debug, Clone)]
pub struct Entry {
    pub channel: &'static str,
    pub direction: Option<Direction>,
    pub contact_id: Option<Uuid>,
    pub company_id: Option<Uuid>,
    pub lead_id: Option<Uuid>,
    pub ticket_id: Option<Uuid>,
    pub call_id: Option<Uuid>,
    pub user_id: Option<Uuid>,
    pub summary: String,
    pub body: String,
    pub occurred_at: DateTime<Utc>,
}

impl Entry {
    pub fn new(channel: &'static str, summary: &str, occurred_at: DateTime<Utc>) -> Self {
        Self {
            channel,
            direction: None,
            contact_id: None,
            company_id: None,
            lead_id: None,
            ticket_id: None,
            call_id: None,
            user_id: None,
            summary: summary.to_owned(),
            body: String::new(),
            occurred_at,
        }
    }
}

/// What a note shows as its line.
const SUMMARY_CHARS: usize = 120;

pub async fn add(tx: &impl Read, entry: &Entry) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let row = vec![
        ("id", id.into()),
        ("channel", entry.channel.into()),
        ("direction", entry.direction.into()),
        ("contact_id", entry.contact_id.into()),
        ("company_id", entry.company_id.into()),
        ("lead_id", entry.lead_id.into()),
        ("ticket_id", entry.ticket_id.into()),
        ("call_id", entry.call_id.into()),
        ("user_id", entry.user_id.into()),
        ("summary", entry.summary.clone().into()),
        ("body", entry.body.clone().into()),
        ("occurred_at", entry.occurred_at.into()),
    ];
    sql::insert(tx, "interactions", row).await?;
    Ok(id)
}

/// What `user` writes down about a contact.
pub async fn add_note(tx: &impl Read, contact: Uuid, user: Uuid, text: &str) -> Result<TimelineItem> {
    let body = check::text("text", text)?;
    if body.trim().is_empty() {
        return Err(Error::invalid("text", "empty"));
    }
    let line: String =
        body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    let summary: String = line.chars().take(SUMMARY_CHARS).collect();
    let entry =
        Entry { contact_id: Some(contact), user_id: Some(user), body, ..Entry::new("note", &summary, now()) };
    let id = add(tx, &entry).await?;
    let mut filter = sql::Filter::default();
    filter.and("i.id = ?", id);
    items(tx, filter, 1).await?.pop().ok_or(Error::NotFound { what: "interaction" })
}

/// The newest first. Running calls come onto the timeline when they end.
pub async fn timeline(db: &impl Read, contact: Uuid, page: &PageRequest) -> Result<Page<TimelineItem>> {
    let mut filter = sql::Filter::default();
    filter.and("i.contact_id = ?", contact);
    if let Some((at, id)) = page.after_time()? {
        filter.after("(i.occurred_at, i.id) < (?, ?)", at.into(), id);
    }
    let found = items(db, filter, page.rows_to_fetch()).await?;
    Ok(Page::cut(found, page, |item| (item.occurred_at, item.id)))
}

/// The last `count` of a contact, for a screen pop.
pub async fn recent_for_contact(db: &impl Read, contact: Uuid, count: u32) -> Result<Vec<TimelineItem>> {
    Ok(timeline(db, contact, &PageRequest::first(count)).await?.items)
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    channel: String,
    direction: Option<Direction>,
    summary: String,
    body: String,
    occurred_at: DateTime<Utc>,
    call_id: Option<Uuid>,
    user_id: Option<Uuid>,
    user_name: Option<String>,
    ticket_id: Option<Uuid>,
    ticket_number: Option<i64>,
    ticket_subject: Option<String>,
    ticket_status: Option<TicketStatus>,
    ticket_priority: Option<TicketPriority>,
    lead_id: Option<Uuid>,
    lead_title: Option<String>,
    lead_status: Option<LeadStatus>,
}

async fn items(db: &impl Read, filter: sql::Filter, limit: i64) -> Result<Vec<TimelineItem>> {
    let (conditions, values) = filter.finish();
    let sql = format!(
        "SELECT i.id, i.channel, i.direction, i.summary, i.body, i.occurred_at, i.call_id, \
         i.user_id, u.display_name AS user_name, \
         i.ticket_id, t.number AS ticket_number, t.subject AS ticket_subject, t.status AS ticket_status, \
         t.priority AS ticket_priority, i.lead_id, l.title AS lead_title, l.status AS lead_status \
         FROM interactions i LEFT JOIN users u ON u.id = i.user_id LEFT JOIN tickets t ON t.id = i.ticket_id \
         LEFT JOIN leads l ON l.id = i.lead_id {conditions} ORDER BY i.occurred_at DESC, i.id DESC LIMIT {limit}"
    );
    let rows: Vec<Row> = sql::rows(db, &sql, values).await?;
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.call_id).collect();
    let mut calls: HashMap<Uuid, CallSummary> =
        calls::by_ids(db, &ids).await?.into_iter().map(|call| (call.id, call)).collect();
    Ok(rows.into_iter().map(|row| item(row, &mut calls)).collect())
}

fn item(row: Row, calls: &mut HashMap<Uuid, CallSummary>) -> TimelineItem {
    let ticket = (|| {
        Some(TicketRef {
            id: row.ticket_id?,
            number: row.ticket_number?,
            subject: row.ticket_subject?,
            status: row.ticket_status?,
            priority: row.ticket_priority?,
        })
    })();
    let lead = (|| Some(LeadRef { id: row.lead_id?, title: row.lead_title?, status: row.lead_status? }))();
    TimelineItem {
        id: row.id,
        kind: row.channel,
        occurred_at: row.occurred_at,
        direction: row.direction,
        summary: row.summary,
        body: row.body,
        user: UserRef::some(row.user_id, row.user_name),
        call: row.call_id.and_then(|id| calls.remove(&id)),
        ticket,
        lead,
    }
}

/// The entry of a call follows it to another contact.
pub(crate) async fn move_call(tx: &impl Read, call: Uuid, contact: Option<Uuid>) -> Result<()> {
    let sql = "UPDATE interactions SET contact_id = $1, \
         company_id = (SELECT company_id FROM contacts WHERE id = $1) WHERE call_id = $2";
    sql::exec(tx, sql, values![contact, call]).await?;
    Ok(())
}
