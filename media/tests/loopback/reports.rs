//! RTCP between two phones, and our own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use media::CodecKind::Pcmu;
use media::Event;

use crate::phone::Phone;
use crate::room::Room;

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32::from_be_bytes(word.try_into().expect("4 bytes"))).collect()
}

/// A sender report with one block, as words.
fn sender_report(ssrc: u32, timestamp: u32, about: u32, lost: u32, highest: u32) -> Vec<u8> {
    let words = [
        0x81c8_000c,
        ssrc,
        0xe000_0000,
        0x1234_5678,
        timestamp,
        99,
        9_900,
        about,
        (25 << 24) | lost,
        highest,
        17,
        0,
        0,
    ];
    words.into_iter().flat_map(u32::to_be_bytes).collect()
}

fn rtcp_of(local: SocketAddr) -> SocketAddr {
    SocketAddr::new(local.ip(), local.port() + 1)
}

fn hear_report(phone: &Phone) -> Vec<u32> {
    let mut bytes = [0; 1_500];
    let (length, _) = phone.rtcp.recv_from(&mut bytes).expect("a report comes");
    words(&bytes[..length])
}

#[test]
fn reports_are_passed_on_in_the_numbers_of_the_other_side() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, b) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    let alice_timestamp = alice.timestamp;
    alice.say(a.local, Pcmu, &[1; 160]);
    let at_bob = bob.hear();
    let bob_sequence = bob.sequence;
    bob.say(b.local, Pcmu, &[1; 160]);
    let at_alice = alice.hear();

    let highest = u32::from(at_alice.sequence);
    let report = sender_report(alice.ssrc, alice_timestamp, at_alice.ssrc, 3, highest);
    alice.rtcp.send_to(&report, rtcp_of(a.local)).expect("sent");
    let heard = hear_report(&bob);
    assert_eq!(heard[0], 0x81c8_000c);
    assert_eq!(heard[1], at_bob.ssrc, "of the stream that Bob hears");
    assert_eq!(heard[2..4], [0xe000_0000, 0x1234_5678], "Alice's clock");
    assert_eq!(heard[4], at_bob.timestamp, "the same moment in our numbers");
    assert_eq!(heard[7], bob.ssrc, "about Bob's own stream");
    assert_eq!(heard[8], (25 << 24) | 3);
    assert_eq!(heard[9] as u16, bob_sequence, "his own sequence number");
    assert_eq!(heard[13] >> 16, 0x81ca, "with our name");

    room.session.remove_leg(a.id);
    let closed = room.expect(|event| matches!(event, Event::LegClosed { .. }));
    assert!(matches!(closed, Event::LegClosed { stats, .. } if stats.lost_at_remote == 3));
    room.wait("it is counted", |stats| stats.rtcp_in == 1);
}

#[test]
fn a_phone_alone_gets_our_own_reports() {
    let mut room = Room::new();
    let mut alice = Phone::new(1);
    let leg = room.join(&alice, media::Channel::Left, Pcmu);
    alice.say(leg.local, Pcmu, &[1; 160]);
    room.expect(|event| matches!(event, Event::Latched { .. }));
    let prompt = std::sync::Arc::new(media::Prompt::tone(440.0, 1_000));
    room.session.play(leg.id, prompt, media::Repeat::Forever);
    let ours = alice.hear();
    // Within one and a half intervals.
    let deadline = Instant::now() + Duration::from_secs(30);
    let heard = hear_report(&alice);
    assert!(Instant::now() < deadline);
    assert_eq!(heard[0], 0x81c8_000c);
    assert_eq!(heard[1], ours.ssrc);
    assert_eq!(heard[7], alice.ssrc);
    assert_eq!(heard[9] & 0xffff, 65_500, "the one she said");
    // What she answers shows how far away she is, and how she hears us.
    std::thread::sleep(Duration::from_millis(60));
    let mut report = sender_report(alice.ssrc, 0, ours.ssrc, 0, 0);
    report[44..48].copy_from_slice(&((heard[2] << 16) | (heard[3] >> 16)).to_be_bytes());
    alice.rtcp.send_to(&report, rtcp_of(leg.local)).expect("sent");
    room.wait("it is taken", |stats| stats.rtcp_in == 1);
    let told = |event: &Event| matches!(event, Event::Quality { stats, .. } if stats.rtt_ms.is_some());
    let Event::Quality { leg: of, stats } = room.expect(told) else {
        unreachable!("matched above");
    };
    assert_eq!(of, leg.id);
    let rtt_ms = stats.rtt_ms.expect("matched above");
    assert!((60.0..10_000.0).contains(&rtt_ms), "{rtt_ms}");
    assert_eq!(stats.jitter_at_remote_ms, 17.0 / 8.0);
    for score in [stats.mos, stats.mos_at_remote] {
        assert!(score.is_some_and(|score| (1.0..=4.5).contains(&score)), "{score:?}");
    }
}

#[test]
fn strangers_reports_are_refused() {
    let mut room = Room::new();
    let (mut alice, mut bob) = (Phone::new(1), Phone::new(2));
    let (a, _) = room.talk((&mut alice, Pcmu), (&mut bob, Pcmu));
    let stranger = std::net::UdpSocket::bind("127.0.0.2:0").expect("another loopback host");
    let report = sender_report(alice.ssrc, 0, 0, 0, 0);
    stranger.send_to(&report, rtcp_of(a.local)).expect("sent");
    room.wait("it is refused", |stats| stats.refused == 1);
    assert_eq!(room.media.stats().rtcp_in, 0);
}
