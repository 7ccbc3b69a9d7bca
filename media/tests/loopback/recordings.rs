//! Recordings: who is where, and what a killed process leaves.

use std::path::Path;
use std::time::{Duration, Instant};

use media::CodecKind::{Pcma, Pcmu};
use media::tone::share_of_tone;
use media::{Channel, CodecKind, Event, Prompt, Repeat, wav};

use crate::phone::Phone;
use crate::room::{Folder, Room};

/// Both sides of a recording.
fn sides(path: &Path) -> (Vec<i16>, Vec<i16>) {
    let reader = hound::WavReader::open(path).expect("a playable file");
    let spec = reader.spec();
    assert_eq!((spec.channels, spec.sample_rate), (2, 8_000));
    let samples: Vec<i16> = reader.into_samples().map(|s| s.expect("a sample")).collect();
    samples.chunks_exact(2).map(|frame| (frame[0], frame[1])).unzip()
}

/// Most of the sound is the tone `own_hz`, piece by piece, and none of it `other_hz`. A machine
/// that stalls may tear a piece; it cannot put a voice on the wrong side.
fn assert_tone(samples: &[i16], own_hz: f64, other_hz: f64) {
    // 50 ms hold whole cycles of both tones.
    let pieces: Vec<&[i16]> = samples.chunks_exact(400).collect();
    let with = |hz: f64, share: f64| {
        let count = pieces.iter().filter(|p| share_of_tone(p, hz, 8_000) > share);
        count.count()
    };
    assert!(with(own_hz, 0.95) * 2 > pieces.len(), "{own_hz} Hz is missing");
    assert_eq!(with(other_hz, 0.3), 0, "{other_hz} Hz is on the wrong side");
}

/// A room whose two legs are spoken to by two other rooms that play tones; recorded to `path`.
/// Returns the recorded room and the two that must be kept.
fn two_tones(path: &Path) -> (Room, [Room; 2]) {
    let room = Room::new();
    let mut speakers = Vec::new();
    for (channel, kind, tone_hz) in [(Channel::Left, Pcmu, 440.0), (Channel::Right, Pcma, 880.0)] {
        let speaker = Room::new();
        let near = room.session.add_leg(channel).expect("a leg");
        let far = speaker.session.add_leg(channel).expect("a leg");
        room.session.connect(near.id, remote(far.local, kind));
        speaker.session.connect(far.id, remote(near.local, kind));
        let tone = std::sync::Arc::new(Prompt::tone(tone_hz, 1_000));
        speaker.session.play(far.id, tone, Repeat::Forever);
        speakers.push(speaker);
    }
    room.session.record(path.to_owned());
    let Ok(speakers) = speakers.try_into() else {
        unreachable!("two were pushed");
    };
    (room, speakers)
}

fn remote(local: std::net::SocketAddr, kind: CodecKind) -> media::Remote {
    let body = media::sdp::offer(local, &[kind], media::Direction::SendRecv);
    let description = media::sdp::parse(&body).expect("our own words");
    media::sdp::accept(&description).expect("our own codecs")
}

#[test]
fn each_party_is_on_its_own_channel() {
    let folder = Folder::new();
    let path = folder.file("deep/er/call.wav");
    let (mut room, _speakers) = two_tones(&path);
    room.wait("it runs", |stats| stats.recordings == 1);
    std::thread::sleep(Duration::from_secs(2));
    room.session.stop_recording();
    let event = room.expect(|event| matches!(event, Event::RecordingClosed { .. }));
    let Event::RecordingClosed { path: closed, sample_rate_hz: 8_000, duration_ms, bytes, error } = event
    else {
        unreachable!("matched above");
    };
    assert_eq!((closed.as_path(), error), (path.as_path(), None));
    assert_eq!(bytes, std::fs::metadata(&path).expect("there").len());
    let (left, right) = sides(&path);
    assert_eq!(duration_ms, left.len() as u64 / 8);
    assert!(duration_ms >= 1_900, "{duration_ms}");
    assert_tone(&left, 440.0, 880.0);
    assert_tone(&right, 880.0, 440.0);
    let info = wav::info(&path).expect("ours");
    assert_eq!(wav::repair(&path).expect("in order"), info);
    let wave = wav::peaks(&path, 50).expect("ours");
    let loud = |side: &[u8]| side.iter().filter(|peak| **peak > 80).count();
    assert!(loud(&wave.left) > 25 && loud(&wave.right) > 25);
}

#[test]
fn silence_keeps_its_length() {
    let folder = Folder::new();
    let path = folder.file("quiet.wav");
    let mut room = Room::new();
    let alice = Phone::new(1);
    room.join(&alice, Channel::Left, Pcmu);
    room.session.record(path.clone());
    room.wait("it runs", |stats| stats.recordings == 1);
    let start = Instant::now();
    std::thread::sleep(Duration::from_millis(700));
    let least = start.elapsed().as_millis() as u64;
    room.session.close();
    let event = room.expect(|event| matches!(event, Event::RecordingClosed { .. }));
    let Event::RecordingClosed { duration_ms, .. } = event else {
        unreachable!("matched above");
    };
    // The last slice of 20 ms may be unfinished.
    assert!(duration_ms + 20 >= least, "{duration_ms} of {least}");
    let (left, right) = sides(&path);
    assert!(left.iter().chain(&right).all(|sample| *sample == 0));
}

