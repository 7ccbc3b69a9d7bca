//! Phones whose packets are sealed: keys in the description, keys by handshake.

use std::net::UdpSocket;

use media::CodecKind::Pcmu;
use media::sdp::{self, LocalSdp, SdpError, Security};
use media::{Channel, Direction, Event, Leg, Protection};

use crate::phone::{PATIENCE, Phone};
use crate::room::Room;

/// A room with a plain phone on one side and a leg to the other room on the other.
struct Half {
    room: Room,
    phone: Phone,
    plain: Leg,
    trunk: Leg,
    words: LocalSdp,
}

impl Half {
    fn new(security: Security) -> Half {
        let mut room = Room::new();
        let phone = Phone::new(rand::random());
        let plain = room.join(&phone, Channel::Left, Pcmu);
        let trunk = room.session.add_leg_as(Channel::Right, security).expect("a leg");
        room.session.bridge(plain.id, trunk.id);
        let words = trunk.sdp();
        Half { room, phone, plain, trunk, words }
    }

    /// Offers to the other half and takes its answer; says how both are protected.
    fn calls(&mut self, other: &mut Half) -> [Protection; 2] {
        let offer = sdp::parse(&self.words.offer(&[Pcmu], Direction::SendRecv)).expect("ours");
        let (answer, theirs) = other.words.answer(&offer, None, Direction::SendRecv).expect("keys in common");
        other.room.session.connect(other.trunk.id, theirs);
        let ours = self.words.accept(&sdp::parse(&answer).expect("ours")).expect("keys in common");
        self.room.session.connect(self.trunk.id, ours);
        self.room.settle();
        other.room.settle();
        [ours.protection, theirs.protection]
    }

    /// Says something until the other hears it: a handshake may still be under way.
    fn is_heard_by(&mut self, other: &mut Half, voice: u8) {
        let deadline = std::time::Instant::now() + PATIENCE;
        other.phone.rtp.set_read_timeout(Some(std::time::Duration::from_millis(20))).expect("set");
        let mut bytes = [0; 400];
        loop {
            assert!(std::time::Instant::now() < deadline, "never heard");
            self.phone.say(self.plain.local, Pcmu, &[voice; 160]);
            while let Ok((length, _)) = other.phone.rtp.recv_from(&mut bytes) {
                if bytes[12..length] == [voice; 160] {
                    return;
                }
            }
        }
    }
}

#[test]
fn both_ways_in_every_manner() {
    for security in [Security::Sdes, Security::SdesOptional, Security::Dtls] {
        let (mut near, mut far) = (Half::new(security), Half::new(security));
        let [ours, theirs] = near.calls(&mut far);
        match (ours, theirs) {
            (Protection::Sdes { ours: a, theirs: b }, Protection::Sdes { ours: c, theirs: d }) => {
                assert_eq!((a, b), (d, c));
                assert_ne!(a, b, "each its own");
            }
            (Protection::Dtls(_), Protection::Dtls(_)) => assert_eq!(security, Security::Dtls),
            other => panic!("{security:?}: {other:?}"),
        }
        near.is_heard_by(&mut far, 1);
        far.is_heard_by(&mut near, 2);
        // A re-offer with the same words keeps the keys, and the counters with them.
        assert_eq!(near.calls(&mut far), [ours, theirs]);
        near.is_heard_by(&mut far, 3);
        // One from a phone that has forgotten everything brings new ones.
        if security != Security::Dtls {
            far.words = forgotten(&far.room, security, &far.trunk);
            let [again, _] = far.calls(&mut near);
            assert_ne!(again, theirs, "{security:?}");
            near.is_heard_by(&mut far, 4);
            far.is_heard_by(&mut near, 5);
        }
        let refused = near.room.media.stats().refused + far.room.media.stats().refused;
        assert_eq!(refused, 0, "{security:?}");
    }
}

/// What a leg at the same address would say with keys of its own.
fn forgotten(room: &Room, security: Security, at: &Leg) -> LocalSdp {
    let mut other = room.session.add_leg_as(Channel::Left, security).expect("a leg");
    room.session.remove_leg(other.id);
    other.local = at.local;
    other.sdp()
}

