//! Comfort noise (RFC 3389), and what a listener gets from who says nothing.

use std::net::SocketAddr;
use std::time::Instant;

use media::CodecKind::{G722, Opus, Pcmu};
use media::{Channel, CodecKind, Direction, LegId};

use crate::phone::{PATIENCE, Phone};
use crate::room::Room;
use crate::talker::{TURN, Talker, converse};

/// The static payload type (RFC 3389 section 4), and one that an offer may name instead.
const NOISE: u8 = 13;
const OTHER_NOISE: u8 = 98;
/// As payloads say it: dBov below full scale.
const LEVEL_DBOV: u8 = 45;
/// What codecs and resamplers make of noise.
const TOLERANCE_DB: f64 = 6.0;

/// The phone takes comfort noise as this payload type from now on.
fn agree(room: &mut Room, leg: LegId, phone: &Phone, kind: CodecKind, noise: u8) {
    let remote = media::Remote { comfort_noise: Some(noise), ..phone.remote(kind) };
    room.session.connect(leg, remote);
    room.settle();
}

/// Mean power in dB below full scale.
fn level_dbov(sound: &[i16]) -> f64 {
    let power: f64 = sound.iter().map(|sample| (f64::from(*sample) / 32_768.0).powi(2)).sum();
    -10.0 * (power / sound.len() as f64).max(1e-12).log10()
}

/// Two who speak different codecs, bridged; the left one has agreed to comfort noise.
fn converted(right: CodecKind) -> (Room, [(Talker, SocketAddr); 2], LegId) {
    let mut room = Room::new();
    let (left, right) = (Talker::new(1, Pcmu, 400.0), Talker::new(2, right, 700.0));
    let a = room.join(&left.phone, Channel::Left, left.kind);
    let b = room.join(&right.phone, Channel::Right, right.kind);
    agree(&mut room, a.id, &left.phone, Pcmu, NOISE);
    room.session.bridge(a.id, b.id);
    room.settle();
    (room, [(left, a.local), (right, b.local)], b.id)
}

/// The listener alone, for so many packets.
fn listen(listener: &mut Talker, packets: usize) {
    let (deadline, wanted) = (Instant::now() + PATIENCE, listener.heard.len() + packets);
    while listener.heard.len() < wanted {
        assert!(Instant::now() < deadline, "{} of {wanted} packets", listener.heard.len());
        std::thread::sleep(TURN / 4);
        listener.listen();
    }
}

/// Each packet one number and 20 ms after the one before.
fn assert_unbroken(talker: &Talker) {
    for pair in talker.heard.windows(2) {
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        assert_eq!(pair[1].timestamp, pair[0].timestamp.wrapping_add(talker.kind.clock_hz() / 50));
        assert_eq!(pair[1].ssrc, pair[0].ssrc);
    }
}

#[test]
fn noise_passes_untouched_between_those_who_know_it() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    agree(&mut room, a.id, &alice, Pcmu, NOISE);
    agree(&mut room, b.id, &bob, Pcmu, OTHER_NOISE);
    alice.say(a.local, Pcmu, &[1; 160]);
    let mut before = bob.hear();
    while before.payload != [1; 160] {
        before = bob.hear();
    }
    let described = [LEVEL_DBOV, 60, 150, 120];
    alice.send(a.local, false, NOISE, &described);
    let noise = bob.hear();
    assert_eq!((noise.payload_type, noise.payload), (OTHER_NOISE, described.to_vec()));
    assert_eq!((noise.ssrc, noise.sequence), (before.ssrc, before.sequence.wrapping_add(1)));
    assert_eq!(noise.timestamp, before.timestamp.wrapping_add(160));
    // Half a second later she speaks: the timestamp alone tells of the pause.
    alice.timestamp = alice.timestamp.wrapping_add(4_000);
    alice.say(a.local, Pcmu, &[2; 160]);
    let voice = bob.hear();
    assert_eq!((voice.payload_type, voice.sequence), (0, noise.sequence.wrapping_add(1)));
    assert_eq!(voice.timestamp, noise.timestamp.wrapping_add(4_000));
    bob.send(b.local, false, OTHER_NOISE, &[60]);
    // What Bob said when he came may still be waiting before it.
    let heard = std::iter::repeat_with(|| alice.hear()).find(|packet| packet.payload == [60]);
    assert_eq!(heard.map(|packet| packet.payload_type), Some(NOISE));
}

