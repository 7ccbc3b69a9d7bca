//! Who did what, when, from where. Rows are added and never changed.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Page, PageRequest, Result, check,
    sql::{self, Filter, Read, now},
    users::UserRef,
};

/// Something worth remembering.
#[derive(Debug, Clone)]
pub struct AuditEvent {
    /// None when nobody is signed in, as after a failed sign-in.
    pub user_id: Option<Uuid>,
    /// A word with a dot, as `recording.listened`; an open list.
    pub action: &'static str,
    pub subject: Option<(&'static str, Uuid)>,
    pub ip: Option<String>,
    /// No secrets, no more personal data than the action needs.
    pub details: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditRow {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub user: Option<UserRef>,
    pub action: String,
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    pub ip: Option<String>,
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
}

pub async fn add(tx: &impl Read, event: &AuditEvent) -> Result<()> {
    let row = vec![
        ("id", Uuid::now_v7().into()),
        ("at", now().into()),
        ("user_id", event.user_id.into()),
        ("action", event.action.into()),
        ("subject_kind", event.subject.map(|(kind, _)| kind).into()),
        ("subject_id", event.subject.map(|(_, id)| id).into()),
        ("ip", event.ip.as_deref().map(check::wire).into()),
        ("details", event.details.clone().into()),
    ];
    sql::insert(tx, "audit_log", row).await
}

/// The newest first.
pub async fn list(db: &impl Read, page: &PageRequest) -> Result<Page<AuditRow>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        at: DateTime<Utc>,
        user_id: Option<Uuid>,
        user_name: Option<String>,
        action: String,
        subject_kind: Option<String>,
        subject_id: Option<Uuid>,
        ip: Option<String>,
        details: serde_json::Value,
    }
    let mut conditions = Filter::default();
    if let Some((at, id)) = page.after_time()? {
        conditions.after("(a.at, a.id) < (?, ?)", at.into(), id);
    }
    let (conditions, values) = conditions.finish();
    let rows = page.rows_to_fetch();
    let sql = format!(
        "SELECT a.id, a.at, a.user_id, u.display_name AS user_name, a.action, a.subject_kind, a.subject_id, a.ip, \
         a.details FROM audit_log a LEFT JOIN users u ON u.id = a.user_id {conditions} \
         ORDER BY a.at DESC, a.id DESC LIMIT {rows}"
    );
    let found: Vec<Row> = sql::rows(db, &sql, values).await?;
    let page = Page::cut(found, page, |row| (row.at, row.id));
    Ok(page.map(|row| AuditRow {
        id: row.id,
        at: row.at,
        user: UserRef::some(row.user_id, row.user_name),
        action: row.action,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        ip: row.ip,
        details: row.details,
    }))
}
