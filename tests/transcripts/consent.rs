//! Before a recording the customer is told, or asked and answers by key; nothing is kept before that.

use std::path::PathBuf;

use end_to_end::baresip::{Baresip, Setup};
use end_to_end::folder::Folder;
use end_to_end::records::{finished_call, finished_call_to, known_caller, recording};
use end_to_end::sound::{Sound, tone, write_wav};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::{Value, json};

const ANA_HZ: f64 = 880.0;
const CUSTOMER_HZ: f64 = 440.0;
/// What the prompts of these tests sound like, and for how long.
const GREETING_HZ: f64 = 620.0;
const NOTICE_HZ: f64 = 1_500.0;
const QUESTION_HZ: f64 = 1_200.0;
const PROMPT_S: u32 = 2;

/// Prompts of the company's own, by which a test tells them apart.
fn prompts(folder: &Folder) -> PathBuf {
    let sounds = folder.inside("sounds");
    for (name, hz) in
        [("greeting", GREETING_HZ), ("recording-notice", NOTICE_HZ), ("recording-consent", QUESTION_HZ)]
    {
        for language in ["en", "es", "zh"] {
            write_wav(&sounds.join(format!("{name}-{language}.wav")), &tone(hz, PROMPT_S));
        }
    }
    sounds
}

fn start(folder: &Folder, further: &[(&str, &str)]) -> Hub {
    let sounds = prompts(folder).display().to_string();
    Hub::start_configured(&[&[("CENTRALITA_CALLS__SOUNDS_DIR", &*sounds)][..], further].concat())
}

/// The queue's wishes.
fn wants(hub: &Hub, wishes: &Value) {
    let admin = hub.api("admin");
    let queues = admin.get("/queues");
    let queue = queues.as_array().expect("queues").iter().find(|queue| queue["name"] == SUPPORT);
    let id = queue.and_then(|queue| queue["id"].as_str()).expect("the support queue").to_owned();
    admin.patch(&format!("/queues/{id}"), wishes);
}

fn phone(hub: &Hub, name: &str, password: Option<&str>, dials: Option<&str>, tone_hz: f64) -> Baresip {
    Setup {
        folder: hub.phone_folder(name),
        hub: &hub.sip(),
        username: name,
        password,
        answers: password.is_some(),
        dials,
        tone_hz,
        transport: "udp",
    }
    .start()
}

fn desk(hub: &Hub, agent: &AgentDesk) -> Baresip {
    let phone = phone(hub, &agent.username, Some(&agent.password), None, ANA_HZ);
    agent.use_desk_phone();
    phone
}

fn customer(hub: &Hub, number: &str) -> Baresip {
    phone(hub, number, None, Some(SUPPORT_NUMBER), CUSTOMER_HZ)
}

fn seconds_heard(phone: &Baresip, hz: f64) -> f64 {
    phone.heard_so_far().map_or(0.0, |heard: Sound| heard.seconds_of(0, hz))
}

fn hears(phone: &Baresip, hz: f64, seconds: f64) {
    eventually(&format!("{hz} Hz to be heard for {seconds} s"), || {
        (seconds_heard(phone, hz) >= seconds).then_some(())
    });
}

/// The call that the agent has, when its recording stands so.
fn stands(agent: &AgentDesk, state: &str) -> String {
    eventually(&format!("the recording to be {state}"), || {
        let current = agent.api.get("/agent")["current"].clone();
        (current["recording"] == state).then(|| current["id"].as_str().expect("a call").to_owned())
    })
}

fn steer(agent: &AgentDesk, call: &str, command: &str) -> (u16, Value) {
    let answer = agent.api.ask("POST", &format!("/calls/{call}/recording/{command}"), Some(&json!({})));
    (answer.status, answer.body)
}

/// No sound of the question or the announcement is in it, but both voices are.
fn kept_the_conversation_alone(kept: &Sound) {
    for channel in [0, 1] {
        for hz in [NOTICE_HZ, QUESTION_HZ, GREETING_HZ] {
            let share = kept.share_of(channel, hz);
            assert!(share < 0.2, "channel {channel}: {hz} Hz is in the recording: {share}");
        }
    }
    for (channel, hz) in [(0, CUSTOMER_HZ), (1, ANA_HZ)] {
        assert!(kept.seconds_of(channel, hz) > 0.5, "channel {channel} does not hold {hz} Hz");
    }
}

/// A customer who is asked before the queue and presses `key`. What the call's record says.
fn asked_before_the_queue(hub: &Hub, agent: &AgentDesk, number: &str, key: &str) -> Value {
    agent.ready();
    let mut customer = customer(hub, number);
    hears(&customer, QUESTION_HZ, 0.5);
    assert_eq!(agent.state().0, "ready", "no agent waits for the answer");
    customer.press(key);
    let mine = agent.becomes("talking");
    let call = mine["current"]["id"].as_str().expect("a call").to_owned();
    hears(&customer, ANA_HZ, 1.5);
    if key == "2" {
        let (status, problem) = steer(agent, &call, "start");
        assert_eq!((status, &problem["code"]), (409, &json!("recording_refused")), "{problem}");
        let rule = json!({ "may_start": false, "may_stop": true, "decided_by": "customer" });
        assert_eq!(agent.api.get("/agent")["current"]["recording_rule"], rule);
    }
    customer.hang_up();
    let call = finished_call(&hub.api("supervisor"), number);
    agent.becomes("wrap_up");
    agent.finish_wrap_up();
    call
}

