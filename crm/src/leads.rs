//! Chances of business.

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
    words::LeadStatus,
};

/// A lead as shown beside a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct LeadRef {
    pub id: Uuid,
    pub title: String,
    pub status: LeadStatus,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lead {
    pub id: Uuid,
    pub title: String,
    pub status: LeadStatus,
    pub source: Option<String>,
    pub contact: Option<ContactRef>,
    pub company: Option<CompanyRef>,
    pub owner: Option<UserRef>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewLead {
    pub title: String,
    /// New when not given.
    pub status: Option<LeadStatus>,
    pub source: Option<String>,
    pub contact_id: Option<Uuid>,
    pub company_id: Option<Uuid>,
    pub owner_id: Option<Uuid>,
}

/// What is left out stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LeadPatch {
    pub title: Option<String>,
    pub status: Option<LeadStatus>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub source: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<Option<Uuid>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub company_id: Option<Option<Uuid>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Option<Uuid>>,
}

/// Which leads a list shows. All of what is given must be met.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filter {
    pub search: Option<String>,
    pub contact_id: Option<Uuid>,
    pub company_id: Option<Uuid>,
    pub status: Option<LeadStatus>,
}

/// A screen pop shows no more.
const MAX_OPEN_SHOWN: u32 = 20;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    title: String,
    status: LeadStatus,
    source: Option<String>,
    #[sea_orm(nested)]
    linked: Linked,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Lead {
    fn from(row: Row) -> Self {
        let (contact, company, owner) = row.linked.split();
        let Row { id, title, status, source, created_at, updated_at, .. } = row;
        Self { id, title, status, source, contact, company, owner, created_at, updated_at }
    }
}

fn select() -> String {
    format!(
        "SELECT t.id, t.title, t.status, t.source, t.created_at, t.updated_at, {} FROM leads t {}",
        Linked::COLUMNS,
        Linked::JOINS
    )
}

/// A lead of a contact also enters that one's timeline. `by` is who made it.
pub async fn create(tx: &impl Read, by: Option<Uuid>, new: &NewLead) -> Result<Lead> {
    create_at(tx, by, new, now()).await
}

/// As [`create`], for what began elsewhere and earlier.
pub async fn create_at(tx: &impl Read, by: Option<Uuid>, new: &NewLead, at: DateTime<Utc>) -> Result<Lead> {
    let id = Uuid::now_v7();
    let title = check::name("title", &new.title)?;
    let row = vec![
        ("id", id.into()),
        ("title", title.clone().into()),
        ("status", new.status.unwrap_or(LeadStatus::New).into()),
        ("source", check::option("source", new.source.as_deref())?.into()),
        ("contact_id", new.contact_id.into()),
        ("company_id", new.company_id.into()),
        ("owner_id", new.owner_id.into()),
        ("created_at", at.into()),
        ("updated_at", at.into()),
    ];
    sql::insert(tx, "leads", row).await?;
    let entry = Entry {
        contact_id: new.contact_id,
        company_id: new.company_id,
        user_id: by,
        ..Entry::new("lead", &title, at)
    };
    interactions::add(tx, &Entry { lead_id: Some(id), ..entry }).await?;
    reindex(tx, id).await
}

pub async fn update(tx: &impl Read, id: Uuid, patch: &LeadPatch) -> Result<Lead> {
    let mut changes = Changes::default();
    if let Some(title) = &patch.title {
        changes.set("title", check::name("title", title)?);
    }
    if let Some(source) = &patch.source {
        changes.set("source", check::option("source", source.as_deref())?);
    }
    changes
        .set_some("status", patch.status)
        .set_some("contact_id", patch.contact_id)
        .set_some("company_id", patch.company_id)
        .set_some("owner_id", patch.owner_id)
        .set("updated_at", now());
    changes.apply(tx, "leads", id, "lead").await?;
    if let Some(contact) = patch.contact_id {
        let sql = "UPDATE interactions SET contact_id = $1 WHERE lead_id = $2 AND channel = 'lead'";
        sql::exec(tx, sql, values![contact, id]).await?;
    }
    reindex(tx, id).await
}

pub async fn get(db: &impl Read, id: Uuid) -> Result<Lead> {
    let sql = format!("{} WHERE t.id = $1", select());
    let row: Option<Row> = sql::row(db, &sql, values![id]).await?;
    row.map(Lead::from).ok_or(Error::NotFound { what: "lead" })
}

/// The newest first.
pub async fn search(db: &impl Read, filter: &Filter, page: &PageRequest) -> Result<Page<Lead>> {
    let mut conditions = sql::Filter::default();
    conditions
        .and_some("t.contact_id = ?", filter.contact_id)
        .and_some("t.company_id = ?", filter.company_id)
        .and_some("t.status = ?", filter.status);
    if let Some(query) = &filter.search {
        index::matching(&mut conditions, backend(db), "t.id", Kind::Lead, query);
    }
    if let Some((at, id)) = page.after_time()? {
        conditions.after("(t.created_at, t.id) < (?, ?)", at.into(), id);
    }
    let (conditions, values) = conditions.finish();
    let rows = page.rows_to_fetch();
    let sql = format!("{} {conditions} ORDER BY t.created_at DESC, t.id DESC LIMIT {rows}", select());
    let found: Vec<Row> = sql::rows(db, &sql, values).await?;
    Ok(Page::cut(found, page, |row| (row.created_at, row.id)).map(Lead::from))
}

/// What is neither won nor lost, the newest first.
pub async fn open_for_contact(db: &impl Read, contact: Uuid) -> Result<Vec<LeadRef>> {
    let sql = format!(
        "SELECT id, title, status FROM leads WHERE contact_id = $1 \
         AND status IN ('new', 'contacted', 'qualified') ORDER BY created_at DESC, id DESC LIMIT {MAX_OPEN_SHOWN}"
    );
    sql::rows(db, &sql, values![contact]).await
}

async fn reindex(tx: &impl Read, id: Uuid) -> Result<Lead> {
    let lead = get(tx, id).await?;
    let mut texts = vec![lead.title.as_str()];
    texts.extend(lead.source.as_deref());
    index::put(tx, Kind::Lead, id, index::Doc { texts, numbers: vec![] }).await?;
    Ok(lead)
}
