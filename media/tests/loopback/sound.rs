//! Legs that do not speak the same codec, and more than two of them.

use media::CodecKind::{G722, G729, Opus, Pcma, Pcmu};
use media::{Channel, Codec, CodecKind, Event, Prompt, Repeat};

use crate::phone::{EVENT, Phone};
use crate::room::{Folder, Room};
use crate::talker::{Talker, converse};

/// A leg for the talker, connected.
fn join(room: &mut Room, talker: Talker, channel: Channel) -> (media::LegId, (Talker, std::net::SocketAddr)) {
    let leg = room.join(&talker.phone, channel, talker.kind);
    (leg.id, (talker, leg.local))
}

/// One stream without a break: each packet one number and 20 ms after the one before.
fn assert_unbroken(talker: &Talker) {
    for pair in talker.heard.windows(2) {
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        assert_eq!(pair[1].timestamp, pair[0].timestamp.wrapping_add(talker.kind.clock_hz() / 50));
        assert_eq!(pair[1].ssrc, pair[0].ssrc);
    }
}

#[test]
fn every_codec_reaches_every_other() {
    let kinds = [Pcmu, Pcma, G722, Opus];
    let (mut rooms, mut talkers) = (Vec::new(), Vec::new());
    for (at, left) in kinds.into_iter().enumerate() {
        for right in kinds.into_iter().skip(at + 1) {
            let mut room = Room::new();
            let (a, left) = join(&mut room, Talker::new(1, left, 400.0), Channel::Left);
            let (b, right) = join(&mut room, Talker::new(2, right, 700.0), Channel::Right);
            room.session.bridge(a, b);
            talkers.extend([left, right]);
            rooms.push(room);
        }
    }
    converse(&mut talkers, 100);
    for pair in talkers.chunks_exact(2) {
        let [(left, _), (right, _)] = pair else {
            unreachable!("two by two");
        };
        for (hears, own_hz, other_hz) in [(left, 400.0, 700.0), (right, 700.0, 400.0)] {
            let (with, all) = hears.pieces_with(other_hz, 0.9);
            // The jitter buffer, and a machine that stalls.
            assert!(
                with * 10 >= all * 7 && all >= 15,
                "{:?} to {:?}: {with} of {all}",
                left.kind,
                right.kind
            );
            assert_eq!(hears.pieces_with(own_hz, 0.3).0, 0, "its own voice");
        }
        // The two laws are relayed, gaps and all; the rest is ours.
        if left.kind.is_wideband() || right.kind.is_wideband() {
            assert_unbroken(left);
            assert_unbroken(right);
        }
    }
}

#[test]
fn a_conference_hears_all_but_itself() {
    let tones = [400.0, 700.0, 1_100.0, 1_500.0];
    let mut room = Room::new();
    let (mut ids, mut talkers) = (Vec::new(), Vec::new());
    for (kind, tone_hz) in [Pcmu, Opus, G722, Pcma].into_iter().zip(tones) {
        let (id, talker) = join(&mut room, Talker::new(tone_hz as u32, kind, tone_hz), Channel::Left);
        ids.push(id);
        talkers.push(talker);
    }
    room.session.conference(&ids);
    converse(&mut talkers, 100);
    for ((talker, _), own_hz) in talkers.iter().zip(tones) {
        for tone_hz in tones {
            // Three voices share what is heard, one third each.
            let (with, all) = talker.pieces_with(tone_hz, 0.2);
            if tone_hz == own_hz {
                assert_eq!(talker.pieces_with(tone_hz, 0.05).0, 0, "{:?} hears itself", talker.kind);
            } else {
                assert!(with * 10 >= all * 7, "{:?}: {tone_hz} Hz in {with} of {all}", talker.kind);
            }
        }
        assert_unbroken(talker);
    }
    // One leaves: the others go on.
    room.session.remove_leg(ids[3]);
    talkers.pop();
    talkers.iter_mut().for_each(|(talker, _)| talker.sound.clear());
    converse(&mut talkers, 50);
    for (talker, _) in &talkers {
        let (with, all) = talker.pieces_with(1_500.0, 0.2);
        assert!(with <= 3, "who has left is heard in {with} of {all}");
        assert_unbroken(talker);
    }
}

