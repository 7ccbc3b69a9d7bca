//! What was said about a call, as the ladder shows it and as Wireshark reads it: whole, and without
//! what must not be kept.

use std::path::{Path, PathBuf};
use std::process::Command;

use end_to_end::records::finished_call;
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::Value;

const CALLER: &str = "+34600888001";
/// In every credential and key of the scenario.
const SECRET: &str = "s3cr3t";

/// `INVITE`, `200 INVITE`: what one leg said, in order.
fn course(trace: &Value, leg: &Value) -> Vec<String> {
    let messages = trace["messages"].as_array().expect("a ladder lists its messages");
    let of_leg = messages.iter().filter(|message| message["leg_id"] == leg["id"]);
    let word = |message: &Value| {
        let method = message["method"].as_str().unwrap_or_default();
        message["code"].as_u64().map_or_else(|| method.to_owned(), |code| format!("{code} {method}"))
    };
    of_leg.map(word).collect()
}

/// These came in this order; copies and others may stand between.
fn holds_in_order(course: &[String], wanted: &[&str]) -> bool {
    let mut said = course.iter();
    wanted.iter().all(|word| said.any(|said| said == word))
}

fn read_by_tshark(capture: &Path, hub_port: u16, arguments: &[&str]) -> String {
    let as_sip = format!("udp.port=={hub_port},sip");
    let checked = ["-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-d", &as_sip, "-r"];
    let read = Command::new("tshark").args(checked).arg(capture).args(arguments).output();
    let read = read.expect("tshark is installed (scripts/test does it)");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8_lossy(&read.stdout).into_owned()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn a_ladder_is_whole_has_no_secrets_and_outlasts_the_hub() {
    let mut hub = Hub::start();
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();
    let mut phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    let mut customer = Scenario::new("caller_with_secrets", hub.phone_folder("customer"))
        .caller(CALLER)
        .service(SUPPORT_NUMBER)
        .start(&hub.sip());
    agent.becomes("talking");
    customer.go_on();
    customer.succeed();
    phone.succeed();
    let call = finished_call(&supervisor, CALLER);
    let path = format!("/calls/{}/trace", call["id"].as_str().expect("an id"));
    let legs = call["legs"].as_array().expect("a call lists its legs");
    assert_eq!(legs.len(), 2, "{call}");

    let said = ["INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"];
    let trace = eventually("the last answer of both legs", || {
        let trace = supervisor.get(&path);
        legs.iter().all(|leg| holds_in_order(&course(&trace, leg), &said)).then_some(trace)
    });
    let text = trace.to_string();
    assert!(!text.contains(SECRET), "{text}");
    let invite = &trace["messages"][0];
    let text = invite["text"].as_str().expect("a text");
    assert!(
        text.contains("Authorization: Digest removed\r\n") && text.contains("a=crypto:1 AES_CM"),
        "{invite}"
    );
    assert_eq!((&invite["incoming"], &invite["sdp"]), (&true.into(), &true.into()), "{invite}");
    assert_eq!(agent.api.ask("GET", &path, None).status, 403, "an agent has no need of it");

    // It is the same from the database, after the hub was stopped at once.
    assert!(hub.stop().success());
    for file in files_below(&hub.data()) {
        let bytes = std::fs::read(&file).expect("a file");
        let found = bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
        assert!(!found, "a secret lies in {}", file.display());
    }
    assert!(!hub.log_text().contains(SECRET), "a secret is in the log");
    hub.boot();
    let supervisor = hub.api("supervisor");
    let kept = supervisor.get(&path);
    for leg in legs {
        assert!(holds_in_order(&course(&kept, leg), &said), "{kept}");
    }
    assert!(!kept.to_string().contains(SECRET), "{kept}");

    let (kind, capture) = supervisor.bytes(&format!("{path}.pcap"));
    assert_eq!(kind, "application/vnd.tcpdump.pcap");
    assert!(!capture.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()));
    let file = hub.phone_folder("wireshark").join("call.pcap");
    std::fs::write(&file, capture).expect("a file");
    let local = invite["to"].as_str().and_then(|to| to.rsplit_once(':')).expect("an address");
    let port = local.1.parse().expect("a port");
    let read =
        read_by_tshark(&file, port, &["-T", "fields", "-e", "sip.CSeq.method", "-e", "sip.Status-Code"]);
    let messages = kept["messages"].as_array().expect("a list").len();
    assert_eq!(read.lines().filter(|line| !line.trim().is_empty()).count(), messages, "{read}");
    assert!(read.contains("INVITE\t200") && read.contains("BYE\t200"), "{read}");
    let bad = "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0";
    assert_eq!(read_by_tshark(&file, port, &["-Y", bad]), "");

    let log = hub.api("admin").list("/audit");
    let looks = |action: &str| {
        log.iter().filter(|row| row["action"] == action && row["subject_id"] == call["id"]).count()
    };
    assert!(looks("call.trace_viewed") >= 2 && looks("call.trace_downloaded") == 1, "{log:?}");
}
