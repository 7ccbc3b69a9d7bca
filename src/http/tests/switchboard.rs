//! Telephones, queues and numbers, as an administrator sets them up.

use axum::http::StatusCode;
use crm::words::Role;
use serde_json::json;

use super::site::on_both;

#[test]
fn a_telephone_is_handed_out_with_a_password_that_is_shown_once() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await.id;
        let admin = site.browser("root", Role::Admin).await;
        let phones = format!("/api/v1/users/{ana}/phones");
        let wish = json!({ "username": "ana-desk", "label": "Desk" });

        let made = admin.post(&phones, wish.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        assert_eq!(made.json()["media_security"], "optional");
        assert_eq!(made.json()["servers"], json!([{ "transport": "tls", "address": "192.0.2.1:5061" }]));
        let (id, password) = (made.json()["id"].clone(), made.json()["password"].clone());
        assert_eq!(password.as_str().map(str::len), Some(20));
        let known = crm::devices::by_username(&site.db, &site.state.keys, "ana-desk").await;
        let first = known.expect("read").expect("may register");
        assert_eq!(first.device.user_id, ana);
        admin.post(&phones, wish).await.problem(409, "conflict");
        admin.post(&phones, json!({ "username": "a b", "label": "x" })).await.problem(422, "invalid");

        let listed = admin.get(&phones).await.json();
        assert_eq!(listed[0]["username"], "ana-desk");
        assert!(listed[0].get("password").is_none(), "{listed}");

        let phone = format!("{phones}/{}", id.as_str().expect("an id"));
        let renewed = admin.post(&format!("{phone}/password"), json!({})).await.json();
        assert_ne!(renewed["password"], password);
        let known = crm::devices::by_username(&site.db, &site.state.keys, "ana-desk").await;
        assert_ne!(known.expect("read").expect("there").ha1_sha256, first.ha1_sha256);

        let changed = admin.patch(&phone, json!({ "media_security": "sdes" })).await;
        assert_eq!(changed.json()["media_security"], "sdes", "{}", changed.text());
        admin.patch(&phone, json!({ "media_security": "rot13" })).await.problem(422, "invalid");

        assert_eq!(admin.delete(&phone).await.status, StatusCode::NO_CONTENT);
        admin.delete(&phone).await.problem(404, "not_found");
        assert_eq!(site.staff.asked(), ["phones changed", "phones changed", "phones changed"]);
    });
}

#[test]
fn a_browser_is_a_phone_whose_secret_lasts_an_hour() {
    on_both(async |site| {
        let ana = site.browser("ana", Role::Agent).await;
        let first = ana.post("/api/v1/me/phone", json!({})).await.json();
        let second = ana.post("/api/v1/me/phone", json!({})).await.json();
        assert_eq!(first["id"], second["id"], "one browser phone a user");
        assert_ne!(first["password"], second["password"]);
        assert_eq!(second["websocket_path"], "/sip");
        let lasts = second["expires_at"].as_str().expect("a time").parse::<chrono::DateTime<chrono::Utc>>();
        let minutes = (lasts.expect("RFC 3339") - crm::now()).num_minutes();
        assert!((58..=60).contains(&minutes), "{minutes} minutes");
        let username = second["username"].as_str().expect("a name");
        let known =
            async || crm::devices::by_username(&site.db, &site.state.keys, username).await.expect("read");
        assert!(known().await.is_some());

        let user = crm::users::by_email(&site.db, "ana@aurora.example").await.expect("read").expect("ana").id;
        let (keys, ended) = (site.state.keys.clone(), crm::now());
        site.write(move |tx| {
            Box::pin(async move { crm::devices::issue_browser(tx, &keys, user, "realm", ended).await })
        })
        .await;
        assert!(known().await.is_none(), "what has expired opens nothing");
    });
}

#[test]
fn a_number_leads_to_a_new_queue_that_plays_its_own_sounds() {
    on_both(async |site| {
        let admin = site.browser("root", Role::Admin).await;
        let made = admin.post("/api/v1/queues", json!({ "name": "Returns" })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let queue = made.json()["id"].as_str().expect("an id").to_owned();
        let taken = admin.post("/api/v1/queues", json!({ "name": "Returns" })).await.problem(409, "conflict");
        assert_eq!(taken["field"], "name");

        assert_eq!(admin.get("/api/v1/sounds").await.json(), json!(["greeting", "jazz"]));
        let path = format!("/api/v1/queues/{queue}");
        assert_eq!(admin.patch(&path, json!({ "music": "jazz" })).await.json()["music"], "jazz");
        let refused = admin.patch(&path, json!({ "music": "silence" })).await.problem(422, "invalid");
        assert_eq!(refused["field"], "music");

        let target = json!({ "kind": "queue", "queue_id": queue });
        let wish = json!({ "pattern": "+34910000177", "label": "Returns", "target": target });
        let route = admin.post("/api/v1/routes", wish).await;
        assert_eq!(route.status, StatusCode::CREATED, "{}", route.text());
        let led = crm::routes::resolve(&site.db, "0034910000177").await.expect("read").expect("a route");
        assert_eq!(led.label, "Returns");

        let nowhere = json!({ "kind": "queue", "queue_id": uuid::Uuid::nil() });
        let wish = json!({ "pattern": "1", "label": "x", "target": nowhere });
        admin.post("/api/v1/routes", wish).await.problem(404, "not_found");
        let odd = json!({ "kind": "external", "number": "abc" });
        let wish = json!({ "pattern": "1", "label": "x", "target": odd });
        admin.post("/api/v1/routes", wish).await.problem(422, "invalid");

        let path = format!("/api/v1/routes/{}", route.json()["id"].as_str().expect("an id"));
        assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.get("/api/v1/routes").await.json(), json!([]));
    });
}

#[test]
fn a_queue_says_whether_its_calls_are_recorded() {
    on_both(async |site| {
        let admin = site.browser("root", Role::Admin).await;
        let made = admin.post("/api/v1/queues", json!({ "name": "Billing" })).await.json();
        assert!(made["recording"].is_null(), "as the house has it: {made}");
        let path = format!("/api/v1/queues/{}", made["id"].as_str().expect("an id"));
        for policy in ["always", "on_demand", "never"] {
            let changed = admin.patch(&path, json!({ "recording": policy })).await.json();
            assert_eq!(changed["recording"], policy, "{changed}");
        }
        // Another change leaves it as it is.
        let other = admin.patch(&path, json!({ "weight": 2 })).await.json();
        assert_eq!((&other["recording"], &other["weight"]), (&json!("never"), &json!(2)), "{other}");
        admin.patch(&path, json!({ "recording": "sometimes" })).await.problem(422, "invalid");
        let emptied = admin.patch(&path, json!({ "recording": null })).await.json();
        assert!(emptied["recording"].is_null(), "{emptied}");
    });
}