#[test]
fn what_is_on_disk_in_mid_call_plays_wherever_it_is_cut() {
    let folder = Folder::new();
    let path = folder.file("killed.wav");
    let (room, _speakers) = two_tones(&path);
    let deadline = Instant::now() + Duration::from_secs(20);
    while std::fs::metadata(&path).map_or(0, |file| file.len()) < 48_000 {
        assert!(Instant::now() < deadline, "nothing is written in mid-call");
        std::thread::sleep(Duration::from_millis(20));
    }
    // What kill -9 leaves is what is there at any moment, or less of it.
    let bytes = std::fs::read(&path).expect("there");
    drop(room);
    for cut in [bytes.len(), bytes.len() - 1, 40_003, 20_002, 46, 45, 44, 30, 0] {
        let left_behind = folder.file(&format!("cut-{cut}.wav"));
        std::fs::write(&left_behind, &bytes[..cut]).expect("written");
        let info = wav::repair(&left_behind).expect("repairable");
        let (left, _) = sides(&left_behind);
        assert_eq!(left.len(), cut.saturating_sub(44) / 4);
        assert_eq!(info.duration_ms, left.len() as u64 / 8);
    }
    let (left, right) = sides(&folder.file(&format!("cut-{}.wav", bytes.len())));
    assert_tone(&left, 440.0, 880.0);
    assert_tone(&right, 880.0, 440.0);
}

#[test]
fn an_existing_file_is_not_touched() {
    let folder = Folder::new();
    let path = folder.file("mine.txt");
    std::fs::write(&path, "precious").expect("written");
    let mut room = Room::new();
    room.session.record(path.clone());
    room.session.stop_recording();
    let event = room.expect(|event| matches!(event, Event::RecordingClosed { .. }));
    assert!(matches!(event, Event::RecordingClosed { error: Some(_), .. }));
    assert_eq!(std::fs::read(&path).expect("there"), b"precious");
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = Folder::new();
    std::fs::write(folder.file("file"), "in the way").expect("written");
    let mut room = Room::new();
    room.session.record(folder.file("file/call.wav"));
    room.session.close();
    let event = room.expect(|event| matches!(event, Event::RecordingClosed { .. }));
    let Event::RecordingClosed { duration_ms, error, .. } = event else {
        unreachable!("matched above");
    };
    assert_eq!(duration_ms, 0);
    assert!(error.is_some());
}

#[test]
fn shutdown_completes_recordings() {
    let folder = Folder::new();
    let path = folder.file("call.wav");
    let (mut room, _speakers) = two_tones(&path);
    room.wait("voice comes in", |stats| stats.packets_in > 40);
    room.media.shutdown();
    room.expect(|event| matches!(event, Event::RecordingClosed { error: None, .. }));
    let reader = hound::WavReader::open(&path).expect("complete");
    assert!(reader.duration() > 1_600);
    assert_eq!(room.media.stats().recordings, 0);
    assert!(folder.path().is_dir());
}

#[test]
fn a_second_recording_ends_the_first() {
    let folder = Folder::new();
    let mut room = Room::new();
    room.session.record(folder.file("one.wav"));
    room.session.record(folder.file("two.wav"));
    let first = room.expect(|event| matches!(event, Event::RecordingClosed { .. }));
    assert!(matches!(first, Event::RecordingClosed { path, .. } if path.ends_with("one.wav")));
    room.session.stop_recording();
    let second = room.expect(|event| matches!(event, Event::RecordingClosed { .. }));
    assert!(matches!(second, Event::RecordingClosed { path, .. } if path.ends_with("two.wav")));
}

#[test]
fn a_sealed_recording_is_heard_with_the_key_alone() {
    let folder = Folder::new();
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    let (file, key) = (folder.file("sealed"), media::RecordingKey { id: [1; 16], key: [2; 32] });
    room.session.record_sealed(file.clone(), key);
    room.settle();
    for _ in 0..20 {
        alice.say(a.local, Pcmu, &[0x80; 160]);
        std::thread::sleep(Duration::from_millis(20));
    }
    room.session.stop_recording();
    room.expect(|event| matches!(event, Event::RecordingClosed { error: None, .. }));
    let reader = media::SealedReader::open(&file, &key).expect("the key fits");
    assert!(reader.is_complete());
    let samples: Vec<i16> =
        hound::WavReader::new(reader).expect("a WAV file").into_samples().map(|s| s.expect("one")).collect();
    assert!(samples.contains(&32_124));
    let loud: Vec<u8> = [32_124i16, 0].repeat(20).iter().flat_map(|s| s.to_le_bytes()).collect();
    let disk = std::fs::read(&file).expect("read");
    assert!(!disk.windows(loud.len()).any(|window| window == loud), "nothing plain");
}
