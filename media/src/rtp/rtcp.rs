//! RTCP sender and receiver reports (RFC 3550 section 6.4), read and written.

use super::source::Reception;

const VERSION: u8 = 2;
const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const CNAME_ITEM: u8 = 1;
const BLOCK_BYTES: usize = 24;
const SENDER_INFO_BYTES: usize = 20;
/// Packets in one compound: each of the five kinds, with some to spare.
const PACKETS_LIMIT: usize = 8;
/// Bytes of the name that stands for us; with its item's head and end it fills whole words.
pub(crate) const CNAME_BYTES: usize = 16;
/// A sender report with one block, and the source description.
pub(crate) const REPORT_LIMIT_BYTES: usize = 8 + SENDER_INFO_BYTES + BLOCK_BYTES + 8 + 20;

/// What a sender says of its own stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SenderInfo {
    /// Seconds since 1900 in 32.32 fixed point.
    pub ntp: u64,
    pub timestamp: u32,
    pub packets: u32,
    pub octets: u32,
}

/// What a receiver says of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub ssrc: u32,
    pub fraction_lost: u8,
    /// 24 bits.
    pub lost: u32,
    pub highest_sequence: u32,
    pub jitter: u32,
    /// Middle 32 bits of the last sender report's NTP time; 0 for none.
    pub last_report: u32,
    /// Since that report arrived, in 1/65536 s.
    pub delay: u32,
}

impl Block {
    pub(crate) fn of(reception: &Reception, last_report: u32, delay: u32) -> Block {
        Block {
            ssrc: reception.ssrc,
            fraction_lost: reception.fraction_lost,
            lost: reception.lost,
            highest_sequence: reception.highest_sequence,
            jitter: reception.jitter_ticks,
            last_report,
            delay,
        }
    }
}

/// A report, and the block in it that is about `about`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub ssrc: u32,
    pub sender: Option<SenderInfo>,
    pub block: Option<Block>,
}

/// Reads the report that leads a compound packet (RFC 3550 appendix A.2), and looks for the block
/// about our stream `about` in it and in the reports that follow. None if it is not valid RTCP.
pub(crate) fn read(compound: &[u8], about: u32) -> Option<Report> {
    let mut report: Option<Report> = None;
    let mut rest = compound;
    for _ in 0..PACKETS_LIMIT {
        if rest.is_empty() {
            break;
        }
        let head: &[u8; 4] = rest.first_chunk()?;
        if head[0] >> 6 != VERSION {
            return None;
        }
        let bytes = 4 * (usize::from(u16::from_be_bytes([head[2], head[3]])) + 1);
        let packet = rest.get(..bytes)?;
        rest = &rest[bytes..];
        match head[1] {
            SENDER_REPORT | RECEIVER_REPORT => {
                let next = read_report(packet, head[1] == SENDER_REPORT, about)?;
                report = Some(match report {
                    None => next,
                    Some(first) => Report { block: first.block.or(next.block), ..first },
                });
            }
            // Only a report may lead.
            _ if report.is_none() => return None,
            _ => {}
        }
    }
    report
}

fn read_report(packet: &[u8], is_sender: bool, about: u32) -> Option<Report> {
    let ssrc = word(packet, 4)?;
    let mut at = 8;
    let sender = if is_sender {
        let info = SenderInfo {
            ntp: (u64::from(word(packet, 8)?) << 32) | u64::from(word(packet, 12)?),
            timestamp: word(packet, 16)?,
            packets: word(packet, 20)?,
            octets: word(packet, 24)?,
        };
        at += SENDER_INFO_BYTES;
        Some(info)
    } else {
        None
    };
    let count = usize::from(packet[0] & 0x1f);
    let blocks = packet.get(at..at + count * BLOCK_BYTES)?;
    let block = blocks.chunks_exact(BLOCK_BYTES).find_map(|block| {
        let ssrc = word(block, 0)?;
        let losses = word(block, 4)?;
        (ssrc == about).then_some(Block {
            ssrc,
            fraction_lost: (losses >> 24) as u8,
            lost: losses & 0xff_ffff,
            highest_sequence: word(block, 8)?,
            jitter: word(block, 12)?,
            last_report: word(block, 16)?,
            delay: word(block, 20)?,
        })
    });
    Some(Report { ssrc, sender, block })
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*word))
}

