//! Holds, verification and what is left of a recording that was let go.

use crm::keeping::{self, Expiry};
use crm::words::Role;
use serde_json::{Value, json};

use super::recordings::recorded;
use super::site::on_both;

fn actions(audit: &Value) -> Vec<&str> {
    let rows = audit["items"].as_array().expect("a list").iter();
    rows.filter_map(|row| row["action"].as_str()).filter(|action| !action.starts_with("session.")).collect()
}

#[test]
fn a_hold_has_a_reason_is_listed_and_is_lifted_with_a_reason() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (call, recording) = recorded(&site, ana.id).await;
        let path = format!("/api/v1/recordings/{recording}/hold");
        let boss = site.browser("boss", Role::Supervisor).await;
        let admin = site.browser("root", Role::Admin).await;
        let agent = site.sign_in(&ana.email).await;
        agent.put(&path, json!({ "reason": "mine" })).await.problem(403, "not_allowed");
        agent.get("/api/v1/holds").await.problem(403, "not_allowed");
        boss.put(&path, json!({ "reason": " " })).await.problem(422, "invalid");
        boss.put(&path, json!({ "reason": "x".repeat(201) })).await.problem(422, "invalid");
        let held = boss.put(&path, json!({ "reason": "Complaint 7" })).await.json();
        assert_eq!(held["items"][0]["reason"], "Complaint 7", "{held}");
        assert_eq!(held["items"][0]["placed_by"]["display_name"], "boss");
        let again = admin.put(&path, json!({ "reason": "Again" })).await.problem(409, "conflict");
        assert_eq!(again["params"]["reason"], "already_held");
        let all = admin.get("/api/v1/holds").await.json();
        assert_eq!(all["items"][0]["call_id"], call.to_string(), "{all}");
        let seen = agent.get(&format!("/api/v1/recordings/{recording}")).await.json();
        assert_eq!(seen["held"], true, "{seen}");

        boss.delete(&path).await.problem(400, "invalid");
        boss.delete(&format!("{path}?reason=%20")).await.problem(422, "invalid");
        assert_eq!(boss.delete(&format!("{path}?reason=Settled")).await.status, 204);
        boss.delete(&format!("{path}?reason=Settled")).await.problem(404, "not_found");
        assert_eq!(admin.get("/api/v1/holds").await.json()["items"], json!([]));
        let audit = admin.get("/api/v1/audit").await.json();
        assert_eq!(actions(&audit), ["recording.released", "recording.held"]);
    });
}

#[test]
fn a_contacts_hold_covers_their_recordings() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (call, recording) = recorded(&site, ana.id).await;
        let boss = site.browser("boss", Role::Supervisor).await;
        let contact =
            boss.post("/api/v1/contacts", json!({ "first_name": "Carla", "last_name": "Ruiz" })).await;
        let contact = contact.json()["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/v1/contacts/{contact}/hold");
        boss.put(&path, json!({ "reason": "Lawsuit" })).await.json();
        let of_recording = format!("/api/v1/recordings/{recording}/hold");
        assert_eq!(boss.get(&of_recording).await.json()["items"], json!([]));
        // A call that becomes theirs later is held too.
        let owner = json!({ "contact_id": contact });
        assert_eq!(boss.patch(&format!("/api/v1/calls/{call}"), owner).await.status, 200);
        let holds = boss.get(&of_recording).await.json();
        assert_eq!(holds["items"][0]["contact_name"], "Carla Ruiz", "{holds}");
        let due = [Expiry { id: recording, call_id: call, days: 1, rule: "house" }];
        let marked =
            site.write(move |tx| Box::pin(async move { keeping::expire(tx, &due, crm::now()).await })).await;
        assert_eq!(marked, 0, "held in the very transaction that marks");
        assert_eq!(boss.delete(&format!("{path}?reason=Over")).await.status, 204);
        let marked =
            site.write(move |tx| Box::pin(async move { keeping::expire(tx, &due, crm::now()).await })).await;
        assert_eq!(marked, 1);

        let gone = boss.get(&format!("/api/v1/recordings/{recording}")).await.json();
        assert_eq!((&gone["status"], &gone["expired_days"]), (&json!("expired"), &json!(1)), "{gone}");
        boss.get(&format!("/api/v1/recordings/{recording}/audio")).await.problem(410, "recording_expired");
        let late = boss.put(&of_recording, json!({ "reason": "Too late" })).await.problem(409, "conflict");
        assert_eq!(late["params"]["reason"], "expired");
        let admin = site.browser("root", Role::Admin).await;
        let audit = admin.get("/api/v1/audit").await.json();
        assert_eq!(actions(&audit), ["recording.expired", "contact.released", "contact.held"]);
    });
}

#[test]
fn one_is_verified_on_request() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (_, recording) = recorded(&site, ana.id).await;
        let path = format!("/api/v1/recordings/{recording}/verify");
        site.sign_in(&ana.email).await.post(&path, json!({})).await.problem(403, "not_allowed");
        let boss = site.browser("boss", Role::Supervisor).await;
        let early = boss.post(&path, json!({})).await.problem(409, "conflict");
        assert_eq!(early["params"]["reason"], "no_sum");
        // Not of the sound that `recorded` writes.
        let sum = "0".repeat(64);
        site.write(move |tx| Box::pin(async move { keeping::set_sum(tx, recording, &sum).await })).await;
        let looked = boss.post(&path, json!({})).await.json();
        assert_eq!(looked["intact"], false, "{looked}");
        assert!(looked["verified_at"].is_string(), "{looked}");
        let admin = site.browser("root", Role::Admin).await;
        let audit = admin.get("/api/v1/audit").await.json();
        assert_eq!(actions(&audit), ["recording.verified"]);
    });
}
