//! Two phones talking through us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use media::CodecKind::{Pcma, Pcmu};
use media::{Channel, Config, Direction, Event, Media, MediaError, StartError};

use crate::phone::Phone;
use crate::room::Room;

#[test]
fn each_hears_the_other_untouched() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcma), (&mut bob, Pcma));
    let mut before = None;
    for turn in 0..50u8 {
        let voice: Vec<u8> = (0..160).map(|at| turn.wrapping_mul(7) ^ at).collect();
        alice.say(a.local, Pcma, &voice);
        let heard = bob.hear();
        assert_eq!(heard.payload, voice);
        assert_eq!(heard.payload_type, 8);
        assert_ne!(heard.ssrc, alice.ssrc, "our own stream");
        if let Some((sequence, timestamp, ssrc)) = before {
            assert_eq!(heard.sequence, u16::wrapping_add(sequence, 1));
            assert_eq!(heard.timestamp, u32::wrapping_add(timestamp, 160));
            assert_eq!(heard.ssrc, ssrc);
        } else {
            assert!(heard.marker);
        }
        before = Some((heard.sequence, heard.timestamp, heard.ssrc));
        bob.say(b.local, Pcma, &voice);
        assert_eq!(alice.hear().payload, voice);
    }
}

#[test]
fn a_dual_stack_room_reaches_both_families() {
    if std::net::UdpSocket::bind("[::1]:0").is_err() {
        eprintln!("not run: this machine has no IPv6");
        return;
    }
    let mut room = Room::with(|config| {
        config.bind = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        config.advertised = Some(IpAddr::V6(Ipv6Addr::LOCALHOST));
    });
    let mut old = Phone::new(1);
    let mut new = Phone::on("[::1]:0", 2);
    let a = room.join(&old, Channel::Left, Pcmu);
    let b = room.join(&new, Channel::Right, Pcmu);
    room.session.bridge(a.id, b.id);
    room.settle();
    let old_door = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), a.local.port());
    old.say(old_door, Pcmu, &[1; 160]);
    assert_eq!(new.hear().payload, [1; 160]);
    new.say(b.local, Pcmu, &[2; 160]);
    assert_eq!(old.hear().payload, [2; 160]);
    let latched = room.expect(|event| matches!(event, Event::Latched { .. }));
    assert_eq!(latched, Event::Latched { leg: a.id, addr: old.addr() }, "not as a mapped address");
}

#[test]
fn an_unspecified_address_must_be_advertised() {
    let config = Config::on(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    assert!(matches!(Media::start(config), Err(StartError::NoAdvertisedAddress(_))));
    let config = Config::on("192.0.2.1".parse().expect("an address of nobody's"));
    assert!(matches!(Media::start(config), Err(StartError::Bind { .. })));
}

#[test]
fn other_packet_lengths_pass() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    for length in [80, 240, 320, 480, 1_400] {
        alice.send(a.local, false, 0, &vec![3; length]);
        assert_eq!(bob.hear().payload, vec![3; length]);
    }
}

#[test]
fn the_laws_are_converted_both_ways() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcma));
    // The loudest and the quietest code of each law.
    alice.say(a.local, Pcmu, &[0x80, 0x00, 0xff]);
    let heard = bob.hear();
    assert_eq!(heard.payload_type, 8);
    assert_eq!(heard.payload, [0xaa, 0x2a, 0xd5]);
    bob.say(b.local, Pcma, &[0xaa, 0x2a, 0xd5]);
    let heard = alice.hear();
    assert_eq!(heard.payload_type, 0);
    assert_eq!(heard.payload[..2], [0x80, 0x00]);
    assert!([0xff, 0xfe].contains(&heard.payload[2]), "{heard:?}");
}

#[test]
fn an_end_may_change_its_law_without_a_word() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    alice.say(a.local, Pcma, &[0xaa]);
    let heard = bob.hear();
    assert_eq!((heard.payload_type, heard.payload), (0, vec![0x80]));
}

#[test]
fn extensions_and_padding_stay_behind() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    let mut packet = vec![0xb1, 0];
    packet.extend(alice.sequence.to_be_bytes());
    packet.extend(alice.timestamp.to_be_bytes());
    packet.extend(alice.ssrc.to_be_bytes());
    packet.extend([0, 0, 0, 9]);
    packet.extend([0xbe, 0xde, 0, 1, 1, 2, 3, 4]);
    packet.extend([0x42; 160]);
    packet.extend([0, 0, 0, 4]);
    alice.rtp.send_to(&packet, a.local).expect("sent");
    assert_eq!(bob.hear().payload, [0x42; 160]);
}

