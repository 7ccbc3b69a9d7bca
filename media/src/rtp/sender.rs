//! Our outgoing stream towards one leg: one SSRC, and sequence and timestamp without a break,
//! whoever is heard on it: a prompt, the other leg, or our own digits.

use std::time::Instant;

use super::packet::{Header, Stamp};
use super::{CLOCK_HZ, TURNS_A_SECOND, ticks};

/// Sequence numbers may skip this far and still be the same stream (RFC 3550 appendix A.1,
/// `MAX_DROPOUT`).
const SKIP_LIMIT: u16 = 3_000;
/// And may come this late (RFC 3550 appendix A.1, `MAX_MISORDER`).
const LATE_LIMIT: u16 = 100;
/// A relayed timestamp may stray this far from the wall clock before it counts as a new stream:
/// well above what jitter and clock drift between two packets make.
const TIMESTAMP_STRAY_SECONDS: u32 = 2;

/// The outgoing stream of one leg.
#[derive(Debug)]
pub(crate) struct Sender {
    ssrc: u32,
    clock_hz: u32,
    /// The last used; the next new packet takes one more.
    sequence: u16,
    timestamp: u32,
    /// When `timestamp` was sent; none before the first packet.
    at: Option<Instant>,
    heard: Heard,
}

/// Who was last heard on the stream.
#[derive(Debug)]
enum Heard {
    /// Our own: prompts and digits.
    Own,
    Relayed(Mapping),
}

/// How a relayed stream's numbers become ours. Gaps and reordering pass through, so that the far
/// end conceals and counts them itself.
#[derive(Debug)]
struct Mapping {
    ssrc: u32,
    /// Add to theirs to get ours.
    sequence_offset: u16,
    timestamp_offset: u32,
    /// Theirs, at the start: what came before belongs to the talkspurt before.
    first: u16,
    /// Theirs, the newest.
    newest: u16,
    newest_timestamp: u32,
}

impl Sender {
    /// The three numbers are random (RFC 3550 section 5.1).
    pub(crate) fn new(ssrc: u32, sequence: u16, timestamp: u32) -> Sender {
        Sender { ssrc, clock_hz: CLOCK_HZ, sequence, timestamp, at: None, heard: Heard::Own }
    }

    /// The clock of the codec agreed; a new one runs on from where the old one stands at `now`
    /// (RFC 7160 section 4.1).
    pub(crate) fn set_clock(&mut self, now: Instant, clock_hz: u32) {
        if clock_hz != self.clock_hz {
            self.timestamp = self.timestamp_at(now);
            self.at = self.at.map(|_| now);
            self.heard = Heard::Own;
            self.clock_hz = clock_hz;
        }
    }

    /// Ticks of the usual packet: a new talkspurt starts at least so long after the last.
    fn step_ticks(&self) -> u32 {
        self.clock_hz / TURNS_A_SECOND
    }

    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// The next 20 ms of our own: so long after the packet before, or where the wall clock is if it
    /// begins a talkspurt.
    pub(crate) fn own(&mut self, now: Instant, begins: bool) -> Stamp {
        let marker = begins || matches!(self.heard, Heard::Relayed(_)) || self.at.is_none();
        if marker {
            self.timestamp = self.resumed(now);
        } else {
            self.timestamp = self.timestamp.wrapping_add(self.step_ticks());
        }
        self.at = Some(now);
        self.heard = Heard::Own;
        self.advance(marker)
    }

    /// The next packet of an event: all of one event share the timestamp of its first, which alone
    /// has the marker (RFC 4733 section 2.5.1.2).
    pub(crate) fn event(&mut self, now: Instant, begins: bool) -> Stamp {
        if begins {
            self.own(now, true)
        } else {
            self.heard = Heard::Own;
            self.advance(false)
        }
    }

