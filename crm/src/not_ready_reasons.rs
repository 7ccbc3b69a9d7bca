//! Why an agent takes no calls: what can be chosen.

use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Error, Result, check,
    dispositions::Label,
    sql::{self, Read, values},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct NotReadyReason {
    pub code: String,
    pub label: Label,
    /// Whether the time counts as work.
    pub paid: bool,
    pub position: i32,
}

pub async fn list(db: &impl Read) -> Result<Vec<NotReadyReason>> {
    sql::rows(db, "SELECT code, label, paid, position FROM not_ready_reasons ORDER BY position, code", vec![])
        .await
}

pub async fn get(db: &impl Read, code: &str) -> Result<NotReadyReason> {
    let sql = "SELECT code, label, paid, position FROM not_ready_reasons WHERE code = $1";
    sql::row(db, sql, values![code]).await?.ok_or(Error::NotFound { what: "not_ready_reason" })
}

/// Made, or changed when there is one with this code.
pub async fn upsert(tx: &impl Read, reason: &NotReadyReason) -> Result<()> {
    let sql = "INSERT INTO not_ready_reasons (code, label, paid, position) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (code) DO UPDATE SET label = excluded.label, paid = excluded.paid, position = excluded.position";
    let code = check::name("code", &reason.code)?;
    sql::exec(tx, sql, values![code, reason.label.checked()?, reason.paid, reason.position]).await.map(drop)
}
