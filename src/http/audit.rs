//! The audit log: who did what to whom, from where.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use crm::audit::{self, AuditEvent, AuditRow};
use crm::rights::Right;
use crm::{Page, Tx};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::Asked;
use super::page::PageQuery;
use super::problem::{Answer, Problem};
use super::{Caller, HttpState};

pub fn routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "list_audit", params(PageQuery),
    responses((status = 200, body = Page<AuditRow>), (status = 403, body = Problem)))]
async fn list(
    State(http): State<HttpState>,
    caller: Caller,
    Asked(page): Asked<PageQuery>,
) -> Answer<Json<Page<AuditRow>>> {
    caller.require(Right::ViewAudit)?;
    Ok(Json(audit::list(&http.db, &page.into()).await?))
}

/// A line to be written in the transaction of what it tells.
#[derive(Debug, Clone)]
pub struct Entry(AuditEvent);

impl Entry {
    /// `details`: no secrets, and no personal value that the subject does not have anyway.
    #[must_use]
    pub fn new(
        user: Option<Uuid>,
        ip: IpAddr,
        action: &'static str,
        subject: Option<(&'static str, Uuid)>,
        details: Value,
    ) -> Self {
        Self(AuditEvent { user_id: user, action, subject, ip: Some(ip.to_string()), details })
    }

    /// The subject, where it was not known before.
    #[must_use]
    pub fn about(mut self, kind: &'static str, id: Uuid) -> Self {
        self.0.subject = Some((kind, id));
        self
    }

    /// # Errors
    /// The database's.
    pub async fn write(&self, tx: &Tx) -> crm::Result<()> {
        audit::add(tx, &self.0).await
    }
}

impl Caller {
    /// A line about something this caller does.
    #[must_use]
    pub fn entry(
        &self,
        action: &'static str,
        subject: Option<(&'static str, Uuid)>,
        details: Value,
    ) -> Entry {
        Entry::new(Some(self.user.id), self.ip, action, subject, details)
    }
}
