//! Strangers, noise and silence.

use std::time::{Duration, Instant};

use media::CodecKind::Pcmu;
use media::{Channel, Event};
use rand::{RngExt as _, SeedableRng as _};

use crate::phone::{PATIENCE, Phone};
use crate::room::Room;

#[test]
fn a_stranger_is_not_heard_and_hears_nothing() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let mut mallory = Phone::new(1);
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    // Same SSRC, good numbers, wrong source.
    mallory.sequence = alice.sequence;
    for _ in 0..20 {
        mallory.say(a.local, Pcmu, &[0x66; 160]);
    }
    alice.say(a.local, Pcmu, &[0x11; 160]);
    assert_eq!(bob.hear().payload, [0x11; 160]);
    bob.say(b.local, Pcmu, &[0x22; 160]);
    assert_eq!(alice.hear().payload, [0x22; 160]);
    assert!(mallory.hears_nothing());
    assert!(bob.hears_nothing());
    room.wait("strangers are counted", |stats| stats.refused == 20);
    room.session.remove_leg(a.id);
    let closed = room.expect(|event| matches!(event, Event::LegClosed { .. }));
    assert!(matches!(closed, Event::LegClosed { stats, .. } if stats.refused == 20));
}

#[test]
fn a_phone_behind_a_translator_is_found() {
    let mut room = Room::new();
    let mut alice = Phone::new(1);
    let leg = room.session.add_leg(Channel::Left).expect("a leg");
    let mut remote = alice.remote(Pcmu);
    remote.addr = "10.99.88.77:4000".parse().expect("an address");
    room.session.connect(leg.id, remote);
    room.settle();
    alice.say(leg.local, Pcmu, &[0xff; 160]);
    let latched = room.expect(|event| matches!(event, Event::Latched { .. }));
    assert_eq!(latched, Event::Latched { leg: leg.id, addr: alice.addr() });
    let prompt = std::sync::Arc::new(media::Prompt::tone(440.0, 40));
    room.session.play(leg.id, prompt, media::Repeat::Once);
    assert_eq!(alice.hear().payload.len(), 160);
}

#[test]
fn a_re_invite_with_a_new_address_moves_the_leg() {
    let mut room = Room::new();
    let (mut alice, mut bob, mut desk) = (Phone::new(1), Phone::new(2), Phone::new(3));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    room.session.connect(a.id, desk.remote(Pcmu));
    room.settle();
    bob.say(b.local, Pcmu, &[1; 160]);
    assert_eq!(desk.hear().payload, [1; 160], "before it has said a word");
    desk.say(a.local, Pcmu, &[2; 160]);
    assert_eq!(bob.hear().payload, [2; 160]);
    alice.say(a.local, Pcmu, &[3; 160]);
    desk.say(a.local, Pcmu, &[4; 160]);
    assert_eq!(bob.hear().payload, [4; 160]);
    assert!(alice.hears_nothing());
}

#[test]
fn before_connect_nothing_is_accepted() {
    let room = Room::new();
    let mut alice = Phone::new(1);
    let leg = room.session.add_leg(Channel::Left).expect("a leg");
    alice.say(leg.local, Pcmu, &[0xff; 160]);
    room.wait("it is refused", |stats| stats.refused == 1);
    assert_eq!(room.media.stats().packets_in, 0);
}

#[test]
fn noise_is_survived_and_counted() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    let rtcp = std::net::SocketAddr::new(a.local.ip(), a.local.port() + 1);
    let mut random = rand::rngs::StdRng::seed_from_u64(0x5eed);
    // From the latched source itself, to both ports, in every size.
    for _ in 0..2_000 {
        let mut noise = vec![0u8; random.random_range(0..3_000)];
        random.fill(&mut noise[..]);
        if let Some(first) = noise.first_mut() {
            *first = 0x80 | (*first & 0x3f);
        }
        alice.rtp.send_to(&noise, a.local).expect("sent");
        alice.rtcp.send_to(&noise, rtcp).expect("sent");
    }
    let voice = [0x42; 33];
    // The noise may have moved the stream anywhere; a good packet still gets through.
    alice.ssrc = 77;
    let deadline = Instant::now() + PATIENCE;
    let mut heard = false;
    while !heard {
        assert!(Instant::now() < deadline, "the good packet never came");
        // Said again while the socket's buffer is still full of noise.
        alice.say(a.local, Pcmu, &voice);
        std::thread::sleep(Duration::from_millis(20));
        heard = std::iter::from_fn(|| bob.hear_if_any()).any(|packet| packet.payload == voice);
    }
    room.wait("noise is counted", |stats| stats.refused > 1_000);
}

#[test]
fn a_flood_of_keys_does_not_drown_the_other_events() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    for _ in 0..3_000 {
        alice.send(a.local, true, crate::phone::EVENT, &[5, 0x8a, 1, 0x90]);
        alice.timestamp = alice.timestamp.wrapping_add(400);
        // The socket's buffer is not what is tested.
        if alice.sequence % 100 == 0 {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    room.session.close();
    room.expect(|event| matches!(event, Event::LegClosed { leg, .. } if *leg == a.id));
    assert_eq!(room.media.stats().events_lost, 0);
}

#[test]
fn gaps_are_counted_and_doubles_are_not() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    for turn in 0..20 {
        if turn == 5 || turn == 6 || turn == 12 {
            alice.sequence = alice.sequence.wrapping_add(1);
            alice.timestamp = alice.timestamp.wrapping_add(160);
            continue;
        }
        alice.say(a.local, Pcmu, &[0; 160]);
    }
    room.wait("two gaps, three packets", |stats| (stats.gaps, stats.lost) == (2, 3));
    room.session.remove_leg(a.id);
    let closed = room.expect(|event| matches!(event, Event::LegClosed { .. }));
    let Event::LegClosed { stats, .. } = closed else {
        unreachable!("matched above");
    };
    assert_eq!((stats.gaps, stats.lost, stats.packets_in), (2, 3, 18));
    assert_eq!(room.media.stats().lost, 3, "kept after the leg is gone");
}

#[test]
fn a_silent_leg_is_told_once_and_again_after_a_word() {
    let mut room = Room::with(|config| config.rtp_inactivity = Duration::from_millis(300));
    let mut alice = Phone::new(1);
    let leg = room.join(&alice, Channel::Left, Pcmu);
    for _ in 0..2 {
        let event = room.expect(|event| matches!(event, Event::Inactive { .. }));
        let Event::Inactive { leg: silent, silent_ms } = event else {
            unreachable!("matched above");
        };
        assert_eq!(silent, leg.id);
        assert!(silent_ms >= 300, "{silent_ms}");
        alice.say(leg.local, Pcmu, &[0xff; 160]);
    }
}
