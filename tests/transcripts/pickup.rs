//! A colleague's ringing call, or a parked one, taken at one's own phone.

use end_to_end::handset::{Handset, Message};
use end_to_end::records::{finished_call, recording};
use end_to_end::sipp::{Scenario, Sipp};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER};
use serde_json::{Value, json};

const CUSTOMER: &str = "+34600333091";
const ANA_HZ: f64 = 880.0;
const BEN_HZ: f64 = 660.0;
const CLEO_HZ: f64 = 550.0;

fn desks(hub: &Hub) -> (AgentDesk, AgentDesk) {
    let mut desks = AgentDesk::all_of(hub, SUPPORT).into_iter();
    (desks.next().expect("an agent"), desks.next().expect("another"))
}

/// An agent who does not serve Support.
fn outsider(hub: &Hub) -> AgentDesk {
    let support: Vec<String> = AgentDesk::all_of(hub, SUPPORT).into_iter().map(|it| it.username).collect();
    let mut sales = AgentDesk::all_of(hub, "Sales").into_iter();
    sales.find(|it| !support.contains(&it.username)).expect("one who sells only")
}

fn customer(hub: &Hub) -> Sipp {
    Scenario::new("caller", hub.phone_folder("customer"))
        .caller(CUSTOMER)
        .service(SUPPORT_NUMBER)
        .start(&hub.sip())
}

/// Nothing is asserted about its length.
fn talk() {
    std::thread::sleep(std::time::Duration::from_secs(3));
}

/// What a lamp key sends for the dialog that it was told of (RFC 4235 section 4.1.6).
fn replaces(early: &Message) -> String {
    let part = |name: &str| {
        let found = early.body().split(&format!("{name}=\"")).nth(1).unwrap_or_default();
        found.split('"').next().unwrap_or_default().to_owned()
    };
    let (id, local, remote) = (part("call-id"), part("local-tag"), part("remote-tag"));
    format!("Replaces: {id};to-tag={local};from-tag={remote}")
}

fn agent_legs(call: &Value) -> Vec<&Value> {
    call["legs"].as_array().expect("legs").iter().filter(|leg| leg["role"] == "agent").collect()
}

#[test]
fn a_colleagues_ringing_call_is_picked_up_from_the_lamp() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    ana.ready();
    ben.not_ready();
    bens.watch(&ana.username).expect("a colleague may watch");
    let mut customer = customer(&hub);
    let ringing = anas.rings();
    let early = bens.notified_of(&["<state>early</state>", "call-id=\""]);

    let line = bens.dial(&ana.username, &[&replaces(&early)]).expect("picked up");
    let cancel = anas.is_cancelled(&ringing);
    assert!(cancel.header("Reason").contains("cause=200"), "no missed call at Ana's: {cancel:?}");
    let mine = ben.becomes("talking");
    assert_eq!(mine["current"]["caller"], CUSTOMER, "on Ben's screen: {mine}");
    assert_eq!(ana.becomes("ready")["agent"]["reason"], Value::Null);
    talk();
    customer.go_on();
    customer.succeed();
    bens.is_hung_up_on(&line);
    ben.becomes("wrap_up");

    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, CUSTOMER);
    let [anas_leg, bens_leg] = agent_legs(&call)[..] else { panic!("two phones: {call}") };
    assert!(anas_leg["answered_at"].is_null() && !bens_leg["answered_at"].is_null(), "{call}");
    assert_eq!(
        (&call["end_cause"], &call["agent"]["id"]),
        (&json!("completed"), &bens_leg["user_id"]),
        "{call}"
    );
    let sound = recording(&supervisor, &call);
    assert!(sound.seconds_of(1, BEN_HZ) > 1.0, "the customer heard Ben");
}

#[test]
fn who_does_not_serve_the_queue_picks_up_nothing_and_nobody_takes_a_conversation() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let cleo = outsider(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    let mut cleos = Handset::at(&cleo, &hub, CLEO_HZ);
    ana.ready();
    ben.not_ready();
    cleo.not_ready();
    cleos.watch(&ana.username).expect("a colleague may watch");
    let mut customer = customer(&hub);
    let ringing = anas.rings();
    let early = cleos.notified_of(&["<state>early</state>", "call-id=\""]);
    let named = replaces(&early);
    assert_eq!(cleos.dial(&ana.username, &[&named]).err(), Some(603));
    let unknown = named.replace("Replaces: ", "Replaces: x");
    assert_eq!(bens.dial(&ana.username, &[&unknown]).err(), Some(481));

    let line = anas.answer(&ringing);
    ana.becomes("talking");
    assert_eq!(bens.dial(&ana.username, &[&named]).err(), Some(603), "it is a conversation now");
    customer.go_on();
    customer.succeed();
    anas.is_hung_up_on(&line);
    let supervisor = hub.api("supervisor");
    assert_eq!(agent_legs(&finished_call(&supervisor, CUSTOMER)).len(), 1);
    // Each INVITE that came has its row.
    let refused = finished_call(&supervisor, &cleo.username);
    assert_eq!(refused["end_cause"], "refused", "{refused}");
}

#[test]
fn a_call_between_colleagues_is_picked_up_by_a_third() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let cleo = outsider(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    let mut cleos = Handset::at(&cleo, &hub, CLEO_HZ);
    ana.not_ready();
    ben.not_ready();
    cleo.not_ready();
    bens.watch(&ana.username).expect("a colleague may watch");
    let extension = ana.username.clone();
    let (mut cleos_line, bens_line) = std::thread::scope(|scope| {
        let taken = scope.spawn(|| {
            let ringing = anas.rings();
            let early = bens.notified_of(&["<state>early</state>", "call-id=\""]);
            let line = bens.dial(&ana.username, &[&replaces(&early)]).expect("picked up");
            anas.is_cancelled(&ringing);
            line
        });
        let line = cleos.dial(&extension, &[]).expect("somebody answers");
        (line, taken.join().expect("Ben's phone"))
    });
    ben.becomes("talking");
    cleo.becomes("talking");
    assert_eq!(ana.becomes("not_ready")["agent"]["reason"], "break", "as before");
    assert_eq!(cleos.press(&mut cleos_line, "BYE", &[]), 200);
    bens.is_hung_up_on(&bens_line);
    ben.becomes("wrap_up");
}

#[test]
fn a_parking_place_has_a_lamp_and_is_dialled_to_pick_up() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    ana.ready();
    ben.not_ready();
    bens.watch("701").expect("a place may be watched");
    assert_eq!(bens.dial("701", &[]).err(), Some(404), "nobody is parked there");
    let mut customer = customer(&hub);
    let ringing = anas.rings();
    let line = anas.answer(&ringing);
    let mine = ana.becomes("talking");
    let call = mine["current"]["id"].as_str().expect("a call");
    let parked = ana.api.post(&format!("/calls/{call}/park"), &json!({}));
    assert_eq!(parked["slot"], 701, "{parked}");
    anas.is_hung_up_on(&line);
    bens.notified_of(&["<state>confirmed</state>"]);

    let line = bens.dial("701", &[]).expect("picked up");
    bens.notified_of(&["<state>terminated</state>"]);
    let mine = ben.becomes("talking");
    assert_eq!(mine["current"]["caller"], CUSTOMER, "{mine}");
    talk();
    customer.go_on();
    customer.succeed();
    bens.is_hung_up_on(&line);
    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, CUSTOMER);
    let sound = recording(&supervisor, &call);
    assert!(sound.seconds_of(1, BEN_HZ) > 1.0, "the customer heard Ben");
}
