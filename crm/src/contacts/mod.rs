//! The people whom the company talks with.

mod input;
mod lookup;
mod summary;
mod write;

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::input::{ContactPatch, EmailInput, NewContact, PhoneInput};
pub use self::lookup::{Match, lookup_by_number};
pub use self::summary::summaries;
pub use self::write::{archive, create, update};

use crate::{
    Error, Page, PageRequest, Result,
    companies::CompanyRef,
    search::{Kind, index},
    sql::{self, Read, backend, values},
    users::UserRef,
    words::{EmailKind, PhoneKind},
};

/// A contact as shown beside a call or a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContactRef {
    pub id: Uuid,
    pub name: String,
    pub company_name: Option<String>,
}

/// A contact in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactSummary {
    pub id: Uuid,
    pub name: String,
    pub company: Option<CompanyRef>,
    pub job_title: Option<String>,
    /// The language to speak, as `es` or `zh-CN`.
    pub language: Option<String>,
    pub phones: Vec<Phone>,
    pub emails: Vec<Email>,
    /// Tickets that are open or pending.
    pub open_tickets: i64,
    pub last_interaction_at: Option<DateTime<Utc>>,
}

/// A contact with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    #[serde(flatten)]
    pub summary: ContactSummary,
    pub first_name: String,
    pub last_name: String,
    /// An IANA name, as `Europe/Madrid`.
    pub time_zone: Option<String>,
    pub notes: String,
    pub owner: Option<UserRef>,
    pub open_leads: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Phone {
    /// As `+34910000100`.
    pub e164: String,
    pub extension: Option<String>,
    /// As people read it: `+34 910 00 01 00`.
    pub display: String,
    pub kind: PhoneKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Email {
    pub address: String,
    pub kind: EmailKind,
}

/// Which contacts a list shows. All of what is given must be met.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filter {
    /// Beginnings of words of name, job, address or notes, or a number in any spelling.
    pub search: Option<String>,
    pub company_id: Option<Uuid>,
}

/// As people of that name say it: Chinese names have the family first.
pub(crate) fn full_name(first: &str, last: &str) -> String {
    let han = |name: &str| !name.is_empty() && name.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}'));
    if han(first) && han(last) {
        return format!("{last}{first}");
    }
    format!("{first} {last}").trim().to_owned()
}

/// By family name. Archived contacts are not shown.
pub async fn search(db: &impl Read, filter: &Filter, page: &PageRequest) -> Result<Page<ContactSummary>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        sort_name: String,
    }
    let mut conditions = sql::Filter::default();
    conditions.plain("archived_at IS NULL").and_some("company_id = ?", filter.company_id);
    if let Some(query) = &filter.search {
        index::matching(&mut conditions, backend(db), "id", Kind::Contact, query);
    }
    if let Some((name, id)) = page.after_text()? {
        conditions.after("(sort_name, id) > (?, ?)", name.into(), id);
    }
    let (conditions, values) = conditions.finish();
    let rows = page.rows_to_fetch();
    let sql = format!("SELECT id, sort_name FROM contacts {conditions} ORDER BY sort_name, id LIMIT {rows}");
    let rows: Vec<Row> = sql::rows(db, &sql, values).await?;
    let page = Page::cut(rows, page, |row| (row.sort_name.clone(), row.id));
    let ids: Vec<_> = page.items.iter().map(|row| row.id).collect();
    Ok(Page { items: summaries(db, &ids).await?, next_cursor: page.next_cursor })
}

/// `NotFound` for archived ones too.
pub async fn get(db: &impl Read, id: Uuid) -> Result<Contact> {
    #[derive(FromQueryResult)]
    struct Row {
        first_name: String,
        last_name: String,
        time_zone: Option<String>,
        notes: String,
        owner_id: Option<Uuid>,
        owner_name: Option<String>,
        open_leads: i64,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
    }
    let sql = "SELECT c.first_name, c.last_name, c.time_zone, c.notes, c.owner_id, u.display_name AS owner_name, \
         (SELECT COUNT(*) FROM leads l WHERE l.contact_id = c.id AND l.status IN ('new', 'contacted', 'qualified')) \
         AS open_leads, c.created_at, c.updated_at \
         FROM contacts c LEFT JOIN users u ON u.id = c.owner_id WHERE c.id = $1 AND c.archived_at IS NULL";
    let missing = || Error::NotFound { what: "contact" };
    let row: Row = sql::row(db, sql, values![id]).await?.ok_or_else(missing)?;
    let summary = summaries(db, &[id]).await?.pop().ok_or_else(missing)?;
    Ok(Contact {
        summary,
        first_name: row.first_name,
        last_name: row.last_name,
        time_zone: row.time_zone,
        notes: row.notes,
        owner: UserRef::some(row.owner_id, row.owner_name),
        open_leads: row.open_leads,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// How many there are, archived ones left out.
pub async fn count(db: &impl Read) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM contacts WHERE archived_at IS NULL";
    Ok(sql::scalar(db, sql, vec![]).await?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_in_their_own_order() {
        assert_eq!(super::full_name("Ana", "Gil"), "Ana Gil");
        assert_eq!(super::full_name("伟", "张"), "张伟");
        assert_eq!(super::full_name("Ana", ""), "Ana");
    }
}
