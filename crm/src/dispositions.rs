//! How a call went, in the company's own words.

use sea_orm::{FromJsonQueryResult, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Error, Result, check,
    sql::{self, Read, values},
    words::DispositionKind,
};

/// A word in each language of the console.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct Label {
    pub en: String,
    pub es: String,
    pub zh: String,
}

impl Label {
    pub fn new(en: &str, es: &str, zh: &str) -> Self {
        Self { en: en.to_owned(), es: es.to_owned(), zh: zh.to_owned() }
    }

    pub(crate) fn checked(&self) -> Result<Self> {
        Ok(Self {
            en: check::name("label", &self.en)?,
            es: check::name("label", &self.es)?,
            zh: check::name("label", &self.zh)?,
        })
    }
}

/// A disposition as shown beside a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DispositionRef {
    pub id: Uuid,
    pub code: String,
    pub label: Label,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct Disposition {
    pub id: Uuid,
    pub code: String,
    pub label: Label,
    pub kind: DispositionKind,
    /// The order on the screen, and the key that chooses it: 1 to 9.
    pub position: i32,
    pub active: bool,
}

#[derive(Debug, Clone)]
pub struct NewDisposition {
    pub code: String,
    pub label: Label,
    pub kind: DispositionKind,
    pub position: i32,
}

const COLUMNS: &str = "id, code, label, kind, position, active";

/// Those that can be chosen, in their order.
pub async fn list(db: &impl Read) -> Result<Vec<Disposition>> {
    let sql = format!("SELECT {COLUMNS} FROM dispositions WHERE active ORDER BY position, code");
    sql::rows(db, &sql, vec![]).await
}

pub async fn get(db: &impl Read, id: Uuid) -> Result<Disposition> {
    let sql = format!("SELECT {COLUMNS} FROM dispositions WHERE id = $1");
    sql::row(db, &sql, values![id]).await?.ok_or(Error::NotFound { what: "disposition" })
}

/// Made, or changed when there is one with this code.
pub async fn upsert(tx: &impl Read, new: &NewDisposition) -> Result<Disposition> {
    let sql = format!(
        "INSERT INTO dispositions ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, TRUE) ON CONFLICT (code) \
         DO UPDATE SET label = excluded.label, kind = excluded.kind, position = excluded.position, active = TRUE \
         RETURNING {COLUMNS}"
    );
    let code = check::name("code", &new.code)?;
    let row = values![Uuid::now_v7(), code, new.label.checked()?, new.kind, new.position];
    sql::row(tx, &sql, row).await?.ok_or(Error::NotFound { what: "disposition" })
}

/// It can be chosen no more; calls that have it keep it.
pub async fn retire(tx: &impl Read, id: Uuid) -> Result<()> {
    match sql::exec(tx, "UPDATE dispositions SET active = FALSE WHERE id = $1", values![id]).await? {
        0 => Err(Error::NotFound { what: "disposition" }),
        _ => Ok(()),
    }
}
