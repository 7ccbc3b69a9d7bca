//! TURN servers as a page gets them: with credentials that run out, made from the secret that hub and
//! relay share (draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`). The relay asks nobody.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::config::Turn;

/// As `RTCIceServer` of the WebRTC API.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct IceServer {
    urls: Vec<String>,
    username: Option<String>,
    credential: Option<String>,
}

/// The relays for the pages of `user`, until then; none where none are configured.
pub(super) fn for_user(turn: &Turn, user: Uuid, until: DateTime<Utc>) -> Vec<IceServer> {
    if turn.urls.is_empty() {
        return Vec::new();
    }
    // Section 2.2: the time in seconds, then a name that tells the relay's log whose it was.
    let username = format!("{}:{user}", until.timestamp());
    let credential = credential(&turn.secret, &username);
    vec![IceServer { urls: turn.urls.clone(), username: Some(username), credential: Some(credential) }]
}

/// Section 2.2: base64 of HMAC-SHA1. The relay knows no other.
fn credential(secret: &str, username: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, username.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_the_keyed_hash_of_the_name() {
        // The example that everybody's HMAC is tried with.
        let text = "The quick brown fox jumps over the lazy dog";
        assert_eq!(credential("key", text), "3nybhbi3iqa8ino29wqQcBydtNk=");
    }

    #[test]
    fn a_page_gets_relays_where_there_are_any() {
        let until = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        assert_eq!(for_user(&Turn::default(), Uuid::nil(), until), []);
        let turn = Turn { urls: vec!["turn:turn.example.com:3478".to_owned()], secret: "s".to_owned() };
        let [server] = &for_user(&turn, Uuid::nil(), until)[..] else { panic!("one entry") };
        assert_eq!(server.urls, turn.urls);
        let name = format!("1800000000:{}", Uuid::nil());
        assert_eq!(server.username.as_deref(), Some(name.as_str()));
        assert_eq!(server.credential, Some(credential("s", &name)));
    }
}
