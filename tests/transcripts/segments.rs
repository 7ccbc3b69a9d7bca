//! One recording of a customer's whole call, which says who talked when, and what was between: held
//! against what is heard in it.

use std::time::{Duration, Instant};

use end_to_end::baresip::{Baresip, Setup};
use end_to_end::records::{finished_call, recording_by_id};
use end_to_end::sound::{Sound, energy_share};
use end_to_end::{AgentDesk, Hub, SUPPORT, SUPPORT_NUMBER, eventually};
use serde_json::{Value, json};

const CUSTOMER: &str = "+34600333021";
const CUSTOMER_HZ: f64 = 440.0;
const ANA_HZ: f64 = 880.0;
const BEN_HZ: f64 = 660.0;
/// Between a segment's end and what is heard there.
const HEARD_WITHIN_S: f64 = 0.5;
/// Between a segment's length and the test's own clock, which waits for answers of the API.
const CLOCK_WITHIN_S: f64 = 1.0;

fn phone(hub: &Hub, username: &str, password: Option<&str>, tone_hz: f64) -> Baresip {
    Setup {
        folder: hub.phone_folder(username),
        hub: &hub.sip(),
        username,
        password,
        answers: password.is_some(),
        dials: password.is_none().then_some(SUPPORT_NUMBER),
        tone_hz,
        transport: "udp",
    }
    .start()
}

fn desk(hub: &Hub, agent: &AgentDesk, tone_hz: f64) -> Baresip {
    let phone = phone(hub, &agent.username, Some(&agent.password), tone_hz);
    agent.use_desk_phone();
    phone
}

/// Nothing is asserted about its length.
fn talk() {
    std::thread::sleep(Duration::from_secs(3));
}

/// A segment as the API shows it, in seconds.
#[derive(Debug)]
struct Segment {
    kind: String,
    from: f64,
    to: f64,
    who: String,
}

fn read(segments: &Value) -> Vec<Segment> {
    let seconds = |value: &Value| value.as_f64().expect("a time") / 1_000.0;
    let one = |segment: &Value| Segment {
        kind: segment["kind"].as_str().expect("a kind").to_owned(),
        from: seconds(&segment["from_ms"]),
        to: seconds(&segment["to_ms"]),
        who: segment["user_name"].as_str().unwrap_or_default().to_owned(),
    };
    segments.as_array().expect("segments").iter().map(one).collect()
}

/// How much of the inner part of a stretch is this tone, 0 to 1.
fn share(sound: &Sound, channel: usize, segment: &Segment, hz: f64) -> f64 {
    let at = |seconds: f64| (seconds * f64::from(sound.rate_hz)) as usize;
    let (from, to) = (at(segment.from + HEARD_WITHIN_S), at(segment.to - HEARD_WITHIN_S));
    energy_share(&sound.channels[channel][from..to], hz, sound.rate_hz)
}

