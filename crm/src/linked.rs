//! Whom a lead or a ticket is about, and who looks after it: the same columns for both.

use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    companies::CompanyRef,
    contacts::{ContactRef, full_name},
    users::UserRef,
};

#[derive(FromQueryResult)]
pub(crate) struct Linked {
    contact_id: Option<Uuid>,
    contact_first_name: Option<String>,
    contact_last_name: Option<String>,
    contact_company_name: Option<String>,
    company_id: Option<Uuid>,
    company_name: Option<String>,
    owner_id: Option<Uuid>,
    owner_name: Option<String>,
}

impl Linked {
    pub(crate) const COLUMNS: &str = "t.contact_id, k.first_name AS contact_first_name, \
         k.last_name AS contact_last_name, kc.name AS contact_company_name, t.company_id, \
         co.name AS company_name, t.owner_id, u.display_name AS owner_name";

    /// For a table under the name `t`.
    pub(crate) const JOINS: &str = "LEFT JOIN contacts k ON k.id = t.contact_id \
         LEFT JOIN companies kc ON kc.id = k.company_id \
         LEFT JOIN companies co ON co.id = t.company_id \
         LEFT JOIN users u ON u.id = t.owner_id";

    pub(crate) fn split(&self) -> (Option<ContactRef>, Option<CompanyRef>, Option<UserRef>) {
        let contact = contact_ref(
            self.contact_id,
            self.contact_first_name.as_deref(),
            self.contact_last_name.as_deref(),
            self.contact_company_name.as_deref(),
        );
        (
            contact,
            CompanyRef::some(self.company_id, self.company_name.clone()),
            UserRef::some(self.owner_id, self.owner_name.clone()),
        )
    }
}

pub(crate) fn contact_ref(
    id: Option<Uuid>,
    first: Option<&str>,
    last: Option<&str>,
    company: Option<&str>,
) -> Option<ContactRef> {
    let name = full_name(first.unwrap_or_default(), last.unwrap_or_default());
    Some(ContactRef { id: id?, name, company_name: company.map(str::to_owned) })
}
