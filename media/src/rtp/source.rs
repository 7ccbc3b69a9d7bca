//! The stream that a leg receives: what was lost, how often, and how unsteadily it came.

use std::time::Instant;

use super::packet::Header;
use super::{CLOCK_HZ, ticks};

/// RFC 3550 appendix A.1, `MAX_DROPOUT`: a larger skip is a restart, not a loss.
const SKIP_LIMIT: u16 = 3_000;
/// RFC 3550 appendix A.1, `MAX_MISORDER`.
const LATE_LIMIT: u16 = 100;

/// Counts for one leg's incoming stream, over changes of its SSRC.
#[derive(Debug)]
pub(crate) struct Source {
    /// Of its timestamps.
    clock_hz: u32,
    run: Option<Run>,
    /// Of runs that have ended.
    lost_before: u64,
    gaps: u64,
    received: u64,
}

/// A stretch of one SSRC without a restart.
#[derive(Debug)]
struct Run {
    ssrc: u32,
    /// Extended by the count of cycles (RFC 3550 appendix A.1).
    first: u64,
    highest: u64,
    received: u64,
    /// Arrival and timestamp of the packet before, for the jitter.
    arrived: Instant,
    timestamp: u32,
    /// RFC 3550 appendix A.8, scaled by 16.
    jitter_x16: u32,
    /// As of the last report (RFC 3550 appendix A.3).
    reported_expected: u64,
    reported_received: u64,
}

/// What a receiver report says of the stream (RFC 3550 section 6.4.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reception {
    pub ssrc: u32,
    pub fraction_lost: u8,
    /// Clamped to 24 bits, as the report carries it.
    pub lost: u32,
    pub highest_sequence: u32,
    pub jitter_ticks: u32,
}

impl Default for Source {
    fn default() -> Source {
        Source { clock_hz: CLOCK_HZ, run: None, lost_before: 0, gaps: 0, received: 0 }
    }
}

impl Source {
    /// The clock of the codec agreed.
    pub(crate) fn set_clock(&mut self, clock_hz: u32) {
        if clock_hz != self.clock_hz {
            self.clock_hz = clock_hz;
            if let Some(run) = &mut self.run {
                run.jitter_x16 = 0;
            }
        }
    }

    /// Counts a packet of voice. Says how many sequence numbers it skipped, 0 for none.
    pub(crate) fn received(&mut self, now: Instant, header: &Header) -> u64 {
        self.received += 1;
        if let Some(run) = self.run.as_mut().filter(|run| run.ssrc == header.ssrc) {
            match run.take(now, header, self.clock_hz) {
                Taken::InRun { skipped } => {
                    self.gaps += u64::from(skipped > 0);
                    return skipped;
                }
                Taken::Restarted => {}
            }
        }
        self.lost_before += self.run.as_ref().map_or(0, Run::lost);
        self.run = Some(Run::begin(now, header));
        0
    }

    /// Packets that never came.
    pub(crate) fn lost(&self) -> u64 {
        self.lost_before + self.run.as_ref().map_or(0, Run::lost)
    }

    pub(crate) fn gaps(&self) -> u64 {
        self.gaps
    }

    pub(crate) fn packets(&self) -> u64 {
        self.received
    }

    pub(crate) fn jitter_ms(&self) -> f32 {
        self.run.as_ref().map_or(0.0, |run| run.jitter_x16 as f32 / 16.0 * 1_000.0 / self.clock_hz as f32)
    }

    pub(crate) fn ssrc(&self) -> Option<u32> {
        self.run.as_ref().map(|run| run.ssrc)
    }

    /// The report since the last one; none before the first packet.
    pub(crate) fn report(&mut self) -> Option<Reception> {
        self.run.as_mut().map(Run::report)
    }
}

enum Taken {
    InRun { skipped: u64 },
    Restarted,
}

impl Run {
    fn begin(now: Instant, header: &Header) -> Run {
        // One cycle in, so that packets from just before the first do not count below zero.
        let first = 0x1_0000 + u64::from(header.sequence);
        Run {
            ssrc: header.ssrc,
            first,
            highest: first,
            received: 1,
            arrived: now,
            timestamp: header.timestamp,
            jitter_x16: 0,
            reported_expected: 0,
            reported_received: 0,
        }
    }

