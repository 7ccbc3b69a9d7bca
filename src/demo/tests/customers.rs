//! Customers who call a hub and customers whom it calls.

use std::sync::Arc;

use sip::{EndedBy, LegEvent};

use super::hub::{Company, Hub, LOOPBACK};
use crate::demo::aurora::{BUSY_SUFFIX, Book, NO_ANSWER_SUFFIX};
use crate::demo::{DemoCustomers, DemoError, TEST_CALLS_LIMIT};
use crate::views::TestCallScenario;

async fn stage() -> (Company, Hub, DemoCustomers, Arc<Book>) {
    let company = Company::new().await;
    let hub = Hub::new(&company).await;
    let media =
        media::Media::start(media::Config { workers: 1, ..media::Config::on(LOOPBACK) }).expect("media");
    let book = Arc::new(Book::of_aurora());
    let customers = DemoCustomers::open(media, LOOPBACK, Arc::clone(&book)).await.expect("a port");
    (company, hub, customers, book)
}

#[tokio::test]
async fn a_known_customer_calls_and_speaks_until_the_hub_hangs_up() {
    let (_company, mut hub, customers, book) = stage().await;
    let number = "+34910000100".to_owned();
    let placed = customers.call(TestCallScenario::Known, hub.addr, number).await.expect("placed");
    let (mut call, caller) = hub.pick_up().await;
    assert_eq!(caller.user, placed.caller);
    assert_eq!(book.by_number(&placed.caller).next().map(|contact| contact.name()), placed.name);
    call.talks_both_ways().await;
    call.hangs_up();
    assert_eq!(call.ends().await.by, EndedBy::Local);
    let counts = call.counts().await;
    assert!(counts.packets_in > 0 && counts.packets_out > 0, "{counts:?}");
    customers.shutdown().await;
}

#[tokio::test]
async fn a_called_customer_rings_answers_and_speaks() {
    let (_company, hub, customers, book) = stage().await;
    let answers = |number: &&String| !number.ends_with(BUSY_SUFFIX) && !number.ends_with(NO_ANSWER_SUFFIX);
    let numbers: Vec<&String> = book.contacts.iter().map(|contact| &contact.phones[0].0).collect();
    let number = numbers.iter().copied().find(answers).expect("somebody answers");
    let mut call = hub.call_customer(customers.addr(), number).await;
    call.rings().await;
    call.is_answered().await;
    call.talks_both_ways().await;
    customers.shutdown().await;
    assert_eq!(call.ends().await.by, EndedBy::Remote, "the demo's end is a hang-up");
}

#[tokio::test]
async fn some_customers_are_busy_and_some_are_out() {
    let (_company, hub, customers, book) = stage().await;
    let ending = |suffix: &str| {
        let mut numbers = book.contacts.iter().map(|contact| contact.phones[0].0.clone());
        numbers.find(|number| number.ends_with(suffix)).expect("one on purpose")
    };
    let mut busy = hub.call_customer(customers.addr(), &ending(BUSY_SUFFIX)).await;
    assert_eq!(busy.ends().await.code, 486);
    let mut out = hub.call_customer(customers.addr(), &ending(NO_ANSWER_SUFFIX)).await;
    out.rings().await;
    out.hangs_up();
    assert_eq!(out.ends().await.by, EndedBy::Local);
    customers.shutdown().await;
}

#[tokio::test]
async fn test_calls_are_bounded_and_end_with_the_demo() {
    let (_company, mut hub, customers, _book) = stage().await;
    for _ in 0..TEST_CALLS_LIMIT {
        let placed = customers.call(TestCallScenario::Unknown, hub.addr, "+34910000100".to_owned()).await;
        assert_eq!(placed.expect("placed").name, None);
    }
    let refused = customers.call(TestCallScenario::Known, hub.addr, "+34910000100".to_owned()).await;
    assert!(matches!(refused, Err(DemoError::TooManyCalls { limit: TEST_CALLS_LIMIT })));
    let mut waiting = Vec::new();
    for _ in 0..TEST_CALLS_LIMIT {
        let incoming = hub.incoming.recv().await.expect("a call");
        incoming.leg.commands().ring().expect("a living leg");
        waiting.push(incoming.leg);
    }
    customers.shutdown().await;
    for mut leg in waiting {
        let Some(LegEvent::Ended(ended)) = leg.event().await else { panic!("the caller gives up") };
        assert_eq!(ended.by, EndedBy::Remote);
    }
}
