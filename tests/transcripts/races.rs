//! What crosses on the wire: answers and CANCELs, offers of both sides, forks, refreshes. Each phone
//! checks what it is sent, and is surprised by anything else.

use end_to_end::baresip::{Baresip, Setup};
use end_to_end::ports::free_port;
use end_to_end::records::finished_call;
use end_to_end::sipp::{Scenario, Sipp};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::{Value, json};

const ANSWERED_ELSEWHERE: &str = "cause=200";

struct Floor {
    hub: Hub,
    agent: AgentDesk,
}

impl Floor {
    /// An agent at a desk phone, ready.
    fn open() -> Floor {
        let hub = Hub::start();
        let agent = AgentDesk::first_of(&hub, SUPPORT);
        agent.plug_in(&hub);
        agent.ready();
        Floor { hub, agent }
    }

    fn phone(&self, scenario: &'static str) -> Sipp {
        self.agent.phone(&self.hub, scenario).start(&self.hub.sip())
    }

    fn customer(&self, number: &str, scenario: &'static str) -> Sipp {
        let folder = self.hub.phone_folder(&format!("customer-{scenario}"));
        Scenario::new(scenario, folder).caller(number).service(SUPPORT_NUMBER).start(&self.hub.sip())
    }

    fn finished(&self, number: &str) -> Value {
        finished_call(&self.hub.api("supervisor"), number)
    }
}

/// Another telephone that registers under the agent's name.
fn register_beside(hub: &Hub, agent: &AgentDesk) -> u16 {
    let port = free_port();
    Scenario::new("register", hub.phone_folder(&format!("register-{port}")))
        .port(port)
        .service(&agent.username)
        .secret(&agent.username, &agent.password)
        .run(&hub.sip());
    port
}

fn phone_at(hub: &Hub, port: u16, scenario: &'static str) -> Sipp {
    Scenario::new(scenario, hub.phone_folder(&format!("{scenario}-{port}"))).port(port).start(&hub.sip())
}

#[test]
fn an_answer_that_crosses_the_cancel_is_acknowledged_and_hung_up() {
    let floor = Floor::open();
    let mut phone = floor.phone("agent_answers_as_cancelled");
    let mut customer = floor.customer("+34600555001", "caller");
    floor.agent.becomes("offered");
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let call = floor.finished("+34600555001");
    assert_eq!(call["end_cause"], "abandoned", "{call}");
    floor.agent.becomes("ready");
}

#[test]
fn three_phones_of_one_agent_ring_and_the_first_to_answer_has_the_call() {
    let floor = Floor::open();
    let (hub, agent) = (&floor.hub, &floor.agent);
    let (second, third) = (register_beside(hub, agent), register_beside(hub, agent));
    let mut losers = [phone_at(hub, second, "agent_never_answers"), floor.phone("agent_never_answers")];
    let mut winner = phone_at(hub, third, "agent_answers");
    let mut customer = floor.customer("+34600555011", "caller");
    agent.becomes("talking");
    for loser in &mut losers {
        loser.succeed();
        // RFC 3326 section 3.1: it shows no missed call.
        assert!(loser.messages().contains(ANSWERED_ELSEWHERE), "{}", loser.messages());
    }
    customer.go_on();
    customer.succeed();
    winner.succeed();
    let call = floor.finished("+34600555011");
    assert_eq!(call["end_cause"], "completed", "{call}");
}

#[test]
fn of_two_phones_that_answer_at_once_the_second_is_acknowledged_and_hung_up() {
    let floor = Floor::open();
    let second = register_beside(&floor.hub, &floor.agent);
    let mut winner = floor.phone("agent_answers");
    // Its 200 is on the way when the CANCEL comes.
    let mut late = phone_at(&floor.hub, second, "agent_answers_as_cancelled");
    let mut customer = floor.customer("+34600555021", "caller");
    floor.agent.becomes("talking");
    late.succeed();
    floor.agent.becomes("talking");
    customer.go_on();
    customer.succeed();
    winner.succeed();
    let call = floor.finished("+34600555021");
    assert_eq!((&call["end_cause"], &call["ended_by"]), (&json!("completed"), &json!("customer")), "{call}");
}

#[test]
fn offers_that_cross_are_both_refused_and_both_tried_again() {
    let floor = Floor::open();
    let mut phone = floor.phone("agent_glares");
    let mut customer = floor.customer("+34600555031", "caller_reinvites");
    floor.agent.becomes("talking");
    // The customer's hold is passed on to the phone, which has an offer of its own by then.
    customer.go_on();
    eventually("the hold to reach the phone at the second try", || {
        phone.messages().contains("a=recvonly").then_some(())
    });
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let call = floor.finished("+34600555031");
    assert_eq!(call["end_cause"], "completed", "{call}");
}

