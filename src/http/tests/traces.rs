//! What was said about a call: for whom, and the line in the audit log.

use chrono::Utc;
use crm::calls::{self, NewCall, NewLeg};
use crm::traces::{self, NewTrace};
use crm::words::{CallState, Direction, LegRole, MatchKind, Role};
use serde_json::json;
use uuid::Uuid;

use super::site::{Site, on_both};

/// What [`crate::trace`] keeps of a call of two messages.
fn packed() -> Vec<u8> {
    use std::io::Write;
    let message = |at: i64, incoming: bool, text: &str| {
        json!({ "at_unix_us": at, "incoming": incoming, "local": "192.0.2.1:5060", "remote": "[2001:db8::7]:5062",
            "transport": "tls", "sip_call_id": "abc", "text": text })
    };
    let messages = json!([
        message(1_000_001, true, "BYE sip:a SIP/2.0\r\nCSeq: 2 BYE\r\n\r\n"),
        message(1_000_002, false, "SIP/2.0 200 OK\r\nCSeq: 2 BYE\r\n\r\n"),
    ]);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(messages.to_string().as_bytes()).expect("memory");
    packer.finish().expect("memory")
}

async fn traced(site: &Site, agent: Uuid, body: Vec<u8>) -> (Uuid, Uuid) {
    let (call_id, leg) = (Uuid::now_v7(), Uuid::now_v7());
    let now = Utc::now();
    let call = NewCall {
        id: call_id,
        node: "node-1".to_owned(),
        lease_until: now,
        direction: Direction::Inbound,
        trunk: None,
        caller: "+34910556677".to_owned(),
        called: "+34910000100".to_owned(),
        queue_id: None,
        user_id: Some(agent),
        contact_id: None,
        match_kind: MatchKind::Unknown,
        state: CallState::Talking,
        started_at: now,
        test: false,
    };
    let new_leg = NewLeg {
        id: leg,
        call_id,
        role: LegRole::Customer,
        user_id: None,
        peer: "x".to_owned(),
        sip_call_id: "abc".to_owned(),
        started_at: now,
    };
    let trace = NewTrace { call_id, kept_at: now, messages: 2, left_out: 5, body };
    site.write(move |tx| {
        Box::pin(async move {
            calls::begin(tx, &call).await?;
            calls::add_leg(tx, &new_leg).await?;
            traces::add(tx, &trace).await
        })
    })
    .await;
    (call_id, leg)
}

#[test]
fn a_ladder_and_a_capture_are_for_supervisors_and_on_record() {
    on_both(async |site| {
        let agent = site.user("ana", Role::Agent).await.id;
        let (call, leg) = traced(&site, agent, packed()).await;
        let path = format!("/api/v1/calls/{call}/trace");
        let own = site.program(agent).await;
        for path in [path.clone(), format!("{path}.pcap")] {
            own.get(&path).await.problem(403, "not_allowed");
            site.stranger().get(&path).await.problem(401, "not_signed_in");
        }
        let supervisor = site.browser("sol", Role::Supervisor).await;
        let trace = supervisor.get(&path).await.json();
        assert_eq!((&trace["left_out"], &trace["running"]), (&json!(5), &json!(true)), "{trace}");
        let messages = trace["messages"].as_array().expect("a list");
        assert_eq!(messages.len(), 2);
        let bye = &messages[0];
        assert_eq!(
            (&bye["method"], &bye["summary"], &bye["code"]),
            (&json!("BYE"), &json!("BYE"), &json!(null))
        );
        assert_eq!((&bye["from"], &bye["to"]), (&json!("[2001:db8::7]:5062"), &json!("192.0.2.1:5060")));
        assert_eq!((&bye["at"], &bye["leg_id"]), (&json!("1970-01-01T00:00:01.000001Z"), &json!(leg)));
        let ok = &messages[1];
        assert_eq!(
            (&ok["method"], &ok["summary"], &ok["code"]),
            (&json!("BYE"), &json!("200 OK"), &json!(200))
        );
        let capture = supervisor.get(&format!("{path}.pcap")).await;
        assert_eq!(capture.status, 200);
        assert_eq!(capture.body[..4], [0xd4, 0xc3, 0xb2, 0xa1]);
        let admin = site.browser("ada", Role::Admin).await;
        let log = admin.get("/api/v1/audit").await.json();
        let looks: Vec<_> = log["items"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|row| row["subject_id"] == json!(call))
            .collect();
        let actions: Vec<_> = looks.iter().map(|row| row["action"].as_str().unwrap_or_default()).collect();
        assert_eq!(actions, ["call.trace_downloaded", "call.trace_viewed"]);
    });
}

#[test]
fn what_is_not_kept_or_broken_is_said_so() {
    on_both(async |site| {
        let agent = site.user("ana", Role::Agent).await.id;
        let supervisor = site.browser("sol", Role::Supervisor).await;
        let (call, _) = traced(&site, agent, b"rubbish".to_vec()).await;
        supervisor.get(&format!("/api/v1/calls/{call}/trace")).await.problem(500, "internal");
        let unknown = Uuid::now_v7();
        supervisor.get(&format!("/api/v1/calls/{unknown}/trace")).await.problem(404, "not_found");
    });
}
