//! The companies that contacts work for.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Page, PageRequest, Result, check,
    patch::present,
    phone::{self, Region},
    search::{Kind, cut::fold, index},
    sql::{self, Changes, Filter, Read, backend, now, values},
};

/// A company as shown beside a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CompanyRef {
    pub id: Uuid,
    pub name: String,
}

impl CompanyRef {
    pub(crate) fn some(id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        Some(Self { id: id?, name: name? })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct Company {
    pub id: Uuid,
    pub name: String,
    pub domain: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// An ISO 3166 code of two letters.
    pub country: Option<String>,
    pub industry: Option<String>,
    pub notes: String,
    pub contacts_count: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewCompany {
    pub name: String,
    pub domain: Option<String>,
    pub phone: Option<String>,
    pub country: Option<String>,
    pub industry: Option<String>,
    pub notes: String,
}

/// What is left out stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompanyPatch {
    pub name: Option<String>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub domain: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub phone: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub country: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub industry: Option<Option<String>>,
    pub notes: Option<String>,
}

const SELECT: &str = "SELECT c.id, c.name, c.domain, c.phone, c.country, c.industry, c.notes, \
     (SELECT COUNT(*) FROM contacts p WHERE p.company_id = c.id AND p.archived_at IS NULL) AS contacts_count, \
     c.created_at, c.updated_at FROM companies c";

pub async fn create(tx: &impl Read, region: Region, new: &NewCompany) -> Result<Company> {
    let id = Uuid::now_v7();
    let at = now();
    let name = check::name("name", &new.name)?;
    let row = vec![
        ("id", id.into()),
        ("sort_name", fold(&name).into()),
        ("name", name.into()),
        ("domain", check::option("domain", new.domain.as_deref())?.into()),
        ("phone", e164(new.phone.as_deref(), region)?.into()),
        ("country", check::option("country", new.country.as_deref())?.into()),
        ("industry", check::option("industry", new.industry.as_deref())?.into()),
        ("notes", check::text("notes", &new.notes)?.into()),
        ("created_at", at.into()),
        ("updated_at", at.into()),
    ];
    sql::insert(tx, "companies", row).await?;
    reindex(tx, id).await
}

pub async fn update(tx: &impl Read, region: Region, id: Uuid, patch: &CompanyPatch) -> Result<Company> {
    let mut changes = Changes::default();
    if let Some(name) = &patch.name {
        let name = check::name("name", name)?;
        changes.set("sort_name", fold(&name)).set("name", name);
    }
    for (column, value) in
        [("domain", &patch.domain), ("country", &patch.country), ("industry", &patch.industry)]
    {
        if let Some(value) = value {
            changes.set(column, check::option(column, value.as_deref())?);
        }
    }
    if let Some(phone) = &patch.phone {
        changes.set("phone", e164(phone.as_deref(), region)?);
    }
    if let Some(notes) = &patch.notes {
        changes.set("notes", check::text("notes", notes)?);
    }
    changes.set("updated_at", now());
    changes.apply(tx, "companies", id, "company").await?;
    reindex(tx, id).await
}

pub async fn get(db: &impl Read, id: Uuid) -> Result<Company> {
    let sql = format!("{SELECT} WHERE c.id = $1 AND c.archived_at IS NULL");
    sql::row(db, &sql, values![id]).await?.ok_or(Error::NotFound { what: "company" })
}

/// By name; all for an empty query.
pub async fn search(db: &impl Read, query: &str, page: &PageRequest) -> Result<Page<Company>> {
    let mut conditions = Filter::default();
    conditions.plain("c.archived_at IS NULL");
    index::matching(&mut conditions, backend(db), "c.id", Kind::Company, query);
    if let Some((name, id)) = page.after_text()? {
        conditions.after("(c.sort_name, c.id) > (?, ?)", name.into(), id);
    }
    let (conditions, values) = conditions.finish();
    let rows = page.rows_to_fetch();
    let sql = format!("{SELECT} {conditions} ORDER BY c.sort_name, c.id LIMIT {rows}");
    let found: Vec<Company> = sql::rows(db, &sql, values).await?;
    Ok(Page::cut(found, page, |company| (fold(&company.name), company.id)))
}

fn e164(number: Option<&str>, region: Region) -> Result<Option<String>> {
    let number = number.filter(|number| !number.trim().is_empty());
    let number = number.map(|number| phone::normalise(number, region)).transpose();
    Ok(number.map_err(|err| Error::invalid("phone", err.code()))?.map(|e164| e164.number))
}

async fn reindex(tx: &impl Read, id: Uuid) -> Result<Company> {
    let company = get(tx, id).await?;
    let mut texts = vec![company.name.as_str()];
    texts.extend(company.domain.as_deref());
    texts.extend(company.industry.as_deref());
    let numbers = company.phone.as_deref().into_iter().collect();
    index::put(tx, Kind::Company, id, index::Doc { texts, numbers }).await?;
    Ok(company)
}