    /// The other leg's packet with our numbers; none if it came too late to have one.
    pub(crate) fn relay(&mut self, now: Instant, header: &Header) -> Option<Stamp> {
        if let Heard::Relayed(mapping) = &mut self.heard
            && mapping.ssrc == header.ssrc
        {
            let ahead = header.sequence.wrapping_sub(mapping.newest);
            if (1..=SKIP_LIMIT).contains(&ahead) {
                let elapsed = self.at.map_or(0, |at| ticks(now.duration_since(at), self.clock_hz));
                let expected = mapping.newest_timestamp.wrapping_add(elapsed);
                let stray = header.timestamp.wrapping_sub(expected).cast_signed();
                if stray.unsigned_abs() <= TIMESTAMP_STRAY_SECONDS * self.clock_hz {
                    mapping.newest = header.sequence;
                    mapping.newest_timestamp = header.timestamp;
                    let stamp = mapping.stamp(self.ssrc, header);
                    self.sequence = stamp.sequence;
                    self.timestamp = stamp.timestamp;
                    self.at = Some(now);
                    return Some(stamp);
                }
            } else if mapping.newest.wrapping_sub(header.sequence) <= LATE_LIMIT {
                let since_first = header.sequence.wrapping_sub(mapping.first);
                let belongs = since_first < u16::MAX / 2;
                return belongs.then(|| mapping.stamp(self.ssrc, header));
            }
        }
        Some(self.adopt(now, header))
    }

    /// Our timestamp for one of the relayed stream `ssrc`, if that is who is heard (for RTCP).
    pub(crate) fn mapped_timestamp(&self, ssrc: u32, timestamp: u32) -> Option<u32> {
        match &self.heard {
            Heard::Relayed(mapping) if mapping.ssrc == ssrc => {
                Some(timestamp.wrapping_add(mapping.timestamp_offset))
            }
            Heard::Relayed(_) | Heard::Own => None,
        }
    }

    /// The relayed stream being heard: its SSRC, and what to add to its sequence numbers.
    pub(crate) fn relayed(&self) -> Option<(u32, u16)> {
        match &self.heard {
            Heard::Relayed(mapping) => Some((mapping.ssrc, mapping.sequence_offset)),
            Heard::Own => None,
        }
    }

    /// Our timestamp at `now`, for sender reports (RFC 3550 section 6.4.1).
    pub(crate) fn timestamp_at(&self, now: Instant) -> u32 {
        let elapsed = self.at.map_or(0, |at| ticks(now.duration_since(at), self.clock_hz));
        self.timestamp.wrapping_add(elapsed)
    }

    /// Begins a talkspurt with a stream not heard before, or one that has jumped.
    fn adopt(&mut self, now: Instant, header: &Header) -> Stamp {
        let sequence = self.sequence.wrapping_add(1);
        let timestamp = self.resumed(now);
        self.heard = Heard::Relayed(Mapping {
            ssrc: header.ssrc,
            sequence_offset: sequence.wrapping_sub(header.sequence),
            timestamp_offset: timestamp.wrapping_sub(header.timestamp),
            first: header.sequence,
            newest: header.sequence,
            newest_timestamp: header.timestamp,
        });
        self.timestamp = timestamp;
        self.at = Some(now);
        self.advance(true)
    }

    /// Where the timestamp stands after a pause: as far on as the wall clock, at least one packet.
    fn resumed(&self, now: Instant) -> u32 {
        match self.at {
            None => self.timestamp,
            Some(at) => self
                .timestamp
                .wrapping_add(ticks(now.duration_since(at), self.clock_hz).max(self.step_ticks())),
        }
    }

    fn advance(&mut self, marker: bool) -> Stamp {
        self.sequence = self.sequence.wrapping_add(1);
        Stamp { marker, sequence: self.sequence, timestamp: self.timestamp, ssrc: self.ssrc }
    }
}

