//! Contacts as lists show them, a few statements for a whole page.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{ContactSummary, Email, Phone, full_name};
use crate::{
    Result,
    companies::CompanyRef,
    phone,
    sql::{self, Read, marks},
    words::{EmailKind, PhoneKind},
};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    first_name: String,
    last_name: String,
    job_title: Option<String>,
    language: Option<String>,
    company_id: Option<Uuid>,
    company_name: Option<String>,
    open_tickets: i64,
    last_interaction_at: Option<DateTime<Utc>>,
}

/// In the order of `ids`; unknown ones are left out. A page's worth of ids at most.
pub async fn summaries(db: &impl Read, ids: &[Uuid]) -> Result<Vec<ContactSummary>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT c.id, c.first_name, c.last_name, c.job_title, c.language, c.company_id, co.name AS company_name, \
         (SELECT COUNT(*) FROM tickets t WHERE t.contact_id = c.id AND t.status IN ('open', 'pending')) \
         AS open_tickets, \
         (SELECT MAX(i.occurred_at) FROM interactions i WHERE i.contact_id = c.id) AS last_interaction_at \
         FROM contacts c LEFT JOIN companies co ON co.id = c.company_id WHERE c.id IN ({})",
        marks(1, ids.len())
    );
    let mut found: HashMap<Uuid, Row> =
        sql::rows::<Row>(db, &sql, uuids(ids)).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut phones = phones(db, ids).await?;
    let mut emails = emails(db, ids).await?;
    let summary = |id: &Uuid| {
        let row = found.remove(id)?;
        Some(ContactSummary {
            id: row.id,
            name: full_name(&row.first_name, &row.last_name),
            company: CompanyRef::some(row.company_id, row.company_name),
            job_title: row.job_title,
            language: row.language,
            phones: phones.remove(id).unwrap_or_default(),
            emails: emails.remove(id).unwrap_or_default(),
            open_tickets: row.open_tickets,
            last_interaction_at: row.last_interaction_at,
        })
    };
    Ok(ids.iter().filter_map(summary).collect())
}

async fn phones(db: &impl Read, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Phone>>> {
    #[derive(FromQueryResult)]
    struct Row {
        contact_id: Uuid,
        e164: String,
        extension: Option<String>,
        kind: PhoneKind,
    }
    let sql = format!(
        "SELECT contact_id, e164, extension, kind FROM contact_phones WHERE contact_id IN ({}) ORDER BY position",
        marks(1, ids.len())
    );
    let mut phones: HashMap<Uuid, Vec<Phone>> = HashMap::new();
    for row in sql::rows::<Row>(db, &sql, uuids(ids)).await? {
        let Row { contact_id, e164, extension, kind } = row;
        let display = phone::format_international(&e164);
        phones.entry(contact_id).or_default().push(Phone { e164, extension, display, kind });
    }
    Ok(phones)
}

async fn emails(db: &impl Read, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Email>>> {
    #[derive(FromQueryResult)]
    struct Row {
        contact_id: Uuid,
        address: String,
        kind: EmailKind,
    }
    let sql = format!(
        "SELECT contact_id, address, kind FROM contact_emails WHERE contact_id IN ({}) ORDER BY position",
        marks(1, ids.len())
    );
    let mut emails: HashMap<Uuid, Vec<Email>> = HashMap::new();
    for row in sql::rows::<Row>(db, &sql, uuids(ids)).await? {
        let Row { contact_id, address, kind } = row;
        emails.entry(contact_id).or_default().push(Email { address, kind });
    }
    Ok(emails)
}

fn uuids(ids: &[Uuid]) -> Vec<Value> {
    ids.iter().map(|id| Value::from(*id)).collect()
}
