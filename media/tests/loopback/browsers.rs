//! Browsers: found by ICE, keyed by DTLS, heard and spoken to like any phone.

use std::time::{Duration, Instant};

use media::CodecKind::Pcmu;
use media::sdp::{self, LocalSdp, Security};
use media::tone::{Sine, share_of_tone};
use media::{Channel, Direction, Event, Leg, MediaError, Session, wav};

use crate::browser::Browser;
use crate::phone::Phone;
use crate::room::{Folder, Room};

/// The leg of a browser that called us.
pub fn called_by(session: &Session, browser: &mut Browser) -> (Leg, LocalSdp) {
    let (offer, pending) = browser.offer();
    let offer = sdp::parse(&offer).expect("a browser's words");
    assert_eq!(offer.security(), Security::Browser);
    let leg = session.add_leg_as(Channel::Right, offer.security()).expect("a leg");
    let mut words = leg.sdp();
    let (answer, remote) = words.answer(&offer, Some(Pcmu), Direction::SendRecv).expect("in common");
    session.connect(leg.id, remote);
    browser.take_answer(pending, &answer);
    (leg, words)
}

/// The leg of a browser that we called.
fn calls(session: &Session, browser: &mut Browser) -> (Leg, LocalSdp) {
    let leg = session.add_browser_leg(Channel::Right).expect("a leg");
    let mut words = leg.sdp();
    let offer = words.offer(&[], Direction::SendRecv);
    let answer = browser.answer(&offer);
    let remote = words.accept(&sdp::parse(&answer).expect("a browser's words")).expect("in common");
    session.connect(leg.id, remote);
    (leg, words)
}

/// Both are heard by the other.
pub fn talk(room: &mut Room, phone: &mut Phone, a: &Leg, browser: &mut Browser) {
    browser.until("it connects", |browser| browser.is_connected);
    for turn in 0..30u8 {
        browser.say(0, &[turn; 160]);
        assert_eq!(phone.hear().payload, [turn; 160]);
        phone.say(a.local, Pcmu, &[turn | 0x80; 160]);
        let heard = browser.hear();
        assert_eq!((heard.payload, heard.payload_type), (vec![turn | 0x80; 160], 0));
    }
    let _ = room;
}

#[test]
fn a_browser_that_calls_talks_with_a_phone() {
    let mut room = Room::new();
    let (mut alice, mut browser) = (Phone::new(1), Browser::new());
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    let here = browser.addr();
    let latched = room.expect(|event| matches!(event, Event::Latched { leg, .. } if *leg == b.id));
    assert_eq!(latched, Event::Latched { leg: b.id, addr: here });
    browser.press(7);
    let digit = room.expect(|event| matches!(event, Event::Digit { .. }));
    assert!(matches!(digit, Event::Digit { leg, digit: '7', .. } if leg == b.id));
    room.session.send_digits(b.id, "5").expect("a digit");
    let key = browser.hear();
    assert_eq!((key.payload_type, key.payload[0]), (crate::browser::EVENT, 5));
}

