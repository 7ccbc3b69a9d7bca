//! One leg's voice, put in its place in time by RTP timestamp.
//!
//! Time is counted in frames since the recording started. In one at 8000 Hz a packet of G.711 goes
//! where its timestamp says, relative to an anchor that the stream's first packet sets at its
//! arrival. The recording takes slices out 100 ms behind now, so a packet may be that late; what
//! never comes stays silent. A stream whose clock runs away from ours, or that jumps, is anchored
//! anew. All else is put in as it was decoded, turn by turn.

use crate::rtp::packet::Header;

/// How far behind now the recording is: what reordering and jitter may take.
pub(super) const DELAY_MS: u64 = 100;
/// How far ahead of its arrival a packet may be placed. The first packet may have been the latest
/// of its burst, so as much as it may have been late.
const AHEAD_FRAMES: i64 = 800;
/// At 8000 Hz the delay, what may come ahead of it, a late tick or two, and the largest packet
/// (200 ms); at 16000 Hz, where all comes in turns of 20 ms, the delay and some turns.
const RING_FRAMES: usize = 4_096;
/// Late or cut packets in a row after which the anchor is wrong, not the network: 200 ms of 20 ms packets.
const LATE_IN_A_ROW: u32 = 10;

/// Turns come every 20 ms, and up to five at once after a stall: 60 ms off (30 at 16000 Hz) is another
/// talkspurt.
const HEARD_STRAY_FRAMES: i64 = 480;

/// One leg's ring.
pub(crate) struct Track {
    ring: Box<[i16; RING_FRAMES]>,
    anchor: Option<Anchor>,
    late_in_a_row: u32,
    /// The frame behind the last that was decoded.
    heard_until: Option<i64>,
}

/// A timestamp and the frame where it lies.
#[derive(Clone, Copy)]
struct Anchor {
    ssrc: u32,
    timestamp: u32,
    frame: i64,
}

/// Whether a packet found its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Placed {
    InTime,
    /// Its time has been written already.
    Late,
}

impl Track {
    pub(crate) fn new() -> Track {
        Track { ring: Box::new([0; RING_FRAMES]), anchor: None, late_in_a_row: 0, heard_until: None }
    }

    /// Places a packet that arrived at frame `now`, while the recording has taken all frames
    /// before `taken`. `linear` decodes the codes.
    pub(crate) fn place(
        &mut self,
        now: u64,
        taken: u64,
        header: &Header,
        codes: &[u8],
        linear: &[i16; 256],
    ) -> Placed {
        let (now, taken) = (now.cast_signed(), taken.cast_signed());
        let length = codes.len() as i64;
        let mut frame = match self.anchor {
            Some(anchor) if anchor.ssrc == header.ssrc => {
                let since = header.timestamp.wrapping_sub(anchor.timestamp).cast_signed();
                anchor.frame + i64::from(since)
            }
            Some(_) | None => now,
        };
        if frame < taken {
            // Cut or gone: one such packet is the network's doing, a row of them the clock's.
            // The marker says that a pause ends here (RFC 3551 section 4.1), and some phones' clocks
            // stand still in a pause.
            self.late_in_a_row += 1;
            if self.late_in_a_row >= LATE_IN_A_ROW || header.marker {
                frame = now;
            } else if frame + length <= taken {
                return Placed::Late;
            }
        }
        if frame >= taken {
            self.late_in_a_row = 0;
        }
        if frame > now + AHEAD_FRAMES {
            frame = now;
        }
        // Anchored at the newest packet, the 32 bit timestamp may wrap any number of times.
        self.anchor = Some(Anchor { ssrc: header.ssrc, timestamp: header.timestamp, frame });
        let room = taken + RING_FRAMES as i64;
        for (at, code) in (frame..).zip(codes) {
            if (taken..room).contains(&at) {
                self.ring[slot(at)] = linear[usize::from(*code)];
            }
        }
        Placed::InTime
    }

    /// Places 20 ms that were decoded in this turn, at frame `now`: behind those of the turn before,
    /// unless a pause or a stalled worker has put them elsewhere.
    pub(crate) fn place_heard(&mut self, now: u64, taken: u64, sound: &[i16]) -> Placed {
        let (now, taken) = (now.cast_signed(), taken.cast_signed());
        let next = self.heard_until.filter(|next| (now - next).abs() <= HEARD_STRAY_FRAMES).unwrap_or(now);
        let room = taken + RING_FRAMES as i64;
        for (at, sample) in (next..).zip(sound) {
            if (taken..room).contains(&at) {
                self.ring[slot(at)] = *sample;
            }
        }
        self.heard_until = Some(next + sound.len() as i64);
        if next < taken { Placed::Late } else { Placed::InTime }
    }

    /// Adds the slice that begins at frame `at` to `mix`, and forgets it.
    pub(crate) fn take(&mut self, at: u64, mix: &mut [i32]) {
        for (frame, sum) in (at.cast_signed()..).zip(mix) {
            let sample = &mut self.ring[slot(frame)];
            *sum += i32::from(*sample);
            *sample = 0;
        }
    }
}

