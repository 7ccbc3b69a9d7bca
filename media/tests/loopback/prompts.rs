//! Sounds played to a phone.

use std::sync::Arc;

use media::CodecKind::{Pcma, Pcmu};
use media::{Channel, Direction, Event, Prompt, Repeat};

use crate::phone::Phone;
use crate::room::Room;

#[test]
fn prompt_then_bridge_then_prompt_is_one_stream() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    let prompt = Arc::new(Prompt::tone(440.0, 200));
    let mut heard = Vec::new();

    let first = room.session.play(a.id, prompt.clone(), Repeat::Once);
    for _ in 0..10 {
        heard.push(alice.hear());
    }
    let finished = room.expect(|event| matches!(event, Event::PlayFinished { .. }));
    assert_eq!(finished, Event::PlayFinished { leg: a.id, play: first });
    for _ in 0..10 {
        bob.say(b.local, Pcmu, &[0x33; 160]);
        heard.push(alice.hear());
    }
    room.session.play(a.id, prompt, Repeat::Forever);
    for _ in 0..20 {
        heard.push(alice.hear());
    }
    for (at, pair) in heard.windows(2).enumerate() {
        let [before, after] = pair else {
            unreachable!("windows of two");
        };
        assert_eq!(after.ssrc, before.ssrc);
        assert_eq!(after.sequence, before.sequence.wrapping_add(1), "packet {at}");
        let step = after.timestamp.wrapping_sub(before.timestamp);
        let switch = at + 1 == 10 || at + 1 == 20;
        assert_eq!(after.marker, switch, "packet {at}");
        if switch {
            assert!((160..80_000).contains(&step), "{step}");
        } else {
            assert_eq!(step, 160, "packet {at}");
        }
    }
    assert!(heard[0].marker);
    assert!(heard[10..20].iter().all(|p| p.payload == [0x33; 160]));
    assert_eq!(heard[0].payload, heard[20].payload);
}

#[test]
fn the_other_leg_is_not_heard_under_a_prompt() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcma), (&mut bob, Pcma));
    room.session.play(a.id, Arc::new(Prompt::tone(300.0, 1_000)), Repeat::Forever);
    room.settle();
    for _ in 0..5 {
        bob.say(b.local, Pcma, &[0x33; 160]);
        assert_ne!(alice.hear().payload, [0x33; 160]);
    }
    // Towards Bob the bridge is open all the while.
    alice.say(a.local, Pcma, &[0x44; 160]);
    assert_eq!(bob.hear().payload, [0x44; 160]);
    room.session.stop_playing(a.id);
    room.settle();
    bob.say(b.local, Pcma, &[0x55; 160]);
    while alice.hear().payload != [0x55; 160] {}
}

#[test]
fn a_prompt_waits_for_the_leg_to_be_connected() {
    let mut room = Room::new();
    let alice = Phone::new(1);
    let leg = room.session.add_leg(Channel::Left).expect("a leg");
    let prompt = Arc::new(Prompt::tone(440.0, 100));
    let play = room.session.play(leg.id, prompt, Repeat::Once);
    room.session.connect(leg.id, alice.remote(Pcmu));
    room.settle();
    for _ in 0..5 {
        assert_eq!(alice.hear().payload_type, 0);
    }
    let finished = room.expect(|event| matches!(event, Event::PlayFinished { .. }));
    assert_eq!(finished, Event::PlayFinished { leg: leg.id, play });
}

#[test]
fn on_hold_a_prompt_runs_out_unheard() {
    let mut room = Room::new();
    let alice = Phone::new(1);
    let leg = room.session.add_leg(Channel::Left).expect("a leg");
    let mut remote = alice.remote(Pcmu);
    remote.direction = Direction::RecvOnly;
    room.session.connect(leg.id, remote);
    room.settle();
    let prompt = Arc::new(Prompt::tone(440.0, 100));
    room.session.play(leg.id, prompt, Repeat::Once);
    room.expect(|event| matches!(event, Event::PlayFinished { .. }));
    assert!(alice.hears_nothing());
}

#[test]
fn a_replaced_prompt_does_not_finish() {
    let mut room = Room::new();
    let alice = Phone::new(1);
    let leg = room.join(&alice, Channel::Left, Pcmu);
    let long = Arc::new(Prompt::tone(440.0, 60_000));
    let short = Arc::new(Prompt::tone(880.0, 40));
    room.session.play(leg.id, long, Repeat::Once);
    let second = room.session.play(leg.id, short, Repeat::Once);
    let finished = room.expect(|event| matches!(event, Event::PlayFinished { .. }));
    assert_eq!(finished, Event::PlayFinished { leg: leg.id, play: second });
}