#[test]
fn sixteen_confer_and_a_nineteenth_leg_is_refused() {
    let mut room = Room::new();
    let (mut ids, mut talkers) = (Vec::new(), Vec::new());
    for at in 0..16 {
        let (id, talker) =
            join(&mut room, Talker::new(at, Pcmu, 300.0 + 150.0 * f64::from(at)), Channel::Left);
        ids.push(id);
        talkers.push(talker);
    }
    room.session.conference(&ids);
    // One speaks, the others listen.
    let (mut speaker, to) = talkers.remove(0);
    for _ in 0..50 {
        speaker.say(to);
        std::thread::sleep(crate::talker::TURN);
    }
    for (talker, _) in &mut talkers {
        talker.listen();
        let (with, all) = talker.pieces_with(300.0, 0.9);
        assert!(with * 10 >= all * 5 && all >= 5, "{with} of {all}");
    }
    for _ in 0..2 {
        room.session.add_leg(Channel::Right).expect("there is room for eighteen");
    }
    assert!(room.session.add_leg(Channel::Right).is_err());
}

#[test]
fn who_listens_in_is_not_heard_unless_whispering() {
    let mut room = Room::new();
    let (customer, a) = join(&mut room, Talker::new(1, Pcma, 400.0), Channel::Left);
    let (agent, b) = join(&mut room, Talker::new(2, Pcma, 700.0), Channel::Right);
    let (supervisor, s) = join(&mut room, Talker::new(3, Opus, 1_100.0), Channel::Right);
    let listening = vec![(customer, agent), (agent, customer), (customer, supervisor), (agent, supervisor)];
    room.session.route(listening.clone());
    let mut talkers = [a, b, s];
    converse(&mut talkers, 60);
    for tone_hz in [400.0, 700.0] {
        let (with, all) = talkers[2].0.pieces_with(tone_hz, 0.3);
        assert!(with * 10 >= all * 6, "the supervisor hears {tone_hz} Hz in {with} of {all}");
    }
    assert_eq!(talkers[0].0.pieces_with(1_100.0, 0.05).0, 0);
    assert_eq!(talkers[1].0.pieces_with(1_100.0, 0.05).0, 0);
    let whispering = listening.into_iter().chain([(supervisor, agent)]).collect();
    room.session.route(whispering);
    talkers.iter_mut().for_each(|(talker, _)| talker.sound.clear());
    converse(&mut talkers, 60);
    let (with, all) = talkers[1].0.pieces_with(1_100.0, 0.3);
    assert!(with * 10 >= all * 6, "the agent hears the whisper in {with} of {all}");
    assert_eq!(talkers[0].0.pieces_with(1_100.0, 0.05).0, 0, "the customer does not");
}

#[test]
fn prompts_are_heard_in_every_codec() {
    for kind in [G722, Opus] {
        let mut room = Room::new();
        let (id, (mut talker, _)) = join(&mut room, Talker::new(1, kind, 400.0), Channel::Left);
        let prompt = std::sync::Arc::new(Prompt::tone(900.0, 600));
        let play = room.session.play(id, prompt, Repeat::Once);
        room.expect(|event| matches!(event, Event::PlayFinished { play: p, .. } if *p == play));
        talker.listen();
        assert_eq!(talker.heard.len(), 30);
        let (with, all) = talker.pieces_with(900.0, 0.9);
        assert!(with + 1 >= all, "{kind:?}: {with} of {all}");
        assert_unbroken(&talker);
    }
}

#[test]
fn keys_cross_in_the_other_clock() {
    let mut room = Room::new();
    let (mut desk, browser) = (Phone::new(1), Phone::new(2));
    let a = room.join(&desk, Channel::Left, Pcmu);
    let b = room.session.add_leg(Channel::Right).expect("a leg");
    let remote = media::Remote { event_clock_hz: 48_000, ..browser.remote(Opus) };
    room.session.connect(b.id, remote);
    room.session.bridge(a.id, b.id);
    room.settle();
    for (end, duration) in [(0, 160_u16), (0, 480), (0x80, 800), (0x80, 800)] {
        let [high, low] = duration.to_be_bytes();
        desk.send(a.local, duration == 160, EVENT, &[5, end | 10, high, low]);
    }
    let digit = room.expect(|event| matches!(event, Event::Digit { .. }));
    assert_eq!(digit, Event::Digit { leg: a.id, digit: '5', duration_ms: 100 });
    let mut heard = Vec::new();
    while heard.len() < 4 {
        let packet = browser.hear();
        if packet.payload_type == EVENT {
            heard.push(packet);
        }
    }
    let durations: Vec<u16> =
        heard.iter().map(|p| u16::from_be_bytes([p.payload[2], p.payload[3]])).collect();
    assert_eq!(durations, [960, 2_880, 4_800, 4_800]);
    assert!(heard.iter().all(|packet| packet.timestamp == heard[0].timestamp && packet.payload[0] == 5));
    assert_eq!(heard.iter().filter(|packet| packet.marker).count(), 1);
}

