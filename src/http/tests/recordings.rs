//! Recordings: whose ears they are for, in which parts, and the line in the audit log.

use chrono::Utc;
use crm::calls::{self, CallNotes, NewCall};
use crm::recordings::{self, NewRecording, RecordingEnd};
use crm::words::{CallState, Direction, MatchKind, RecordingStatus, Role};
use serde_json::json;
use uuid::Uuid;

use super::site::{Site, on_both};

const SOUND: &[u8] = b"RIFF and so on, forty bytes of sound: ok";

/// A call of `agent` with a recording that is whole.
pub(super) async fn recorded(site: &Site, agent: Uuid) -> (Uuid, Uuid) {
    let (call, recording) = (Uuid::now_v7(), Uuid::now_v7());
    let path = format!("recordings/{recording}.wav");
    let file = site.folder().join(&path);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::write(file, SOUND).expect("written");
    let now = Utc::now();
    let new = NewCall {
        id: call,
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
    let new_recording =
        NewRecording { id: recording, call_id: call, path, started_at: now, sample_rate: 8000, channels: 2 };
    let end = RecordingEnd {
        id: recording,
        status: RecordingStatus::Ready,
        duration_ms: 1000,
        bytes: SOUND.len() as i64,
        sample_rate: None,
    };
    site.write(move |tx| {
        Box::pin(async move {
            calls::begin(tx, &new).await?;
            recordings::begin(tx, &new_recording).await?;
            recordings::close(tx, &end).await
        })
    })
    .await;
    (call, recording)
}

#[test]
fn sound_is_sent_whole_or_in_parts() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (_, recording) = recorded(&site, ana.id).await;
        let browser = site.sign_in(&ana.email).await;
        let path = format!("/api/v1/recordings/{recording}/audio");
        let whole = browser.get(&path).await;
        assert_eq!(whole.status, 200, "{}", whole.text());
        assert_eq!(whole.body, SOUND);
        assert_eq!(whole.header("content-type"), "audio/wav");
        assert_eq!(whole.header("accept-ranges"), "bytes");
        assert_eq!(whole.header("content-length"), "40");
        let part = browser.with("range", "bytes=5-7").get(&path).await;
        assert_eq!(part.status, 206);
        assert_eq!(part.text(), "and");
        assert_eq!(part.header("content-range"), "bytes 5-7/40");
        let tail = browser.with("range", "bytes=-2").get(&path).await;
        assert_eq!((tail.status.as_u16(), tail.text().as_str()), (206, "ok"));
        let beyond = browser.with("range", "bytes=40-").get(&path).await;
        assert_eq!(beyond.status, 416);
        assert_eq!(beyond.header("content-range"), "bytes */40");
        let ranged = browser.with("range", "bytes=0-3");
        let same = ranged.with("if-range", whole.header("etag")).get(&path).await;
        assert_eq!(same.status, 206);
        let other = ranged.with("if-range", "\"older\"").get(&path).await;
        assert_eq!((other.status.as_u16(), other.body.len()), (200, 40));
    });
}

#[test]
fn a_listening_is_one_line_in_the_audit_log() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (call, recording) = recorded(&site, ana.id).await;
        let path = format!("/api/v1/recordings/{recording}/audio");
        let browser = site.sign_in(&ana.email).await;
        for _ in 0..3 {
            assert_eq!(browser.with("range", "bytes=8-").get(&path).await.status, 206);
        }
        let boss = site.browser("root", Role::Admin).await;
        assert_eq!(boss.get(&path).await.status, 200);
        let audit = boss.get("/api/v1/audit").await.json();
        let lines: Vec<_> = audit["items"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|row| row["action"] == "recording.listened")
            .collect();
        let who: Vec<_> = lines.iter().map(|row| row["user"]["display_name"].clone()).collect();
        assert_eq!(who, ["root", "ana"]);
        assert_eq!(lines[0]["subject_id"], recording.to_string());
        assert_eq!(lines[0]["details"]["call_id"], call.to_string());
    });
}

#[test]
fn a_download_is_a_file_and_a_line_of_its_own() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (call, recording) = recorded(&site, ana.id).await;
        let path = format!("/api/v1/recordings/{recording}/audio");
        let boss = site.browser("root", Role::Admin).await;
        for range in ["bytes=0-3", "bytes=4-"] {
            let part = boss.with("range", range).get(&format!("{path}?download=true")).await;
            assert_eq!(part.status, 206, "{}", part.text());
            assert!(
                part.header("content-disposition")
                    .starts_with(&format!("attachment; filename=\"call-{call}"))
            );
        }
        assert_eq!(boss.get(&path).await.status, 200);
        let audit = boss.get("/api/v1/audit").await.json();
        let lines: Vec<_> =
            audit["items"].as_array().expect("a list").iter().map(|row| &row["action"]).collect();
        assert_eq!(lines[..2], ["recording.listened", "recording.downloaded"]);
        assert_eq!(lines.iter().filter(|line| **line == "recording.downloaded").count(), 1);
    });
}