    fn take(&mut self, now: Instant, header: &Header, clock_hz: u32) -> Taken {
        let newest = self.highest as u16;
        let ahead = header.sequence.wrapping_sub(newest);
        let skipped = if (1..=SKIP_LIMIT).contains(&ahead) {
            self.highest += u64::from(ahead);
            // The packets of one event share a timestamp: only the first says when it was made.
            if header.timestamp != self.timestamp {
                self.track_jitter(now, header, clock_hz);
            }
            u64::from(ahead) - 1
        } else if newest.wrapping_sub(header.sequence) <= LATE_LIMIT {
            0
        } else {
            return Taken::Restarted;
        };
        self.received += 1;
        Taken::InRun { skipped }
    }

    fn track_jitter(&mut self, now: Instant, header: &Header, clock_hz: u32) {
        let arrived = ticks(now.duration_since(self.arrived), clock_hz).cast_signed();
        let sent = header.timestamp.wrapping_sub(self.timestamp).cast_signed();
        self.arrived = now;
        self.timestamp = header.timestamp;
        let deviation = arrived.wrapping_sub(sent).unsigned_abs();
        // A leap of the sender's clock says nothing about the network.
        if deviation < clock_hz {
            self.jitter_x16 = self.jitter_x16 - (self.jitter_x16 + 8) / 16 + deviation;
        }
    }

    fn expected(&self) -> u64 {
        self.highest - self.first + 1
    }

    fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    fn report(&mut self) -> Reception {
        // RFC 3550 appendix A.3.
        let expected = self.expected() - self.reported_expected;
        let received = self.received - self.reported_received;
        self.reported_expected = self.expected();
        self.reported_received = self.received;
        let lost = expected.saturating_sub(received);
        let fraction = (lost << 8).checked_div(expected).unwrap_or(0).min(255);
        Reception {
            ssrc: self.ssrc,
            fraction_lost: fraction as u8,
            lost: self.lost().min(0x7f_ffff) as u32,
            highest_sequence: (self.highest - 0x1_0000) as u32,
            jitter_ticks: self.jitter_x16 / 16,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn feed(source: &mut Source, start: Instant, turns: impl IntoIterator<Item = (u32, u16)>) {
        for (turn, (ssrc, sequence)) in turns.into_iter().enumerate() {
            let header = Header {
                marker: false,
                payload_type: 0,
                sequence,
                timestamp: u32::from(sequence).wrapping_mul(160),
                ssrc,
                payload: 12..172,
            };
            source.received(start + Duration::from_millis(20 * turn as u64), &header);
        }
    }

    #[test]
    fn a_steady_stream_loses_nothing() {
        let mut source = Source::default();
        let turns = (0..1_000).map(|turn: u16| (1, turn.wrapping_sub(500)));
        feed(&mut source, Instant::now(), turns);
        assert_eq!((source.lost(), source.gaps(), source.packets()), (0, 0, 1_000));
        assert!(source.jitter_ms() < 0.5);
        let report = source.report().expect("heard");
        assert_eq!(report.highest_sequence, 0x1_0000 + 499);
        assert_eq!(report.fraction_lost, 0);
    }

    #[test]
    fn losses_and_gaps_are_counted_and_late_ones_forgiven() {
        let mut source = Source::default();
        let now = Instant::now();
        feed(&mut source, now, [(1, 10), (1, 11), (1, 14), (1, 13), (1, 20)]);
        assert_eq!(source.gaps(), 2);
        assert_eq!(source.lost(), 6);
        let report = source.report().expect("heard");
        assert_eq!(report.lost, 6);
        assert_eq!(report.fraction_lost, (6 * 256 / 11) as u8);
        // Nothing new since: nothing lost since.
        assert_eq!(source.report().expect("heard").fraction_lost, 0);
    }

    #[test]
    fn a_new_source_and_a_restart_are_no_loss() {
        let mut source = Source::default();
        feed(&mut source, Instant::now(), [(1, 10), (1, 12), (2, 40_000), (2, 40_001), (2, 5), (2, 6)]);
        assert_eq!(source.lost(), 1);
        assert_eq!(source.ssrc(), Some(2));
    }

    #[test]
    fn unsteady_arrival_is_jitter() {
        let mut source = Source::default();
        let start = Instant::now();
        for turn in 0..500u16 {
            let header = Header {
                marker: false,
                payload_type: 0,
                sequence: turn,
                timestamp: u32::from(turn) * 160,
                ssrc: 1,
                payload: 12..172,
            };
            let wobble = if turn % 2 == 0 { 0 } else { 10 };
            source.received(start + Duration::from_millis(20 * u64::from(turn) + wobble), &header);
        }
        let jitter_ms = source.jitter_ms();
        assert!((9.0..11.0).contains(&jitter_ms), "{jitter_ms}");
    }
}
