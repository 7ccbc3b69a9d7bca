//! Keys pressed during a call (RFC 4733) reach the other side, each once, whoever presses.

use end_to_end::baresip::{Baresip, Setup};
use end_to_end::keys::SoundPort;
use end_to_end::ports::free_port;
use end_to_end::records::finished_call;
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};

fn desk_phone(hub: &Hub, agent: &AgentDesk) -> Baresip {
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
    agent.ready();
    desk
}

#[test]
fn a_customer_and_an_agent_hear_each_others_keys() {
    let hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let mut desk = desk_phone(&hub, &agent);

    let sound = SoundPort::open();
    let mut customer = Scenario::new("caller_at_sound_port", hub.phone_folder("customer"))
        .caller("+34600666001")
        .service(SUPPORT_NUMBER)
        .key("sound_port", &sound.port().to_string())
        .start(&hub.sip());
    agent.becomes("talking");

    sound.press("12*#0", customer.far_sound());
    eventually("the agent's phone to hear the keys", || (desk.keys_heard() == "12*#0").then_some(()));
    desk.press("37");
    eventually("the customer's phone to hear the keys", || (sound.keys() == "37").then_some(()));

    customer.go_on();
    customer.succeed();
    assert_eq!(desk.keys_heard(), "12*#0", "each key once");
    assert_eq!(sound.keys(), "37", "each key once: {:?}", sound.events());
    assert!(sound.events().iter().all(|event| event.payload_type == 101), "{:?}", sound.events());
    desk.hang_up();
    let call = finished_call(&supervisor, "+34600666001");
    assert_eq!(call["end_cause"], "completed", "{call}");
}

#[test]
fn an_agent_who_dialled_out_presses_keys_that_the_customer_hears() {
    let port = free_port();
    let hub = Hub::start_with_carrier(port);
    let supervisor = hub.api("supervisor");
    let sound = SoundPort::open();
    let mut customer = Scenario::new("carrier_at_sound_port", hub.phone_folder("customer"))
        .port(port)
        .key("sound_port", &sound.port().to_string())
        .start(&hub.sip());

    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let mut desk = desk_phone(&hub, &agent);
    desk.dial("+34600666011");
    agent.becomes("talking");
    desk.press("4*6#");
    eventually("the customer to hear the keys", || (sound.keys() == "4*6#").then_some(()));
    desk.hang_up();
    customer.succeed();

    assert_eq!(sound.keys(), "4*6#", "each key once: {:?}", sound.events());
    // The customer's side chose 96, the agent's phone and the hub say 101.
    assert!(sound.events().iter().all(|event| event.payload_type == 96), "{:?}", sound.events());
    let call = supervisor.list("/calls?direction=outbound");
    let call = call.iter().find(|call| call["called"] == "+34600666011");
    assert!(call.is_some_and(|call| call["end_cause"] == "completed"), "{call:?}");
}
