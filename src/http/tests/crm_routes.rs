//! Customers over HTTP: made, found, changed, and on the timeline.

use axum::body::Body;
use axum::http::Method;
use crm::words::Role;
use serde_json::json;
use uuid::Uuid;

use super::site::on_both;

#[test]
fn a_contact_is_made_found_changed_and_archived() {
    on_both(async |site| {
        let browser = site.browser("ana", Role::Agent).await;
        let company = browser.post("/api/v1/companies", json!({ "name": "Faro" })).await.json();
        let new = json!({
            "first_name": "Lucía", "last_name": "Ferrer", "company_id": company["id"],
            "phones": [{ "number": "910 55 66 77", "kind": "work" }],
            "emails": [{ "address": "lucia@faro.example", "kind": "work" }],
        });
        let made = browser.post("/api/v1/contacts", new).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let made = made.json();
        assert_eq!(made["name"], "Lucía Ferrer");
        assert_eq!(made["phones"][0]["e164"], "+34910556677");
        assert_eq!(made["company"]["name"], "Faro");

        for search in ["lucia", "ferr", "0034+910+556677", "%2B34910556677", "910556"] {
            let found = browser.get(&format!("/api/v1/contacts?search={search}")).await.json();
            assert_eq!(found["items"][0]["id"], made["id"], "{search}: {found}");
            assert_eq!(found["next_cursor"], json!(null));
        }
        let lookup = browser.get("/api/v1/contacts/lookup?number=910556677").await.json();
        assert_eq!(lookup["match"], "known", "{lookup}");
        assert_eq!(lookup["contacts"][0]["id"], made["id"]);
        let unknown = browser.get("/api/v1/contacts/lookup?number=910556600").await.json();
        assert_eq!(unknown["match"], "unknown", "{unknown}");
        let everywhere = browser.get("/api/v1/search?q=faro").await.json();
        assert_eq!(everywhere["companies"][0]["id"], company["id"], "{everywhere}");
        let path = format!("/api/v1/companies/{}/contacts", company["id"].as_str().expect("an id"));
        let colleagues = browser.get(&path).await.json();
        assert_eq!(colleagues["items"][0]["id"], made["id"]);

        let path = format!("/api/v1/contacts/{}", made["id"].as_str().expect("an id"));
        let changed = browser.patch(&path, json!({ "company_id": null })).await.json();
        assert_eq!(changed["company"], json!(null), "{changed}");
        assert_eq!(changed["first_name"], "Lucía", "what is left out stays");
        assert_eq!(browser.delete(&path).await.status, 204);
        assert_eq!(browser.get(&path).await.problem(404, "not_found")["params"]["what"], "contact");
        let admin = site.browser("root", Role::Admin).await;
        let audit = admin.get("/api/v1/audit").await.json();
        let archived = audit["items"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|row| row["action"] == "contact.archived")
            .expect("in the audit log");
        assert_eq!(archived["subject_id"], made["id"]);
        assert_eq!(archived["user"]["display_name"], "ana");
        assert_eq!(archived["ip"], "192.0.2.10");
    });
}

