//! The RTP header (RFC 3550 section 5.1), read and written in place.

use std::ops::Range;

/// Bytes of a header without CSRCs or extension.
pub(crate) const HEADER_BYTES: usize = 12;
const VERSION: u8 = 2;

/// A received packet's header, and where its payload lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub marker: bool,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    /// Starts at or after [`HEADER_BYTES`], so that a fresh header fits before it.
    pub payload: Range<usize>,
}

/// What a datagram on an RTP port is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Datagram {
    Rtp(Header),
    Rtcp,
    Neither,
}

/// Tells RTP from RTCP (RFC 5761 section 4) and reads the RTP header. A header that promises more
/// than came is neither.
pub(crate) fn read(datagram: &[u8]) -> Datagram {
    if datagram.len() < 2 || datagram[0] >> 6 != VERSION {
        return Datagram::Neither;
    }
    if (192..=223).contains(&datagram[1]) {
        return Datagram::Rtcp;
    }
    read_rtp(datagram).map_or(Datagram::Neither, Datagram::Rtp)
}

/// What of an RTP packet stays readable when it is encrypted: the length of its header with sources
/// and extension, its sequence number and its SSRC. None if it promises more than came.
pub(crate) fn clear_part(datagram: &[u8]) -> Option<(usize, u16, u32)> {
    let fixed: &[u8; HEADER_BYTES] = datagram.first_chunk()?;
    let start = header_bytes(datagram, fixed)?;
    if fixed[0] >> 6 != VERSION || start > datagram.len() {
        return None;
    }
    let sequence = u16::from_be_bytes([fixed[2], fixed[3]]);
    Some((start, sequence, u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]])))
}

fn header_bytes(datagram: &[u8], fixed: &[u8; HEADER_BYTES]) -> Option<usize> {
    let mut start = HEADER_BYTES + 4 * usize::from(fixed[0] & 0x0f);
    if fixed[0] & 0x10 != 0 {
        // Section 5.3.1: 16 bits of the profile's, then the length in words.
        let extension: &[u8; 4] = datagram.get(start..)?.first_chunk()?;
        start += 4 + 4 * usize::from(u16::from_be_bytes([extension[2], extension[3]]));
    }
    Some(start)
}

fn read_rtp(datagram: &[u8]) -> Option<Header> {
    let fixed: &[u8; HEADER_BYTES] = datagram.first_chunk()?;
    let start = header_bytes(datagram, fixed)?;
    let mut end = datagram.len();
    if fixed[0] & 0x20 != 0 {
        // The last byte counts the padding, itself included.
        let padding = usize::from(*datagram.last()?);
        if padding == 0 {
            return None;
        }
        end = end.checked_sub(padding)?;
    }
    if start > end {
        return None;
    }
    Some(Header {
        marker: fixed[1] & 0x80 != 0,
        payload_type: fixed[1] & 0x7f,
        sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
        timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
        ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
        payload: start..end,
    })
}

/// What makes an outgoing packet ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
}

impl Stamp {
    /// The header of a packet with this stamp.
    pub(crate) fn header(self, payload_type: u8) -> [u8; HEADER_BYTES] {
        let mut header = [0; HEADER_BYTES];
        header[0] = VERSION << 6;
        header[1] = (u8::from(self.marker) << 7) | (payload_type & 0x7f);
        header[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        header[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        header[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp() -> Stamp {
        Stamp { marker: true, sequence: 65_535, timestamp: 0xdead_beef, ssrc: 0x0102_0304 }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut datagram = stamp().header(8).to_vec();
        datagram.extend([0x55; 160]);
        let Datagram::Rtp(header) = read(&datagram) else {
            panic!("not RTP");
        };
        assert!(header.marker);
        assert_eq!(header.payload_type, 8);
        assert_eq!(header.sequence, 65_535);
        assert_eq!(header.timestamp, 0xdead_beef);
        assert_eq!(header.ssrc, 0x0102_0304);
        assert_eq!(header.payload, 12..172);
    }

    #[test]
    fn sources_extension_and_padding_are_skipped() {
        let mut datagram = stamp().header(0).to_vec();
        datagram[0] |= 0x20 | 0x10 | 2;
        datagram.extend([0; 8]);
        datagram.extend([0xbe, 0xde, 0, 1, 9, 9, 9, 9]);
        datagram.extend([7; 10]);
        datagram.extend([0, 0, 3]);
        let Datagram::Rtp(header) = read(&datagram) else {
            panic!("not RTP");
        };
        assert_eq!(header.payload, 28..38);
        assert_eq!(&datagram[header.payload], &[7; 10]);
    }

    #[test]
    fn lies_about_the_length_are_refused() {
        for (first, rest) in [(0x8f, 20), (0x90, 2), (0xa0, 0), (0x80, 0)] {
            let mut datagram = stamp().header(0).to_vec();
            datagram[0] = first;
            datagram.extend(vec![0xff; rest]);
            if first == 0xa0 {
                // A padding count of zero, and one beyond the packet.
                let last = datagram.len() - 1;
                datagram[last] = 0;
                assert_eq!(read(&datagram), Datagram::Neither);
                datagram[last] = 200;
            }
            if first == 0x80 {
                datagram.truncate(11);
            }
            assert_eq!(read(&datagram), Datagram::Neither, "{first:#x}");
        }
    }

    #[test]
    fn reports_and_noise_are_told_apart() {
        assert_eq!(read(&[0x80, 200, 0, 6]), Datagram::Rtcp);
        assert_eq!(read(&[0x00, 0x01, 0, 0]), Datagram::Neither);
        assert_eq!(read(&[]), Datagram::Neither);
        assert_eq!(read(b"INVITE sip:someone"), Datagram::Neither);
    }

    #[test]
    fn any_noise_is_survived() {
        use rand::{RngExt as _, SeedableRng as _};
        let mut random = rand::rngs::StdRng::seed_from_u64(7);
        for _ in 0..100_000 {
            let mut datagram = vec![0u8; random.random_range(0..64)];
            random.fill(&mut datagram[..]);
            if let Some(first) = datagram.first_mut() {
                *first = 0x80 | (*first & 0x3f);
            }
            if let Datagram::Rtp(header) = read(&datagram) {
                assert!(header.payload.start >= HEADER_BYTES);
                assert!(header.payload.end <= datagram.len());
            }
        }
    }
}
