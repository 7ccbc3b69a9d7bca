//! Making and changing contacts; each keeps the search index in step.

use uuid::Uuid;

use super::{Contact, ContactPatch, EmailInput, NewContact, PhoneInput, get};
use crate::{
    Error, Result, check,
    phone::{self, E164, Region},
    search::{Kind, cut::fold, index},
    sql::{self, Changes, Read, now, values},
};

/// Nobody has more phones or addresses; a list that is longer is a mistake.
const MAX_PHONES: usize = 20;
const MAX_EMAILS: usize = 20;

/// National numbers belong to `region`.
pub async fn create(tx: &impl Read, region: Region, new: &NewContact) -> Result<Contact> {
    let id = Uuid::now_v7();
    let at = now();
    let (first, last) = names(&new.first_name, &new.last_name)?;
    let row = vec![
        ("id", id.into()),
        ("sort_name", sort_name(&first, &last).into()),
        ("first_name", first.into()),
        ("last_name", last.into()),
        ("company_id", new.company_id.into()),
        ("job_title", check::option("job_title", new.job_title.as_deref())?.into()),
        ("language", check::option("language", new.language.as_deref())?.into()),
        ("time_zone", check::option("time_zone", new.time_zone.as_deref())?.into()),
        ("notes", check::text("notes", &new.notes)?.into()),
        ("owner_id", new.owner_id.into()),
        ("status", "active".into()),
        ("created_at", at.into()),
        ("updated_at", at.into()),
    ];
    sql::insert(tx, "contacts", row).await?;
    put_phones(tx, region, id, &new.phones).await?;
    put_emails(tx, id, &new.emails).await?;
    reindex(tx, id).await
}

pub async fn update(tx: &impl Read, region: Region, id: Uuid, patch: &ContactPatch) -> Result<Contact> {
    let old = get(tx, id).await?;
    let mut changes = Changes::default();
    if patch.first_name.is_some() || patch.last_name.is_some() {
        let (first, last) = names(
            patch.first_name.as_ref().unwrap_or(&old.first_name),
            patch.last_name.as_ref().unwrap_or(&old.last_name),
        )?;
        changes.set("sort_name", sort_name(&first, &last)).set("first_name", first).set("last_name", last);
    }
    for (column, value) in
        [("job_title", &patch.job_title), ("language", &patch.language), ("time_zone", &patch.time_zone)]
    {
        if let Some(value) = value {
            changes.set(column, check::option(column, value.as_deref())?);
        }
    }
    if let Some(notes) = &patch.notes {
        changes.set("notes", check::text("notes", notes)?);
    }
    changes
        .set_some("company_id", patch.company_id)
        .set_some("owner_id", patch.owner_id)
        .set("updated_at", now());
    changes.apply(tx, "contacts", id, "contact").await?;
    if let Some(phones) = &patch.phones {
        sql::exec(tx, "DELETE FROM contact_phones WHERE contact_id = $1", values![id]).await?;
        put_phones(tx, region, id, phones).await?;
    }
    if let Some(emails) = &patch.emails {
        sql::exec(tx, "DELETE FROM contact_emails WHERE contact_id = $1", values![id]).await?;
        put_emails(tx, id, emails).await?;
    }
    reindex(tx, id).await
}

/// The contact is shown and found no more; its calls and notes stay.
pub async fn archive(tx: &impl Read, id: Uuid) -> Result<()> {
    let sql = "UPDATE contacts SET archived_at = $1 WHERE id = $2 AND archived_at IS NULL";
    if sql::exec(tx, sql, values![now(), id]).await? == 0 {
        return Err(Error::NotFound { what: "contact" });
    }
    index::remove(tx, id).await
}

fn names(first: &str, last: &str) -> Result<(String, String)> {
    let (first, last) = (check::short("first_name", first)?, check::short("last_name", last)?);
    if first.is_empty() && last.is_empty() {
        return Err(Error::invalid("last_name", "empty"));
    }
    Ok((first, last))
}

fn sort_name(first: &str, last: &str) -> String {
    fold(&format!("{last} {first}"))
}

async fn put_phones(tx: &impl Read, region: Region, contact: Uuid, phones: &[PhoneInput]) -> Result<()> {
    if phones.len() > MAX_PHONES {
        return Err(Error::invalid_with("phones", "too_many", "max", MAX_PHONES));
    }
    for (input, position) in phones.iter().zip(0_i32..) {
        let E164 { number, extension } = phone::normalise(&input.number, region)
            .map_err(|err| Error::invalid_with("phones", err.code(), "position", position))?;
        let own = check::option("extension", input.extension.as_deref())?;
        let row = vec![
            ("id", Uuid::now_v7().into()),
            ("contact_id", contact.into()),
            ("e164", number.into()),
            ("extension", own.or(extension).into()),
            ("kind", input.kind.into()),
            ("position", position.into()),
        ];
        sql::insert(tx, "contact_phones", row).await?;
    }
    Ok(())
}

async fn put_emails(tx: &impl Read, contact: Uuid, emails: &[EmailInput]) -> Result<()> {
    if emails.len() > MAX_EMAILS {
        return Err(Error::invalid_with("emails", "too_many", "max", MAX_EMAILS));
    }
    for (input, position) in emails.iter().zip(0_i32..) {
        let row = vec![
            ("id", Uuid::now_v7().into()),
            ("contact_id", contact.into()),
            ("address", check::email(&input.address)?.into()),
            ("kind", input.kind.into()),
            ("position", position.into()),
        ];
        sql::insert(tx, "contact_emails", row).await?;
    }
    Ok(())
}

/// The contact as it stands, findable by what it holds.
async fn reindex(tx: &impl Read, id: Uuid) -> Result<Contact> {
    let contact = get(tx, id).await?;
    let mut texts = vec![contact.first_name.as_str(), &contact.last_name, &contact.summary.name];
    texts.extend(contact.summary.job_title.as_deref());
    texts.extend(contact.summary.emails.iter().map(|email| email.address.as_str()));
    texts.push(&contact.notes);
    let numbers = contact.summary.phones.iter().map(|phone| phone.e164.as_str()).collect();
    index::put(tx, Kind::Contact, id, index::Doc { texts, numbers }).await?;
    Ok(contact)
}