/// The ring's place of a frame, which is never negative where this is called.
fn slot(frame: i64) -> usize {
    frame.cast_unsigned() as usize % RING_FRAMES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Law;

    const LOUD: u8 = 0x80;
    /// At 8000 Hz.
    const SLICE_FRAMES: u64 = 160;
    const DELAY_FRAMES: u64 = DELAY_MS * 8;

    struct Bench {
        track: Track,
        taken: u64,
        sound: Vec<i32>,
    }

    impl Bench {
        fn new() -> Bench {
            Bench { track: Track::new(), taken: 0, sound: Vec::new() }
        }

        /// Takes what is due at `now`, then places a packet.
        fn packet(&mut self, now: u64, ssrc: u32, timestamp: u32) -> Placed {
            self.take_until(now);
            let header =
                Header { marker: false, payload_type: 0, sequence: 0, timestamp, ssrc, payload: 12..172 };
            let linear = Law::Mu.linear();
            self.track.place(now, self.taken, &header, &[LOUD; 160], linear)
        }

        fn take_until(&mut self, now: u64) {
            while self.taken + SLICE_FRAMES + DELAY_FRAMES <= now {
                let mut mix = [0; SLICE_FRAMES as usize];
                self.track.take(self.taken, &mut mix);
                self.sound.extend(mix);
                self.taken += SLICE_FRAMES;
            }
        }

        fn loud(&self) -> usize {
            self.sound.iter().filter(|s| **s != 0).count()
        }
    }

    #[test]
    fn a_jittery_reordered_stream_comes_out_whole() {
        let mut bench = Bench::new();
        // Arrival off by up to 60 ms, neighbours swapped, timestamps across the wrap.
        for turn in 0..100u64 {
            let turn = turn ^ 1;
            let wobble = [0, 480, 100, 300][turn as usize % 4];
            let timestamp = (u32::MAX - 4_000).wrapping_add(160 * turn as u32);
            let placed = bench.packet(2_000 + 160 * turn + wobble, 1, timestamp);
            assert_eq!(placed, Placed::InTime, "turn {turn}");
        }
        bench.take_until(40_000);
        assert_eq!(bench.loud(), 100 * 160);
        let first = bench.sound.iter().position(|s| *s != 0).expect("sound");
        // One piece: no hole, no doubling.
        assert!(bench.sound[first..first + 16_000].iter().all(|s| *s != 0));
    }

    #[test]
    fn what_is_lost_is_silent_and_keeps_its_length() {
        let mut bench = Bench::new();
        for turn in (0..50u64).filter(|turn| *turn != 20) {
            bench.packet(1_000 + 160 * turn, 1, 160 * turn as u32);
        }
        bench.take_until(20_000);
        assert_eq!(bench.loud(), 49 * 160);
        assert_eq!(bench.sound[1_000 + 20 * 160], 0);
        assert_ne!(bench.sound[1_000 + 21 * 160], 0);
    }

    #[test]
    fn doubled_packets_sound_once() {
        let mut bench = Bench::new();
        bench.packet(1_000, 1, 0);
        bench.packet(1_010, 1, 0);
        bench.take_until(5_000);
        assert_eq!(bench.sound.iter().max(), Some(&32_124));
        assert_eq!(bench.loud(), 160);
    }

    #[test]
    fn a_fast_clock_and_a_slow_one_stay_in_time() {
        // 0.1 % off for ten minutes: 600 ms in all.
        for step in [159.84, 160.16] {
            let mut bench = Bench::new();
            let mut late = 0;
            for turn in 0..30_000u32 {
                let now = 1_000 + (f64::from(turn) * step) as u64;
                late += u32::from(bench.packet(now, 1, turn * 160) == Placed::Late);
            }
            assert!(late < 200, "{late} late at {step}");
            let now = 1_000 + (30_000.0 * step) as u64;
            bench.take_until(now + 3_000);
            let silent = bench.sound[1_000..now as usize - 1_000].iter().filter(|s| **s == 0).count();
            assert!(silent < 40_000, "{silent} silent at {step}");
        }
    }

    #[test]
    fn a_jump_of_the_timestamp_or_a_new_source_is_anchored_anew() {
        let mut bench = Bench::new();
        bench.packet(1_000, 1, 0);
        assert_eq!(bench.packet(1_160, 1, 3_000_000_000), Placed::Late);
        assert_eq!(bench.packet(1_320, 2, 42), Placed::InTime);
        assert_eq!(bench.packet(1_480, 2, 500_000), Placed::InTime);
        bench.take_until(5_000);
        assert_eq!(bench.loud(), 3 * 160);
        // A clock thrown back recovers after a few packets.
        let back = (0..20).map(|turn| bench.packet(6_000 + 160 * turn, 2, 160 * turn as u32));
        let late = back.filter(|placed| *placed == Placed::Late).count();
        assert_eq!(late, LATE_IN_A_ROW as usize - 1);
    }

    #[test]
    fn a_clock_that_stood_still_in_a_pause_is_followed_from_the_marker() {
        let mut bench = Bench::new();
        bench.packet(1_000, 1, 0);
        bench.take_until(9_000);
        let header =
            Header { marker: true, payload_type: 0, sequence: 0, timestamp: 160, ssrc: 1, payload: 12..172 };
        let linear = Law::Mu.linear();
        let placed = bench.track.place(9_000, bench.taken, &header, &[LOUD; 160], linear);
        assert_eq!(placed, Placed::InTime);
        bench.take_until(12_000);
        assert_eq!(bench.loud(), 320);
        assert_ne!(bench.sound[9_000], 0);
    }

    #[test]
    fn late_packets_are_told() {
        let mut bench = Bench::new();
        bench.packet(1_000, 1, 0);
        bench.packet(4_000, 1, 3_000);
        assert_eq!(bench.packet(4_010, 1, 160), Placed::Late);
    }
}