#[test]
fn noise_is_heard_at_its_level_by_who_knows_none() {
    for kind in [Pcmu, G722, Opus] {
        let (_room, mut talkers, _) = converted(kind);
        converse(&mut talkers, 20);
        let [(alice, to), (bob, _)] = &mut talkers;
        alice.phone.send(*to, false, NOISE, &[LEVEL_DBOV]);
        // What was under way before it is heard out.
        listen(bob, 25);
        bob.sound.clear();
        listen(bob, 50);
        let level = level_dbov(&bob.sound);
        assert!(
            (level - f64::from(LEVEL_DBOV)).abs() < TOLERANCE_DB,
            "{kind:?}: {level:.1} dB below full scale"
        );
        assert_eq!(bob.pieces_with(400.0, 0.5).0, 0, "{kind:?}: nobody speaks");
        assert!(
            bob.heard.iter().all(|packet| packet.payload_type != NOISE),
            "{kind:?}: it was agreed with Alice alone"
        );
        assert_unbroken(bob);
    }
}

#[test]
fn who_says_nothing_is_heard_as_one_stream() {
    for kind in [G722, Opus] {
        let (_room, mut talkers, _) = converted(kind);
        converse(&mut talkers, 20);
        // Not a packet from her, and no word of noise either.
        listen(&mut talkers[1].0, 25);
        talkers[1].0.sound.clear();
        listen(&mut talkers[1].0, 25);
        let level = level_dbov(&talkers[1].0.sound);
        assert!(level > 70.0, "{kind:?}: silence, not {level:.1} dB below full scale");
        talkers[0].0.phone.timestamp = talkers[0].0.phone.timestamp.wrapping_add(50 * 160);
        talkers[1].0.sound.clear();
        converse(&mut talkers, 50);
        let (with, all) = talkers[1].0.pieces_with(400.0, 0.9);
        assert!(with * 10 >= all * 6, "{kind:?}: she is back in {with} of {all}");
        assert_unbroken(&talkers[1].0);
    }
}

#[test]
fn after_a_hold_the_converted_stream_goes_on() {
    for kind in [G722, Opus] {
        let (mut room, mut talkers, b) = converted(kind);
        converse(&mut talkers, 20);
        let held = media::Remote { direction: Direction::Inactive, ..talkers[1].0.phone.remote(kind) };
        room.session.connect(b, held);
        room.settle();
        talkers[1].0.listen();
        let before = talkers[1].0.heard.last().expect("heard before the hold").clone();
        talkers[1].0.heard.clear();
        converse(&mut talkers, 20);
        assert!(talkers[1].0.heard.is_empty(), "{kind:?}: nothing is sent to who holds");
        room.session.connect(b, talkers[1].0.phone.remote(kind));
        room.settle();
        converse(&mut talkers, 20);
        let after = talkers[1].0.heard.first().expect("heard after the hold");
        assert!(after.marker, "{kind:?}: a talkspurt begins");
        assert_eq!((after.ssrc, after.sequence), (before.ssrc, before.sequence.wrapping_add(1)));
        let passed = after.timestamp.wrapping_sub(before.timestamp);
        // 400 ms at the least, and far from a fresh random number.
        assert!(
            (kind.clock_hz() * 4 / 10..kind.clock_hz() * 20).contains(&passed),
            "{kind:?}: {passed} ticks"
        );
        assert_unbroken(&talkers[1].0);
    }
}
