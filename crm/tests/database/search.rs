//! Search in three languages and any spelling, the same on both engines.

use crm::{
    Db, PageRequest,
    companies::{self, NewCompany},
    contacts::{self, ContactPatch, Filter, NewContact},
    leads::{self, NewLead},
    search,
    tickets::{self, NewTicket},
};

use crate::{
    customers::contact,
    support::{ES, on_both, tx},
};

/// Names found, sorted by family name as lists are.
async fn found(db: &Db, query: &str) -> Vec<String> {
    let filter = Filter { search: Some(query.to_owned()), ..Default::default() };
    let page = contacts::search(db, &filter, &PageRequest::default()).await.expect("searched");
    page.items.into_iter().map(|contact| contact.name).collect()
}

#[test]
fn names_are_found_in_any_spelling() {
    on_both(|db| async move {
        contact(&db, "José", "García Núñez", &[]).await;
        contact(&db, "Josefa", "Garcés", &[]).await;
        contact(&db, "John", "Gardner", &[]).await;
        contact(&db, "Jürgen", "Groß", &[]).await;
        assert_eq!(found(&db, "garcia").await, ["José García Núñez"]);
        assert_eq!(found(&db, "GARCÍA jose").await, ["José García Núñez"]);
        assert_eq!(found(&db, "jose gar").await, ["Josefa Garcés", "José García Núñez"]);
        assert_eq!(found(&db, "nunez").await, ["José García Núñez"]);
        assert_eq!(found(&db, "jurgen").await, ["Jürgen Groß"]);
        assert_eq!(found(&db, "arcia").await, Vec::<String>::new(), "beginnings only");
        assert_eq!(found(&db, "jose gardner").await, Vec::<String>::new(), "all words");
    });
}

#[test]
fn chinese_names_are_found_by_any_of_their_characters() {
    on_both(|db| async move {
        contact(&db, "伟明", "张", &[]).await;
        contact(&db, "明", "李", &[]).await;
        contact(&db, "Ana", "Gil", &[]).await;
        assert_eq!(found(&db, "张").await, ["张伟明"]);
        assert_eq!(found(&db, "伟明").await, ["张伟明"]);
        assert_eq!(found(&db, "张伟").await, ["张伟明"]);
        assert_eq!(found(&db, "张明").await, Vec::<String>::new());
        assert_eq!(found(&db, "明").await.len(), 2);
    });
}

#[test]
fn numbers_are_found_in_any_spelling() {
    on_both(|db| async move {
        contact(&db, "Ana", "Gil", &["+34910000100"]).await;
        contact(&db, "Bob", "Ray", &["+442079460958"]).await;
        for query in [
            "0034 910 00 01 00",
            "(910) 00-01-00",
            "+34 910000100",
            "+34910000100",
            "910000100",
            "34910000100",
            "910 00",
            "+34 (0) 910",
        ] {
            assert_eq!(found(&db, query).await, ["Ana Gil"], "{query}");
        }
        for query in ["020 7946 0958", "+44 (0)20 7946", "0044 20", "2079460958"] {
            assert_eq!(found(&db, query).await, ["Bob Ray"], "{query}");
        }
        assert_eq!(found(&db, "910000101").await, Vec::<String>::new());
    });
}

#[test]
fn what_is_typed_has_no_meaning_to_the_engine() {
    on_both(|db| async move {
        contact(&db, "Ana", "Gil", &["+34910000100"]).await;
        for query in [
            "\"",
            "a\" OR \"b",
            "ana*",
            "ana:gil",
            "NEAR(ana gil)",
            "a & | !",
            "';--",
            "%",
            "\u{0}",
            "((((",
            "ana \\ gil",
        ] {
            // Some find Ana, some nobody; none fails.
            found(&db, query).await;
        }
        assert_eq!(found(&db, "ana* (gil)").await, ["Ana Gil"]);
        found(&db, &"x".repeat(10_000)).await;
        found(&db, &"word ".repeat(10_000)).await;
    });
}

#[test]
fn the_index_follows_the_record() {
    on_both(|db| async move {
        let id = contact(&db, "Ana", "Gil", &[]).await.summary.id;
        let patch: ContactPatch = serde_json::from_str(r#"{"last_name":"Paz"}"#).expect("a patch");
        tx!(db, |tx| contacts::update(tx, ES, id, &patch));
        assert_eq!(found(&db, "gil").await, Vec::<String>::new());
        assert_eq!(found(&db, "paz").await, ["Ana Paz"]);
        tx!(db, |tx| contacts::archive(tx, id));
        assert_eq!(found(&db, "paz").await, Vec::<String>::new());
    });
}

#[test]
fn one_box_finds_everything() {
    on_both(|db| async move {
        let company = NewCompany {
            name: "Aurora Solar".to_owned(),
            domain: Some("solar.example".to_owned()),
            ..Default::default()
        };
        let company_id = tx!(db, |tx| companies::create(tx, ES, &company)).id;
        let new = NewContact {
            first_name: "Sol".to_owned(),
            last_name: "Aurora".to_owned(),
            company_id: Some(company_id),
            ..Default::default()
        };
        tx!(db, |tx| contacts::create(tx, ES, &new));
        let ticket = NewTicket { subject: "Aurora panel broken".to_owned(), ..Default::default() };
        let number = tx!(db, |tx| tickets::create(tx, None, &ticket)).number;
        let lead = NewLead { title: "20 panels for Aurora".to_owned(), ..Default::default() };
        tx!(db, |tx| leads::create(tx, None, &lead));
        let found = search::global(&db, "aurora").await.expect("searched");
        let counts = (found.contacts.len(), found.companies.len(), found.tickets.len(), found.leads.len());
        assert_eq!(counts, (1, 1, 1, 1));
        let found = search::global(&db, &format!("#{number}")).await.expect("searched");
        assert_eq!((found.tickets.len(), found.contacts.len()), (1, 0));
        let found = search::global(&db, " ?! ").await.expect("searched");
        assert!(found.contacts.is_empty() && found.tickets.is_empty());
    });
}

#[test]
fn a_search_is_paged_like_any_list() {
    on_both(|db| async move {
        for n in 0..7 {
            contact(&db, "Ana", &format!("Gil {n}"), &[]).await;
            contact(&db, "Bob", &format!("Ray {n}"), &[]).await;
        }
        let filter = Filter { search: Some("gil".to_owned()), ..Default::default() };
        let mut page = PageRequest::first(3);
        let mut sizes = Vec::new();
        loop {
            let got = contacts::search(&db, &filter, &page).await.expect("searched");
            sizes.push(got.items.len());
            assert!(got.items.iter().all(|contact| contact.name.starts_with("Ana")));
            page.cursor = got.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        assert_eq!(sizes, [3, 3, 1]);
    });
}
