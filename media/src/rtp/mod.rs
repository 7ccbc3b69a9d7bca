//! RTP and RTCP as pure machines: fed with packets and `now`, they say what to do.

pub(crate) mod digit_sender;
pub(crate) mod digits;
pub(crate) mod inactivity;
pub(crate) mod latch;
pub(crate) mod packet;
pub(crate) mod rtcp;
pub(crate) mod sender;
pub(crate) mod source;

/// RTP clock of everything we carry, in Hz.
pub(crate) const CLOCK_HZ: u32 = 8_000;
/// RTP clock ticks in a millisecond.
pub(crate) const TICKS_PER_MS: u32 = CLOCK_HZ / 1_000;

/// RTP clock ticks in a span of time; spans beyond the counter's range are cut.
pub(crate) fn ticks(span: std::time::Duration) -> u32 {
    u32::try_from(span.as_micros() * u128::from(CLOCK_HZ) / 1_000_000).unwrap_or(u32::MAX)
}
