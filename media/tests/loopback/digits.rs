//! Keys pressed, collected, passed on and sent.

use media::CodecKind::{Pcma, Pcmu};
use media::{Event, MediaError};

use crate::phone::{EVENT, Phone};
use crate::room::Room;

/// Presses a key as phones do: updates, then its end three times.
fn press(phone: &mut Phone, to: std::net::SocketAddr, code: u8) {
    for (at, duration) in [160u16, 320, 480, 640, 800, 800, 800].into_iter().enumerate() {
        let [high, low] = duration.to_be_bytes();
        let end = if at >= 4 { 0x80 } else { 0 };
        phone.send(to, at == 0, EVENT, &[code, end | 10, high, low]);
    }
    phone.timestamp = phone.timestamp.wrapping_add(1_600);
}

/// How long it was held is for the virtual clock to prove.
fn next_digit(room: &mut Room) -> (media::LegId, char) {
    let event = room.expect(|event| matches!(event, Event::Digit { .. }));
    let Event::Digit { leg, digit, .. } = event else {
        unreachable!("matched above");
    };
    (leg, digit)
}

#[test]
fn digits_are_collected_once_each() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    for code in [1, 1, 9, 11] {
        press(&mut alice, a.local, code);
    }
    for expected in ['1', '1', '9', '#'] {
        assert_eq!(next_digit(&mut room), (a.id, expected));
    }
}

#[test]
fn digits_are_passed_on_under_the_other_legs_number() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcma));
    let mut remote = bob.remote(Pcma);
    remote.telephone_event = Some(101);
    room.session.connect(b.id, remote);
    room.settle();
    alice.say(a.local, Pcmu, &[0xff; 160]);
    let voice = bob.hear();
    press(&mut alice, a.local, 5);
    let events: Vec<_> = (0..7).map(|_| bob.hear()).collect();
    assert!(events.iter().all(|p| p.payload_type == 101));
    assert!(events.iter().all(|p| p.payload[0] == 5));
    assert!(events[0].marker);
    let timestamp = voice.timestamp.wrapping_add(160);
    assert!(events.iter().all(|p| p.timestamp == timestamp), "one event");
    assert_eq!(events[6].sequence, voice.sequence.wrapping_add(7));
    // Not to one who takes none.
    remote.telephone_event = None;
    room.session.connect(b.id, remote);
    room.settle();
    press(&mut alice, a.local, 6);
    alice.say(a.local, Pcmu, &[0xff; 160]);
    assert_eq!(bob.hear().payload_type, 8);
}

#[test]
fn a_key_whose_end_is_lost_goes_up_by_itself() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    alice.send(a.local, true, EVENT, &[3, 10, 1, 0x90]);
    let event = room.expect(|event| matches!(event, Event::Digit { .. }));
    assert_eq!(event, Event::Digit { leg: a.id, digit: '3', duration_ms: 50 });
}

#[test]
fn what_we_send_the_other_room_collects() {
    let near = Room::new();
    let mut far = Room::new();
    let here = near.session.add_leg(media::Channel::Left).expect("a leg");
    let there = far.session.add_leg(media::Channel::Left).expect("a leg");
    let describe = |local: std::net::SocketAddr| {
        let body = media::sdp::offer(local, &[Pcma], media::Direction::SendRecv);
        let description = media::sdp::parse(&body).expect("our own words");
        media::sdp::accept(&description).expect("our own codecs")
    };
    near.session.connect(here.id, describe(there.local));
    far.session.connect(there.id, describe(here.local));
    near.session.send_digits(here.id, "42#").expect("digits");
    for expected in ['4', '2', '#'] {
        assert_eq!(next_digit(&mut far), (there.id, expected));
    }
    assert!(matches!(near.session.send_digits(here.id, "4 2"), Err(MediaError::BadDigits { .. })));
}