/// Writes a compound of the report and our name; returns its length.
pub(crate) fn write(
    report: &Report,
    cname: &[u8; CNAME_BYTES],
    into: &mut [u8; REPORT_LIMIT_BYTES],
) -> usize {
    let mut out = Out { into, at: 0 };
    let kind = if report.sender.is_some() { SENDER_REPORT } else { RECEIVER_REPORT };
    let blocks = u8::from(report.block.is_some());
    let info_bytes = report.sender.map_or(0, |_| SENDER_INFO_BYTES);
    let words = (4 + info_bytes + usize::from(blocks) * BLOCK_BYTES) / 4;
    out.head(blocks, kind, words as u16);
    out.word(report.ssrc);
    if let Some(info) = &report.sender {
        out.word((info.ntp >> 32) as u32);
        out.word(info.ntp as u32);
        out.word(info.timestamp);
        out.word(info.packets);
        out.word(info.octets);
    }
    if let Some(block) = &report.block {
        out.word(block.ssrc);
        out.word((u32::from(block.fraction_lost) << 24) | (block.lost & 0xff_ffff));
        out.word(block.highest_sequence);
        out.word(block.jitter);
        out.word(block.last_report);
        out.word(block.delay);
    }
    // Section 6.5: one chunk: SSRC, the item, and zeros to the end of a word.
    out.head(1, SOURCE_DESCRIPTION, ((4 + 2 + CNAME_BYTES + 2) / 4) as u16);
    out.word(report.ssrc);
    out.bytes(&[CNAME_ITEM, CNAME_BYTES as u8]);
    out.bytes(cname);
    out.bytes(&[0, 0]);
    out.at
}

/// Bytes appended; [`REPORT_LIMIT_BYTES`] is the sum of all that [`write()`] appends.
struct Out<'a> {
    into: &'a mut [u8; REPORT_LIMIT_BYTES],
    at: usize,
}

impl Out<'_> {
    fn head(&mut self, count: u8, kind: u8, words: u16) {
        let [high, low] = words.to_be_bytes();
        self.bytes(&[(VERSION << 6) | count, kind, high, low]);
    }

    fn word(&mut self, word: u32) {
        self.bytes(&word.to_be_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.into[self.at..self.at + bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Report {
        Report {
            ssrc: 0x1111_1111,
            sender: Some(SenderInfo { ntp: 0x0123_4567_89ab_cdef, timestamp: 42, packets: 7, octets: 1_120 }),
            block: Some(Block {
                ssrc: 0x2222_2222,
                fraction_lost: 12,
                lost: 0xff_fffe,
                highest_sequence: 0x1_0005,
                jitter: 3,
                last_report: 4,
                delay: 5,
            }),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let cname = [b'c'; CNAME_BYTES];
        for (sender, block) in [(true, true), (true, false), (false, true), (false, false)] {
            let report = Report {
                ssrc: 0x1111_1111,
                sender: full().sender.filter(|_| sender),
                block: full().block.filter(|_| block),
            };
            let mut bytes = [0; REPORT_LIMIT_BYTES];
            let length = write(&report, &cname, &mut bytes);
            assert_eq!(length % 4, 0);
            assert_eq!(read(&bytes[..length], 0x2222_2222), Some(report));
            // A block about another stream is not ours.
            let other = read(&bytes[..length], 0x3333_3333).expect("valid");
            assert_eq!(other.block, None);
        }
    }

    #[test]
    fn the_largest_report_fills_its_buffer() {
        let mut bytes = [0; REPORT_LIMIT_BYTES];
        let length = write(&full(), &[b'c'; CNAME_BYTES], &mut bytes);
        assert_eq!(length, REPORT_LIMIT_BYTES);
    }

    #[test]
    fn lies_are_refused() {
        let mut bytes = [0; REPORT_LIMIT_BYTES];
        let length = write(&full(), &[b'c'; CNAME_BYTES], &mut bytes);
        for cut in 1..length {
            // Cut between its packets it is a valid, shorter compound.
            let valid = cut == length - 28;
            assert_eq!(read(&bytes[..cut], 1).is_some(), valid, "{cut}");
        }
        let mut more_blocks = bytes;
        more_blocks[0] |= 0x1f;
        assert_eq!(read(&more_blocks[..length], 1), None);
        // A source description may not lead.
        assert_eq!(read(&bytes[length - 28..length], 1), None);
        assert_eq!(read(&[], 1), None);
    }

    #[test]
    fn any_noise_is_survived() {
        use rand::{RngExt as _, SeedableRng as _};
        let mut random = rand::rngs::StdRng::seed_from_u64(11);
        for _ in 0..100_000 {
            let mut noise = vec![0u8; random.random_range(0..128)];
            random.fill(&mut noise[..]);
            if noise.len() > 4 {
                noise[0] = 0x80 | (noise[0] & 0x03);
                noise[1] = 200 + (noise[1] & 3);
                noise[2] = 0;
                noise[3] &= 0x1f;
            }
            if let Some(report) = read(&noise, 5) {
                assert!(report.block.is_none_or(|block| block.ssrc == 5));
            }
        }
    }
}
