//! RTP and RTCP as pure machines: fed with packets and `now`, they say what to do.

pub(crate) mod digit_sender;
pub(crate) mod digits;
pub(crate) mod inactivity;
pub(crate) mod latch;
pub(crate) mod packet;
pub(crate) mod quality;
pub(crate) mod rtcp;
pub(crate) mod sender;
pub(crate) mod source;

/// RTP clock of most codecs, in Hz; Opus runs at 48000.
pub(crate) const CLOCK_HZ: u32 = 8_000;
/// A turn of the worker, and the packet that all use: 20 ms, so many to a second.
pub(crate) const TURNS_A_SECOND: u32 = 50;

/// Ticks of an RTP clock in a span of time; spans beyond the counter's range are cut.
pub(crate) fn ticks(span: std::time::Duration, clock_hz: u32) -> u32 {
    u32::try_from(span.as_micros() * u128::from(clock_hz) / 1_000_000).unwrap_or(u32::MAX)
}