impl Mapping {
    fn stamp(&self, ssrc: u32, header: &Header) -> Stamp {
        Stamp {
            marker: header.marker,
            sequence: header.sequence.wrapping_add(self.sequence_offset),
            timestamp: header.timestamp.wrapping_add(self.timestamp_offset),
            ssrc,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn packet(ssrc: u32, sequence: u16, timestamp: u32) -> Header {
        Header { marker: false, payload_type: 0, sequence, timestamp, ssrc, payload: 12..172 }
    }

    fn after(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn prompt_then_relay_then_prompt_has_no_break() {
        let start = Instant::now();
        let mut sender = Sender::new(1, 65_534, u32::MAX - 200);
        let mut last: Option<Stamp> = None;
        let mut check = |stamp: Stamp, marker: bool| {
            if let Some(last) = last {
                assert_eq!(stamp.sequence, last.sequence.wrapping_add(1));
                assert_eq!(stamp.timestamp, last.timestamp.wrapping_add(160));
            }
            assert_eq!(stamp.marker, marker);
            assert_eq!(stamp.ssrc, 1);
            last = Some(stamp);
        };
        for turn in 0..5u16 {
            check(sender.own(after(start, 20 * u64::from(turn)), turn == 0), turn == 0);
        }
        for turn in 0..5u16 {
            let now = after(start, 100 + 20 * u64::from(turn));
            let theirs = packet(77, 65_533u16.wrapping_add(turn), 5_000 + 160 * u32::from(turn));
            check(sender.relay(now, &theirs).expect("in order"), turn == 0);
        }
        for turn in 0..5u16 {
            let now = after(start, 200 + 20 * u64::from(turn));
            check(sender.own(now, turn == 0), turn == 0);
        }
    }

    #[test]
    fn a_pause_shows_in_the_timestamp_alone() {
        let start = Instant::now();
        let mut sender = Sender::new(1, 10, 1_000);
        let before = sender.own(start, true);
        let theirs = packet(9, 400, 99);
        let later = sender.relay(after(start, 1_000), &theirs).expect("first");
        assert_eq!(later.sequence, before.sequence + 1);
        assert_eq!(later.timestamp, before.timestamp + 8_000);
    }

    #[test]
    fn gaps_and_reordering_pass_through() {
        let now = Instant::now();
        let mut sender = Sender::new(1, 99, 0);
        let relay = |sender: &mut Sender, sequence: u16| {
            sender.relay(now, &packet(5, sequence, u32::from(sequence) * 160)).map(|stamp| stamp.sequence)
        };
        assert_eq!(relay(&mut sender, 1_000), Some(100));
        assert_eq!(relay(&mut sender, 1_003), Some(103));
        assert_eq!(relay(&mut sender, 1_002), Some(102));
        assert_eq!(relay(&mut sender, 1_004), Some(104));
        // From before the switch: it would take the number of a packet of the prompt.
        assert_eq!(relay(&mut sender, 999), None);
    }

    #[test]
    fn a_new_source_or_a_jump_begins_a_talkspurt() {
        let start = Instant::now();
        let mut sender = Sender::new(1, 99, 0);
        sender.relay(start, &packet(5, 1_000, 0));
        let other = sender.relay(after(start, 20), &packet(6, 7, 123_456));
        assert_eq!(other, Some(Stamp { marker: true, sequence: 101, timestamp: 160, ssrc: 1 }));
        // Far ahead in sequence.
        let jumped = sender.relay(after(start, 40), &packet(6, 30_000, 123_616));
        assert_eq!(jumped.map(|s| (s.marker, s.sequence, s.timestamp)), Some((true, 102, 320)));
        // Next in sequence, but the clock leaps.
        let leapt = sender.relay(after(start, 60), &packet(6, 30_001, 4_000_000_000));
        assert_eq!(leapt.map(|s| (s.marker, s.sequence, s.timestamp)), Some((true, 103, 480)));
    }

    #[test]
    fn another_clock_runs_on_where_the_old_one_stood() {
        let start = Instant::now();
        let mut sender = Sender::new(1, 0, 0);
        sender.own(start, true);
        sender.set_clock(after(start, 20), 48_000);
        let first = sender.own(after(start, 20), false);
        assert_eq!((first.marker, first.sequence, first.timestamp), (false, 2, 160 + 960));
        let resumed = sender.own(after(start, 120), true);
        assert_eq!(resumed.timestamp, first.timestamp + 4_800);
    }

    #[test]
    fn an_event_keeps_its_timestamp() {
        let start = Instant::now();
        let mut sender = Sender::new(1, 0, 0);
        sender.own(start, true);
        let first = sender.event(after(start, 20), true);
        let second = sender.event(after(start, 40), false);
        assert!(first.marker && !second.marker);
        assert_eq!(first.timestamp, second.timestamp);
        assert_eq!(second.sequence, first.sequence + 1);
        // Voice resumes where the clock is: 100 ms after the event began.
        let voice = sender.own(after(start, 120), true);
        assert_eq!(voice.timestamp, first.timestamp + 800);
    }
}