/// Two channels of 16 bits at 8 kHz: the customer loud in the first half, the agent in the second.
fn wave() -> Vec<u8> {
    const FRAMES: u32 = 800;
    let mut wave = b"RIFF".to_vec();
    wave.extend((36 + FRAMES * 4).to_le_bytes());
    wave.extend(b"WAVEfmt ");
    wave.extend(16_u32.to_le_bytes());
    for half in [1_u16, 2] {
        wave.extend(half.to_le_bytes());
    }
    wave.extend(8000_u32.to_le_bytes());
    wave.extend(32_000_u32.to_le_bytes());
    for half in [4_u16, 16] {
        wave.extend(half.to_le_bytes());
    }
    wave.extend(b"data");
    wave.extend((FRAMES * 4).to_le_bytes());
    for frame in 0..FRAMES {
        let (left, right) = if frame < FRAMES / 2 { (i16::MAX, 0) } else { (0, i16::MAX) };
        wave.extend(left.to_le_bytes());
        wave.extend(right.to_le_bytes());
    }
    wave
}

#[test]
fn the_shape_has_each_party_in_its_own_line() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (_, recording) = recorded(&site, ana.id).await;
        let file = site.folder().join(format!("recordings/{recording}.wav"));
        std::fs::write(file, wave()).expect("written");
        let browser = site.sign_in(&ana.email).await;
        let path = format!("/api/v1/recordings/{recording}/waveform?buckets=2");
        let shape = browser.get(&path).await.json();
        assert_eq!(shape["duration_ms"], 100, "{shape}");
        for (line, loud, quiet) in [("left", 0, 1), ("right", 1, 0)] {
            assert!(shape[line][loud].as_u64().is_some_and(|peak| peak > 250), "{shape}");
            assert_eq!(shape[line][quiet], 0, "{shape}");
        }
    });
}

#[test]
fn others_recordings_and_calls_are_not_there() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (call, recording) = recorded(&site, ana.id).await;
        let ben = site.browser("ben", Role::Agent).await;
        let path = format!("/api/v1/recordings/{recording}");
        for path in [path.clone(), format!("{path}/audio"), format!("{path}/waveform")] {
            ben.get(&path).await.problem(404, "not_found");
        }
        ben.get(&format!("/api/v1/calls/{call}")).await.problem(404, "not_found");
        let note = json!({ "note": "mine now" });
        ben.patch(&format!("/api/v1/calls/{call}"), note).await.problem(404, "not_found");
        assert_eq!(ben.get("/api/v1/calls").await.json()["items"], json!([]));
        let of_ana = format!("/api/v1/calls?agent_id={}", ana.id);
        ben.get(&of_ana).await.problem(403, "not_allowed");
        let mia = site.browser("mia", Role::Marketer).await;
        mia.get(&path).await.problem(403, "not_allowed");
        let boss = site.browser("boss", Role::Supervisor).await;
        let known = boss.get(&path).await.json();
        assert_eq!(known["duration_ms"], 1000, "{known}");
        assert!(known.get("path").is_none(), "{known}");
        assert_eq!(boss.get(&of_ana).await.json()["items"][0]["id"], call.to_string());
    });
}

#[test]
fn what_is_not_whole_is_not_played() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (_, recording) = recorded(&site, ana.id).await;
        let browser = site.sign_in(&ana.email).await;
        let path = format!("/api/v1/recordings/{recording}/audio");
        let close = async |status| {
            let end = RecordingEnd { id: recording, status, duration_ms: 0, bytes: 0, sample_rate: None };
            site.write(move |tx| Box::pin(async move { recordings::close(tx, &end).await })).await;
        };
        close(RecordingStatus::Recording).await;
        let problem = browser.get(&path).await.problem(409, "conflict");
        assert_eq!(problem["params"]["reason"], "still_recording");
        close(RecordingStatus::Lost).await;
        browser.get(&path).await.problem(404, "not_found");
        close(RecordingStatus::Ready).await;
        let file = site.folder().join(format!("recordings/{recording}.wav"));
        std::fs::remove_file(file).expect("removed");
        browser.get(&path).await.problem(404, "not_found");
    });
}

#[test]
fn notes_on_a_call_reach_the_log_and_the_agents_screen() {
    on_both(async |site| {
        let ana = site.user("ana", Role::Agent).await;
        let (call, _) = recorded(&site, ana.id).await;
        let browser = site.sign_in(&ana.email).await;
        let path = format!("/api/v1/calls/{call}");
        let noted = browser.patch(&path, json!({ "note": "Calls again on Monday." })).await;
        assert_eq!(noted.json()["note"], "Calls again on Monday.", "{}", noted.text());
        assert_eq!(noted.json()["agent"]["id"], ana.id.to_string());
        assert_eq!(site.staff.asked(), ["annotated"]);
        let kept = calls::get(&site.db, call).await.expect("the call");
        assert_eq!(kept.call.note, "Calls again on Monday.");
        let unknown = json!({ "disposition_id": Uuid::nil() });
        browser.patch(&path, unknown).await.problem(422, "invalid");
        let untouched = CallNotes::default();
        assert!(untouched.note.is_none(), "what is left out stays");
        let again = browser.patch(&path, json!({})).await.json();
        assert_eq!(again["note"], "Calls again on Monday.");
    });
}
