//! How we set up Opus, and why.

use ::opus::{Application, Bitrate, Channels, Decoder, Encoder, Signal};

use super::SampleRate;

/// Loss that the far end reports from which on packets carry a copy of the one before (RFC 6716
/// section 2.1.7): below it concealment is not heard, and that mode costs three times the CPU.
pub(super) const FEC_FROM_LOSS_PCT: u8 = 2;
/// 20 ms of speech in 80 bytes. The mode without prediction (CELT) needs somewhat more than the
/// other (SILK) for the same sound, and a third of the CPU: 20 µs a frame against 60 µs.
const BITRATE_BITS: u32 = 32_000;
/// The band of a telephone needs less.
const NARROW_BITRATE_BITS: u32 = 24_000;
/// The lowest that watches for transients, so that consonants have no echo ahead of them.
const COMPLEXITY: i32 = 1;

/// What the encoder is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Little CPU, little delay.
    Thrifty,
    /// Each packet repeats the one before, for this loss in percent.
    Repairing(u8),
}

/// `bitrate_limit` is what the far end takes at most, in bits a second.
pub(super) fn encoder(rate: SampleRate, mode: Mode, bitrate_limit: u32) -> Result<Encoder, ::opus::Error> {
    let application = match mode {
        Mode::Thrifty => Application::LowDelay,
        Mode::Repairing(_) => Application::Voip,
    };
    let mut encoder = Encoder::new(rate.hz(), Channels::Mono, application)?;
    let bitrate = match rate {
        SampleRate::Narrow => NARROW_BITRATE_BITS,
        SampleRate::Wide => BITRATE_BITS,
    };
    encoder.set_bitrate(Bitrate::Bits(bitrate.min(bitrate_limit) as i32))?;
    encoder.set_complexity(COMPLEXITY)?;
    encoder.set_vbr(true)?;
    encoder.set_signal(Signal::Voice)?;
    if let Mode::Repairing(loss_pct) = mode {
        encoder.set_inband_fec(true)?;
        encoder.set_packet_loss_perc(loss_pct.into())?;
    }
    Ok(encoder)
}

/// Stereo is mixed down by the library itself.
pub(super) fn decoder(rate: SampleRate) -> Result<Decoder, ::opus::Error> {
    Decoder::new(rate.hz(), Channels::Mono)
}

/// Length of a packet in samples at `rate`; none if it is no Opus.
pub(super) fn samples(packet: &[u8], rate: SampleRate) -> Option<usize> {
    ::opus::packet::get_nb_samples(packet, rate.hz()).ok()
}
