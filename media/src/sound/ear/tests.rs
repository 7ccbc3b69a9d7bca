//! Streams over bad networks, in virtual time.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::*;
use crate::codec::{Encoder, FRAME_SAMPLES_LIMIT, PACKET_LIMIT_BYTES};
use crate::tone::{Sine, share_of_tone};

/// A tone that every codec and every rate carries.
const TONE_HZ: f64 = 400.0;
/// The listener's turns fall between the speaker's packets.
const TURN_OFFSET_MS: u64 = 7;

/// What the network does to the packet of a turn: delays it by ms, or loses it.
type Fate = Option<f64>;

struct Sent {
    at_us: u64,
    header: Header,
    content: Content,
    payload: Vec<u8>,
}

/// A tone of so many packets, sent every 20 ms through the network.
fn stream(kind: CodecKind, turns: u32, mut fate: impl FnMut(u32) -> Fate) -> Vec<Sent> {
    let mut encoder = Encoder::new(kind, SampleRate::Wide).expect("one of ours");
    encoder.suit(10, u32::MAX);
    let mut sine = Sine::new(TONE_HZ, encoder.rate().hz(), 10_000);
    let step = kind.clock_hz() / 50;
    let mut sent = Vec::new();
    for turn in 0..turns {
        let frame: Vec<i16> = sine.by_ref().take(encoder.rate().frame_samples()).collect();
        let mut packet = [0; PACKET_LIMIT_BYTES];
        let bytes = encoder.encode(&frame, &mut packet).expect("encoded");
        if let Some(delay_ms) = fate(turn) {
            sent.push(Sent {
                at_us: u64::from(turn) * 20_000 + (delay_ms * 1_000.0) as u64,
                header: Header {
                    marker: turn == 0,
                    payload_type: 0,
                    // Both wrap early on.
                    sequence: 65_500_u16.wrapping_add(turn as u16),
                    timestamp: (u32::MAX - 9_000).wrapping_add(turn * step),
                    ssrc: 1,
                    payload: 12..12 + bytes,
                },
                content: Content::Voice(kind),
                payload: packet[..bytes].to_vec(),
            });
        }
    }
    sent
}

struct Played {
    ear: Ear,
    sound: Vec<i16>,
    rate: SampleRate,
    turns: Vec<Heard>,
}

/// Plays a stream for so long after its beginning.
fn play(mut sent: Vec<Sent>, turns: u64) -> Played {
    let start = Instant::now();
    sent.sort_by_key(|packet| packet.at_us);
    let mut ear = Ear::new(SampleRate::Wide, start, 5);
    let (mut sound, mut heard) = (Vec::new(), Vec::new());
    let mut waiting = sent.into_iter().peekable();
    for turn in 0..turns {
        let now_us = turn * 20_000 + TURN_OFFSET_MS * 1_000;
        while let Some(packet) = waiting.next_if(|packet| packet.at_us <= now_us) {
            let at = start + Duration::from_micros(packet.at_us);
            ear.packet(at, &packet.header, packet.content, &packet.payload);
        }
        let mut frame = [0; FRAME_SAMPLES_LIMIT];
        let (what, frame) = ear.hear(start + Duration::from_micros(now_us), &mut frame);
        sound.extend(frame);
        heard.push(what);
    }
    Played { rate: ear.rate(), ear, sound, turns: heard }
}

impl Played {
    /// Share of 100 ms pieces that are the tone, as far as it can be told where one of five packets is
    /// a guess.
    fn good(&self) -> f64 {
        let pieces = self.sound.chunks_exact(self.rate.hz() as usize / 10).skip(1);
        let (mut good, mut all) = (0.0, 0.0);
        for piece in pieces {
            all += 1.0;
            good += f64::from(u8::from(share_of_tone(piece, TONE_HZ, self.rate.hz()) > 0.6));
        }
        good / all
    }

    fn delay_ms(&self) -> i64 {
        self.ear.delay.target_us() / 1_000
    }
}

const DECODED: [CodecKind; 3] = [CodecKind::Pcmu, CodecKind::G722, CodecKind::Opus];

#[test]
fn a_steady_stream_is_heard_whole_and_soon() {
    for kind in DECODED {
        let played = play(stream(kind, 500, |_| Some(30.0)), 500);
        assert!(played.good() > 0.99, "{kind:?}: {}", played.good());
        let stats = played.ear.stats();
        assert_eq!((stats.late, stats.concealed_ms), (0, 0), "{kind:?}");
        let first = played.turns.iter().position(|heard| *heard == Heard::Voice);
        assert!(first.expect("heard") <= 4, "{kind:?}: {first:?}");
        assert_eq!(played.delay_ms(), 20);
    }
}

