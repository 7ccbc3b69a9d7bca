//! Contacts, companies, leads and tickets.

use crm::{
    Db, Error, PageRequest,
    companies::{self, CompanyPatch, NewCompany},
    contacts::{self, Contact, ContactPatch, EmailInput, Match, NewContact, PhoneInput},
    leads::{self, LeadPatch, NewLead},
    tickets::{self, NewTicket, TicketPatch},
    words::{EmailKind, LeadStatus, PhoneKind, Role, TicketPriority, TicketStatus},
};
use uuid::Uuid;

use crate::support::{ES, on_both, try_tx, tx, user};

/// A contact with this name and these numbers.
pub async fn contact(db: &Db, first: &str, last: &str, numbers: &[&str]) -> Contact {
    let phone =
        |number: &&str| PhoneInput { number: (*number).to_owned(), extension: None, kind: PhoneKind::Work };
    let new = NewContact {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        phones: numbers.iter().map(phone).collect(),
        ..Default::default()
    };
    tx!(db, |tx| contacts::create(tx, ES, &new))
}

#[test]
fn a_contact_keeps_all_it_was_given() {
    on_both(|db| async move {
        let company = NewCompany {
            name: "Acme".to_owned(),
            phone: Some("910 000 200".to_owned()),
            ..Default::default()
        };
        let acme = tx!(db, |tx| companies::create(tx, ES, &company));
        assert_eq!(acme.phone.as_deref(), Some("+34910000200"));
        let owner = user(&db, "Ana", Role::Agent).await;
        let new = NewContact {
            first_name: "José".to_owned(),
            last_name: "García".to_owned(),
            company_id: Some(acme.id),
            job_title: Some("Buyer".to_owned()),
            language: Some("es".to_owned()),
            time_zone: Some("Europe/Madrid".to_owned()),
            notes: "Line one\nline two".to_owned(),
            owner_id: Some(owner.id),
            phones: vec![
                PhoneInput {
                    number: "910 00 01 00".to_owned(),
                    extension: Some("12".to_owned()),
                    kind: PhoneKind::Work,
                },
                PhoneInput {
                    number: "+44 20 7946 0958".to_owned(),
                    extension: None,
                    kind: PhoneKind::Mobile,
                },
            ],
            emails: vec![EmailInput { address: "Jose@Acme.example".to_owned(), kind: EmailKind::Work }],
        };
        let made = tx!(db, |tx| contacts::create(tx, ES, &new));
        let read = contacts::get(&db, made.summary.id).await.expect("read");
        assert_eq!(read, made);
        assert_eq!(read.summary.name, "José García");
        assert_eq!(read.summary.company.as_ref().map(|c| c.name.as_str()), Some("Acme"));
        let phones: Vec<_> =
            read.summary.phones.iter().map(|p| (p.e164.as_str(), p.extension.as_deref())).collect();
        assert_eq!(phones, [("+34910000100", Some("12")), ("+442079460958", None)]);
        assert_eq!(read.summary.phones[0].display, "+34 910 00 01 00");
        assert_eq!(read.summary.emails[0].address, "jose@acme.example");
        assert_eq!(read.owner.expect("owned").display_name, "Ana");
        assert_eq!(companies::get(&db, acme.id).await.expect("read").contacts_count, 1);
    });
}