#[test]
fn hold_is_respected_both_ways() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    // Bob holds Alice: he plays music and does not listen.
    let mut held = bob.remote(Pcmu);
    held.direction = Direction::RecvOnly;
    room.session.connect(b.id, held);
    room.settle();
    alice.say(a.local, Pcmu, &[1; 160]);
    bob.say(b.local, Pcmu, &[2; 160]);
    assert_eq!(alice.hear().payload, [2; 160]);
    assert!(bob.hears_nothing());
    // Nobody speaks.
    held.direction = Direction::Inactive;
    room.session.connect(b.id, held);
    room.settle();
    bob.say(b.local, Pcmu, &[3; 160]);
    room.wait("it is taken in", |stats| stats.packets_in == 5);
    // And both again: what Bob said meanwhile was not kept for later.
    room.session.connect(b.id, bob.remote(Pcmu));
    room.settle();
    bob.say(b.local, Pcmu, &[4; 160]);
    assert_eq!(alice.hear().payload, [4; 160]);
    alice.say(a.local, Pcmu, &[5; 160]);
    assert_eq!(bob.hear().payload, [5; 160]);
}

#[test]
fn after_unbridge_and_removal_nobody_hears() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    alice.say(a.local, Pcmu, &[1; 160]);
    assert_eq!(bob.hear().payload, [1; 160]);
    room.session.unbridge();
    room.settle();
    alice.say(a.local, Pcmu, &[2; 160]);
    room.wait("the packet is taken in", |stats| stats.packets_in == 4);
    assert!(bob.hears_nothing());
    room.session.remove_leg(b.id);
    let closed = room.expect(|event| matches!(event, Event::LegClosed { .. }));
    let Event::LegClosed { leg, stats } = closed else {
        unreachable!("matched above");
    };
    assert_eq!(leg, b.id);
    assert_eq!((stats.packets_in, stats.packets_out, stats.lost), (1, 1, 0));
    assert_eq!(stats.remote, Some(bob.addr()));
    room.wait("one leg is left", |stats| stats.legs == 1);
}

#[test]
fn a_transfer_reaches_the_new_party_in_the_same_stream() {
    let mut room = Room::new();
    let (mut alice, mut bob, mut carol) = (Phone::new(1), Phone::new(2), Phone::new(3));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    bob.say(b.local, Pcmu, &[1; 160]);
    let from_bob = alice.hear();
    let c = room.join(&carol, Channel::Right, Pcmu);
    room.session.bridge(a.id, c.id);
    room.settle();
    carol.say(c.local, Pcmu, &[2; 160]);
    let from_carol = alice.hear();
    assert_eq!(from_carol.ssrc, from_bob.ssrc);
    assert_eq!(from_carol.sequence, from_bob.sequence.wrapping_add(1));
    let step = from_carol.timestamp.wrapping_sub(from_bob.timestamp);
    assert!((160..80_000).contains(&step), "{step}");
    assert!(from_carol.marker);
    bob.say(b.local, Pcmu, &[3; 160]);
    room.wait("Bob's packet is taken in", |stats| stats.packets_in == 5);
    assert!(alice.hears_nothing());
}

#[test]
fn sessions_and_legs_are_bounded_and_given_back() {
    let mut room = Room::with(|config| config.max_sessions = 1);
    assert!(matches!(room.media.open(), Err(MediaError::TooManySessions { limit: 1 })));
    let legs: Vec<_> = (0..18).map(|_| room.session.add_leg(Channel::Left).expect("a leg")).collect();
    assert!(matches!(room.session.add_leg(Channel::Left), Err(MediaError::TooManyLegs { limit: 18 })));
    room.session.remove_leg(legs[0].id);
    room.session.add_leg(Channel::Right).expect("room again");
    room.session.close();
    for _ in 0..9 {
        room.expect(|event| matches!(event, Event::LegClosed { .. }));
    }
    room.wait("the session is gone", |stats| (stats.sessions, stats.legs) == (0, 0));
    room.media.open().expect("room for another");
}

#[test]
fn dropping_the_last_handle_closes() {
    let Room { media, session, mut events } = Room::new();
    let leg = session.add_leg(Channel::Left).expect("a leg");
    let clone = session.clone();
    drop(session);
    assert_eq!(media.stats().sessions, 1);
    drop(clone);
    let closed = events.blocking_recv().expect("told");
    assert!(matches!(closed, Event::LegClosed { leg: id, .. } if id == leg.id));
    assert_eq!(events.blocking_recv(), None, "nothing after the last event");
}

#[test]
fn after_shutdown_everything_is_refused() {
    let room = Room::new();
    room.session.add_leg(Channel::Left).expect("a leg");
    room.media.shutdown();
    assert!(matches!(room.media.open(), Err(MediaError::Closed)));
    room.session.unbridge();
    room.media.shutdown();
}