#[test]
fn a_caller_agrees_or_refuses_by_key_before_the_queue() {
    let folder = Folder::new();
    let hub = start(&folder, &[("CENTRALITA_CALLS__RECORD", "true")]);
    wants(&hub, &json!({ "recording_notice": "consent" }));
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let mut ana = desk(&hub, &agent);

    let given = asked_before_the_queue(&hub, &agent, "+34600444401", "1");
    assert_eq!(given["recording_consent"], "given", "{given}");
    assert_eq!(given["recording_decided_by"], "house", "{given}");
    let answered_at = given["recording_consent_at"].as_str().expect("a time");
    let recorded_at = given["recordings"][0]["started_at"].as_str().expect("a time");
    assert!(answered_at <= recorded_at, "{answered_at} before {recorded_at}");
    kept_the_conversation_alone(&recording(&hub.api("supervisor"), &given));

    let refused = asked_before_the_queue(&hub, &agent, "+34600444402", "2");
    assert_eq!(refused["recording_ids"], json!([]), "{refused}");
    assert_eq!(
        (&refused["recording_consent"], &refused["recording_decided_by"]),
        (&json!("refused"), &json!("customer")),
        "{refused}"
    );
    ana.hang_up();
}

#[test]
fn who_does_not_answer_is_not_recorded_and_may_be_asked_again() {
    let folder = Folder::new();
    let hub = start(&folder, &[("CENTRALITA_CALLS__RECORD_INBOUND", "always")]);
    wants(&hub, &json!({ "recording_notice": "consent" }));
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let mut ana = desk(&hub, &agent);
    agent.ready();
    let mut customer = customer(&hub, "+34600444403");
    hears(&customer, QUESTION_HZ, 1.5);
    // No answer, and a key that is none.
    customer.press("7");
    hears(&customer, QUESTION_HZ, 3.0);
    agent.becomes("talking");
    hears(&customer, ANA_HZ, 1.0);
    let call = stands(&agent, "off");
    assert_eq!(agent.api.get(&format!("/calls/{call}"))["recording_consent"], "unanswered");

    // The agent asks for the key; both hear the question.
    let (status, now) = steer(&agent, &call, "start");
    assert_eq!((status, &now["state"]), (200, &json!("asking")), "{now}");
    stands(&agent, "asking");
    hears(&customer, QUESTION_HZ, 4.2);
    hears(&ana, QUESTION_HZ, 0.5);
    customer.press("1");
    stands(&agent, "on");
    let before = seconds_heard(&ana, CUSTOMER_HZ);
    hears(&ana, CUSTOMER_HZ, before + 2.0);
    customer.hang_up();
    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, "+34600444403");
    assert_eq!(call["recording_consent"], "given", "{call}");
    kept_the_conversation_alone(&recording(&supervisor, &call));
    ana.hang_up();
}

#[test]
fn an_announcement_that_is_cut_short_by_a_hold_is_made_again() {
    let folder = Folder::new();
    let hub = start(&folder, &[]);
    wants(&hub, &json!({ "recording": "on_demand", "recording_notice": "announce" }));
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let mut ana = desk(&hub, &agent);
    agent.ready();
    let mut customer = customer(&hub, "+34600444404");
    agent.becomes("talking");
    hears(&customer, ANA_HZ, 1.0);
    assert!(seconds_heard(&customer, NOTICE_HZ) < 0.2, "nothing is recorded yet, and nothing to be said");
    let call = stands(&agent, "off");
    steer(&agent, &call, "start");
    hears(&customer, NOTICE_HZ, 0.3);
    agent.api.post(&format!("/calls/{call}/hold"), &json!({}));
    stands(&agent, "off");
    let held = steer(&agent, &call, "start");
    assert_eq!((held.0, &held.1["code"]), (409, &json!("not_now")), "{}", held.1);
    agent.api.post(&format!("/calls/{call}/resume"), &json!({}));
    eventually("the announcement to be asked for again", || {
        (steer(&agent, &call, "start").0 == 200).then_some(())
    });
    hears(&customer, NOTICE_HZ, 2.0);
    stands(&agent, "on");
    let before = seconds_heard(&ana, CUSTOMER_HZ);
    hears(&ana, CUSTOMER_HZ, before + 2.0);
    customer.hang_up();
    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, "+34600444404");
    assert_eq!(call["recording_consent"], "announced", "{call}");
    kept_the_conversation_alone(&recording(&supervisor, &call));
    assert!(
        ana.heard_so_far().is_some_and(|heard| heard.seconds_of(0, NOTICE_HZ) > 1.0),
        "the agent heard it too"
    );
    ana.hang_up();
}

/// The customer is the demo's own, who answers calls that go out.
#[test]
fn who_is_called_hears_of_the_recording_when_both_are_connected() {
    let folder = Folder::new();
    let settings = [("CENTRALITA_CALLS__RECORD", "true"), ("CENTRALITA_CALLS__RECORDING_NOTICE", "announce")];
    let hub = start(&folder, &settings);
    let supervisor = hub.api("supervisor");
    let (number, contact) = known_caller(&supervisor);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    let mut ana = desk(&hub, &agent);
    agent.ready();
    let dialled = agent.api.post("/calls", &json!({"number": number, "contact_id": contact}));
    stands(&agent, "asking");
    hears(&ana, NOTICE_HZ, 1.5);
    let call = stands(&agent, "on");
    assert_eq!(dialled["id"], call, "{dialled}");
    std::thread::sleep(std::time::Duration::from_secs(2));
    ana.hang_up();
    let call = finished_call_to(&supervisor, &number);
    assert_eq!(call["recording_consent"], "announced", "{call}");
    let kept = recording(&supervisor, &call);
    for channel in [0, 1] {
        assert!(kept.share_of(channel, NOTICE_HZ) < 0.2, "channel {channel} holds the announcement");
    }
    assert!(kept.seconds_of(1, ANA_HZ) > 0.5, "the agent is not in it");
}
