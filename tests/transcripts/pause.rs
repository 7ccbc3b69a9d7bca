//! A paused recording: what was said and keyed in the pause is found nowhere on the disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use end_to_end::baresip::{Baresip, Setup};
use end_to_end::records::{finished_call, recording_by_id};
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::{Value, json};

const CUSTOMER: &str = "+34600444001";
const CUSTOMER_HZ: f64 = 440.0;
const ANA_HZ: f64 = 880.0;
/// Ben speaks in the pause alone: his tone is the secret.
const BEN_HZ: f64 = 660.0;
/// Keyed in the pause, by the customer's phone and by the agent's console.
const CARD: &str = "4929837164";
const ECHOED: &str = "5105187203";

fn desk(hub: &Hub, agent: &AgentDesk, tone_hz: f64) -> Baresip {
    let phone = Setup {
        folder: hub.phone_folder(&agent.username),
        hub: &hub.sip(),
        username: &agent.username,
        password: Some(&agent.password),
        answers: true,
        dials: None,
        tone_hz,
        transport: "udp",
    }
    .start();
    agent.use_desk_phone();
    phone
}

/// Nothing is asserted about its length.
fn talk() {
    std::thread::sleep(Duration::from_secs(3));
}

fn files_below(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() { files_below(&entry, into) } else { into.push(entry) }
    }
}

/// Everything that the hub has written, file by file.
fn written(hub: &Hub) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    files_below(&hub.data(), &mut files);
    let mut read: Vec<(PathBuf, Vec<u8>)> =
        files.into_iter().filter_map(|path| std::fs::read(&path).ok().map(|bytes| (path, bytes))).collect();
    read.push(("hub.log".into(), hub.log_text().into_bytes()));
    read
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn what_is_said_and_keyed_in_a_pause_is_nowhere_on_the_disk() {
    let hub =
        Hub::start_configured(&[("CENTRALITA_LOG__FILTER", "info,centralita=trace,media=trace,sip=trace")]);
    let mut desks = AgentDesk::all_of(&hub, SUPPORT).into_iter();
    let (ana, ben) = (desks.next().expect("an agent"), desks.next().expect("another"));
    let mut ana_phone = desk(&hub, &ana, ANA_HZ);
    let mut ben_phone = desk(&hub, &ben, BEN_HZ);
    ana.ready();
    ben.not_ready();
    let mut customer = Setup {
        folder: hub.phone_folder("customer"),
        hub: &hub.sip(),
        username: CUSTOMER,
        password: None,
        answers: false,
        dials: Some(SUPPORT_NUMBER),
        tone_hz: CUSTOMER_HZ,
        transport: "udp",
    }
    .start();
    let mine = ana.becomes("talking");
    let call = mine["current"]["id"].as_str().expect("a call").to_owned();
    let stands = |state: &str| {
        eventually(&format!("the recording to be {state}"), || {
            let now = ana.becomes("talking")["current"]["recording"].clone();
            (now == state).then_some(())
        });
    };
    stands("on");
    talk();

    // As a payment page does that knows the agent alone.
    let paused = ana.api.post("/calls/current/recording/pause?reason=card_payment", &json!({}));
    assert_eq!(paused["state"], "paused", "{paused}");
    assert_eq!(paused["call_id"], call, "{paused}");
    stands("paused");
    let said_before = hub.log_text().len();
    let to = json!({"to": {"kind": "agent", "user_id": ben.becomes("not_ready")["agent"]["id"]}});
    ana.api.post(&format!("/calls/{call}/participants"), &to);
    ben.becomes("talking");
    talk();
    ben_phone.hang_up();
    ben.becomes("wrap_up");
    customer.press(CARD);
    eventually("the agent's phone to hear the card", || (ana_phone.keys_heard() == CARD).then_some(()));
    ana.api.post(&format!("/calls/{call}/digits"), &json!({"digits": ECHOED}));
    eventually("the customer to hear keys", || (customer.keys_heard() == ECHOED).then_some(()));
    talk();
    let resumed = ana.api.post("/calls/current/recording/resume", &json!({}));
    assert_eq!(resumed["call_id"], call, "{resumed}");
    stands("on");
    let in_pause = hub.log_text()[said_before..].to_owned();
    talk();

    // A second file, by a supervisor.
    let supervisor = hub.api("supervisor");
    let stopped = supervisor.post(&format!("/calls/{call}/recording/stop"), &json!({}));
    assert_eq!(stopped["state"], "off", "{stopped}");
    let started = supervisor.post(&format!("/calls/{call}/recording/start"), &json!({}));
    assert_eq!(started["state"], "on", "{started}");
    talk();
    customer.hang_up();
    let call = finished_call(&supervisor, CUSTOMER);
    ana_phone.hang_up();

    let heard = ben_phone.heard();
    // He hears two at once: each has less than half of the energy.
    assert!(heard.share_of(0, CUSTOMER_HZ) > 0.2, "Ben was not in the call");
    let ids = call["recording_ids"].as_array().expect("recordings");
    assert_eq!(ids.len(), 2, "{call}");
    let kept = |which: usize| recording_by_id(&supervisor, ids[which].as_str().expect("an id"));
    silent_in_the_middle(&kept(0));
    let second = kept(1);
    assert!(second.seconds_of(0, CUSTOMER_HZ) > 0.5, "{} s", second.seconds());

    assert!(!in_pause.contains("Digit {"), "a key that was pressed in the pause is in the log");
    let stop = hub;
    let files = written(&stop);
    assert!(files.iter().any(|(path, _)| path.extension().is_some_and(|ending| ending == "wav")));
    for (path, bytes) in files {
        for keyed in [CARD, ECHOED] {
            assert!(!holds(&bytes, keyed), "{keyed} is in {}", path.display());
        }
    }
    audited(&stop.api("admin"));
}

