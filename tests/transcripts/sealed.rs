//! Recordings that are sealed as they are written: nothing plain on the disk, not even after a death.

use std::path::{Path, PathBuf};
use std::time::Duration;

use end_to_end::records::{finished_call, recording, recording_by_id};
use end_to_end::sipp::{Scenario, Sipp};
use end_to_end::sound::energy_share;
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER};

const CUSTOMER_HZ: f64 = 440.0;
const AGENT_HZ: f64 = 880.0;

fn recordings_below(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() { recordings_below(&entry, into) } else { into.push(entry) }
    }
}

fn recordings(hub: &Hub) -> Vec<PathBuf> {
    let mut files = Vec::new();
    recordings_below(&hub.data().join("recordings"), &mut files);
    files.sort();
    files
}

/// Looks at the file's bytes as if they were stereo sound, at each place that a sample may begin.
fn holds_sound(bytes: &[u8]) -> bool {
    (0..4).any(|start| {
        let samples: Vec<f64> = bytes[start..]
            .chunks_exact(4)
            .map(|frame| f64::from(i16::from_le_bytes([frame[0], frame[1]])) / 32_768.0)
            .collect();
        let heard = |hz| samples.chunks_exact(800).any(|part| energy_share(part, hz, 8_000) > 0.2);
        heard(CUSTOMER_HZ) || heard(AGENT_HZ)
    })
}

fn nothing_plain(hub: &Hub) {
    let files = recordings(hub);
    assert!(!files.is_empty(), "nothing was recorded");
    for file in files {
        let bytes = std::fs::read(&file).expect("a recording can be read");
        assert!(file.extension().is_some_and(|ending| ending == "sealed"), "{}", file.display());
        assert!(bytes.len() > 64_000, "{} has {} bytes", file.display(), bytes.len());
        assert!(!bytes.windows(4).any(|four| four == b"RIFF" || four == b"WAVE"), "{}", file.display());
        assert!(!holds_sound(&bytes), "a tone is in {}", file.display());
    }
}

fn talking(hub: &Hub, caller: &str) -> (AgentDesk, Sipp, Sipp) {
    let agent = AgentDesk::first_of(hub, SUPPORT);
    agent.plug_in(hub);
    agent.ready();
    let phone = agent.phone(hub, "agent_answers").tone(AGENT_HZ).start(&hub.sip());
    let customer = Scenario::new("caller", hub.phone_folder("customer"))
        .caller(caller)
        .service(SUPPORT_NUMBER)
        .tone(CUSTOMER_HZ)
        .start(&hub.sip());
    agent.becomes("talking");
    std::thread::sleep(Duration::from_secs(6));
    (agent, phone, customer)
}

#[test]
fn a_sealed_recording_outlives_a_death_and_a_change_of_keys() {
    let keys = end_to_end::folder::Folder::new();
    let (key, old) = (keys.path().join("recordings.key"), keys.path().join("old"));
    std::fs::create_dir(&old).expect("a folder");
    let mut hub = Hub::start_configured(&[
        ("CENTRALITA_RECORDINGS__KEY_FILE", &key.display().to_string()),
        ("CENTRALITA_RECORDINGS__OLD_KEYS_DIR", &old.display().to_string()),
    ]);
    drop(talking(&hub, "+34600444200"));
    hub.kill();
    nothing_plain(&hub);

    // The key is changed while the hub is away.
    std::fs::rename(&key, old.join("first")).expect("moved");
    hub.boot();
    let supervisor = hub.api("supervisor");
    let call = finished_call(&supervisor, "+34600444200");
    assert_eq!(call["end_cause"], "server_restart", "{call}");
    let sound = recording(&supervisor, &call);
    // Six seconds were talked. One may be lost; the rest of the allowance is for a busy machine.
    assert!(sound.seconds_of(0, CUSTOMER_HZ) > 3.0, "{} s of the customer", sound.seconds_of(0, CUSTOMER_HZ));
    assert!(sound.seconds_of(1, AGENT_HZ) > 3.0, "{} s of the agent", sound.seconds_of(1, AGENT_HZ));
    assert!(key.is_file(), "a new key was made");

    let id = call["recording_ids"][0].as_str().expect("an id");
    let audio = format!("/recordings/{id}/audio");
    let (_, whole) = supervisor.bytes(&audio);
    let (status, range, part) = supervisor.range(&audio, 20_000, 20_999);
    assert_eq!((status, part.len()), (206, 1_000), "{range}");
    assert_eq!(part, whole[20_000..21_000]);
    let shape = supervisor.get(&format!("/recordings/{id}/waveform?buckets=50"));
    assert!(shape["duration_ms"].as_u64().is_some_and(|ms| ms > 3_000), "{shape}");

    // Without its key it is there, but nobody hears it; with it, it is heard again.
    hub.kill();
    std::fs::rename(old.join("first"), keys.path().join("away")).expect("moved");
    hub.boot();
    let supervisor = hub.api("supervisor");
    assert_eq!(supervisor.ask("GET", &audio, None).status, 409);
    hub.kill();
    std::fs::rename(keys.path().join("away"), old.join("first")).expect("moved");
    hub.boot();
    let again = recording_by_id(&hub.api("supervisor"), id);
    assert!(again.seconds_of(0, CUSTOMER_HZ) > 3.0);
    nothing_plain(&hub);
}