#[test]
fn g729_is_passed_on_and_never_decoded() {
    let mut room = Room::new();
    let (mut alice, bob) = (Phone::new(1), Phone::new(2));
    let a = room.join(&alice, Channel::Left, G729);
    let b = room.join(&bob, Channel::Right, G729);
    room.session.bridge(a.id, b.id);
    room.settle();
    for turn in 0..10_u8 {
        alice.say(a.local, G729, &[turn; 20]);
        let heard = bob.hear();
        assert_eq!((heard.payload_type, heard.payload), (18, vec![turn; 20]));
    }
}

#[test]
fn a_recording_holds_what_was_decoded() {
    let folder = Folder::new();
    let path = folder.file("call.wav");
    let mut room = Room::new();
    let (a, left) = join(&mut room, Talker::new(1, Opus, 440.0), Channel::Left);
    let (b, right) = join(&mut room, Talker::new(2, Pcma, 880.0), Channel::Right);
    room.session.bridge(a, b);
    room.session.record(path.clone());
    converse(&mut [left, right], 100);
    room.session.stop_recording();
    let is_closed =
        |event: &Event| matches!(event, Event::RecordingClosed { error: None, sample_rate_hz: 16_000, .. });
    room.expect(is_closed);
    let reader = hound::WavReader::open(&path).expect("a playable file");
    let rate_hz = reader.spec().sample_rate;
    assert_eq!(rate_hz, 16_000, "one of them is wide");
    let samples: Vec<i16> = reader.into_samples().map(|s| s.expect("a sample")).collect();
    let sides: (Vec<i16>, Vec<i16>) = samples.chunks_exact(2).map(|frame| (frame[0], frame[1])).unzip();
    for (side, own_hz, other_hz) in [(&sides.0, 440.0, 880.0), (&sides.1, 880.0, 440.0)] {
        let pieces: Vec<&[i16]> = side.chunks_exact(rate_hz as usize / 10).collect();
        let with = |hz: f64, share: f64| {
            pieces.iter().filter(|piece| media::tone::share_of_tone(piece, hz, rate_hz) > share).count()
        };
        assert!(
            with(own_hz, 0.9) * 10 >= pieces.len() * 7,
            "{own_hz}: {} of {}",
            with(own_hz, 0.9),
            pieces.len()
        );
        assert_eq!(with(other_hz, 0.3), 0);
    }
}

#[test]
fn a_change_of_codec_keeps_the_stream() {
    let mut room = Room::new();
    let (a, left) = join(&mut room, Talker::new(1, Pcmu, 400.0), Channel::Left);
    let (b, right) = join(&mut room, Talker::new(2, Pcmu, 700.0), Channel::Right);
    room.session.bridge(a, b);
    let mut talkers = [left, right];
    converse(&mut talkers, 20);
    let before = talkers[1].0.heard.last().expect("heard").clone();
    // A re-INVITE on the left: Opus from now on.
    let remote = talkers[0].0.phone.remote(Opus);
    room.session.connect(a, media::Remote { codec: Codec::well_known(CodecKind::Opus), ..remote });
    room.settle();
    let to = talkers[0].1;
    let mut phone = Talker::new(1, Opus, 400.0);
    std::mem::swap(&mut phone.phone, &mut talkers[0].0.phone);
    talkers[0] = (phone, to);
    talkers[1].0.heard.clear();
    converse(&mut talkers, 60);
    let after = &talkers[1].0.heard;
    assert_eq!(after.last().map(|p| p.ssrc), Some(before.ssrc), "to the right all is one stream");
    let numbers = after.last().map_or(0, |p| p.sequence.wrapping_sub(before.sequence));
    assert!((50..=65).contains(&numbers), "{numbers}");
    let (with, all) = talkers[1].0.pieces_with(400.0, 0.9);
    assert!(with * 10 >= all * 6, "{with} of {all}");
    assert!(talkers[0].0.heard.iter().any(|packet| packet.payload_type == 111));
}
