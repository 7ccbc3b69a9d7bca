//! What the ends of a call say, as packets with room for the RTP header.

use media::{Codec, CodecKind, Encoder, PACKET_LIMIT_BYTES, SampleRate};

/// Of an RTP header without extensions (RFC 3550 section 5.1).
pub const HEADER_BYTES: usize = 12;
/// Packets a second.
pub const RATE: u32 = 50;
/// One in so many packets of [`clicks`] begins a click.
pub const CLICK_EVERY: usize = RATE as usize;
/// How long one is: Opus takes a shorter one for noise.
const CLICK_PACKETS: f64 = 5.0;

/// Four seconds of a voice that rises and falls, with pauses; none for a codec that we cannot speak.
pub fn voice(kind: CodecKind) -> Option<Vec<Vec<u8>>> {
    let mut phase = 0.0_f64;
    packets(kind, 4 * RATE as usize, |at, rate_hz| {
        let at = (at + 1) as f64 / rate_hz;
        phase += std::f64::consts::TAU * (130.0 + 30.0 * (at * 5.0).sin()) / rate_hz;
        let voice: f64 = (1..20).map(|h| (phase * f64::from(h)).sin() / f64::from(h)).sum();
        voice * 4_000.0 * (at * 6.0).sin().max(0.02)
    })
}

/// Silence with a click a second, from the first packet on.
pub fn clicks(kind: CodecKind) -> Option<Vec<Vec<u8>>> {
    packets(kind, CLICK_EVERY, |at, rate_hz| {
        let at = at as f64 / rate_hz;
        if at * f64::from(RATE) < CLICK_PACKETS {
            12_000.0 * (std::f64::consts::TAU * 500.0 * at).sin()
        } else {
            0.0
        }
    })
}

/// Whether A-law sound (G.711 table 1) is that of a click.
pub fn is_loud(a_law: &[u8]) -> bool {
    /// Of the chord of 1,024 and more of 32,768.
    const CHORD: u8 = 0x30;
    let loud = a_law.iter().filter(|byte| (**byte ^ 0x55) & 0x70 >= CHORD).count();
    loud * 8 >= a_law.len()
}

/// So many packets of what `sample` gives for the number of a sample and their rate.
fn packets(kind: CodecKind, count: usize, mut sample: impl FnMut(usize, f64) -> f64) -> Option<Vec<Vec<u8>>> {
    let mut encoder = Encoder::new(kind, SampleRate::Wide)?;
    let rate_hz = f64::from(encoder.rate().hz());
    let samples = encoder.rate().frame_samples();
    (0..count)
        .map(|packet| {
            let sound = (packet * samples..(packet + 1) * samples).map(|at| sample(at, rate_hz) as i16);
            let sound: Vec<i16> = sound.collect();
            let mut packet = vec![0; HEADER_BYTES + PACKET_LIMIT_BYTES];
            packet[..2].copy_from_slice(&[0x80, Codec::well_known(kind).payload_type]);
            let bytes = encoder.encode(&sound, &mut packet[HEADER_BYTES..])?;
            packet.truncate(HEADER_BYTES + bytes);
            Some(packet)
        })
        .collect()
}
