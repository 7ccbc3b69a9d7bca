//! The buttons during a call: what is asked of the calls supervisor, and what is refused before.

use axum::http::StatusCode;
use crm::words::Role;
use serde_json::json;

use super::site::on_both;

#[test]
fn a_target_is_somebody_who_can_be_reached() {
    on_both(async |site| {
        let ana = site.browser("ana", Role::Agent).await;
        let ben = site.user("ben", Role::Agent).await.id;
        let julia = site.user("julia", Role::Marketer).await.id;
        let own = crm::users::by_email(&site.db, "ana@aurora.example").await.expect("read").expect("ana").id;
        let path = |button: &str| format!("/api/v1/calls/{}/{button}", uuid::Uuid::nil());
        let agent = |id| json!({ "to": { "kind": "agent", "user_id": id } });
        let number = |number| json!({ "to": { "kind": "number", "number": number } });

        for (body, field) in [(agent(own), "to.user_id"), (agent(julia), "to.user_id")] {
            assert_eq!(ana.post(&path("transfer"), body).await.problem(422, "invalid")["field"], field);
        }
        ana.post(&path("transfer"), agent(uuid::Uuid::nil())).await.problem(404, "not_found");
        ana.post(&path("consult"), number("abc")).await.problem(422, "number_invalid");
        let queue = json!({ "to": { "kind": "queue", "queue_id": uuid::Uuid::nil() } });
        ana.post(&path("transfer"), queue).await.problem(404, "not_found");
        assert!(site.staff.asked().is_empty(), "{:?}", site.staff.asked());

        ana.post(&path("hold"), json!({})).await.problem(409, "not_now");
        ana.post(&path("consult"), number("910 00 01 99")).await.problem(409, "not_now");
        ana.post(&path("transfer"), agent(ben)).await.problem(409, "not_now");
        let picked = ana.post("/api/v1/park/701/pick-up", json!({})).await;
        assert_eq!(picked.status, StatusCode::NO_CONTENT);
        assert_eq!(ana.post(&path("pick-up"), json!({})).await.status, StatusCode::NO_CONTENT);
        let marketer = site.browser("mara", Role::Marketer).await;
        marketer.post(&path("pick-up"), json!({})).await.problem(403, "not_allowed");
        let expected = [
            "Hold".to_owned(),
            "Consult(Number(\"+34910000199\"))".to_owned(),
            format!("Transfer(Agent({ben}))"),
            "pick up 701".to_owned(),
            format!("pick up call {}", uuid::Uuid::nil()),
        ];
        assert_eq!(site.staff.asked(), expected);
    });
}

#[test]
fn a_recording_is_steered_by_whose_call_it_is_and_by_supervisors_and_each_time_is_known() {
    on_both(async |site| {
        let path = |button: &str| format!("/api/v1/calls/{}/recording/{button}", uuid::Uuid::nil());
        let ana = site.browser("ana", Role::Agent).await;
        let paused = ana.post(&path("pause?reason=card_payment"), json!({})).await.json();
        assert_eq!(paused["state"], "paused", "{paused}");
        let sofia = site.browser("sofia", Role::Supervisor).await;
        sofia.post(&path("resume"), json!({})).await.json();
        let wordy = ana.post(&path("stop?reason=a%20long%20story"), json!({})).await;
        assert_eq!(wordy.problem(422, "invalid")["field"], "reason");
        // No call now: a page that pauses is told so.
        ana.post("/api/v1/calls/current/recording/pause", json!({})).await.problem(410, "call_gone");
        assert_eq!(site.staff.asked(), ["recording: Pause", "recording: Resume of any call"]);

        let root = site.browser("root", Role::Admin).await;
        let log = root.get("/api/v1/audit").await.json();
        let of = |action: &str| {
            let entries = log["items"].as_array().expect("entries").iter();
            entries.filter(|entry| entry["action"] == action).cloned().collect::<Vec<_>>()
        };
        assert_eq!(of("recording.paused")[0]["details"]["reason"], "card_payment", "{log}");
        assert_eq!(of("recording.resumed").len(), 1, "{log}");
        assert_eq!(of("recording.stopped").len(), 0, "{log}");
    });
}
