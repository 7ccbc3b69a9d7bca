//! Busy lamps on a desk phone: who of the colleagues rings and who talks.

use end_to_end::handset::Handset;
use end_to_end::sipp::{Scenario, Sipp};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER};

const CUSTOMER: &str = "+34600333081";

fn desks(hub: &Hub) -> (AgentDesk, AgentDesk) {
    let mut desks = AgentDesk::all_of(hub, SUPPORT).into_iter();
    (desks.next().expect("an agent"), desks.next().expect("another"))
}

fn customer(hub: &Hub) -> Sipp {
    Scenario::new("caller", hub.phone_folder("customer"))
        .caller(CUSTOMER)
        .service(SUPPORT_NUMBER)
        .start(&hub.sip())
}

#[test]
fn a_lamp_shows_that_a_colleague_rings_talks_and_is_free_again() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, 880.0);
    let mut bens = Handset::at(&ben, &hub, 660.0);
    ana.ready();
    ben.not_ready();
    let mut lamp = bens.watch(&ana.username).expect("a colleague may watch");
    let first = bens.notified();
    assert!(first.header("Subscription-State").starts_with("active"), "{first:?}");
    assert!(first.body().contains("state=\"full\"") && !first.body().contains("<dialog "), "{first:?}");

    let mut customer = customer(&hub);
    let ringing = anas.rings();
    let early = bens.notified_of(&["<state>early</state>", "direction=\"recipient\"", "remote-tag=\""]);
    assert!(early.body().contains(&ringing.header("Call-ID")), "{early:?}");
    assert!(!early.body().contains(CUSTOMER), "who calls is not told: {early:?}");
    let line = anas.answer(&ringing);
    bens.notified_of(&["<state>confirmed</state>"]);
    customer.go_on();
    customer.succeed();
    anas.is_hung_up_on(&line);
    bens.notified_of(&["<state>terminated</state>"]);

    assert_eq!(bens.press(&mut lamp, "SUBSCRIBE", &["Event: dialog", "Expires: 0"]), 200);
    bens.notified_with("Subscription-State", "terminated");
}

#[test]
fn a_lamp_of_nobody_is_refused() {
    let hub = Hub::start();
    let (ana, _) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, 880.0);
    assert_eq!(anas.watch("nobody").err(), Some(404));
    assert_eq!(anas.watch(SUPPORT_NUMBER).err(), Some(404));
}