#[test]
fn pages_follow_one_another() {
    on_both(async |site| {
        let browser = site.browser("ana", Role::Agent).await;
        for number in 0..5 {
            let new = json!({ "name": format!("Firm {number}") });
            assert_eq!(browser.post("/api/v1/companies", new).await.status, 201);
        }
        let mut names = Vec::new();
        let mut path = "/api/v1/companies?limit=2".to_owned();
        for _ in 0..3 {
            let page = browser.get(&path).await.json();
            let items = page["items"].as_array().expect("a list");
            names.extend(items.iter().map(|item| item["name"].clone()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/v1/companies?limit=2&cursor={cursor}");
        }
        assert_eq!(names, ["Firm 0", "Firm 1", "Firm 2", "Firm 3", "Firm 4"]);
        browser.get("/api/v1/companies?cursor=zz").await.problem(422, "invalid");
        let problem = browser.get("/api/v1/companies?limit=x").await.problem(400, "invalid");
        assert_eq!(problem["field"], "limit", "{problem}");
    });
}

#[test]
fn notes_tickets_and_leads_reach_the_timeline_and_the_live_topic() {
    on_both(async |site| {
        let browser = site.browser("ana", Role::Agent).await;
        let new = json!({ "first_name": "Lucía", "last_name": "Ferrer" });
        let contact = browser.post("/api/v1/contacts", new).await.json()["id"].clone();
        let path = format!("/api/v1/contacts/{}", contact.as_str().expect("an id"));
        let before = site.live.head();
        let note = browser.post(&format!("{path}/notes"), json!({ "text": "Called back." })).await;
        assert_eq!(note.status, 201, "{}", note.text());
        let ticket = json!({ "subject": "No dial tone", "contact_id": contact });
        let ticket = browser.post("/api/v1/tickets", ticket).await.json();
        assert_eq!(ticket["status"], "open", "{ticket}");
        let lead = json!({ "title": "Forty phones", "contact_id": contact });
        let lead = browser.post("/api/v1/leads", lead).await.json();
        assert_eq!(lead["status"], "new", "{lead}");
        assert_eq!(site.live.head() - before, 3, "one event each");
        let timeline = browser.get(&format!("{path}/timeline")).await.json();
        let kinds: Vec<_> =
            timeline["items"].as_array().expect("a list").iter().map(|item| item["kind"].clone()).collect();
        assert_eq!(kinds, ["lead", "ticket", "note"], "{timeline}");
        let ticket = format!("/api/v1/tickets/{}", ticket["id"].as_str().expect("an id"));
        let solved = browser.patch(&ticket, json!({ "status": "solved" })).await.json();
        assert_eq!(solved["status"], "solved", "{solved}");
        assert_eq!(site.live.head() - before, 4);
        let open = browser.get("/api/v1/tickets?status=open").await.json();
        assert_eq!(open["items"], json!([]));
    });
}

#[test]
fn problems_stand_at_the_field() {
    on_both(async |site| {
        let browser = site.browser("ana", Role::Agent).await;
        let post = async |body| browser.post("/api/v1/contacts", body).await;
        let empty = post(json!({})).await.problem(422, "invalid");
        assert_eq!(empty["field"], "last_name", "{empty}");
        assert_eq!(empty["params"]["reason"], "empty", "{empty}");
        let typo = post(json!({ "last_nam": "x" })).await.problem(422, "invalid");
        assert!(typo["detail"].as_str().expect("a detail").contains("last_nam"), "{typo}");
        let missing = browser
            .post("/api/v1/session", json!({ "email": "ana@aurora.example" }))
            .await
            .problem(422, "invalid");
        assert_eq!(missing["field"], "password", "{missing}");
        let nobody = json!({ "last_name": "x", "company_id": Uuid::nil() });
        post(nobody).await.problem(422, "invalid");
        let phones = json!({ "last_name": "x", "phones": [{ "number": "hello", "kind": "work" }] });
        let phones = post(phones).await.problem(422, "invalid");
        assert_eq!(phones["field"], "phones", "{phones}");
        let bytes = vec![b'x'; site.state.config.http.max_body_bytes + 1];
        let large = browser
            .with("content-type", "application/json")
            .send(Method::POST, "/api/v1/contacts", Body::from(bytes))
            .await;
        large.problem(413, "body_too_large");
        browser.get("/api/v1/contacts/not-an-id").await.problem(404, "not_found");
        browser.get("/api/v1/nothing").await.problem(404, "not_found");
        browser.get("/api/nothing").await.problem(404, "not_found");
    });
}

#[test]
fn queues_are_set_and_their_owner_is_told() {
    on_both(async |site| {
        let admin = site.browser("root", Role::Admin).await;
        let agent = site.user("ana", Role::Agent).await;
        let marketer = site.user("mia", Role::Marketer).await;
        let queue = site
            .write(|tx| {
                Box::pin(
                    async move { crm::queues::upsert(tx, &crm::queues::NewQueue::named("Support")).await },
                )
            })
            .await;
        let path = format!("/api/v1/queues/{}", queue.id);
        let changed = admin.patch(&path, json!({ "wrap_up_ms": 5000 })).await.json();
        assert_eq!(changed["wrap_up_ms"], 5000, "{changed}");
        let problem = admin.patch(&path, json!({ "ring_timeout_ms": 1 })).await;
        assert_eq!(problem.problem(422, "invalid")["field"], "ring_timeout_ms");
        let members = json!({ "user_ids": [agent.id] });
        let members = admin.put(&format!("{path}/members"), members).await.json();
        assert_eq!(members[0]["display_name"], "ana", "{members}");
        let wrong = json!({ "user_ids": [marketer.id] });
        admin.put(&format!("{path}/members"), wrong).await.problem(422, "invalid");
        assert_eq!(site.staff.asked(), ["queues changed", "queues changed"]);
    });
}
