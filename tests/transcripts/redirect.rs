//! A phone that sends its calls elsewhere (302), for a user who may.

use end_to_end::handset::Handset;
use end_to_end::ports::free_port;
use end_to_end::records::finished_call;
use end_to_end::sipp::{Scenario, Sipp};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER};
use serde_json::{Value, json};

const CUSTOMER: &str = "+34600333101";
const MOBILE: &str = "+34600999102";

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

fn may_redirect(hub: &Hub, desk: &AgentDesk) -> Value {
    let user = desk.api.get("/agent")["agent"]["id"].as_str().expect("an id").to_owned();
    // Supervisors do not manage users, and decide this.
    let supervisor = hub.api("supervisor");
    supervisor.patch(&format!("/users/{user}"), &json!({"redirect_allowed": true}))
}

fn elsewhere(hub: &Hub, user: &str) -> String {
    format!("Contact: <sip:{user}@{}>", hub.sip())
}

#[test]
fn a_queues_call_goes_to_the_agents_own_mobile() {
    let port = free_port();
    let hub = Hub::start_with_carrier(port);
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, 880.0);
    ben.not_ready();
    assert_eq!(may_redirect(&hub, &ana)["redirect_allowed"], true);
    let mut mobile =
        Scenario::new("carrier_answers", hub.phone_folder("mobile")).port(port).tone(660.0).start(&hub.sip());
    ana.ready();
    let mut customer = customer(&hub);
    let ringing = anas.rings();
    anas.refuse(&ringing, "302 Moved Temporarily", &[&elsewhere(&hub, MOBILE)]);
    let mine = ana.becomes("talking");
    assert_eq!(mine["current"]["caller"], CUSTOMER, "{mine}");
    customer.go_on();
    customer.succeed();
    mobile.succeed();
    ana.becomes("wrap_up");
    let call = finished_call(&hub.api("supervisor"), CUSTOMER);
    let legs = call["legs"].as_array().expect("legs").iter();
    let moved = legs.clone().find(|leg| leg["code"] == 302).expect("the phone's leg");
    let there = legs.clone().find(|leg| leg["peer"] == MOBILE).expect("the mobile's leg");
    assert_eq!(there["user_id"], moved["user_id"], "the time is Ana's: {call}");
    assert_eq!(call["agent"]["id"], moved["user_id"], "{call}");
}

#[test]
fn a_call_for_one_goes_to_the_colleague_named_and_no_further() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let sales = AgentDesk::all_of(&hub, "Sales").into_iter();
    let cleo = sales.into_iter().find(|it| ![&ana.username, &ben.username].contains(&&it.username));
    let cleo = cleo.expect("a third agent");
    let mut anas = Handset::at(&ana, &hub, 880.0);
    let mut bens = Handset::at(&ben, &hub, 660.0);
    let mut cleos = Handset::at(&cleo, &hub, 550.0);
    for desk in [&ana, &ben, &cleo] {
        desk.not_ready();
    }
    may_redirect(&hub, &ana);
    may_redirect(&hub, &ben);
    let to_ben = elsewhere(&hub, &ben.username);
    let to_ana = elsewhere(&hub, &ana.username);

    let (extension, moved) = (ana.username.clone(), "302 Moved Temporarily");
    let (mut line, bens_line) = std::thread::scope(|scope| {
        let answered = scope.spawn(|| {
            let ringing = anas.rings();
            anas.refuse(&ringing, moved, &[&to_ben]);
            let ringing = bens.rings();
            bens.answer(&ringing)
        });
        let line = cleos.dial(&extension, &[]).expect("Ben answers");
        (line, answered.join().expect("the phones"))
    });
    ben.becomes("talking");
    assert_eq!(ana.becomes("not_ready")["agent"]["reason"], "break", "Ana has no part in it");
    assert_eq!(cleos.press(&mut line, "BYE", &[]), 200);
    bens.is_hung_up_on(&bens_line);
    for desk in [&ben, &cleo] {
        desk.finish_wrap_up();
        desk.becomes("not_ready");
    }

    // Each to the other: the second does not count.
    let refused = std::thread::scope(|scope| {
        scope.spawn(|| {
            let ringing = anas.rings();
            anas.refuse(&ringing, moved, &[&to_ben]);
            let ringing = bens.rings();
            bens.refuse(&ringing, moved, &[&to_ana]);
        });
        cleos.dial(&extension, &[]).err()
    });
    assert_eq!(refused, Some(480));
    for desk in [&ana, &ben, &cleo] {
        desk.becomes("not_ready");
    }
}
