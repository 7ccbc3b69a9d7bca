//! A paused recording: searched for what was said and keyed meanwhile.

use std::time::{Duration, Instant};

use media::CodecKind::Pcmu;
use media::{Channel, Event, Leg, Mark};

use crate::phone::{EVENT, Phone};
use crate::room::{Folder, Room};

/// The loudest code of either sign, and what the file would hold of it.
const OPEN: u8 = 0x80;
const SECRET: u8 = 0x00;
const OPEN_SAMPLE: i16 = 32_124;
const SECRET_SAMPLE: i16 = -32_124;

/// Both say this for so long.
fn speak(talkers: &mut [(&mut Phone, &Leg)], code: u8, ms: u64) {
    let (began, mut next) = (Instant::now(), Instant::now());
    while began.elapsed() < Duration::from_millis(ms) {
        for (phone, leg) in talkers.iter_mut() {
            phone.say(leg.local, Pcmu, &[code; 160]);
        }
        next += Duration::from_millis(20);
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

fn marked(room: &mut Room) -> (Mark, u64) {
    let event = room.expect(|event| matches!(event, Event::RecordingMarked { .. }));
    let Event::RecordingMarked { mark, offset_ms } = event else {
        unreachable!("matched above");
    };
    (mark, offset_ms)
}

#[test]
fn what_is_said_and_keyed_in_the_pause_is_nowhere() {
    let folder = Folder::new();
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    let file = folder.file("paused.wav");
    room.session.record(file.clone());
    room.settle();
    speak(&mut [(&mut alice, &a), (&mut bob, &b)], OPEN, 400);
    room.session.pause_recording();
    let (mark, paused_ms) = marked(&mut room);
    assert_eq!(mark, Mark::Paused);
    speak(&mut [(&mut alice, &a), (&mut bob, &b)], SECRET, 400);
    alice.send(a.local, true, EVENT, &[7, 0x8a, 3, 0x20]);
    let key = room.expect(|event| matches!(event, Event::Digit { .. } | Event::DigitHidden { .. }));
    assert_eq!(key, Event::DigitHidden { leg: a.id });
    // A leg that joins in the pause is no way around it.
    let mut carol = Phone::new(3);
    let c = room.join(&carol, Channel::Right, Pcmu);
    speak(&mut [(&mut carol, &c)], SECRET, 100);
    // Up to its very end, and still under way after it.
    speak(&mut [(&mut alice, &a)], SECRET, 100);
    room.session.resume_recording();
    speak(&mut [(&mut alice, &a)], SECRET, 100);
    let (mark, resumed_ms) = marked(&mut room);
    assert_eq!(mark, Mark::Resumed);
    assert!(resumed_ms >= paused_ms + 1_100, "{paused_ms} {resumed_ms}");
    speak(&mut [(&mut alice, &a), (&mut bob, &b)], OPEN, 400);
    room.session.mark_recording(5);
    let (mark, asked_ms) = marked(&mut room);
    assert_eq!(mark, Mark::Label(5));
    assert!(asked_ms > resumed_ms);
    alice.timestamp = alice.timestamp.wrapping_add(8_000);
    alice.send(a.local, true, EVENT, &[8, 0x8a, 3, 0x20]);
    let key = room.expect(|event| matches!(event, Event::Digit { .. } | Event::DigitHidden { .. }));
    assert!(matches!(key, Event::Digit { digit: '8', .. }));
    room.session.stop_recording();
    room.expect(|event| matches!(event, Event::RecordingClosed { error: None, .. }));

    let mut reader = hound::WavReader::open(&file).expect("a WAV file");
    let samples: Vec<i16> = reader.samples().map(|sample| sample.expect("a sample")).collect();
    assert!(!samples.contains(&SECRET_SAMPLE));
    let at = |ms: u64| ms as usize * 16;
    assert!(samples[at(paused_ms)..at(resumed_ms)].iter().all(|sample| *sample == 0));
    assert!(samples[..at(paused_ms)].contains(&OPEN_SAMPLE));
    assert!(samples[at(resumed_ms)..].contains(&OPEN_SAMPLE), "the time line holds");
    // It ends with a whole slice of 20 ms.
    assert!(samples.len() + at(40) >= at(asked_ms));
}
