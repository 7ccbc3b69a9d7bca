//! Who may do what, over HTTP: the table of crm, seen from outside.

use axum::http::StatusCode;
use crm::words::Role;
use serde_json::json;
use uuid::Uuid;

use super::site::on_both;

const ROLES: [Role; 4] = [Role::Admin, Role::Supervisor, Role::Agent, Role::Marketer];

#[test]
fn reading_follows_the_table() {
    on_both(async |site| {
        let mut programs = Vec::new();
        for role in ROLES {
            let user = site.user(role.as_str(), role).await;
            programs.push((role, site.program(user.id).await));
        }
        for (path, row) in [
            ("/api/v1/session", "yyyy"),
            ("/api/v1/agent", "yyy-"),
            ("/api/v1/calls", "yyy-"),
            ("/api/v1/colleagues", "yyy-"),
            ("/api/v1/park", "yyy-"),
            ("/api/v1/contacts", "yyyy"),
            ("/api/v1/companies", "yyyy"),
            ("/api/v1/leads", "yyyy"),
            ("/api/v1/tickets", "yyyy"),
            ("/api/v1/search?q=ana", "yyyy"),
            ("/api/v1/queues", "yyyy"),
            ("/api/v1/dispositions", "yyyy"),
            ("/api/v1/not-ready-reasons", "yyyy"),
            ("/api/v1/users", "yy--"),
            ("/api/v1/audit", "y---"),
            ("/api/v1/holds", "yy--"),
            ("/api/v1/sounds", "yyyy"),
            ("/api/v1/routes", "y---"),
        ] {
            for ((role, program), cell) in programs.iter().zip(row.chars()) {
                let reply = program.get(path).await;
                let expected = if cell == 'y' { StatusCode::OK } else { StatusCode::FORBIDDEN };
                assert_eq!(reply.status, expected, "{role} {path}: {}", reply.text());
            }
            site.stranger().get(path).await.problem(401, "not_signed_in");
        }
    });
}

#[test]
fn writing_follows_the_table() {
    on_both(async |site| {
        let marketer = site.user("m", Role::Marketer).await;
        let marketer = site.program(marketer.id).await;
        let agent = site.user("a", Role::Agent).await;
        let agent_id = agent.id;
        let agent = site.program(agent.id).await;
        let nil = Uuid::nil();
        let state = json!({ "state": "logged_out" });
        let route =
            json!({ "pattern": "*", "label": "x", "target": { "kind": "external", "number": "112" } });
        let phone = json!({ "username": "x", "label": "x" });
        for (program, method, path, body) in [
            (&marketer, "PUT", "/api/v1/agent/state".to_owned(), state.clone()),
            (&marketer, "POST", "/api/v1/calls".to_owned(), json!({ "number": "910000100" })),
            (&marketer, "POST", "/api/v1/demo/test-calls".to_owned(), json!({})),
            (&marketer, "POST", format!("/api/v1/calls/{nil}/answer"), json!({})),
            (&agent, "PUT", format!("/api/v1/agents/{agent_id}/state"), state),
            (&agent, "PATCH", format!("/api/v1/queues/{nil}"), json!({ "name": "x" })),
            (&agent, "PUT", format!("/api/v1/queues/{nil}/members"), json!({ "user_ids": [] })),
            (&agent, "PATCH", format!("/api/v1/users/{agent_id}"), json!({ "role": "admin" })),
            (&agent, "POST", "/api/v1/queues".to_owned(), json!({ "name": "x" })),
            (&agent, "POST", "/api/v1/routes".to_owned(), route),
            (&agent, "POST", format!("/api/v1/users/{agent_id}/phones"), phone),
            (&agent, "POST", format!("/api/v1/users/{agent_id}/phones/{nil}/password"), json!({})),
            (&marketer, "POST", "/api/v1/me/phone".to_owned(), json!({})),
            (&marketer, "POST", format!("/api/v1/calls/{nil}/hold"), json!({})),
            (&marketer, "POST", format!("/api/v1/calls/{nil}/recording/pause"), json!({})),
            (&agent, "POST", format!("/api/v1/calls/current/recording/pause?user_id={nil}"), json!({})),
            (&marketer, "POST", format!("/api/v1/calls/{nil}/digits"), json!({ "digits": "1" })),
            (&marketer, "POST", "/api/v1/park/701/pick-up".to_owned(), json!({})),
        ] {
            let reply = match method {
                "PUT" => program.put(&path, body).await,
                "PATCH" => program.patch(&path, body).await,
                _ => program.post(&path, body).await,
            };
            reply.problem(403, "not_allowed");
        }
        assert!(site.staff.asked().is_empty(), "{:?}", site.staff.asked());
    });
}

