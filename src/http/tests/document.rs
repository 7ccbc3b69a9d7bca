//! The OpenAPI document is whole, and the site's other pages carry their headers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::site::on_both;
use crate::http::openapi_json;

fn document() -> Value {
    serde_json::from_str(&openapi_json()).expect("JSON")
}

/// Every `$ref` in the document.
fn references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                into.insert(reference.clone());
            }
            object.values().for_each(|value| references(value, into));
        }
        Value::Array(array) => array.iter().for_each(|value| references(value, into)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 30, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("within the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn every_operation_has_its_own_name() {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let mut names = BTreeSet::new();
    let mut operations = 0;
    for (path, item) in paths {
        assert!(path.starts_with("/api/v1/"), "{path}");
        for operation in item.as_object().expect("operations").values() {
            let Some(name) = operation["operationId"].as_str() else { continue };
            operations += 1;
            assert!(names.insert(name), "{name} is used twice");
        }
    }
    assert!(operations >= 50, "{operations}");
}

#[test]
fn schemas_of_one_name_are_not_mixed_up() {
    let document = document();
    let schema = |name: &str| document["components"]["schemas"][name]["properties"].clone();
    assert!(schema("AgentPhone").get("reachable").is_some());
    assert!(schema("Phone").get("e164").is_some());
    assert!(schema("Session").get("csrf_token").is_some());
    assert!(schema("QueueView").get("longest_wait_since").is_some());
    assert!(schema("LiveCall").get("match").is_some());
    assert!(schema("MyAgent").get("wrap_up").is_some());
    assert!(document["components"]["schemas"].get("ServerMessage").is_some());
}

#[test]
fn words_are_those_that_are_sent() {
    for (name, schema) in document()["components"]["schemas"].as_object().expect("schemas") {
        for word in schema["enum"].as_array().into_iter().flatten() {
            let word = word.as_str().expect("a text");
            let plain = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(plain, "{name} has the word {word}");
        }
    }
}

/// The console's types are generated from the committed file.
#[test]
fn the_committed_document_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/web-console/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    assert!(kept == document(), "cargo run -- openapi > web-console/openapi.json");
}

#[test]
fn the_document_is_served_and_pages_are_strict() {
    on_both(async |site| {
        let stranger = site.stranger();
        let served = stranger.get("/api/openapi.json").await;
        assert_eq!(served.json(), document());
        let page = stranger.get("/contacts/some/page").await;
        assert!([200, 503].contains(&page.status.as_u16()), "the page, or why there is none");
        assert!(page.header("content-type").starts_with("text/html"));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(stranger.get("/assets/none.js").await.status, 404);
        assert_eq!(stranger.get("/../Cargo.toml").await.status, 404);
    });
}
