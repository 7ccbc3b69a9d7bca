//! Datagrams on a stream (RFC 4571 section 2): before each stand two bytes of its length, the most
//! significant first.

use super::ARRIVED_LIMIT_BYTES;

/// Bytes of a length.
pub(super) const PREFIX_BYTES: usize = 2;

/// Why a connection is not a browser's, for the log.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hostile(pub &'static str);

/// Puts the datagrams of one stream together, however the network cut it.
pub(super) struct Assembler {
    bytes: Box<[u8; PREFIX_BYTES + ARRIVED_LIMIT_BYTES]>,
    filled: usize,
}

impl Assembler {
    pub(super) fn new() -> Assembler {
        Assembler { bytes: Box::new([0; _]), filled: 0 }
    }

    /// Takes what came, and gives each datagram that is now whole; an empty one is none. Ends at
    /// the first that is refused, or that is longer than any of a browser's.
    pub(super) fn feed(
        &mut self,
        mut came: &[u8],
        mut give: impl FnMut(&[u8]) -> Result<(), Hostile>,
    ) -> Result<(), Hostile> {
        while !came.is_empty() {
            let missing = self.frame_bytes()? - self.filled;
            let (now, later) = came.split_at(missing.min(came.len()));
            self.bytes[self.filled..][..now.len()].copy_from_slice(now);
            self.filled += now.len();
            came = later;
            if self.filled >= PREFIX_BYTES && self.filled == self.frame_bytes()? {
                let datagram = &self.bytes[PREFIX_BYTES..self.filled];
                self.filled = 0;
                if !datagram.is_empty() {
                    give(datagram)?;
                }
            }
        }
        Ok(())
    }

    /// How long the frame is that is being put together, its length included; as long as that is
    /// not known, what is needed to know it.
    fn frame_bytes(&self) -> Result<usize, Hostile> {
        if self.filled < PREFIX_BYTES {
            return Ok(PREFIX_BYTES);
        }
        match usize::from(u16::from_be_bytes([self.bytes[0], self.bytes[1]])) {
            length @ ..=ARRIVED_LIMIT_BYTES => Ok(PREFIX_BYTES + length),
            _ => Err(Hostile("a frame longer than any datagram")),
        }
    }
}

/// Puts the length before the datagram that lies behind [`PREFIX_BYTES`] of `frame`.
pub(super) fn set_length(frame: &mut [u8], datagram_bytes: u16) {
    if let Some(prefix) = frame.first_chunk_mut() {
        *prefix = datagram_bytes.to_be_bytes();
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    fn framed(datagram: &[u8]) -> Vec<u8> {
        let mut frame = vec![0; PREFIX_BYTES];
        frame.extend_from_slice(datagram);
        set_length(&mut frame, datagram.len() as u16);
        frame
    }

    #[test]
    fn however_the_stream_is_cut_the_datagrams_are_the_same() {
        for seed in 0..200 {
            let mut chance = StdRng::seed_from_u64(seed);
            let sent: Vec<Vec<u8>> = (0..chance.random_range(1..20))
                .map(|_| {
                    let length = chance.random_range(1..=ARRIVED_LIMIT_BYTES);
                    (0..length).map(|_| chance.random()).collect()
                })
                .collect();
            let stream: Vec<u8> = sent.iter().flat_map(|datagram| framed(datagram)).collect();
            let (mut assembler, mut got) = (Assembler::new(), Vec::new());
            let mut rest = stream.as_slice();
            while !rest.is_empty() {
                let longest = if chance.random() { 3 } else { 4_000 };
                let most = chance.random_range(1..=longest);
                let (piece, later) = rest.split_at(rest.len().min(most));
                let fed = assembler.feed(piece, |datagram| {
                    got.push(datagram.to_vec());
                    Ok(())
                });
                assert_eq!(fed, Ok(()), "seed {seed}");
                rest = later;
            }
            assert_eq!(got, sent, "seed {seed}");
        }
    }

    #[test]
    fn a_length_beyond_any_datagram_is_refused_before_its_bytes_come() {
        for length in [ARRIVED_LIMIT_BYTES as u16 + 1, 0x4745, u16::MAX] {
            let [high, low] = length.to_be_bytes();
            let mut assembler = Assembler::new();
            assert_eq!(assembler.feed(&[high], |_| Ok(())), Ok(()));
            assert!(assembler.feed(&[low], |_| panic!("no datagram")).is_err(), "{length}");
        }
    }

    #[test]
    fn empty_frames_are_nothing_and_a_refusal_ends_it() {
        let mut assembler = Assembler::new();
        assert_eq!(assembler.feed(&[0; 4_096], |_| panic!("no datagram")), Ok(()));
        let (mut given, two) = (0, [framed(b"one"), framed(b"two")].concat());
        let refused = assembler.feed(&two, |_| {
            given += 1;
            Err(Hostile("not wanted"))
        });
        assert_eq!((refused, given), (Err(Hostile("not wanted")), 1));
    }
}
