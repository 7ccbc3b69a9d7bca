//! Who is calling?

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ContactSummary, summaries};
use crate::{
    Result,
    sql::{self, Read, values},
    words::MatchKind,
};

/// A screen pop shows no more; a switchboard's main number may belong to hundreds.
pub const MAX_MAYBE_CONTACTS: u32 = 10;

/// What a number says about who it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Match {
    Known(Box<ContactSummary>),
    /// Several have the number: those spoken with last come first.
    Maybe(Vec<ContactSummary>),
    Unknown,
}

impl Match {
    pub fn kind(&self) -> MatchKind {
        match self {
            Self::Known(_) => MatchKind::Known,
            Self::Maybe(_) => MatchKind::Maybe,
            Self::Unknown => MatchKind::Unknown,
        }
    }

    /// None, one or several.
    pub fn contacts(&self) -> &[ContactSummary] {
        match self {
            Self::Known(contact) => std::slice::from_ref(contact),
            Self::Maybe(contacts) => contacts,
            Self::Unknown => &[],
        }
    }

    /// The contact, when there is no doubt.
    pub fn known(&self) -> Option<Uuid> {
        match self {
            Self::Known(contact) => Some(contact.id),
            _ => None,
        }
    }
}

/// Takes E.164 (see [`crate::phone::normalise`]); whatever else matches nobody.
pub async fn lookup_by_number(db: &impl Read, e164: &str) -> Result<Match> {
    let sql = format!(
        "SELECT c.id FROM contacts c WHERE c.archived_at IS NULL \
         AND c.id IN (SELECT contact_id FROM contact_phones WHERE e164 = $1) \
         ORDER BY COALESCE((SELECT MAX(i.occurred_at) FROM interactions i WHERE i.contact_id = c.id), \
         c.created_at) DESC, c.id LIMIT {MAX_MAYBE_CONTACTS}"
    );
    let ids: Vec<Uuid> = sql::column(db, &sql, values![e164]).await?;
    let mut contacts = summaries(db, &ids).await?;
    Ok(match contacts.len() {
        0 => Match::Unknown,
        1 => Match::Known(Box::new(contacts.remove(0))),
        _ => Match::Maybe(contacts),
    })
}
