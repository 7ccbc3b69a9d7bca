//! Who is at the other end: the contact by number, and what the agent should see before answering.

use crm::contacts::{self, ContactSummary, Match};
use tracing::error;
use uuid::Uuid;

use crate::views::{ContactRef, MatchKind, PopContact, ScreenPop};

/// Interactions shown on a screen pop, newest first.
const RECENT_SHOWN: u32 = 5;

/// What the number said.
pub struct Who {
    pub found: Match,
}

impl Who {
    /// Looks the number up; when the database does not answer, nobody is known and the call goes on.
    pub async fn at(db: &crm::Db, number: &str) -> Who {
        let found = contacts::lookup_by_number(db, number).await.unwrap_or_else(|failure| {
            error!(%failure, "caller not looked up");
            Match::Unknown
        });
        Who { found }
    }

    pub fn kind(&self) -> MatchKind {
        self.found.kind()
    }

    /// The contact, when there is no doubt.
    pub fn contact(&self) -> Option<ContactRef> {
        match &self.found {
            Match::Known(contact) => Some(reference(contact)),
            Match::Maybe(_) | Match::Unknown => None,
        }
    }

    pub fn language(&self) -> Option<&str> {
        match &self.found {
            Match::Known(contact) => contact.language.as_deref(),
            Match::Maybe(_) | Match::Unknown => None,
        }
    }

    /// Everything that the agent's screen shows before the call is answered.
    pub async fn pop(&self, db: &crm::Db, call: Uuid, number: &str) -> ScreenPop {
        let mut shown = Vec::new();
        for contact in self.found.contacts() {
            match pop_contact(db, contact).await {
                Ok(contact) => shown.push(contact),
                Err(failure) => error!(%failure, "contact not read for the screen pop"),
            }
        }
        ScreenPop {
            call_id: call,
            number: number.to_owned(),
            number_display: crm::phone::format_international(number),
            match_kind: self.kind(),
            contacts: shown,
        }
    }
}

/// A contact chosen by the agent rather than found by its number.
pub async fn chosen(db: &crm::Db, id: Uuid) -> crm::Result<Who> {
    let contact = contacts::get(db, id).await?;
    Ok(Who { found: Match::Known(Box::new(contact.summary)) })
}

fn reference(contact: &ContactSummary) -> ContactRef {
    ContactRef {
        id: contact.id,
        name: contact.name.clone(),
        company_name: contact.company.as_ref().map(|company| company.name.clone()),
    }
}

async fn pop_contact(db: &crm::Db, contact: &ContactSummary) -> crm::Result<PopContact> {
    Ok(PopContact {
        id: contact.id,
        name: contact.name.clone(),
        company: contact.company.clone(),
        job_title: contact.job_title.clone(),
        language: contact.language.clone(),
        open_tickets: crm::tickets::open_for_contact(db, contact.id).await?,
        open_leads: crm::leads::open_for_contact(db, contact.id).await?,
        recent: crm::interactions::recent_for_contact(db, contact.id, RECENT_SHOWN).await?,
    })
}
