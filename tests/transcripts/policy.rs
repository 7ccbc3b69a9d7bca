//! Whether calls are recorded is the queue's and their direction's to say, and not an agent's to undo.

use end_to_end::records::finished_call;
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Api, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::{Value, json};

fn wants(hub: &Hub, policy: &str) {
    let admin = hub.api("admin");
    let queues = admin.get("/queues");
    let queue = queues.as_array().expect("queues").iter().find(|queue| queue["name"] == SUPPORT);
    let id = queue.and_then(|queue| queue["id"].as_str()).expect("the support queue").to_owned();
    admin.patch(&format!("/queues/{id}"), &json!({ "recording": policy }));
}

/// The agent's next call, as long as `look` looks at it.
fn call(hub: &Hub, agent: &AgentDesk, caller: &str, look: impl Fn(&Api, &str)) -> Value {
    agent.ready();
    let mut phone = agent.phone(hub, "agent_answers").start(&hub.sip());
    let mut customer = Scenario::new("caller", hub.phone_folder(caller))
        .caller(caller)
        .service(SUPPORT_NUMBER)
        .start(&hub.sip());
    let mine = agent.becomes("talking");
    look(&agent.api, mine["current"]["id"].as_str().expect("a call"));
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let call = finished_call(&hub.api("supervisor"), caller);
    agent.becomes("wrap_up");
    agent.finish_wrap_up();
    call
}

fn stands(api: &Api, state: &str) {
    eventually(&format!("the recording to be {state}"), || {
        (api.get("/agent")["current"]["recording"] == state).then_some(())
    });
}

/// The code of the refusal.
fn refused(api: &Api, path: &str) -> String {
    let answer = api.ask("POST", path, None);
    assert_eq!(answer.status, 409, "{path}");
    answer.body["code"].as_str().expect("a code").to_owned()
}

#[test]
fn what_is_never_recorded_by_its_direction_is_not_recorded_by_its_queue() {
    let hub = Hub::start_configured(&[("CENTRALITA_CALLS__RECORD_INBOUND", "never")]);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    wants(&hub, "always");
    let never = call(&hub, &agent, "+34600444304", |api, id| {
        stands(api, "off");
        let rule = json!({ "may_start": false, "may_stop": true, "decided_by": "direction" });
        assert_eq!(api.get("/agent")["current"]["recording_rule"], rule);
        assert_eq!(refused(api, &format!("/calls/{id}/recording/start")), "recording_policy");
    });
    assert_eq!(never["recording_ids"], json!([]), "{never}");
}

#[test]
fn what_is_set_for_the_agent_goes_before_the_house_and_is_on_the_call() {
    let hub = Hub::start_configured(&[("CENTRALITA_CALLS__RECORD", "true")]);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    let user = agent.api.get("/session")["user"]["id"].as_str().expect("an id").to_owned();
    let wants = |policy: Value| {
        let changed = hub.api("supervisor").patch(&format!("/users/{user}"), &json!({ "recording": policy }));
        assert_eq!(changed["recording"], policy, "{changed}");
    };
    let house = call(&hub, &agent, "+34600444311", |api, _| stands(api, "on"));
    assert_eq!(house["recording_decided_by"], "house", "{house}");
    wants(json!("never"));
    let never = call(&hub, &agent, "+34600444312", |api, id| {
        stands(api, "off");
        let rule = json!({ "may_start": false, "may_stop": true, "decided_by": "user" });
        assert_eq!(api.get("/agent")["current"]["recording_rule"], rule);
        assert_eq!(refused(api, &format!("/calls/{id}/recording/start")), "recording_policy");
    });
    assert_eq!((&never["recording_ids"], &never["recording_decided_by"]), (&json!([]), &json!("user")));
    wants(Value::Null);
    let again = call(&hub, &agent, "+34600444313", |api, _| stands(api, "on"));
    assert_eq!(again["recording_decided_by"], "house", "{again}");
    let own = agent.api.ask("PATCH", &format!("/users/{user}"), Some(&json!({ "recording": "never" })));
    assert_eq!(own.status, 403, "an agent does not decide it: {}", own.body);
}

#[test]
fn a_queue_says_whether_its_calls_are_recorded_and_nobody_undoes_it() {
    let hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);

    wants(&hub, "never");
    let never = call(&hub, &agent, "+34600444301", |api, id| {
        stands(api, "off");
        assert_eq!(refused(api, &format!("/calls/{id}/recording/start")), "recording_policy");
        stands(api, "off");
    });
    assert_eq!(never["recording_ids"], json!([]), "{never}");

    wants(&hub, "always");
    let always = call(&hub, &agent, "+34600444302", |api, id| {
        stands(api, "on");
        assert_eq!(refused(api, &format!("/calls/{id}/recording/stop")), "recording_policy");
        // A secret is kept from the recording all the same.
        api.post(&format!("/calls/{id}/recording/pause"), &json!({}));
        stands(api, "paused");
    });
    assert_eq!(always["recording_ids"].as_array().map(Vec::len), Some(1), "{always}");

    wants(&hub, "on_demand");
    let on_demand = call(&hub, &agent, "+34600444303", |api, id| {
        stands(api, "off");
        api.post(&format!("/calls/{id}/recording/start"), &json!({}));
        stands(api, "on");
    });
    assert_eq!(on_demand["recording_ids"].as_array().map(Vec::len), Some(1), "{on_demand}");
}
