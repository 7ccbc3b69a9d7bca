//! *Pick up* in the console: one's own phone rings for a call that rings at a colleague's.

use end_to_end::handset::Handset;
use end_to_end::records::{finished_call, recording};
use end_to_end::sipp::{Scenario, Sipp};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::{Value, json};

const CUSTOMER: &str = "+34600333191";
const ANA_HZ: f64 = 880.0;
const BEN_HZ: f64 = 660.0;

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

/// The call that rings at the colleague's, as the list says.
fn listed(by: &AgentDesk) -> String {
    eventually("a call that rings to be listed", || {
        let ringing = by.api.get("/ringing");
        let call = ringing.as_array()?.iter().find(|call| call["number"] == CUSTOMER)?;
        Some(call["call_id"].as_str()?.to_owned())
    })
}

/// The code of the refusal; none where it is granted.
fn picks_up(by: &AgentDesk, call: &str) -> Option<(u16, Value)> {
    let answer = by.api.ask("POST", &format!("/calls/{call}/pick-up"), None);
    (answer.status != 204).then(|| (answer.status, answer.body["code"].clone()))
}

fn talk() {
    std::thread::sleep(std::time::Duration::from_secs(3));
}

#[test]
fn the_own_phone_rings_beside_the_colleagues_and_has_the_call_when_answered() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    ana.ready();
    ben.not_ready();
    let mut customer = customer(&hub);
    let at_anas = anas.rings();
    let call = listed(&ben);
    assert_eq!(picks_up(&ana, &call), Some((409, json!("not_now"))), "it rings at her own");
    assert_eq!(picks_up(&ben, &call), None);
    let at_bens = bens.rings();
    ben.becomes("offered");
    assert_eq!(ana.state().0, "offered", "Ana may still answer");
    assert_eq!(picks_up(&ben, &call), Some((409, json!("not_now"))), "his phone rings already");

    let line = bens.answer(&at_bens);
    let cancel = anas.is_cancelled(&at_anas);
    assert!(cancel.header("Reason").contains("cause=200"), "no missed call at Ana's: {cancel:?}");
    let mine = ben.becomes("talking");
    assert_eq!(mine["current"]["caller"], CUSTOMER, "on Ben's screen: {mine}");
    assert_eq!(ana.becomes("ready")["agent"]["reason"], Value::Null);
    assert_eq!(ben.api.get("/ringing"), json!([]));
    talk();
    customer.go_on();
    customer.succeed();
    bens.is_hung_up_on(&line);
    ben.becomes("wrap_up");

    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, CUSTOMER);
    let legs: Vec<&Value> = call["legs"].as_array().expect("legs").iter().collect();
    let bens_leg = legs.iter().find(|leg| leg["role"] == "agent" && !leg["answered_at"].is_null());
    assert_eq!(bens_leg.expect("Ben's leg")["user_id"], call["agent"]["id"], "{call}");
    assert_eq!((&call["end_cause"], legs.len()), (&json!("completed"), 3), "{call}");
    let sound = recording(&supervisor, &call);
    assert!(sound.seconds_of(1, BEN_HZ) > 1.0, "the customer heard Ben");
}

#[test]
fn who_rings_first_and_answers_has_it_and_the_others_are_as_before() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let support: Vec<String> = AgentDesk::all_of(&hub, SUPPORT).into_iter().map(|it| it.username).collect();
    let mut sales = AgentDesk::all_of(&hub, "Sales").into_iter();
    let cleo = sales.find(|it| !support.contains(&it.username)).expect("one who sells only");
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    let _cleos = Handset::at(&cleo, &hub, 550.0);
    ana.ready();
    ben.not_ready();
    cleo.not_ready();
    let mut customer = customer(&hub);
    let at_anas = anas.rings();
    let call = listed(&ben);
    assert_eq!(picks_up(&cleo, &call), Some((403, json!("not_in_queue"))));
    assert_eq!(cleo.state().0, "not_ready");

    // Ben's phone declines: Ana's rings on.
    assert_eq!(picks_up(&ben, &call), None);
    let at_bens = bens.rings();
    bens.refuse(&at_bens, "486 Busy Here", &[]);
    assert_eq!(ben.becomes("not_ready")["agent"]["reason"], "break", "as before");
    // He thinks better of it.
    assert_eq!(picks_up(&ben, &call), None);
    let at_bens = bens.rings();
    ben.api.post(&format!("/calls/{call}/hang-up"), &json!({}));
    bens.is_cancelled(&at_bens);
    assert_eq!(ben.becomes("not_ready")["agent"]["reason"], "break", "as before");
    // Once more, and Ana is faster.
    assert_eq!(picks_up(&ben, &call), None);
    let at_bens = bens.rings();
    let line = anas.answer(&at_anas);
    let cancel = bens.is_cancelled(&at_bens);
    assert!(cancel.header("Reason").contains("cause=200"), "{cancel:?}");
    ana.becomes("talking");
    assert_eq!(ben.becomes("not_ready")["agent"]["reason"], "break", "as before");
    assert_eq!(picks_up(&ben, &call), Some((409, json!("not_now"))), "nobody takes a conversation");
    customer.go_on();
    customer.succeed();
    anas.is_hung_up_on(&line);
    ana.becomes("wrap_up");
    assert_eq!(picks_up(&ben, &call).expect("refused").0, 410);
}

#[test]
fn a_caller_who_gives_up_leaves_both_as_they_were() {
    let hub = Hub::start();
    let (ana, ben) = desks(&hub);
    let mut anas = Handset::at(&ana, &hub, ANA_HZ);
    let mut bens = Handset::at(&ben, &hub, BEN_HZ);
    ana.ready();
    ben.not_ready();
    let mut customer = customer(&hub);
    let at_anas = anas.rings();
    let call = listed(&ben);
    assert_eq!(picks_up(&ben, &call), None);
    let at_bens = bens.rings();
    customer.go_on();
    customer.succeed();
    anas.is_cancelled(&at_anas);
    bens.is_cancelled(&at_bens);
    ana.becomes("ready");
    assert_eq!(ben.becomes("not_ready")["agent"]["reason"], "break");
}
