//! Aurora in a database.

use crm::contacts::{Match, lookup_by_number};
use crm::words::{DeviceKind, Role};

use super::hub::Company;
use crate::demo::aurora::{PASSWORD, seed};
use crate::demo::callers::Callers;
use crate::demo::chance::Chance;
use crate::views::TestCallScenario;

#[tokio::test]
async fn an_empty_database_becomes_aurora_and_stays_it() {
    let Company { db, keys, .. } = &Company::new().await;
    let first = seed(db, keys).await.expect("seeded");
    let again = seed(db, keys).await.expect("left alone");

    assert_eq!(crm::contacts::count(db).await.expect("counted"), 200);
    assert_eq!(
        crm::users::agents(db).await.expect("read").iter().filter(|user| user.role == Role::Agent).count(),
        6
    );
    let queues = crm::queues::list(db).await.expect("read");
    assert_eq!(
        queues.iter().map(|queue| queue.name.as_str()).collect::<Vec<_>>(),
        ["Support", "Sales", "Billing"]
    );
    for (number, queue) in [("+34910000100", 0), ("+34910000101", 1), ("+34910000102", 2)] {
        let route = crm::routes::resolve(db, number).await.expect("read").expect("a route");
        assert_eq!(route.target, crm::routes::RouteTarget::Queue { queue_id: queues[queue].id });
    }
    assert!(!crm::queues::members(db, queues[0].id).await.expect("read").is_empty());

    assert_eq!((first.devices.len(), again.devices.len()), (12, 12));
    let same = |at: usize| first.devices[at].secret == again.devices[at].secret;
    assert!(!(0..12).any(same), "new secrets at each start");
    let secret = &again.devices[0].secret;
    assert!(!format!("{again:?}").contains(secret.as_str()), "secrets stay out of logs");
}

#[tokio::test]
async fn every_login_works_with_the_password_of_the_banner() {
    let Company { db, keys, .. } = &Company::new().await;
    let seeded = seed(db, keys).await.expect("seeded");
    for login in &seeded.logins {
        assert_eq!(login.password, PASSWORD);
        let user = crm::users::verify_password(db, &login.email, &login.password).await.expect("checked");
        assert_eq!(user.expect("signed in").role.as_str(), login.role);
    }
}

#[tokio::test]
async fn the_database_knows_callers_as_the_scenarios_promise() {
    let Company { db, keys, .. } = &Company::new().await;
    let seeded = seed(db, keys).await.expect("seeded");
    let callers = Callers::of(&seeded.book);
    let mut chance = Chance::new(11);
    for _ in 0..20 {
        let known = callers.choose(TestCallScenario::Known, &mut chance);
        let found = lookup_by_number(db, &known.number).await.expect("looked up");
        let Match::Known(contact) = found else { panic!("{known:?} is {found:?}") };
        assert_eq!(Some(contact.name), known.name);
        let maybe = callers.choose(TestCallScenario::Maybe, &mut chance);
        assert!(matches!(lookup_by_number(db, &maybe.number).await.expect("looked up"), Match::Maybe(_)));
        let unknown = callers.choose(TestCallScenario::Unknown, &mut chance);
        assert_eq!(lookup_by_number(db, &unknown.number).await.expect("looked up"), Match::Unknown);
    }
}

#[tokio::test]
async fn the_past_is_on_timelines_in_the_past() {
    let Company { db, keys, .. } = &Company::new().await;
    seed(db, keys).await.expect("seeded");
    let page = crm::PageRequest::first(crm::MAX_PAGE_ROWS);
    let calls = crm::calls::list(db, &crm::calls::CallFilter::default(), &page).await.expect("listed");
    assert!(calls.items.len() >= 100);
    assert!(calls.items.iter().all(|call| call.ended_at.is_some_and(|at| at < crm::now())));
    let contact = calls.items.iter().find_map(|call| call.contact.as_ref()).expect("a known caller");
    let timeline = crm::interactions::timeline(db, contact.id, &page).await.expect("read");
    assert!(timeline.items.iter().any(|item| item.call.is_some()));

    let tickets = crm::tickets::search(db, &crm::tickets::Filter::default(), &page).await.expect("listed");
    assert_eq!(tickets.items.len(), 60);
    let leads = crm::leads::search(db, &crm::leads::Filter::default(), &page).await.expect("listed");
    assert_eq!(leads.items.len(), 30);
    assert!(seed(db, keys).await.is_ok());
    let desks =
        crm::devices::list(db).await.expect("read").into_iter().filter(|one| one.kind == DeviceKind::Desk);
    assert_eq!(desks.count(), 6);
}
