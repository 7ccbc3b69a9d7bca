//! The timeline of a contact.

use crm::{
    Error, PageRequest, calls,
    calls::{FinishCall, NewCall},
    interactions::{self, Entry},
    leads::{self, NewLead},
    tickets::{self, NewTicket, TicketPatch},
    words::{CallEndedBy, EndCause, Role},
};
use uuid::Uuid;

use crate::{
    calls::begin,
    customers::contact,
    support::{at, call, on_both, try_tx, tx, user},
};

#[test]
fn the_newest_first_and_page_by_page() {
    on_both(|db| async move {
        let carla = contact(&db, "Carla", "Ruiz", &[]).await.summary.id;
        let other = contact(&db, "Dani", "Sanz", &[]).await.summary.id;
        // Several at the same moment: the id decides, nothing is lost between pages.
        for n in 0..23_i64 {
            let entry = Entry { contact_id: Some(carla), ..Entry::new("note", &format!("{n}"), at(n / 3)) };
            let elsewhere = Entry { contact_id: Some(other), ..entry.clone() };
            tx!(db, |tx| interactions::add(tx, &entry));
            tx!(db, |tx| interactions::add(tx, &elsewhere));
        }
        let mut page = PageRequest::first(5);
        let mut seen = Vec::new();
        loop {
            let got = interactions::timeline(&db, carla, &page).await.expect("read");
            assert!(got.items.len() <= 5);
            seen.extend(
                got.items
                    .into_iter()
                    .map(|item| (item.occurred_at, item.summary.parse::<i64>().expect("a number"))),
            );
            page.cursor = got.next_cursor;
            if page.cursor.is_none() {
                break;
            }
            // One that comes in between is newer than all that follows.
            let entry = Entry { contact_id: Some(carla), ..Entry::new("note", "99", at(1_000)) };
            tx!(db, |tx| interactions::add(tx, &entry));
        }
        let mut numbers: Vec<_> = seen.iter().map(|(_, n)| *n).collect();
        assert!(seen.windows(2).all(|pair| pair[0].0 >= pair[1].0), "{seen:?}");
        numbers.sort_unstable();
        assert_eq!(numbers, (0..23).collect::<Vec<_>>());
    });
}

#[test]
fn everything_that_happened_is_there() {
    on_both(|db| async move {
        let carla = contact(&db, "Carla", "Ruiz", &[]).await.summary.id;
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let id =
            begin(&db, NewCall { contact_id: Some(carla), user_id: Some(ana), ..call("n1", "+34600000001") })
                .await;
        let finish = FinishCall {
            call_id: id,
            at: at(10),
            by: CallEndedBy::Agent,
            cause: EndCause::Completed,
            legs: vec![],
            recordings: vec![],
        };
        tx!(db, |tx| calls::finish(tx, &finish));
        let ticket =
            NewTicket { subject: "No light".to_owned(), contact_id: Some(carla), ..Default::default() };
        let ticket = tx!(db, |tx| tickets::create(tx, Some(ana), &ticket));
        let lead = NewLead { title: "Panels".to_owned(), contact_id: Some(carla), ..Default::default() };
        tx!(db, |tx| leads::create(tx, Some(ana), &lead));
        let note = tx!(db, |tx| interactions::add_note(tx, carla, ana, "\n  Prefers mornings\nand tea"));
        assert_eq!((note.summary.as_str(), note.kind.as_str()), ("Prefers mornings", "note"));
        assert_eq!(note.body, "\n  Prefers mornings\nand tea");
        assert_eq!(note.user.as_ref().map(|u| u.display_name.as_str()), Some("Ana"));

        let items = interactions::timeline(&db, carla, &PageRequest::default()).await.expect("read").items;
        let mut kinds: Vec<_> = items.iter().map(|item| item.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["call", "lead", "note", "ticket"]);
        // The ticket is shown as it is now.
        let (ticket_id, other) =
            (ticket.id, TicketPatch { subject: Some("Light again".to_owned()), ..Default::default() });
        tx!(db, |tx| tickets::update(tx, ticket_id, &other));
        let items = interactions::timeline(&db, carla, &PageRequest::default()).await.expect("read").items;
        let shown = items.iter().find_map(|item| item.ticket.as_ref()).expect("a ticket");
        assert_eq!(shown.subject, "Light again");
        let last = crm::contacts::get(&db, carla).await.expect("read").summary.last_interaction_at;
        assert_eq!(last, items.iter().map(|item| item.occurred_at).max());
    });
}

#[test]
fn a_ticket_moves_with_its_contact() {
    on_both(|db| async move {
        let carla = contact(&db, "Carla", "Ruiz", &[]).await.summary.id;
        let dani = contact(&db, "Dani", "Sanz", &[]).await.summary.id;
        let new = NewTicket { subject: "No light".to_owned(), contact_id: Some(carla), ..Default::default() };
        let id = tx!(db, |tx| tickets::create(tx, None, &new)).id;
        let patch: TicketPatch =
            serde_json::from_value(serde_json::json!({ "contact_id": dani })).expect("a patch");
        tx!(db, |tx| tickets::update(tx, id, &patch));
        assert!(interactions::recent_for_contact(&db, carla, 9).await.expect("read").is_empty());
        assert_eq!(interactions::recent_for_contact(&db, dani, 9).await.expect("read").len(), 1);
    });
}

#[test]
fn empty_notes_and_strangers_are_refused() {
    on_both(|db| async move {
        let carla = contact(&db, "Carla", "Ruiz", &[]).await.summary.id;
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let outcome = try_tx!(db, |tx| interactions::add_note(tx, carla, ana, " \n "));
        assert!(matches!(outcome, Err(Error::Invalid { field: "text", code: "empty", .. })));
        let outcome = try_tx!(db, |tx| interactions::add_note(tx, Uuid::nil(), ana, "x"));
        assert!(matches!(outcome, Err(Error::Invalid { code: "unknown_reference", .. })));
    });
}