/// Sound, then exact silence, then sound, on both sides; Ben on neither.
fn silent_in_the_middle(kept: &end_to_end::sound::Sound) {
    for (channel, tone_hz) in [(0, CUSTOMER_HZ), (1, ANA_HZ)] {
        let samples = &kept.channels[channel];
        let longest = longest_silence(samples);
        let seconds = longest.len() / kept.rate_hz as usize;
        assert!(seconds >= 6, "channel {channel}: the silence of the pause lasts {seconds} s");
        let part = |range: std::ops::Range<usize>| end_to_end::sound::Sound {
            rate_hz: kept.rate_hz,
            channels: vec![samples[range].to_vec()],
        };
        let (before, after) = (part(0..longest.start), part(longest.end..samples.len()));
        assert!(before.seconds_of(0, tone_hz) > 1.0, "channel {channel}: nothing before the pause");
        assert!(after.seconds_of(0, tone_hz) > 1.0, "channel {channel}: nothing after the pause");
        let secret = kept.share_of(channel, BEN_HZ);
        assert!(secret < 0.2, "channel {channel}: what was said in the pause is there: {secret}");
    }
}

/// The longest row of samples that are all zero.
fn longest_silence(samples: &[f64]) -> std::ops::Range<usize> {
    let mut longest = 0..0;
    let mut from = 0;
    for (place, sample) in samples.iter().enumerate() {
        if *sample != 0.0 {
            from = place + 1;
        } else if place + 1 - from > longest.len() {
            longest = from..place + 1;
        }
    }
    longest
}

fn audited(admin: &end_to_end::api::Api) {
    let log = admin.list("/audit");
    for action in ["recording.paused", "recording.resumed", "recording.stopped", "recording.started"] {
        let entry: Option<&Value> = log.iter().find(|entry| entry["action"] == action);
        assert!(entry.is_some_and(|entry| entry["subject_kind"] == "call"), "{action}: {log:?}");
    }
}

/// Keyed by INFO (`caller_keys.xml`) in the pause and after it.
const HIDDEN_KEY: &str = "Signal=4";
const SEEN_KEY: &str = "Signal=7";

/// A pause that no recording ends: what is keyed in it is masked in the ladder and in the capture, and
/// what is keyed after it is not.
fn keys_are_hidden_in_the_pause_alone(policy: &str, caller: &str) {
    let hub = Hub::start_configured(&[("CENTRALITA_CALLS__RECORD_INBOUND", policy)]);
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.plug_in(&hub);
    agent.ready();
    let mut phone = agent.phone(&hub, "agent_answers").start(&hub.sip());
    let mut customer = Scenario::new("caller_keys", hub.phone_folder("customer"))
        .caller(caller)
        .service(SUPPORT_NUMBER)
        .start(&hub.sip());
    let mine = agent.becomes("talking");
    assert_eq!(mine["current"]["recording"], "off", "{mine}");
    let call = mine["current"]["id"].as_str().expect("a call").to_owned();

    let paused = agent.api.post("/calls/current/recording/pause", &json!({}));
    assert_eq!(paused["state"], "paused", "{paused}");
    customer.go_on();
    eventually("the first key", || customer.messages().contains("CSeq: 2 INFO\r\nServer").then_some(()));
    let resumed = agent.api.post("/calls/current/recording/resume", &json!({}));
    assert_eq!(resumed["state"], "off", "{resumed}");
    customer.go_on();
    eventually("the second key", || customer.messages().contains("CSeq: 3 INFO\r\nServer").then_some(()));
    customer.go_on();
    customer.succeed();
    phone.succeed();

    let supervisor = hub.api("supervisor");
    let ended = finished_call(&supervisor, caller);
    assert_eq!(ended["recording_ids"], json!([]), "{ended}");
    let trace = supervisor.get(&format!("/calls/{call}/trace"));
    let texts = |trace: &Value| {
        let messages = trace["messages"].as_array().expect("messages").clone();
        let infos = messages.into_iter().filter(|message| message["text"].to_string().contains("INFO sip:"));
        infos.map(|message| message["text"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    let infos = texts(&trace);
    assert_eq!(infos.len(), 2, "{trace}");
    assert!(
        infos[0].contains("CSeq: 2 INFO") && infos[0].ends_with("xxxxxxxx\r\nxxxxxxxxxxxx\r\n"),
        "{infos:?}"
    );
    assert!(infos[1].contains("CSeq: 3 INFO") && infos[1].contains(SEEN_KEY), "{infos:?}");
    let (_, capture) = supervisor.bytes(&format!("/calls/{call}/trace.pcap"));
    assert!(!holds(&capture, HIDDEN_KEY) && holds(&capture, SEEN_KEY), "{policy}: the capture");
    for (path, bytes) in written(&hub) {
        assert!(!holds(&bytes, HIDDEN_KEY), "{HIDDEN_KEY} is in {}", path.display());
    }
}

#[test]
fn keys_of_a_pause_without_a_recording_are_hidden_and_later_ones_seen() {
    keys_are_hidden_in_the_pause_alone("never", "+34600444005");
    keys_are_hidden_in_the_pause_alone("on_demand", "+34600444006");
}
