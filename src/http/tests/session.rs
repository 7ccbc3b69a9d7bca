//! Signing in, staying signed in, and what a browser from elsewhere cannot do.

use axum::body::Body;
use axum::http::Method;
use crm::words::Role;
use serde_json::json;

use super::site::{PASSWORD, on_both};

#[test]
fn a_session_begins_and_ends() {
    on_both(async |site| {
        let browser = site.browser("ana", Role::Agent).await;
        let session = browser.get("/api/v1/session").await.json();
        assert_eq!(session["user"]["email"], "ana@aurora.example");
        assert_eq!(session["hub"]["name"], "Aurora");
        let rights = session["rights"].as_array().expect("a list");
        assert!(rights.contains(&json!("handle_calls")), "{rights:?}");
        assert!(!rights.contains(&json!("view_wall")), "{rights:?}");
        assert!(session["user"].get("password_hash").is_none());

        let out = browser.delete("/api/v1/session").await;
        assert_eq!(out.status, 204);
        assert!(out.header("set-cookie").contains("Max-Age=0"));
        browser.get("/api/v1/session").await.problem(401, "not_signed_in");
    });
}

#[test]
fn the_cookie_is_kept_from_scripts() {
    on_both(async |site| {
        site.user("ana", Role::Agent).await;
        let login = json!({ "email": "ANA@aurora.example ", "password": PASSWORD });
        let reply = site.stranger().post("/api/v1/session", login).await;
        let cookie = reply.header("set-cookie");
        for part in ["centralita_session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(reply.header("cache-control"), "no-store");
    });
}

#[test]
fn wrong_credentials_tell_nothing_and_then_wait() {
    on_both(async |site| {
        site.user("ana", Role::Agent).await;
        let stranger = site.stranger();
        let guess = |email: &str| json!({ "email": email, "password": "wrong password" });
        let known = stranger.post("/api/v1/session", guess("ana@aurora.example")).await;
        let unknown = stranger.post("/api/v1/session", guess("nobody@aurora.example")).await;
        known.problem(401, "wrong_credentials");
        assert_eq!(known.body, unknown.body);
        for _ in 0..4 {
            let reply = stranger.post("/api/v1/session", guess("ana@aurora.example")).await;
            reply.problem(401, "wrong_credentials");
        }
        let right = json!({ "email": "ana@aurora.example", "password": PASSWORD });
        let reply = stranger.post("/api/v1/session", right).await;
        let problem = reply.problem(429, "too_many_attempts");
        let seconds = problem["params"]["retry_after_s"].as_u64().expect("seconds");
        assert!((1..=5).contains(&seconds), "{seconds}");
        assert_eq!(reply.header("retry-after"), seconds.to_string());
    });
}

#[test]
fn inactive_users_are_out_at_once() {
    on_both(async |site| {
        let user = site.user("ana", Role::Agent).await;
        let program = site.program(user.id).await;
        let browser = site.sign_in(&user.email).await;
        let admin = site.browser("root", Role::Admin).await;
        let path = format!("/api/v1/users/{}", user.id);
        let reply = admin.patch(&path, json!({ "active": false })).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        browser.get("/api/v1/session").await.problem(401, "not_signed_in");
        program.get("/api/v1/session").await.problem(401, "not_signed_in");
        let login = json!({ "email": user.email, "password": PASSWORD });
        site.stranger().post("/api/v1/session", login).await.problem(401, "wrong_credentials");
    });
}

#[test]
fn unsafe_requests_prove_that_a_page_of_ours_sent_them() {
    on_both(async |site| {
        let browser = site.browser("ana", Role::Agent).await;
        let wish = json!({ "theme": "dark" });
        let reply = browser.without("x-csrf-token").patch("/api/v1/me", wish.clone()).await;
        reply.problem(403, "csrf");
        let reply = browser.with("x-csrf-token", "guess").patch("/api/v1/me", wish.clone()).await;
        reply.problem(403, "csrf");
        let elsewhere = browser.with("origin", "https://evil.example");
        elsewhere.patch("/api/v1/me", wish.clone()).await.problem(403, "bad_origin");
        let elsewhere = browser.with("sec-fetch-site", "cross-site");
        elsewhere.patch("/api/v1/me", wish.clone()).await.problem(403, "bad_origin");
        let elsewhere = site.stranger().with("origin", "https://evil.example");
        let login = json!({ "email": "ana@aurora.example", "password": PASSWORD });
        elsewhere.post("/api/v1/session", login).await.problem(403, "bad_origin");
        let reply = browser.without("x-csrf-token").delete("/api/v1/session").await;
        reply.problem(403, "csrf");
        let reply = browser.patch("/api/v1/me", wish).await;
        assert_eq!(reply.json()["theme"], "dark", "{}", reply.text());
    });
}

#[test]
fn a_form_is_no_json() {
    on_both(async |site| {
        let form = site.stranger().with("content-type", "text/plain");
        let body = r#"{"email":"ana@aurora.example","password":"a long password"}"#;
        let reply = form.send(Method::POST, "/api/v1/session", Body::from(body)).await;
        reply.problem(415, "invalid");
    });
}

#[test]
fn programs_need_a_token_alone() {
    on_both(async |site| {
        let user = site.user("ana", Role::Agent).await;
        let program = site.program(user.id).await.without("origin");
        let reply = program.patch("/api/v1/me", json!({ "density": "compact" })).await;
        assert_eq!(reply.json()["density"], "compact", "{}", reply.text());
        let wrong = program.with("authorization", "Bearer ctl_wrong");
        wrong.get("/api/v1/session").await.problem(401, "not_signed_in");
        let long = format!("Bearer {}", "x".repeat(5000));
        let long = program.with("authorization", &long);
        long.get("/api/v1/session").await.problem(401, "not_signed_in");
    });
}

#[test]
fn another_password_ends_the_other_sessions() {
    on_both(async |site| {
        let here = site.browser("ana", Role::Agent).await;
        let there = site.sign_in("ana@aurora.example").await;
        let wrong = json!({ "current": "not this one", "new": "another password" });
        let problem = here.post("/api/v1/me/password", wrong).await;
        assert_eq!(problem.problem(422, "wrong_credentials")["field"], "current");
        let short = json!({ "current": PASSWORD, "new": "short" });
        let problem = here.post("/api/v1/me/password", short).await.problem(422, "invalid");
        assert_eq!(problem["field"], "new", "{problem}");
        assert_eq!(problem["params"]["reason"], "too_short", "{problem}");
        let change = json!({ "current": PASSWORD, "new": "another password" });
        assert_eq!(here.post("/api/v1/me/password", change).await.status, 204);
        assert_eq!(here.get("/api/v1/session").await.status, 200);
        there.get("/api/v1/session").await.problem(401, "not_signed_in");
    });
}

#[test]
fn the_sign_in_page_needs_no_session() {
    on_both(async |site| {
        let stranger = site.stranger();
        let hub = stranger.get("/api/v1/hub").await.json();
        assert_eq!(hub["name"], "Aurora");
        assert!(hub.get("demo_logins").is_none(), "not on a hub that is no demo");
        assert_eq!(stranger.get("/healthz").await.status, 200);
        assert_eq!(stranger.get("/readyz").await.status, 503, "no calls are taken yet");
        site.state.readiness.set(true);
        assert_eq!(stranger.get("/readyz").await.status, 200);
        stranger.get("/metrics").await.problem(403, "not_allowed");
        let admin = site.user("root", Role::Admin).await;
        let numbers = site.program(admin.id).await.get("/metrics").await;
        assert_eq!(numbers.status, 200);
        let agent = site.user("ana", Role::Agent).await;
        site.program(agent.id).await.get("/metrics").await.problem(403, "not_allowed");
    });
}
