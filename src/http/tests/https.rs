//! What changes where the hub speaks https itself.

use axum::body::Body;
use axum::http::Method;
use crm::words::Role;
use serde_json::json;

use super::site::{PASSWORD, on_both};
use crate::http::Door;

const PORT: u16 = 8443;

#[test]
fn plain_words_from_elsewhere_are_sent_to_https() {
    on_both(async |mut site| {
        let login = json!({ "email": "ana@aurora.example", "password": PASSWORD });
        site.user("ana", Role::Agent).await;
        site.speak_https(PORT);
        let stranger = site.stranger();
        for (method, path) in
            [(Method::GET, "/desk?a=b"), (Method::HEAD, "/api/v1/hub"), (Method::GET, "/ws")]
        {
            let reply = stranger.send(method, path, Body::empty()).await;
            let location = format!("https://hub.example:{PORT}{path}");
            assert_eq!((reply.status.as_u16(), reply.header("location")), (308, location.as_str()));
            assert_eq!(reply.header("strict-transport-security"), "", "nobody could believe it");
        }
        stranger.post("/api/v1/session", login.clone()).await.problem(403, "insecure");
        stranger.without("host").get("/").await.problem(403, "insecure");
        assert_eq!(stranger.get("/healthz").await.text(), "ok\n");

        assert_eq!(stranger.get("/.well-known/acme-challenge/unknown").await.status, 404, "and not sent on");

        let visitor = stranger.by(Door::Encrypted);
        let reply = visitor.post("/api/v1/session", login).await;
        assert_eq!(reply.status, 200);
        assert!(reply.header("set-cookie").ends_with("; Secure"), "{}", reply.header("set-cookie"));
        assert_eq!(reply.header("strict-transport-security"), "max-age=31536000");
    });
}

#[test]
fn without_https_of_our_own_nobody_is_sent_anywhere() {
    on_both(async |site| {
        let reply = site.stranger().get("/api/v1/session").await;
        reply.problem(401, "not_signed_in");
        assert_eq!(reply.header("strict-transport-security"), "");
    });
}
