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