#[test]
fn a_patch_changes_what_it_names() {
    on_both(|db| async move {
        let made = contact(&db, "Ana", "Gil", &["+34910000100"]).await;
        let id = made.summary.id;
        let patch: ContactPatch =
            serde_json::from_str(r#"{"last_name":"Gil Paz","job_title":"CTO"}"#).expect("a patch");
        let changed = tx!(db, |tx| contacts::update(tx, ES, id, &patch));
        assert_eq!(changed.summary.name, "Ana Gil Paz");
        assert_eq!(changed.summary.phones, made.summary.phones);
        let patch: ContactPatch =
            serde_json::from_str(r#"{"job_title":null,"phones":[{"number":"+12125550123","kind":"home"}]}"#)
                .expect("a patch");
        let changed = tx!(db, |tx| contacts::update(tx, ES, id, &patch));
        assert_eq!(changed.summary.job_title, None);
        assert_eq!(changed.summary.phones.len(), 1);
        // Found by what it is now, not by what it was.
        assert_eq!(contacts::lookup_by_number(&db, "+34910000100").await.expect("read"), Match::Unknown);
        let known = contacts::lookup_by_number(&db, "+12125550123").await.expect("read");
        assert_eq!(known.known(), Some(id));
    });
}

#[test]
fn bad_fields_are_named() {
    on_both(|db| async move {
        let cases: [(&str, &str, &str); 5] = [
            (r#"{"first_name":"","last_name":" "}"#, "last_name", "empty"),
            (r#"{"first_name":"A","phones":[{"number":"12","kind":"work"}]}"#, "phones", "number_too_short"),
            (r#"{"first_name":"A","phones":[{"number":"x","kind":"work"}]}"#, "phones", "number_invalid"),
            (r#"{"first_name":"A","emails":[{"address":"nope","kind":"work"}]}"#, "email", "not_an_address"),
            (r#"{"first_name":"A\u0000B"}"#, "first_name", "control_characters"),
        ];
        for (json, at, expected) in cases {
            let new: NewContact = serde_json::from_str(json).expect("JSON");
            let outcome = try_tx!(db, |tx| contacts::create(tx, ES, &new));
            let Err(Error::Invalid { field, code, .. }) = outcome else { panic!("{json}: {outcome:?}") };
            assert_eq!((field, code), (at, expected), "{json}");
        }
        let stranger =
            NewContact { first_name: "A".to_owned(), company_id: Some(Uuid::nil()), ..Default::default() };
        let outcome = try_tx!(db, |tx| contacts::create(tx, ES, &stranger));
        assert!(matches!(outcome, Err(Error::Invalid { code: "unknown_reference", .. })), "{outcome:?}");
        assert_eq!(contacts::count(&db).await.expect("read"), 0, "nothing half made");
    });
}

#[test]
fn a_number_is_known_maybe_or_unknown() {
    on_both(|db| async move {
        let ana = contact(&db, "Ana", "Gil", &["+34910000100", "+34600000001"]).await.summary.id;
        assert_eq!(contacts::lookup_by_number(&db, "+34600000001").await.expect("read").known(), Some(ana));
        let bob = contact(&db, "Bob", "Ray", &["+34910000100"]).await.summary.id;
        let Match::Maybe(both) = contacts::lookup_by_number(&db, "+34910000100").await.expect("read") else {
            panic!("two have the number")
        };
        assert_eq!(both.len(), 2);
        for stranger in ["+34910000999", "anonymous", "", "' OR 1=1"] {
            assert_eq!(contacts::lookup_by_number(&db, stranger).await.expect("read"), Match::Unknown);
        }
        tx!(db, |tx| contacts::archive(tx, bob));
        assert_eq!(contacts::lookup_by_number(&db, "+34910000100").await.expect("read").known(), Some(ana));
        assert!(matches!(contacts::get(&db, bob).await, Err(Error::NotFound { what: "contact" })));
    });
}

#[test]
fn pages_of_contacts_hold_each_once_and_in_order() {
    on_both(|db| async move {
        for n in (0..25).rev() {
            contact(&db, "Ana", &format!("Álvarez {n:02}"), &[]).await;
        }
        contact(&db, "Zoe", "Ángel", &[]).await;
        let mut page = PageRequest::first(10);
        let (mut names, mut pages) = (Vec::new(), 0);
        loop {
            let got = contacts::search(&db, &contacts::Filter::default(), &page).await.expect("read");
            names.extend(got.items.into_iter().map(|contact| contact.name));
            pages += 1;
            match got.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => break,
            }
        }
        let mut expected: Vec<_> = (0..25).map(|n| format!("Ana Álvarez {n:02}")).collect();
        expected.push("Zoe Ángel".to_owned());
        assert_eq!((names, pages), (expected, 3));
    });
}

#[test]
fn companies_are_changed_and_listed() {
    on_both(|db| async move {
        for name in ["Zeta", "Ábaco", "Acme"] {
            let new = NewCompany { name: name.to_owned(), ..Default::default() };
            tx!(db, |tx| companies::create(tx, ES, &new));
        }
        let all = companies::search(&db, "", &PageRequest::default()).await.expect("read").items;
        assert_eq!(all.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Ábaco", "Acme", "Zeta"]);
        let id = all[2].id;
        let patch: CompanyPatch =
            serde_json::from_str(r#"{"domain":"zeta.example","country":"ES"}"#).expect("a patch");
        let zeta = tx!(db, |tx| companies::update(tx, ES, id, &patch));
        assert_eq!((zeta.name.as_str(), zeta.domain.as_deref()), ("Zeta", Some("zeta.example")));
        let first = companies::search(&db, "", &PageRequest::first(2)).await.expect("read");
        let second = PageRequest { cursor: first.next_cursor, limit: Some(2) };
        let rest = companies::search(&db, "", &second).await.expect("read").items;
        assert_eq!(rest.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Zeta"]);
    });
}

#[test]
fn tickets_have_numbers_that_people_can_say() {
    on_both(|db| async move {
        let ana = contact(&db, "Ana", "Gil", &[]).await.summary.id;
        let mut made = Vec::new();
        for subject in ["No light", "Late parcel", "Wrong invoice"] {
            let new = NewTicket { subject: subject.to_owned(), contact_id: Some(ana), ..Default::default() };
            made.push(tx!(db, |tx| tickets::create(tx, None, &new)));
        }
        let numbers: Vec<_> = made.iter().map(|ticket| ticket.number).collect();
        assert_eq!(numbers, [1001, 1002, 1003]);
        let refused = NewTicket::default();
        assert!(try_tx!(db, |tx| tickets::create(tx, None, &refused)).is_err());
        let (id, done) = (
            made[1].id,
            TicketPatch {
                status: Some(TicketStatus::Solved),
                priority: Some(TicketPriority::Urgent),
                ..Default::default()
            },
        );
        let solved = tx!(db, |tx| tickets::update(tx, id, &done));
        assert_eq!((solved.status, solved.priority), (TicketStatus::Solved, TicketPriority::Urgent));
        let open = tickets::open_for_contact(&db, ana).await.expect("read");
        assert_eq!(open.iter().map(|t| t.number).collect::<Vec<_>>(), [1003, 1001]);
        assert_eq!(contacts::get(&db, ana).await.expect("read").summary.open_tickets, 2);
        let filter = tickets::Filter { status: Some(TicketStatus::Open), ..Default::default() };
        let first = tickets::search(&db, &filter, &PageRequest::first(1)).await.expect("read");
        assert_eq!(first.items[0].number, 1003);
        let next = PageRequest { cursor: first.next_cursor, limit: Some(1) };
        let second = tickets::search(&db, &filter, &next).await.expect("read");
        assert_eq!((second.items[0].number, second.next_cursor), (1001, None));
    });
}

#[test]
fn leads_are_open_until_won_or_lost() {
    on_both(|db| async move {
        let ana = contact(&db, "Ana", "Gil", &[]).await.summary.id;
        let new = NewLead {
            title: "40 phones".to_owned(),
            contact_id: Some(ana),
            source: Some("fair".to_owned()),
            ..Default::default()
        };
        let lead = tx!(db, |tx| leads::create(tx, None, &new));
        assert_eq!(lead.status, LeadStatus::New);
        assert_eq!(lead.contact.as_ref().map(|c| c.name.as_str()), Some("Ana Gil"));
        assert_eq!(leads::open_for_contact(&db, ana).await.expect("read")[0].title, "40 phones");
        assert_eq!(contacts::get(&db, ana).await.expect("read").open_leads, 1);
        let (id, won) = (lead.id, LeadPatch { status: Some(LeadStatus::Won), ..Default::default() });
        tx!(db, |tx| leads::update(tx, id, &won));
        assert_eq!(leads::open_for_contact(&db, ana).await.expect("read"), []);
        let filter = leads::Filter { contact_id: Some(ana), ..Default::default() };
        let listed = leads::search(&db, &filter, &PageRequest::default()).await.expect("read").items;
        assert_eq!(
            (listed.len(), listed[0].status, listed[0].source.as_deref()),
            (1, LeadStatus::Won, Some("fair"))
        );
    });
}
