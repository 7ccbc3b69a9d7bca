//! During the call: hold, transfer, consultation and parking, by phones that hear it.

use std::time::Duration;

use end_to_end::baresip::{Baresip, Setup};
use end_to_end::records::{finished_call, recording};
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::{Value, json};

const CUSTOMER: &str = "+34600333001";
const CUSTOMER_HZ: f64 = 440.0;
const ANA_HZ: f64 = 880.0;
const BEN_HZ: f64 = 660.0;

/// A customer in conversation with Ana, and Ben at his desk.
struct Floor {
    hub: Hub,
    ana: AgentDesk,
    ben: AgentDesk,
    customer: Baresip,
    ana_phone: Baresip,
    ben_phone: Baresip,
    call: String,
}

fn desk(hub: &Hub, agent: &AgentDesk, tone_hz: f64) -> Baresip {
    let phone = Setup {
        folder: hub.phone_folder(&agent.username),
        hub: &hub.sip(),
        username: &agent.username,
        password: Some(&agent.password),
        answers: true,
        dials: None,
        tone_hz,
        transport: "udp",
    }
    .start();
    agent.use_desk_phone();
    phone
}

impl Floor {
    fn talking() -> Floor {
        let hub = Hub::start();
        let mut desks = AgentDesk::all_of(&hub, SUPPORT).into_iter();
        let (ana, ben) = (desks.next().expect("an agent"), desks.next().expect("another"));
        let ana_phone = desk(&hub, &ana, ANA_HZ);
        let ben_phone = desk(&hub, &ben, BEN_HZ);
        ana.ready();
        ben.not_ready();
        let customer = Setup {
            folder: hub.phone_folder("customer"),
            hub: &hub.sip(),
            username: CUSTOMER,
            password: None,
            answers: false,
            dials: Some(SUPPORT_NUMBER),
            tone_hz: CUSTOMER_HZ,
            transport: "udp",
        }
        .start();
        let mine = ana.becomes("talking");
        let call = mine["current"]["id"].as_str().expect("a call").to_owned();
        let floor = Floor { hub, ana, ben, customer, ana_phone, ben_phone, call };
        talk();
        floor
    }

    /// One of Ana's buttons.
    fn press(&self, button: &str, body: &Value) -> Value {
        self.ana.api.post(&format!("/calls/{}/{button}", self.call), body)
    }

    fn is(&self, state: &str) -> Value {
        let supervisor = self.hub.api("supervisor");
        eventually(&format!("the call to be {state}"), || {
            let call = supervisor.get(&format!("/calls/{}", self.call));
            (call["state"] == state).then_some(call)
        })
    }

    fn ben(&self) -> Value {
        json!({"to": {"kind": "agent", "user_id": self.ben.becomes("not_ready")["agent"]["id"]}})
    }

    fn end(&mut self) -> Value {
        self.customer.hang_up();
        let call = finished_call(&self.hub.api("supervisor"), CUSTOMER);
        self.ana_phone.hang_up();
        self.ben_phone.hang_up();
        call
    }
}

/// Nothing is asserted about its length.
fn talk() {
    std::thread::sleep(Duration::from_secs(3));
}

fn agent_legs(call: &Value) -> Vec<&Value> {
    let legs = call["legs"].as_array().expect("legs").iter();
    legs.filter(|leg| leg["role"] == "agent" && !leg["answered_at"].is_null()).collect()
}

#[test]
fn a_customer_on_hold_hears_music_and_then_the_agent_again() {
    let mut floor = Floor::talking();
    floor.press("hold", &json!({}));
    floor.is("held");
    assert_eq!(floor.ana.api.ask("POST", &format!("/calls/{}/hold", floor.call), None).status, 409);
    talk();
    floor.press("resume", &json!({}));
    floor.is("talking");
    talk();
    let call = floor.end();
    assert_eq!(call["end_cause"], "completed", "{call}");

    // The agent, then something that is neither silence nor the agent, then the agent.
    let heard = floor.customer.heard();
    let second = heard.rate_hz as usize;
    let of_agent: Vec<bool> = heard.channels[0]
        .chunks_exact(second / 2)
        .map(|part| end_to_end::sound::energy_share(part, ANA_HZ, heard.rate_hz) > 0.5)
        .collect();
    let first = of_agent.iter().position(|it| *it).expect("the agent is heard");
    let last = of_agent.iter().rposition(|it| *it).expect("the agent is heard");
    let music = of_agent[first..last].iter().filter(|it| !**it).count();
    assert!(music >= 3, "no music between the agent's words: {of_agent:?}");
}

