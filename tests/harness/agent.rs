//! An agent of the demo company at a real desk phone.

use serde_json::{Value, json};

use crate::api::Api;
use crate::hub::Hub;
use crate::sipp::{Scenario, Sipp};
use crate::wait::eventually;

pub struct AgentDesk {
    pub api: Api,
    pub username: String,
    pub password: String,
    phone_id: String,
    /// Where the desk phone registered from.
    pub port: u16,
}

impl AgentDesk {
    /// The agents that serve `queue`, each with a desk phone not yet plugged in.
    #[must_use]
    pub fn all_of(hub: &Hub, queue: &str) -> Vec<Self> {
        let logins = hub.ready()["logins"].as_array().expect("ready.json lists logins");
        logins
            .iter()
            .filter(|login| login["role"] == "agent")
            .filter_map(|login| Self::of_queue(hub, login, queue))
            .collect()
    }

    /// The first agent of `queue`.
    #[must_use]
    pub fn first_of(hub: &Hub, queue: &str) -> Self {
        let mut desks = Self::all_of(hub, queue);
        assert!(!desks.is_empty(), "no agent serves {queue}");
        desks.remove(0)
    }

    fn of_queue(hub: &Hub, login: &Value, queue: &str) -> Option<Self> {
        let api = hub.sign_in(login);
        let mine = api.get("/agent");
        let serves = mine["queues"].as_array()?.iter().any(|served| served["name"] == queue);
        let desk = mine["phones"].as_array()?.iter().find(|phone| phone["kind"] == "desk")?;
        let devices = hub.ready()["devices"].as_array().expect("ready.json lists devices");
        let device = devices.iter().find(|device| device["email"] == login["email"])?;
        let text = |key: &str| device[key].as_str().unwrap_or_default().to_owned();
        serves.then(|| Self {
            phone_id: desk["id"].as_str().unwrap_or_default().to_owned(),
            username: text("username"),
            password: text("password"),
            api,
            port: crate::ports::free_port(),
        })
    }

    /// Registers the desk phone with digest, and makes it the phone that rings.
    pub fn plug_in(&self, hub: &Hub) {
        self.register(hub, &self.password, "register");
        self.use_desk_phone();
    }

    /// A REGISTER by `SIPp` from this desk's port, played as `scenario` says.
    pub fn register(&self, hub: &Hub, password: &str, scenario: &'static str) -> Sipp {
        let folder = hub.phone_folder(&format!("{}-{scenario}", self.username));
        Scenario::new(scenario, folder)
            .port(self.port)
            .service(&self.username)
            .secret(&self.username, password)
            .run(&hub.sip())
    }

    /// Chooses the desk phone, and waits until the hub sees it.
    pub fn use_desk_phone(&self) {
        self.api.put("/agent/phone", &json!({"phone_id": self.phone_id}));
        eventually("the desk phone to be reachable", || {
            let mine = self.api.get("/agent");
            let phones = mine["phones"].as_array()?;
            let phone = phones.iter().find(|phone| phone["id"] == *self.phone_id)?;
            (phone["reachable"] == true).then_some(())
        });
    }

    /// The phone waits for a call and behaves as `scenario` says.
    #[must_use]
    pub fn phone(&self, hub: &Hub, scenario: &'static str) -> Scenario {
        let folder = hub.phone_folder(&format!("{}-{scenario}", self.username));
        Scenario::new(scenario, folder).port(self.port).tone(880.0)
    }

    /// Goes ready; a waiting call may make it *offered* before anybody can look.
    pub fn ready(&self) {
        self.api.put("/agent/state", &json!({"state": "ready"}));
        eventually(&format!("{} to take calls", self.username), || {
            let state = self.state().0;
            ["ready", "offered", "talking"].contains(&state.as_str()).then_some(())
        });
    }

    pub fn not_ready(&self) {
        self.api.put("/agent/state", &json!({"state": "not_ready", "reason": "break"}));
    }

    pub fn log_out(&self) {
        self.api.put("/agent/state", &json!({"state": "logged_out"}));
    }

    /// The agent's state now.
    #[must_use]
    pub fn state(&self) -> (String, Option<String>) {
        let agent = &self.api.get("/agent")["agent"];
        let text = |key: &str| agent[key].as_str().map(str::to_owned);
        (text("state").unwrap_or_default(), text("reason"))
    }

    /// Waits for a state, and returns all that the agent sees in it.
    pub fn becomes(&self, state: &str) -> Value {
        let what = format!("{} to be {state}", self.username);
        eventually(&what, || {
            let mine = self.api.get("/agent");
            (mine["agent"]["state"] == state).then_some(mine)
        })
    }

    pub fn finish_wrap_up(&self) {
        self.becomes("wrap_up");
        self.api.post("/agent/wrap-up/finish", &json!({}));
    }
}
