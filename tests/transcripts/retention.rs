//! Recordings are proven whole, let go by rule with their file, and kept while they are on hold.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use end_to_end::hub::program;
use end_to_end::records::{finished_call, recording_by_id};
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Api, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::{Value, json};

fn wav_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() { wav_files(&entry, into) } else { into.push(entry) }
    }
}

/// The file of a call's recording; none when it is gone.
fn file_of(hub: &Hub, call: &Value) -> Option<PathBuf> {
    let id = call["id"].as_str().expect("an id");
    let mut files = Vec::new();
    wav_files(&hub.data().join("recordings"), &mut files);
    files.into_iter().find(|file| file.to_string_lossy().contains(id))
}

/// `centralita recordings …` beside the running hub.
fn recordings(hub: &Hub, arguments: &[&str]) -> Output {
    Command::new(program())
        .arg("recordings")
        .args(arguments)
        .env_clear()
        .env("CENTRALITA_HUB__DATA_DIR", hub.data())
        .current_dir(hub.data())
        .output()
        .expect("the program runs")
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A short call, and the id of its recording once its sum is known.
fn recorded(hub: &Hub, agent: &AgentDesk, caller: &str) -> (Value, String) {
    agent.ready();
    let mut phone = agent.phone(hub, "agent_answers").start(&hub.sip());
    let mut customer = Scenario::new("caller", hub.phone_folder(caller))
        .caller(caller)
        .service(SUPPORT_NUMBER)
        .start(&hub.sip());
    agent.becomes("talking");
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, caller);
    agent.becomes("wrap_up");
    agent.finish_wrap_up();
    let id = call["recording_ids"][0].as_str().expect("a recording").to_owned();
    assert_eq!(recording_by_id(&supervisor, &id).channels.len(), 2);
    eventually("the sum of the recording", || {
        supervisor.get(&format!("/recordings/{id}"))["sha256"].is_string().then_some(())
    });
    (call, id)
}

fn audited(admin: &Api, action: &str, id: &str) -> bool {
    let audit = admin.get("/audit?limit=200");
    let rows = audit["items"].as_array().expect("a list");
    rows.iter().any(|row| row["action"] == action && row["subject_id"] == id)
}

#[test]
fn recordings_are_proven_whole_let_go_and_held() {
    let hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    let (gone, gone_id) = recorded(&hub, &agent, "+34600444401");
    let (held, held_id) = recorded(&hub, &agent, "+34600444402");
    let admin = hub.api("admin");
    let verify = format!("/recordings/{held_id}/verify");

    let whole = recordings(&hub, &["verify"]);
    assert!(whole.status.success(), "{whole:?}");
    assert!(
        printed(&whole)
            .ends_with("2 looked at: 2 whole, 0 altered, 0 missing, 0 unreadable, 0 without a sum yet\n"),
        "{whole:?}"
    );
    assert_eq!(admin.post(&verify, &json!({}))["intact"], true);

    // One bit of one sample.
    let file = file_of(&hub, &held).expect("a file");
    let mut bytes = std::fs::read(&file).expect("it can be read");
    let place = bytes.len() / 2;
    bytes[place] ^= 1;
    std::fs::write(&file, &bytes).expect("it can be written");
    let altered = recordings(&hub, &["verify"]);
    assert_eq!(altered.status.code(), Some(1), "{altered:?}");
    let lines = printed(&altered);
    assert!(lines.starts_with("altered: recordings/"), "{lines}");
    assert!(lines.contains(&held_id) && !lines.contains(&gone_id), "{lines}");
    assert!(lines.contains("1 whole, 1 altered"), "{lines}");
    assert_eq!(admin.post(&verify, &json!({}))["intact"], false);
    bytes[place] ^= 1;
    std::fs::write(&file, &bytes).expect("it can be written");
    assert_eq!(admin.post(&verify, &json!({}))["intact"], true);
    let none = recordings(&hub, &["verify", "--since", "2999-01-01"]);
    assert!(printed(&none).starts_with("0 looked at"), "{none:?}");

    let hold = format!("/recordings/{held_id}/hold");
    admin.put(&hold, &json!({ "reason": "Complaint 7" }));
    let young = recordings(&hub, &["expire", "--older-than", "1"]);
    assert_eq!(printed(&young), "0 recordings let go, 0 files removed\n", "{young:?}");
    let swept = recordings(&hub, &["expire", "--older-than", "0"]);
    assert_eq!(printed(&swept), "1 recordings let go, 1 files removed\n", "{swept:?}");
    assert_eq!(file_of(&hub, &gone), None, "the file is really gone");
    let row = admin.get(&format!("/recordings/{gone_id}"));
    assert_eq!((&row["status"], &row["expired_days"]), (&json!("expired"), &json!(0)), "{row}");
    assert_eq!(admin.ask("GET", &format!("/recordings/{gone_id}/audio"), None).status, 410);
    assert!(audited(&admin, "recording.expired", &gone_id));
    // What is held plays as ever.
    assert!(file.exists());
    assert_eq!(recording_by_id(&admin, &held_id).channels.len(), 2);

    assert_eq!(admin.ask("DELETE", &format!("{hold}?reason=Settled"), None).status, 204);
    let swept = recordings(&hub, &["expire", "--older-than", "0"]);
    assert_eq!(printed(&swept), "1 recordings let go, 1 files removed\n", "{swept:?}");
    assert_eq!(file_of(&hub, &held), None);
    assert!(audited(&admin, "recording.held", &held_id) && audited(&admin, "recording.released", &held_id));
}
