//! Legs that move from one session to another, over workers, without their far ends noticing.

use media::CodecKind::Pcmu;
use media::{Channel, Event, MediaError};

use crate::browser::Browser;
use crate::line::Line;
use crate::phone::Phone;
use crate::room::Room;

#[test]
fn a_leg_moves_with_its_stream() {
    let mut room = Room::with(|config| config.workers = 2);
    let (mut alice, mut bob, mut carol) = (Phone::new(1), Phone::new(2), Phone::new(3));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    bob.say(b.local, Pcmu, &[1; 160]);
    let before = alice.hear();
    // The second session lives on the other worker.
    let (other, _events) = room.media.open().expect("a session");
    let c = other.add_leg(Channel::Right).expect("a leg");
    other.connect(c.id, carol.remote(Pcmu));
    let moved = other.adopt(&room.session, a.id, Channel::Left).expect("moved");
    other.bridge(moved, c.id);
    for turn in 0..20u8 {
        carol.say(c.local, Pcmu, &[turn | 0x40; 160]);
        let heard = alice.hear();
        assert_eq!(heard.payload, [turn | 0x40; 160]);
        assert_eq!(
            (heard.ssrc, heard.sequence),
            (before.ssrc, before.sequence.wrapping_add(1 + turn as u16))
        );
        alice.say(a.local, Pcmu, &[turn | 0x20; 160]);
        assert_eq!(carol.hear().payload, [turn | 0x20; 160]);
    }
    // The old session knows it no more, and hears nothing of its end.
    assert!(matches!(other.adopt(&room.session, a.id, Channel::Left), Err(MediaError::NoSuchLeg)));
    other.remove_leg(moved);
    room.wait("it is gone", |stats| stats.legs == 2);
    room.session.remove_leg(b.id);
    let closed = room.expect(|event| matches!(event, Event::LegClosed { .. }));
    assert!(matches!(closed, Event::LegClosed { leg, .. } if leg == b.id));
    assert_eq!(room.media.stats().lost, 0);
}

#[test]
fn a_browser_moves_with_its_keys() {
    let room = Room::with(|config| config.workers = 2);
    moves(&room, Browser::new());
}

#[test]
fn a_browser_over_tcp_moves_with_its_connection() {
    let mut room = Room::with(|config| config.workers = 2);
    let to = crate::tcp::port(&mut room);
    moves(&room, Browser::over(Line::tcp(to)));
}

fn moves(room: &Room, mut browser: Browser) {
    let mut alice = Phone::new(1);
    let (b, _) = crate::browsers::called_by(&room.session, &mut browser);
    browser.until("it connects", |browser| browser.is_connected);
    let (other, _events) = room.media.open().expect("a session");
    let a = other.add_leg(Channel::Left).expect("a leg");
    other.connect(a.id, alice.remote(Pcmu));
    let moved = other.adopt(&room.session, b.id, Channel::Right).expect("moved");
    other.bridge(a.id, moved);
    for turn in 0..20u8 {
        alice.say(a.local, Pcmu, &[turn; 160]);
        assert_eq!(browser.hear().payload, [turn; 160]);
    }
    browser.say(0, &[0x11; 160]);
    assert_eq!(alice.hear().payload, [0x11; 160]);
}
