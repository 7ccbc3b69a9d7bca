//! What waits to be written to one connection.
//!
//! A datagram is written at once where the connection takes it. Where it does not, the newest voice
//! is worth more than the oldest: it waits in a short queue that drops from its old end. Checks and
//! handshakes are never dropped. A frame that was begun is always finished, or the stream would
//! have no more frames.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Write};

use super::framing::PREFIX_BYTES;

/// Voice and reports that wait: 200 ms of the usual packets. What is older comes too late for
/// anybody's ear.
const MEDIA_LIMIT_FRAMES: usize = 10;
/// Checks' answers and handshakes' records that wait: a handshake has a dozen, checks come some
/// times a second. With more than these nobody reads at the other end.
const OTHER_LIMIT_FRAMES: usize = 64;
/// RFC 7983: what begins RTP and RTCP.
const MEDIA_FIRST_BYTE: std::ops::RangeInclusive<u8> = 128..=191;

/// What waits to be written to one connection.
#[derive(Default)]
pub(super) struct Outbox {
    /// The oldest first.
    frames: VecDeque<Frame>,
    /// Bytes of the first that are out already.
    written: usize,
}

struct Frame {
    bytes: Box<[u8]>,
    is_media: bool,
}

impl Outbox {
    /// Writes a frame, or keeps what is not taken. Says how many frames were given up for it; fails
    /// if the connection is of no use any more.
    pub(super) fn send(&mut self, out: &mut impl Write, frame: &[u8]) -> io::Result<u64> {
        self.flush(out)?;
        let written = if self.frames.is_empty() { write_some(out, frame)? } else { 0 };
        if written == frame.len() {
            return Ok(0);
        }
        let is_media = frame.get(PREFIX_BYTES).is_some_and(|first| MEDIA_FIRST_BYTE.contains(first));
        // One that is begun is first in the queue and stays there.
        let given_up = if written == 0 { self.make_room(is_media)? } else { 0 };
        if written > 0 {
            self.written = written;
        }
        self.frames.push_back(Frame { bytes: frame.into(), is_media });
        Ok(given_up)
    }

    /// Writes what waits, as far as the connection takes it.
    pub(super) fn flush(&mut self, out: &mut impl Write) -> io::Result<()> {
        while let Some(frame) = self.frames.front() {
            let rest = &frame.bytes[self.written..];
            let written = write_some(out, rest)?;
            if written < rest.len() {
                self.written += written;
                return Ok(());
            }
            self.written = 0;
            self.frames.pop_front();
        }
        Ok(())
    }

    fn make_room(&mut self, for_media: bool) -> io::Result<u64> {
        let limit = if for_media { MEDIA_LIMIT_FRAMES } else { OTHER_LIMIT_FRAMES };
        if self.frames.iter().filter(|frame| frame.is_media == for_media).count() < limit {
            return Ok(0);
        }
        if !for_media {
            return Err(io::Error::new(ErrorKind::TimedOut, "nobody reads"));
        }
        let begun = usize::from(self.written > 0);
        let oldest = self.frames.iter().skip(begun).position(|frame| frame.is_media);
        Ok(oldest.and_then(|at| self.frames.remove(begun + at)).map_or(0, |_| 1))
    }
}

/// How many bytes were taken: all of them, or as many as there was room for.
fn write_some(out: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    let mut written = 0;
    while written < bytes.len() {
        match out.write(&bytes[written..]) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(taken) => written += taken,
            Err(e) if e.kind() == ErrorKind::WouldBlock => break,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};

    use super::super::framing::{Assembler, set_length};
    use super::*;

    /// Takes some bytes at a time, then none for a while.
    #[derive(Default)]
    struct Narrow {
        room: usize,
        taken: Vec<u8>,
    }

    impl Write for Narrow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.room);
            if taken == 0 {
                return Err(ErrorKind::WouldBlock.into());
            }
            self.room -= taken;
            self.taken.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Narrow {
        /// What the other end reads: of each datagram its first byte and its number.
        fn read(&self) -> Vec<(u8, u8)> {
            let mut read = Vec::new();
            let fed = Assembler::new().feed(&self.taken, |datagram| {
                assert!(datagram[2..].iter().all(|byte| *byte == datagram[1]), "a whole datagram");
                read.push((datagram[0], datagram[1]));
                Ok(())
            });
            assert_eq!(fed, Ok(()));
            read
        }
    }

    const VOICE: u8 = 0x80;
    const CHECK: u8 = 0x01;
    const RECORD: u8 = 22;

    fn frame(first: u8, number: u8) -> Vec<u8> {
        let mut frame = vec![number; PREFIX_BYTES + 172];
        set_length(&mut frame, 172);
        frame[PREFIX_BYTES] = first;
        frame
    }

    #[test]
    fn old_voice_goes_before_new_and_the_rest_stays() {
        let (mut outbox, mut wire) = (Outbox::default(), Narrow { room: 50, ..Narrow::default() });
        let mut given_up = 0;
        for number in 0..30 {
            given_up += outbox.send(&mut wire, &frame(VOICE, number)).expect("kept");
            if number == 10 {
                outbox.send(&mut wire, &frame(CHECK, 100)).expect("kept");
                outbox.send(&mut wire, &frame(RECORD, 101)).expect("kept");
            }
        }
        // The first was begun and counts among those that wait.
        assert_eq!(given_up, 30 - MEDIA_LIMIT_FRAMES as u64);
        wire.room = usize::MAX;
        outbox.flush(&mut wire).expect("written");
        let read = wire.read();
        assert_eq!(read[0], (VOICE, 0), "what was begun is finished");
        assert_eq!(read[1..3], [(CHECK, 100), (RECORD, 101)]);
        let newest: Vec<u8> = read[3..].iter().map(|(_, number)| *number).collect();
        assert_eq!(newest, (21..30).collect::<Vec<u8>>());
        outbox.send(&mut wire, &frame(VOICE, 30)).expect("written");
        assert_eq!(wire.read().last(), Some(&(VOICE, 30)), "and at once again");
    }

    #[test]
    fn however_little_is_taken_at_a_time_frames_stay_whole_and_in_order() {
        for seed in 0..200 {
            let mut chance = StdRng::seed_from_u64(seed);
            let (mut outbox, mut wire) = (Outbox::default(), Narrow::default());
            let (mut sent, mut given_up) = (0u64, 0);
            for number in 0..100 {
                wire.room = if chance.random() { chance.random_range(0..400) } else { 0 };
                if chance.random() {
                    outbox.flush(&mut wire).expect("written");
                }
                given_up += outbox.send(&mut wire, &frame(VOICE, number)).expect("kept");
                sent += 1;
            }
            wire.room = usize::MAX;
            outbox.flush(&mut wire).expect("written");
            let read = wire.read();
            assert!(read.is_sorted(), "seed {seed}: {read:?}");
            assert_eq!(read.len() as u64, sent - given_up, "seed {seed}");
        }
    }

    #[test]
    fn who_reads_nothing_is_given_up() {
        let (mut outbox, mut wire) = (Outbox::default(), Narrow::default());
        let kept = (0..200).take_while(|_| outbox.send(&mut wire, &frame(CHECK, 0)).is_ok()).count();
        assert_eq!(kept, OTHER_LIMIT_FRAMES);
    }
}