#[test]
fn an_attended_transfer_hands_the_customer_to_the_one_consulted() {
    let mut floor = Floor::talking();
    floor.press("consult", &floor.ben());
    floor.ben.becomes("talking");
    floor.is("held");
    talk();
    floor.press("consult/complete", &json!({}));
    floor.ana.becomes("wrap_up");
    let call = floor.is("talking");
    assert_eq!(call["agent"]["id"], floor.ben.becomes("talking")["agent"]["id"], "{call}");
    talk();
    let call = floor.end();
    floor.ben.becomes("wrap_up");

    let ana_heard = floor.ana_phone.heard();
    assert!(ana_heard.seconds_of(0, CUSTOMER_HZ) > 1.0, "Ana does not hear the customer");
    assert!(ana_heard.seconds_of(0, BEN_HZ) > 1.0, "Ana does not hear Ben");
    let ben_heard = floor.ben_phone.heard();
    assert!(ben_heard.seconds_of(0, ANA_HZ) > 1.0, "Ben does not hear Ana");
    assert!(ben_heard.seconds_of(0, CUSTOMER_HZ) > 1.0, "Ben does not hear the customer");
    let customer_heard = floor.customer.heard();
    assert!(customer_heard.seconds_of(0, ANA_HZ) > 1.0, "the customer does not hear Ana");
    assert!(customer_heard.seconds_of(0, BEN_HZ) > 1.0, "the customer does not hear Ben");

    // One recording of the whole, and each agent's time on a leg of its own.
    let [ana, ben] = agent_legs(&call)[..] else { panic!("two agents had it: {call}") };
    assert!(ana["ended_at"].as_str() < call["ended_at"].as_str(), "{call}");
    assert_ne!(ana["user_id"], ben["user_id"], "{call}");
    assert_eq!(call["recording_ids"].as_array().map(Vec::len), Some(1), "{call}");
    let sound = recording(&floor.hub.api("supervisor"), &call);
    assert!(sound.seconds_of(0, CUSTOMER_HZ) > 5.0, "the customer's whole call is on the left");
    assert!(sound.seconds_of(1, ANA_HZ) > 1.0 && sound.seconds_of(1, BEN_HZ) > 1.0);
}

#[test]
fn a_blind_transfer_leaves_the_agent_free_at_once() {
    let mut floor = Floor::talking();
    floor.press("transfer", &floor.ben());
    let mine = floor.ana.becomes("wrap_up");
    assert!(mine["current"].is_null(), "what she writes up is no longer hers to steer: {mine}");
    floor.ben.becomes("talking");
    let hang_up = floor.ana.api.ask("POST", &format!("/calls/{}/hang-up", floor.call), None);
    assert_eq!(hang_up.status, 410, "{}", hang_up.body);
    talk();
    let call = floor.end();
    assert_eq!(agent_legs(&call).len(), 2, "{call}");
    assert!(floor.customer.heard().seconds_of(0, BEN_HZ) > 1.0, "the customer does not hear Ben");
}

#[test]
fn a_parked_call_is_picked_up_by_a_colleague() {
    let mut floor = Floor::talking();
    let slot = floor.press("park", &json!({}))["slot"].as_u64().expect("a slot");
    floor.ana.becomes("wrap_up");
    floor.is("parked");
    let parked = floor.ben.api.get("/park");
    assert_eq!((&parked[0]["slot"], &parked[0]["number"]), (&json!(slot), &json!(CUSTOMER)), "{parked}");
    let colleagues = floor.ben.api.get("/colleagues");
    let who = &parked[0]["parked_by"];
    let colleague =
        colleagues["colleagues"].as_array().and_then(|all| all.iter().find(|it| it["id"] == *who));
    let colleague = colleague.unwrap_or_else(|| panic!("who parked it is a colleague: {colleagues}"));
    assert_eq!(colleague["extension"], floor.ana.username, "{colleague}");
    floor.ben.api.post(&format!("/park/{slot}/pick-up"), &json!({}));
    floor.ben.becomes("talking");
    assert_eq!(floor.ben.api.get("/park"), json!([]));
    assert_eq!(floor.ana.api.ask("POST", &format!("/park/{slot}/pick-up"), None).status, 404);
    talk();
    let call = floor.end();
    assert_eq!(call["end_cause"], "completed", "{call}");
    assert!(floor.customer.heard().seconds_of(0, BEN_HZ) > 1.0, "the customer does not hear Ben");
}