#[test]
fn on_the_wire_nothing_is_plain_and_strangers_are_not_heard() {
    let mut near = Half::new(Security::Sdes);
    let mut far = Half::new(Security::Sdes);
    // The far end's packets go through a wire that is tapped.
    let tap = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    tap.set_read_timeout(Some(PATIENCE)).expect("set");
    let offer = sdp::parse(&near.words.offer(&[Pcmu], Direction::SendRecv)).expect("ours");
    let (answer, _) = far.words.answer(&offer, None, Direction::SendRecv).expect("keys");
    let mut remote = near.words.accept(&sdp::parse(&answer).expect("ours")).expect("keys");
    remote.addr = tap.local_addr().expect("bound");
    near.room.session.connect(near.trunk.id, remote);
    near.room.settle();
    near.phone.say(near.plain.local, Pcmu, &[0x42; 160]);
    let mut bytes = [0; 400];
    let (length, from) = tap.recv_from(&mut bytes).expect("a packet");
    assert_eq!(length, 12 + 160 + 10, "an 80 bit tag");
    assert_ne!(bytes[12..172], [0x42; 160]);
    assert!(bytes[12..172].windows(2).any(|pair| pair[0] != pair[1]));
    // What comes back unsealed, from the right address, is nobody's voice.
    let mut forged = bytes[..172].to_vec();
    forged[12..].fill(0x66);
    tap.send_to(&forged, from).expect("sent");
    near.room.wait("it is refused", |stats| stats.refused == 1);
    assert!(near.phone.hears_nothing());
}

#[test]
fn a_best_effort_offer_is_plain_with_who_has_no_keys() {
    let near = Half::new(Security::SdesOptional);
    let mut words = near.words;
    let offer = words.offer(&[Pcmu], Direction::SendRecv);
    let text = std::str::from_utf8(&offer).expect("text");
    assert!(text.contains(" RTP/AVP ") && text.contains("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"));
    let old = Room::new();
    let leg = old.session.add_leg(Channel::Left).expect("a leg");
    let (answer, _) =
        leg.sdp().answer(&sdp::parse(&offer).expect("ours"), None, Direction::SendRecv).expect("plain");
    let remote = words.accept(&sdp::parse(&answer).expect("ours")).expect("plain");
    assert_eq!(remote.protection, Protection::Plain);
}

#[test]
fn an_answer_without_keys_is_no_answer_to_who_insists() {
    let half = Half::new(Security::Sdes);
    let mut words = half.words;
    let offer = words.offer(&[Pcmu], Direction::SendRecv);
    let stripped: String = std::str::from_utf8(&offer)
        .expect("text")
        .split_inclusive("\r\n")
        .filter(|line| !line.starts_with("a=crypto"))
        .collect();
    assert_eq!(sdp::parse(stripped.as_bytes()).map(|_| ()), Err(SdpError::NoAudio));
    let downgraded = stripped.replace("RTP/SAVP", "RTP/AVP");
    let answer = sdp::parse(downgraded.as_bytes()).expect("plain");
    assert_eq!(words.accept(&answer).map(|_| ()), Err(SdpError::NoKeys));
}

#[test]
fn reports_are_sealed_too() {
    let (mut near, mut far) = (Half::new(Security::Sdes), Half::new(Security::Sdes));
    near.calls(&mut far);
    near.is_heard_by(&mut far, 1);
    far.is_heard_by(&mut near, 2);
    // Each room reports to the other within 7.5 s.
    far.room.wait("a report is taken", |stats| stats.rtcp_in > 0);
    let closed = |room: &mut Room, leg: &Leg| {
        room.session.remove_leg(leg.id);
        room.expect(|event| matches!(event, Event::LegClosed { .. }))
    };
    assert!(
        matches!(closed(&mut far.room, &far.trunk), Event::LegClosed { stats, .. } if stats.refused == 0)
    );
}
