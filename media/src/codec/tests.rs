use super::*;
use crate::tone::{Sine, share_of_tone};

/// Encodes and decodes two seconds of a tone; returns it without its first quarter.
fn there_and_back(kind: CodecKind, rate: SampleRate, hz: f64, loss_pct: u8) -> Vec<i16> {
    let mut encoder = Encoder::new(kind, rate).expect("one of ours");
    encoder.suit(loss_pct, u32::MAX);
    let mut decoder = Decoder::new(kind, rate).expect("one of ours");
    assert_eq!((encoder.rate(), decoder.rate()), (SampleRate::of(kind, rate), SampleRate::of(kind, rate)));
    let rate = encoder.rate();
    let sound: Vec<i16> = Sine::new(hz, rate.hz(), 10_000).take(2 * rate.hz() as usize).collect();
    let (mut packet, mut out) = ([0; PACKET_LIMIT_BYTES], [0; PACKET_SAMPLES_LIMIT]);
    let mut back = Vec::new();
    for frame in sound.chunks_exact(rate.frame_samples()) {
        let bytes = encoder.encode(frame, &mut packet).expect("encoded");
        assert!(bytes <= PACKET_LIMIT_BYTES);
        assert_eq!(decoder.samples(&packet[..bytes]), Some(rate.frame_samples()));
        let samples = decoder.decode(&packet[..bytes], &mut out).expect("decoded");
        back.extend(&out[..samples]);
    }
    back.split_off(back.len() / 4)
}

#[test]
fn every_codec_carries_a_tone() {
    for kind in [CodecKind::Pcmu, CodecKind::Pcma, CodecKind::G722, CodecKind::Opus] {
        for rate in [SampleRate::Narrow, SampleRate::Wide] {
            for loss_pct in [0, 10] {
                let back = there_and_back(kind, rate, 1_000.0, loss_pct);
                let hz = SampleRate::of(kind, rate).hz();
                let share = share_of_tone(&back, 1_000.0, hz);
                assert!(share > 0.95, "{kind:?} at {rate:?}, loss {loss_pct}: {share}");
                let peak = back.iter().map(|s| s.unsigned_abs()).max();
                assert!((8_000..12_500).contains(&peak.expect("sound")), "{kind:?}: {peak:?}");
            }
        }
    }
}

#[test]
fn the_wide_ones_carry_what_a_telephone_cannot() {
    for kind in [CodecKind::G722, CodecKind::Opus] {
        let back = there_and_back(kind, SampleRate::Wide, 6_000.0, 0);
        assert!(share_of_tone(&back, 6_000.0, 16_000) > 0.9, "{kind:?}");
    }
}

#[test]
fn opus_repairs_a_lost_packet_from_the_next() {
    let rate = SampleRate::Wide;
    let mut encoder = Encoder::new(CodecKind::Opus, rate).expect("one of ours");
    encoder.suit(20, 64_000);
    // A tone that slides up and down, so that nobody can guess how it goes on.
    let mut phase = 0.0_f64;
    let sound: Vec<i16> = (0..16_000)
        .map(|at| {
            let hz = 300.0 + 100.0 * (f64::from(at) / 1_500.0).sin();
            phase += std::f64::consts::TAU * hz / 16_000.0;
            (phase.sin() * 8_000.0) as i16
        })
        .collect();
    let mut packets = Vec::new();
    for frame in sound.chunks_exact(320) {
        let mut packet = [0; PACKET_LIMIT_BYTES];
        let bytes = encoder.encode(frame, &mut packet).expect("encoded");
        packets.push(packet[..bytes].to_vec());
    }
    let error = |repairs: bool| -> f64 {
        let mut decoder = Decoder::new(CodecKind::Opus, rate).expect("one of ours");
        let mut out = [0; PACKET_SAMPLES_LIMIT];
        let mut back = Vec::<i16>::new();
        for (at, packet) in packets.iter().enumerate() {
            match (at % 5, repairs) {
                (3, true) => assert!(decoder.recover(&packets[at + 1], &mut out[..320])),
                (3, false) => assert!(decoder.conceal(&mut out[..320])),
                _ => assert_eq!(decoder.decode(packet, &mut out), Some(320)),
            }
            back.extend(&out[..320]);
        }
        // The coder's own delay is 6.5 ms.
        let pairs = sound[4_000..15_000].iter().zip(&back[4_104..]);
        pairs.map(|(sent, heard)| (f64::from(*sent) - f64::from(*heard)).powi(2)).sum()
    };
    let (repaired, guessed) = (error(true), error(false));
    assert!(repaired * 2.0 < guessed, "{repaired} is not much better than {guessed}");
}

#[test]
fn noise_is_refused_or_decoded_and_never_fatal() {
    use rand::{RngExt as _, SeedableRng as _};
    let mut random = rand::rngs::StdRng::seed_from_u64(11);
    let mut out = [0; PACKET_SAMPLES_LIMIT];
    for kind in [CodecKind::Pcma, CodecKind::G722, CodecKind::Opus] {
        let mut decoder = Decoder::new(kind, SampleRate::Wide).expect("one of ours");
        for _ in 0..2_000 {
            let mut packet = vec![0u8; random.random_range(0..300)];
            random.fill(&mut packet[..]);
            let said = decoder.samples(&packet);
            if let Some(samples) = decoder.decode(&packet, &mut out) {
                assert_eq!(Some(samples), said);
            }
            assert!(decoder.decode(&packet, &mut out[..1]).is_none() || packet.len() == 1);
        }
    }
}

#[test]
fn what_we_do_not_speak_has_no_coder() {
    assert!(Encoder::new(CodecKind::G729, SampleRate::Narrow).is_none());
    assert!(Decoder::new(CodecKind::G729, SampleRate::Narrow).is_none());
    let mut encoder = Encoder::new(CodecKind::G722, SampleRate::Narrow).expect("one of ours");
    assert_eq!(encoder.encode(&[0; 160], &mut [0; 640]), None, "half a frame");
    assert_eq!(encoder.encode(&[0; 320], &mut [0; 10]), None, "no room");
}