#[test]
fn a_transfer_to_another_queue_waits_there_for_its_agents() {
    let mut floor = Floor::talking();
    let queues = floor.ana.api.get("/queues");
    let sales = queues.as_array().expect("queues").iter().find(|queue| queue["name"] == "Sales");
    let sales = sales.expect("a queue named Sales")["id"].clone();
    floor.press("transfer", &json!({"to": {"kind": "queue", "queue_id": sales}}));
    floor.ana.becomes("wrap_up");
    let call = floor.is("waiting");
    assert_eq!(call["queue"]["id"], sales, "{call}");
    floor.end();
}

#[test]
fn a_desk_phone_hands_its_customer_on_with_its_own_transfer_key() {
    let hub = Hub::start();
    let mut desks = AgentDesk::all_of(&hub, SUPPORT).into_iter();
    let (ana, ben) = (desks.next().expect("an agent"), desks.next().expect("another"));
    for agent in [&ana, &ben] {
        agent.plug_in(&hub);
    }
    ana.ready();
    ben.not_ready();
    let mut bens = ben.phone(&hub, "agent_answers").start(&hub.sip());
    let mut anas =
        ana.phone(&hub, "agent_refers").key("transferee", &ben.username).talks_ms(2_000).start(&hub.sip());
    let mut customer = Scenario::new("caller", hub.phone_folder("customer"))
        .caller(CUSTOMER)
        .service(SUPPORT_NUMBER)
        .start(&hub.sip());
    ben.becomes("talking");
    ana.becomes("wrap_up");
    anas.succeed();
    talk();
    customer.go_on();
    customer.succeed();
    bens.succeed();
    let call = finished_call(&hub.api("supervisor"), CUSTOMER);
    assert_eq!(agent_legs(&call).len(), 2, "{call}");
}

#[test]
fn one_recording_says_what_each_of_its_stretches_is() {
    let mut floor = Floor::talking();
    floor.press("hold", &json!({}));
    talk();
    floor.press("resume", &json!({}));
    talk();
    floor.press("recording/pause", &json!({}));
    talk();
    floor.press("recording/resume", &json!({}));
    talk();
    floor.press("consult", &floor.ben());
    floor.ben.becomes("talking");
    talk();
    floor.press("consult/conference", &json!({}));
    talk();
    // Who hosts it leaves, and the first guest has the customer.
    floor.ana_phone.hang_up();
    floor.ana.becomes("wrap_up");
    talk();
    let [ana, ben] = [&floor.ana, &floor.ben].map(|desk| desk.api.get("/agent")["agent"]["id"].clone());
    floor.customer.hang_up();
    let supervisor = floor.hub.api("supervisor");
    let call = finished_call(&supervisor, CUSTOMER);
    floor.ben_phone.hang_up();

    let id = call["recording_ids"][0].as_str().expect("one recording").to_owned();
    let length_ms = recording(&supervisor, &call).length_ms();
    let segments = supervisor.get(&format!("/recordings/{id}/segments"));
    let segments = segments.as_array().expect("segments").clone();
    let told: Vec<(&str, &Value)> = segments
        .iter()
        .map(|segment| (segment["kind"].as_str().unwrap_or_default(), &segment["user_id"]))
        .collect();
    let wanted = [
        ("talk", &ana),
        ("hold", &ana),
        ("talk", &ana),
        ("pause", &ana),
        ("talk", &ana),
        ("consult", &ana),
        ("conference", &ana),
        ("talk", &ben),
    ];
    assert_eq!(told, wanted, "{segments:?}");
    // Without gaps, from the first sound to the last, and each as long as it lasted.
    let mut at = 0;
    for segment in &segments {
        assert_eq!(segment["from_ms"].as_u64(), Some(at), "{segments:?}");
        let to = segment["to_ms"].as_u64().expect("an end");
        assert!(to > at + 1_500, "shorter than it lasted: {segment}");
        at = to;
    }
    assert_eq!(at, length_ms, "{segments:?}");
    // Where it says pause, there is nothing; where it says talk, both.
    let sound = recording(&supervisor, &call);
    let part = |index: usize, channel: usize, tone_hz: f64| {
        let bound = |name: &str| segments[index][name].as_u64().expect("a bound");
        sound.part_ms(bound("from_ms") + 200, bound("to_ms") - 200).seconds_of(channel, tone_hz)
    };
    assert!(part(3, 0, CUSTOMER_HZ) < 0.1 && part(3, 1, ANA_HZ) < 0.1, "something was kept in the pause");
    assert!(part(2, 0, CUSTOMER_HZ) > 1.0 && part(2, 1, ANA_HZ) > 1.0);
    assert!(part(7, 1, BEN_HZ) > 1.0, "Ben has the customer");
    let stranger =
        floor.ben.api.ask("GET", "/recordings/01a20b80-0000-7000-8000-000000000000/segments", None);
    assert_eq!(stranger.status, 404);
}