#[test]
fn the_last_administrator_stays() {
    on_both(async |site| {
        let root = site.user("root", Role::Admin).await;
        let program = site.program(root.id).await;
        let path = format!("/api/v1/users/{}", root.id);
        for change in [json!({ "role": "agent" }), json!({ "active": false })] {
            let problem = program.patch(&path, change).await.problem(409, "conflict");
            assert_eq!(problem["params"]["reason"], "last_admin");
        }
        let new = json!({
            "email": "second@aurora.example", "display_name": "Second", "role": "admin",
            "password": "a long password",
        });
        assert_eq!(program.post("/api/v1/users", new.clone()).await.status, 201);
        let problem = program.post("/api/v1/users", new).await.problem(409, "conflict");
        assert_eq!(problem["field"], "email");
        assert_eq!(program.patch(&path, json!({ "role": "agent" })).await.status, 200);
        program.get("/api/v1/users").await.problem(403, "not_allowed");
    });
}

#[test]
fn agents_and_calls_are_handed_to_their_owner() {
    on_both(async |site| {
        let agent = site.user("ana", Role::Agent).await;
        let boss = site.user("ben", Role::Supervisor).await;
        let program = site.program(agent.id).await;
        assert_eq!(program.get("/api/v1/agent").await.json()["agent"]["state"], "logged_out");
        let ready = json!({ "state": "ready" });
        assert_eq!(program.put("/api/v1/agent/state", ready.clone()).await.status, 200);
        let path = format!("/api/v1/agents/{}/state", agent.id);
        let set = site.program(boss.id).await.put(&path, ready).await;
        assert_eq!(set.json()["id"], agent.id.to_string(), "{}", set.text());
        let unknown = json!({ "state": "not_ready", "reason": "fishing" });
        let problem = program.put("/api/v1/agent/state", unknown).await.problem(422, "invalid");
        assert_eq!(problem["field"], "reason");
        let missing = json!({ "state": "not_ready" });
        program.put("/api/v1/agent/state", missing).await.problem(422, "invalid");

        let dial = json!({ "number": "910 00 01 00" });
        let dialled = program.post("/api/v1/calls", dial).await;
        assert_eq!(dialled.status, 201, "{}", dialled.text());
        assert_eq!(dialled.json()["called"], "+34910000100");
        assert_eq!(dialled.json()["match"], "unknown");
        let nonsense = json!({ "number": "hello" });
        let problem = program.post("/api/v1/calls", nonsense).await.problem(422, "number_invalid");
        assert_eq!(problem["field"], "number");
        let asked = site.staff.asked();
        assert_eq!(asked, ["Ready own=true", "Ready own=false", "dial +34910000100"]);

        let call = Uuid::nil();
        let calls = format!("/api/v1/calls/{call}");
        assert_eq!(program.post(&format!("{calls}/answer"), json!({})).await.status, 204);
        program.post(&format!("{calls}/reject"), json!({})).await.problem(410, "call_gone");
        let broken = program.post(&format!("{calls}/hang-up"), json!({})).await;
        broken.problem(500, "internal");
        assert!(!broken.text().contains("secret"), "{}", broken.text());
        let finish = program.post("/api/v1/agent/wrap-up/finish", json!({})).await;
        finish.problem(409, "not_ready_for_calls");
        let test = program.post("/api/v1/demo/test-calls", json!({})).await;
        test.problem(403, "demo_only");
    });
}