#[test]
fn unsteady_arrival_costs_delay_and_hardly_any_sound() {
    for kind in DECODED {
        for seed in 0..8 {
            let mut random = StdRng::seed_from_u64(seed);
            // Exponential, 12 ms in the mean: as a busy radio link has it.
            let sent = stream(kind, 1_500, |_| Some(20.0 - 12.0 * random.random::<f64>().max(1e-9).ln()));
            let played = play(sent, 1_500);
            let stats = played.ear.stats();
            assert!(stats.late <= 45, "{kind:?} seed {seed}: {} late of 1500", stats.late);
            assert!(stats.concealed_ms < 1_200, "{kind:?} seed {seed}: {stats:?}");
            assert!((30..=90).contains(&played.delay_ms()), "{kind:?}: {} ms", played.delay_ms());
            assert!(played.good() > 0.9, "{kind:?} seed {seed}: {}", played.good());
        }
    }
}

#[test]
fn losses_are_bridged() {
    for kind in DECODED {
        for seed in 0..8 {
            let mut random = StdRng::seed_from_u64(seed);
            let mut lost = 0;
            let sent = stream(kind, 1_000, |_| {
                let is_lost = random.random::<f64>() < 0.05;
                lost += u32::from(is_lost);
                (!is_lost).then_some(30.0)
            });
            let played = play(sent, 1_000);
            let stats = played.ear.stats();
            assert_eq!(stats.late, 0);
            let expected = u64::from(lost) * 20;
            assert!(
                stats.concealed_ms.abs_diff(expected) <= 40 + expected / 5,
                "{kind:?}: {stats:?} of {expected}"
            );
            assert!(played.good() > 0.9, "{kind:?} seed {seed}: {}", played.good());
        }
    }
}

#[test]
fn bursts_of_loss_fade_and_the_voice_comes_back() {
    for kind in DECODED {
        // 200 ms gone every two seconds.
        let sent = stream(kind, 1_000, |turn| (turn % 100 >= 10 || turn < 50).then_some(10.0));
        let played = play(sent, 1_000);
        assert!(played.good() > 0.8, "{kind:?}: {}", played.good());
        assert_eq!(played.ear.stats().late, 0);
        assert!(played.delay_ms() <= 30, "{kind:?}: {}", played.delay_ms());
    }
}

#[test]
fn the_delay_rises_with_the_jitter_and_falls_again() {
    let mut random = StdRng::seed_from_u64(4);
    let mut fate = |turn: u32| {
        let calm = !(500..1_000).contains(&turn);
        Some(if calm { 10.0 } else { 10.0 + random.random::<f64>() * 100.0 })
    };
    let rough = play(stream(CodecKind::Pcmu, 1_000, &mut fate), 1_000);
    assert!((90..=115).contains(&rough.delay_ms()), "{}", rough.delay_ms());
    let mut calm_again = play(stream(CodecKind::Pcmu, 5_000, &mut fate), 5_000);
    assert_eq!(calm_again.delay_ms(), 20);
    // And it was not only the target: what is played is no older than that.
    let newest = calm_again.ear.stream.expect("a stream").stamp;
    let State::Playing { stamp, .. } = calm_again.ear.state else {
        panic!("{:?}", calm_again.ear.state);
    };
    assert!(newest - stamp <= 3 * 160, "{} ticks behind", newest - stamp);
    calm_again.sound.drain(..4_500 * 160);
    assert!(calm_again.good() > 0.97, "{}", calm_again.good());
}

#[test]
fn a_clock_that_runs_away_is_followed() {
    for ppm in [-300.0, 300.0] {
        let sent = stream(CodecKind::Pcma, 9_000, |turn| Some(100.0 + f64::from(turn) * 20.0 * ppm / 1e6));
        let played = play(sent, 9_000);
        let stats = played.ear.stats();
        assert!(stats.late <= 5, "{ppm}: {stats:?}");
        assert!(played.good() > 0.97, "{ppm}: {}", played.good());
    }
}

#[test]
fn a_pause_is_silence_and_no_loss() {
    // The far end says nothing for a second, its sequence numbers run on without a gap.
    let mut sent = stream(CodecKind::Pcmu, 300, |turn| (!(100..150).contains(&turn)).then_some(20.0));
    for packet in sent.iter_mut().skip(100) {
        packet.header.sequence = packet.header.sequence.wrapping_sub(50);
    }
    let played = play(sent, 300);
    assert!(played.turns[115..145].iter().all(|heard| *heard == Heard::Silence));
    assert!(played.turns[160..].iter().all(|heard| *heard == Heard::Voice));
    assert!(played.ear.stats().concealed_ms <= 100, "{:?}", played.ear.stats());
}