#[test]
fn a_hold_by_the_agents_own_key_reaches_the_customer() {
    let floor = Floor::open();
    let mut phone = floor.phone("agent_holds");
    let mut customer = floor.customer("+34600555041", "caller_held");
    eventually("the customer to be taken back", || {
        (customer.messages().matches("INVITE sip:").count() >= 3).then_some(())
    });
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let call = floor.finished("+34600555041");
    assert_eq!(call["end_cause"], "completed", "{call}");
}

#[test]
fn progress_that_must_arrive_is_acknowledged_and_an_update_is_answered() {
    let floor = Floor::open();
    let mut phone = floor.phone("agent_pracked");
    let mut customer = floor.customer("+34600555051", "caller");
    floor.agent.becomes("talking");
    eventually("the UPDATE", || phone.messages().contains("UPDATE sip:").then_some(()));
    customer.go_on();
    customer.succeed();
    phone.succeed();
}

#[test]
fn a_session_that_is_too_short_is_asked_for_again_and_refreshed_by_the_customer() {
    let floor = Floor::open();
    let mut phone = floor.phone("agent_answers");
    let mut customer = floor.customer("+34600555061", "caller_refreshes");
    floor.agent.becomes("talking");
    customer.go_on();
    customer.succeed();
    phone.succeed();
}

/// Takes half of the shortest session that there is (RFC 4028 section 4): three quarters of a minute.
#[test]
fn the_hub_refreshes_both_sessions_where_that_is_left_to_it() {
    let floor = Floor::open();
    let mut phone = floor.phone("agent_refreshed");
    let mut customer = floor.customer("+34600555071", "caller_refreshed");
    floor.agent.becomes("talking");
    for one in [&phone, &customer] {
        eventually("the refresh", || one.messages().contains("UPDATE sip:").then_some(()));
    }
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let call = floor.finished("+34600555071");
    assert_eq!(call["end_cause"], "completed", "{call}");
}

/// An agent at a phone that can be heard, and a carrier whose network speaks for some seconds before
/// it answers.
fn carrier_that_speaks_early() -> (Hub, AgentDesk, Baresip, Sipp) {
    let port = free_port();
    let hub = Hub::start_with_carrier(port);
    let carrier = Scenario::new("carrier_early", hub.phone_folder("carrier"))
        .port(port)
        .tone(440.0)
        .talks_ms(12_000)
        .start(&hub.sip());
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let desk = Setup {
        folder: hub.phone_folder("desk"),
        hub: &hub.sip(),
        username: &agent.username,
        password: Some(&agent.password),
        answers: true,
        dials: None,
        tone_hz: 880.0,
        transport: "udp",
    }
    .start();
    agent.use_desk_phone();
    agent.not_ready();
    (hub, agent, desk, carrier)
}

/// What the agent hears while the call is still being dialled, then the call as it ended.
fn heard_before_the_answer(hub: &Hub, agent: &AgentDesk, desk: &mut Baresip, carrier: &mut Sipp) {
    let early = eventually("the carrier's network to be heard", || {
        let dumped = desk.heard_so_far()?;
        (dumped.seconds_of(0, 440.0) > 1.0).then(|| agent.api.get("/agent")["current"]["state"].clone())
    });
    assert_eq!(early, "dialling", "heard only after the answer");
    agent.becomes("talking");
    desk.hang_up();
    carrier.succeed();
    let calls = hub.api("supervisor").list("/calls?direction=outbound");
    let call = calls.iter().find(|call| call["called"] == "+34600555081");
    assert!(call.is_some_and(|call| call["end_cause"] == "completed"), "{call:?}");
}

#[test]
fn who_clicked_a_number_hears_the_network_before_the_answer() {
    let (hub, agent, mut desk, mut carrier) = carrier_that_speaks_early();
    agent.api.post("/calls", &json!({"number": "+34600555081"}));
    heard_before_the_answer(&hub, &agent, &mut desk, &mut carrier);
}

#[test]
fn who_dialled_a_number_hears_the_network_before_the_answer() {
    let (hub, agent, mut desk, mut carrier) = carrier_that_speaks_early();
    desk.dial("+34600555081");
    heard_before_the_answer(&hub, &agent, &mut desk, &mut carrier);
}
