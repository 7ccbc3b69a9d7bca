//! Aurora's customers and what happened with them, in the database.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use crm::companies::NewCompany;
use crm::contacts::{EmailInput, NewContact, PhoneInput};
use crm::interactions::Entry;
use crm::phone::Region;
use crm::words::{EmailKind, TicketStatus};
use crm::{Db, Lane, Tx};
use uuid::Uuid;

use super::book::{Book, Contact};
use super::past_calls;
use super::stories::{Lead, Note, Stories, Ticket};

/// What the rows of the past refer to.
pub(super) struct Known {
    pub now: DateTime<Utc>,
    /// In the book's order.
    pub contacts: Vec<Uuid>,
    pub employers: Vec<Option<Uuid>>,
    /// By handle.
    pub staff: HashMap<String, Uuid>,
    /// By name.
    pub queues: HashMap<String, Uuid>,
    /// By code.
    pub dispositions: HashMap<String, Uuid>,
}

impl Known {
    pub fn ago(&self, minutes: i64) -> DateTime<Utc> {
        self.now - TimeDelta::minutes(minutes)
    }
}

/// Writes companies, contacts and their stories, in one transaction: some two thousand short statements,
/// well within [`crm::WRITE_LIMIT`], at a moment when nobody else writes.
pub async fn create(db: &Db, book: &Arc<Book>) -> Result<(), crm::Error> {
    let handle = |email: &str| email.split('@').next().unwrap_or_default().to_owned();
    let staff = crm::users::list(db).await?.into_iter().map(|user| (handle(&user.email), user.id)).collect();
    let queues = crm::queues::list(db).await?.into_iter().map(|queue| (queue.name, queue.id)).collect();
    let dispositions = crm::dispositions::list(db).await?.into_iter().map(|one| (one.code, one.id)).collect();
    let book = Arc::clone(book);
    db.write(Lane::Bulk, move |tx| {
        Box::pin(async move {
            let mut known = Known {
                now: crm::now(),
                contacts: Vec::with_capacity(book.contacts.len()),
                employers: Vec::with_capacity(book.contacts.len()),
                staff,
                queues,
                dispositions,
            };
            people(tx, &book, &mut known).await?;
            let stories = Stories::of(&book);
            for ticket in &stories.tickets {
                write_ticket(tx, &known, ticket).await?;
            }
            for lead in &stories.leads {
                write_lead(tx, &known, lead).await?;
            }
            for note in &stories.notes {
                write_note(tx, &known, note).await?;
            }
            for call in &stories.calls {
                past_calls::write(tx, &known, &book, call).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn people(tx: &Tx, book: &Book, known: &mut Known) -> Result<(), crm::Error> {
    let mut companies = Vec::with_capacity(book.companies.len());
    for company in &book.companies {
        let new = NewCompany {
            name: company.firm.name.to_owned(),
            domain: Some(company.firm.domain.to_owned()),
            phone: Some(company.phone.clone()),
            country: Some(company.firm.country.code().to_owned()),
            industry: Some(company.firm.industry.to_owned()),
            notes: String::new(),
        };
        companies.push(crm::companies::create(tx, Region::SPAIN, &new).await?.id);
    }
    for contact in &book.contacts {
        let employer = contact.company.map(|at| companies[at]);
        let created = crm::contacts::create(tx, Region::SPAIN, &new_contact(contact, employer)).await?;
        known.contacts.push(created.summary.id);
        known.employers.push(employer);
    }
    Ok(())
}

fn new_contact(contact: &Contact, company_id: Option<Uuid>) -> NewContact {
    let phones = contact.phones.iter();
    NewContact {
        first_name: contact.first_name.clone(),
        last_name: contact.last_name.clone(),
        company_id,
        job_title: contact.job_title.map(str::to_owned),
        language: Some(contact.language.to_owned()),
        time_zone: Some(contact.country.time_zone().to_owned()),
        notes: String::new(),
        owner_id: None,
        phones: phones
            .map(|(number, kind)| PhoneInput { number: number.clone(), extension: None, kind: *kind })
            .collect(),
        emails: vec![EmailInput {
            address: contact.email.clone(),
            kind: if company_id.is_some() { EmailKind::Work } else { EmailKind::Home },
        }],
    }
}

async fn write_ticket(tx: &Tx, known: &Known, story: &Ticket) -> Result<(), crm::Error> {
    let owner = known.staff.get(story.owner).copied();
    let new = crm::tickets::NewTicket {
        subject: story.subject.to_owned(),
        description: story.description.to_owned(),
        status: Some(TicketStatus::Open),
        priority: Some(story.priority),
        kind: Some(story.kind.to_owned()),
        contact_id: Some(known.contacts[story.contact]),
        company_id: known.employers[story.contact],
        owner_id: owner,
    };
    let ticket = crm::tickets::create_at(tx, owner, &new, known.ago(story.minutes_ago)).await?;
    for (step, text) in (1..).zip(story.progress) {
        let entry = Entry {
            contact_id: new.contact_id,
            company_id: new.company_id,
            ticket_id: Some(ticket.id),
            user_id: owner,
            body: (*text).to_owned(),
            ..Entry::new("note", text, known.ago(step_minutes_ago(story, step)))
        };
        crm::interactions::add(tx, &entry).await?;
    }
    if story.status != TicketStatus::Open {
        let patch = crm::tickets::TicketPatch { status: Some(story.status), ..Default::default() };
        crm::tickets::update(tx, ticket.id, &patch).await?;
    }
    Ok(())
}

/// The steps of a ticket follow one another, half a day at most between them, none in the future.
fn step_minutes_ago(story: &Ticket, step: i64) -> i64 {
    const MOST_BETWEEN_MINUTES: i64 = 12 * 60;
    let steps = i64::try_from(story.progress.len()).unwrap_or(1) + 1;
    story.minutes_ago - step * (story.minutes_ago / steps).min(MOST_BETWEEN_MINUTES)
}

async fn write_lead(tx: &Tx, known: &Known, story: &Lead) -> Result<(), crm::Error> {
    let owner = known.staff.get(story.owner).copied();
    let new = crm::leads::NewLead {
        title: story.title.to_owned(),
        status: Some(story.status),
        source: Some(story.source.to_owned()),
        contact_id: Some(known.contacts[story.contact]),
        company_id: known.employers[story.contact],
        owner_id: owner,
    };
    crm::leads::create_at(tx, owner, &new, known.ago(story.minutes_ago)).await?;
    Ok(())
}

async fn write_note(tx: &Tx, known: &Known, story: &Note) -> Result<(), crm::Error> {
    let entry = Entry {
        contact_id: Some(known.contacts[story.contact]),
        company_id: known.employers[story.contact],
        user_id: known.staff.get(story.author).copied(),
        body: story.text.to_owned(),
        ..Entry::new("note", story.text, known.ago(story.minutes_ago))
    };
    crm::interactions::add(tx, &entry).await?;
    Ok(())
}