#[test]
fn a_recording_says_who_talked_when_and_what_was_between() {
    let hub = Hub::start();
    let mut desks = AgentDesk::all_of(&hub, SUPPORT).into_iter();
    let (ana, ben) = (desks.next().expect("an agent"), desks.next().expect("another"));
    let mut phones = [desk(&hub, &ana, ANA_HZ), desk(&hub, &ben, BEN_HZ)];
    ana.ready();
    ben.not_ready();
    let mut customer = phone(&hub, CUSTOMER, None, CUSTOMER_HZ);
    let mine = ana.becomes("talking");
    let call = mine["current"]["id"].as_str().expect("a call").to_owned();
    let (ana_id, ana_name) = (mine["agent"]["id"].clone(), mine["agent"]["display_name"].clone());
    let theirs = ben.becomes("not_ready");
    let (ben_id, ben_name) = (theirs["agent"]["id"].clone(), theirs["agent"]["display_name"].clone());
    let press = |agent: &AgentDesk, button: &str, body: &Value| {
        agent.api.post(&format!("/calls/{call}/{button}"), body);
        Instant::now()
    };
    let to = |id: &Value| json!({"to": {"kind": "agent", "user_id": id}});
    let stands = |state: &str| {
        eventually(&format!("the recording to be {state}"), || {
            let now = ana.becomes("talking")["current"]["recording"].clone();
            (now == state).then_some(())
        });
    };
    stands("on");
    talk();
    let held = press(&ana, "hold", &json!({}));
    talk();
    let held = press(&ana, "resume", &json!({})) - held;
    talk();
    press(&ana, "recording/pause", &json!({}));
    talk();
    press(&ana, "recording/resume", &json!({}));
    stands("on");
    talk();
    let consulted = press(&ana, "consult", &to(&ben_id));
    ben.becomes("talking");
    talk();
    let consulted = press(&ana, "consult/complete", &json!({})) - consulted;
    ana.becomes("wrap_up");
    talk();
    ana.finish_wrap_up();
    ana.not_ready();
    press(&ben, "transfer", &to(&ana_id));
    ana.becomes("talking");
    talk();
    customer.hang_up();
    let supervisor = hub.api("supervisor");
    let ended = finished_call(&supervisor, CUSTOMER);
    for phone in &mut phones {
        phone.hang_up();
    }

    let ids = ended["recording_ids"].as_array().expect("recordings");
    assert_eq!(ids.len(), 1, "one recording of the whole call: {ended}");
    let id = ids[0].as_str().expect("an id");
    let sound = recording_by_id(&supervisor, id);
    let recording = supervisor.get(&format!("/recordings/{id}"));
    let segments = supervisor.get(&format!("/recordings/{id}/segments"));
    let told = read(&segments);
    let (ana, ben) = (ana_name.as_str().expect("a name"), ben_name.as_str().expect("a name"));
    let kinds: Vec<(&str, &str)> = told.iter().map(|it| (it.kind.as_str(), it.who.as_str())).collect();
    let wanted = [
        ("talk", ana),
        ("hold", ana),
        ("talk", ana),
        ("pause", ana),
        ("talk", ana),
        ("consult", ana),
        ("talk", ben),
        ("transfer", ""),
        ("talk", ana),
    ];
    assert_eq!(kinds, wanted, "{segments}");
    // From the first sound to the last, without gaps.
    assert_eq!(told[0].from, 0.0);
    for (one, next) in told.iter().zip(told.iter().skip(1)) {
        assert_eq!(one.to, next.from, "a gap: {told:?}");
    }
    assert_eq!(segments[8]["to_ms"], recording["duration_ms"], "{recording}");
    // As long as it took.
    for (segment, took) in [(&told[1], held), (&told[5], consulted)] {
        let off = segment.to - segment.from - took.as_secs_f64();
        assert!(off.abs() < CLOCK_WITHIN_S, "{segment:?} lasted {took:?}");
    }
    // And what is heard there is what it says.
    for (place, hz) in [(0, ANA_HZ), (2, ANA_HZ), (4, ANA_HZ), (6, BEN_HZ), (8, ANA_HZ)] {
        let heard = (share(&sound, 0, &told[place], CUSTOMER_HZ), share(&sound, 1, &told[place], hz));
        assert!(heard.0 > 0.5 && heard.1 > 0.5, "{:?}: {heard:?}", told[place]);
    }
    silent_in(&sound, &told[3]);
}

/// The stretch without any sound is where the pause is said to be.
fn silent_in(sound: &Sound, pause: &Segment) {
    let second = f64::from(sound.rate_hz);
    let place = |seconds: f64| (seconds * second) as usize;
    let samples = &sound.channels[0];
    let inner = &samples[place(pause.from + 0.05)..place(pause.to - 0.05)];
    assert!(inner.iter().all(|sample| *sample == 0.0), "{pause:?} is not silent");
    for around in [
        &samples[place(pause.from - 2.0 * HEARD_WITHIN_S)..place(pause.from - HEARD_WITHIN_S)],
        &samples[place(pause.to + HEARD_WITHIN_S)..place(pause.to + 2.0 * HEARD_WITHIN_S)],
    ] {
        assert!(around.iter().any(|sample| *sample != 0.0), "{pause:?} is silent beyond its ends");
    }
}