#[test]
fn comfort_noise_rustles_until_the_voice_is_back() {
    let mut sent = stream(CodecKind::Pcmu, 300, |turn| (!(100..200).contains(&turn)).then_some(20.0));
    let after = &sent[99];
    sent.push(Sent {
        at_us: after.at_us + 20_000,
        header: Header {
            sequence: after.header.sequence.wrapping_add(1),
            timestamp: after.header.timestamp.wrapping_add(160),
            ..after.header.clone()
        },
        content: Content::ComfortNoise,
        payload: vec![50, 120, 130],
    });
    let played = play(sent, 300);
    assert!(
        played.turns[105..195].iter().all(|heard| *heard == Heard::Noise),
        "{:?}",
        &played.turns[100..200]
    );
    let level = crate::sound::level_dbov(&played.sound[110 * 160..190 * 160]);
    assert!(level.abs_diff(50) <= 2, "{level}");
    assert!(played.turns[210..].iter().all(|heard| *heard == Heard::Voice));
}

#[test]
fn who_begins_with_comfort_noise_rustles_and_then_speaks() {
    let mut sent = stream(CodecKind::Pcmu, 200, |turn| (turn >= 100).then_some(20.0));
    let first = &sent[0].header;
    let header = Header {
        sequence: first.sequence.wrapping_sub(1),
        timestamp: first.timestamp.wrapping_sub(100 * 160),
        ..first.clone()
    };
    sent.push(Sent { at_us: 20_000, header, content: Content::ComfortNoise, payload: vec![50] });
    let played = play(sent, 200);
    assert!(played.turns[5..95].iter().all(|heard| *heard == Heard::Noise), "{:?}", &played.turns[..100]);
    assert!(played.turns[110..].iter().all(|heard| *heard == Heard::Voice), "{:?}", &played.turns[100..]);
}

#[test]
fn a_jump_of_the_clock_and_another_source_begin_anew() {
    let mut sent = stream(CodecKind::Opus, 600, |_| Some(15.0));
    for (at, packet) in sent.iter_mut().enumerate() {
        if at >= 200 {
            packet.header.timestamp = packet.header.timestamp.wrapping_add(1_000_000_000);
        }
        if at >= 400 {
            packet.header.ssrc = 9;
            packet.header.sequence = packet.header.sequence.wrapping_mul(7);
        }
    }
    let played = play(sent, 600);
    assert!(played.good() > 0.9, "{}", played.good());
    assert_eq!(played.ear.stats().late, 0);
}

#[test]
fn other_packet_lengths_and_a_change_of_codec_are_heard() {
    let mut sent = stream(CodecKind::Pcmu, 400, |_| Some(10.0));
    // 60 ms in one packet.
    let mut joined = Vec::new();
    for (number, group) in (0_u16..).zip(sent.chunks_exact_mut(3)) {
        let payload: Vec<u8> = group.iter().flat_map(|packet| packet.payload.clone()).collect();
        let header = Header { sequence: number, ..group[0].header.clone() };
        joined.push(Sent { at_us: group[2].at_us, header, content: group[0].content, payload });
    }
    let played = play(joined, 395);
    assert!(played.good() > 0.95, "{}", played.good());

    let mut changing = stream(CodecKind::Pcmu, 400, |_| Some(10.0));
    let opposite = stream(CodecKind::Pcma, 400, |_| Some(10.0));
    changing.splice(200.., opposite.into_iter().skip(200));
    assert!(play(changing, 400).good() > 0.97);
}

#[test]
fn noise_from_the_network_is_survived() {
    let mut random = StdRng::seed_from_u64(21);
    let start = Instant::now();
    let mut ear = Ear::new(SampleRate::Wide, start, 1);
    let kinds = CodecKind::ALL;
    for turn in 0..20_000_u64 {
        let now = start + Duration::from_millis(turn * 20);
        for _ in 0..random.random_range(0..4) {
            let mut payload = vec![0; random.random_range(0..400)];
            random.fill(&mut payload[..]);
            let header = Header {
                marker: random.random(),
                payload_type: 0,
                sequence: random.random(),
                timestamp: random.random_range(0..200_000),
                ssrc: random.random_range(0..2),
                payload: 12..12 + payload.len(),
            };
            let content = match random.random_range(0..6) {
                5 => Content::ComfortNoise,
                at => Content::Voice(kinds[at]),
            };
            ear.packet(now, &header, content, &payload);
        }
        let mut frame = [0; FRAME_SAMPLES_LIMIT];
        let (_, frame) = ear.hear(now, &mut frame);
        assert!([160, 320].contains(&frame.len()));
    }
}