#[test]
fn a_browser_that_is_called_talks_and_is_recorded() {
    let folder = Folder::new();
    let mut room = Room::new();
    let (mut alice, mut browser) = (Phone::new(1), Browser::new());
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = calls(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    let file = folder.file("browser.wav");
    room.session.record(file.clone());
    room.settle();
    let (mut low, mut high) = (Sine::new(440.0, 8_000, 8_000), Sine::new(1_000.0, 8_000, 8_000));
    let (mut next, began) = (Instant::now(), Instant::now());
    while began.elapsed() < Duration::from_millis(1_500) {
        alice.say(a.local, Pcmu, &mu_law(&mut low));
        browser.say(0, &mu_law(&mut high));
        next += Duration::from_millis(20);
        while Instant::now() < next {
            browser.turn();
        }
    }
    room.session.stop_recording();
    room.expect(|event| matches!(event, Event::RecordingClosed { error: None, .. }));
    assert!(wav::info(&file).expect("a recording").duration_ms >= 1_000);
    let mut reader = hound::WavReader::open(&file).expect("a WAV file");
    let samples: Vec<i16> = reader.samples().map(|sample| sample.expect("a sample")).collect();
    let channel = |side: usize| samples.iter().copied().skip(side).step_by(2).collect::<Vec<_>>();
    assert!(share_of_tone(&channel(0), 440.0, 8_000) > 0.9, "the phone is left");
    assert!(share_of_tone(&channel(1), 1_000.0, 8_000) > 0.9, "the browser is right");
}

fn mu_law(tone: &mut Sine) -> Vec<u8> {
    tone.take(160)
        .map(|sample| {
            // ITU-T G.711 table 2, by its sign, chord and step.
            let (sign, level) =
                (if sample < 0 { 0u8 } else { 0x80 }, sample.unsigned_abs().min(32_635) + 132);
            let chord = (15 - level.leading_zeros()).saturating_sub(7);
            let step = ((level >> (chord + 3)) & 0xf) as u8;
            sign | (!(((chord as u8) << 4) | step) & 0x7f)
        })
        .collect()
}

#[test]
fn twenty_browsers_share_a_port_over_two_workers() {
    let mut room = Room::with(|config| config.workers = 2);
    let mut calls_open = Vec::new();
    let mut ports = std::collections::HashSet::new();
    for at in 0..20u32 {
        let (session, events) = room.media.open().expect("a session");
        let (phone, mut browser) = (Phone::new(at), Browser::new());
        let a = session.add_leg(Channel::Left).expect("a leg");
        session.connect(a.id, phone.remote(Pcmu));
        let (b, _) = called_by(&session, &mut browser);
        session.bridge(a.id, b.id);
        ports.insert(b.local.port());
        calls_open.push((session, events, phone, a, browser));
    }
    assert_eq!(ports.len(), 1);
    for (at, (_, _, phone, a, browser)) in calls_open.iter_mut().enumerate() {
        browser.until("it connects", |browser| browser.is_connected);
        let voice = [at as u8; 160];
        browser.say(0, &voice);
        assert_eq!(phone.hear().payload, voice, "nobody else's");
        phone.say(a.local, Pcmu, &voice);
        assert_eq!(browser.hear().payload, voice);
    }
    room.settle();
    assert_eq!(room.media.stats().browser_dropped, 0);
}

#[test]
fn an_ice_restart_moves_the_words_and_not_the_voice() {
    let mut room = Room::new();
    let (mut alice, mut browser) = (Phone::new(1), Browser::new());
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, mut words) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    let (offer, pending) = browser.offer();
    let offer = sdp::parse(&offer).expect("a browser's words");
    let (answer, remote) = words.answer(&offer, Some(Pcmu), Direction::SendRecv).expect("in common");
    room.session.connect(b.id, remote);
    room.settle();
    browser.take_answer(pending, &answer);
    talk(&mut room, &mut alice, &a, &mut browser);
}

#[test]
fn hold_is_a_re_offer_that_keeps_the_keys() {
    let mut room = Room::new();
    let (mut alice, mut browser) = (Phone::new(1), Browser::new());
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, mut words) = calls(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    for direction in [Direction::SendOnly, Direction::SendRecv] {
        let offer = words.offer(&[], direction);
        let answer = browser.answer(&offer);
        let remote = words.accept(&sdp::parse(&answer).expect("words")).expect("in common");
        assert_eq!(remote.direction, direction);
        room.session.connect(b.id, remote);
        room.settle();
    }
    talk(&mut room, &mut alice, &a, &mut browser);
}

#[test]
fn strangers_on_the_port_are_counted_and_nothing_more() {
    let mut room = Room::new();
    let (mut alice, mut browser) = (Phone::new(1), Browser::new());
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    let stranger = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let before = room.media.stats().browser_refused;
    for first in [0, 1, 22, 0x80] {
        for length in [1, 20, 200, 1_400] {
            stranger.send_to(&vec![first; length], b.local).expect("sent");
        }
    }
    room.wait("they are counted", |stats| stats.browser_refused == before + 16);
    // Before signalling has spoken, and after it is gone.
    let early = room.session.add_browser_leg(Channel::Left).expect("a leg");
    room.session.remove_leg(early.id);
    talk(&mut room, &mut alice, &a, &mut browser);
}

#[test]
fn a_browser_and_a_desk_phone_do_not_take_each_others_words() {
    let room = Room::new();
    let (offer, _) = Browser::new().offer();
    let offer = sdp::parse(&offer).expect("a browser's words");
    let plain = room.session.add_leg(Channel::Left).expect("a leg");
    let refused = plain.sdp().answer(&offer, None, Direction::SendRecv);
    assert_eq!(refused.map(|_| ()), Err(sdp::SdpError::NoKeys));
    let words = sdp::parse(&plain.sdp().offer(&[], Direction::SendRecv)).expect("ours");
    let leg = room.session.add_browser_leg(Channel::Left).expect("a leg");
    let refused = leg.sdp().answer(&words, None, Direction::SendRecv);
    assert_eq!(refused.map(|_| ()), Err(sdp::SdpError::NoKeys));
    let full = (0..100).find_map(|_| room.session.add_browser_leg(Channel::Left).err());
    assert!(matches!(full, Some(MediaError::TooManyLegs { .. })));
}
