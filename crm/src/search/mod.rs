//! Search across contacts, companies, tickets and leads, in any spelling and language.

pub(crate) mod cut;
pub(crate) mod index;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{PageRequest, Result, companies, contacts, leads, sql::Read, tickets};

/// What a found record is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Contact,
    Company,
    Ticket,
    Lead,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Ticket => "ticket",
            Self::Lead => "lead",
        }
    }
}

/// Of each kind, at most: what a list under a search box can show.
pub const MAX_FOUND_OF_A_KIND: u32 = 8;

/// What a search box shows.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Found {
    pub contacts: Vec<contacts::ContactSummary>,
    pub companies: Vec<companies::Company>,
    pub tickets: Vec<tickets::Ticket>,
    pub leads: Vec<leads::Lead>,
}

/// Finds by beginnings of words, all of which must be met. Nothing for a query without words.
pub async fn global(db: &impl Read, query: &str) -> Result<Found> {
    if cut::query(query).is_empty() {
        return Ok(Found::default());
    }
    let page = PageRequest::first(MAX_FOUND_OF_A_KIND);
    let search = Some(query.to_owned());
    let tickets = tickets::Filter { search: search.clone(), ..Default::default() };
    let leads = leads::Filter { search: search.clone(), ..Default::default() };
    let contacts = contacts::Filter { search, ..Default::default() };
    Ok(Found {
        contacts: contacts::search(db, &contacts, &page).await?.items,
        companies: companies::search(db, query, &page).await?.items,
        tickets: tickets::search(db, &tickets, &page).await?.items,
        leads: leads::search(db, &leads, &page).await?.items,
    })
}
