//! SRTP and SRTCP of one leg (RFC 3711): what goes out is sealed, what comes in is opened.

use super::cipher::Ciphers;
use super::index::Passed;
use super::keys::MasterKey;
use crate::rtp::packet;

/// Streams remembered per direction: one talks, and a phone that restarts its stream takes a new
/// SSRC. The oldest is forgotten. Only a packet that proved itself gets a place.
const STREAMS_LIMIT: usize = 4;
/// RFC 3711 section 9.2.
const RTCP_INDEX_LIMIT: u32 = 1 << 31;

/// Both directions of one leg.
pub(crate) struct Srtp {
    ours: Ciphers,
    theirs: Ciphers,
    /// The keys in use, to see whether new ones differ.
    keys: (MasterKey, MasterKey),
    sent: Streams,
    received: Streams,
    received_rtcp: Streams,
    rtcp_sent: u32,
}

/// The streams of one direction, the oldest first.
#[derive(Default)]
struct Streams {
    known: Vec<(u32, Passed)>,
}

impl Srtp {
    /// None if the library refuses the keys, which it does not for keys of the right length.
    pub(crate) fn new(ours: MasterKey, theirs: MasterKey) -> Option<Srtp> {
        Some(Srtp {
            ours: Ciphers::new(&ours).ok()?,
            theirs: Ciphers::new(&theirs).ok()?,
            keys: (ours, theirs),
            sent: Streams::default(),
            received: Streams::default(),
            received_rtcp: Streams::default(),
            rtcp_sent: 0,
        })
    }

    /// Whether these are the keys in use.
    pub(crate) fn has_keys(&self, ours: &MasterKey, theirs: &MasterKey) -> bool {
        self.keys == (*ours, *theirs)
    }

    /// Changes to new keys after a re-offer. A direction whose key stays keeps its counters: the
    /// same key must never seal the same index twice (RFC 4568 section 7.1.4).
    pub(crate) fn rekeyed(mut self, ours: MasterKey, theirs: MasterKey) -> Option<Srtp> {
        if self.keys.0 != ours {
            self.ours = Ciphers::new(&ours).ok()?;
            self.sent = Streams::default();
            self.rtcp_sent = 0;
        }
        if self.keys.1 != theirs {
            self.theirs = Ciphers::new(&theirs).ok()?;
            self.received = Streams::default();
            self.received_rtcp = Streams::default();
        }
        self.keys = (ours, theirs);
        Some(self)
    }

    /// Seals the RTP packet in the first `length` bytes; says how long it is now. None for one
    /// whose number was used before: the same keystream twice would open both.
    pub(crate) fn seal_rtp(&mut self, packet: &mut [u8], length: usize) -> Option<usize> {
        let (clear, sequence, ssrc) = packet::clear_part(&packet[..length])?;
        let index = self.sent.expected(ssrc, sequence)?;
        let sealed = self.ours.seal_rtp(packet, (clear, length), ssrc, index).ok()?;
        self.sent.pass(ssrc, index);
        Some(sealed)
    }

    /// Opens an RTP packet in place; says how long it is now. None for a forgery or a replay.
    pub(crate) fn open_rtp(&mut self, packet: &mut [u8]) -> Option<usize> {
        let (clear, sequence, ssrc) = packet::clear_part(packet)?;
        let index = self.received.expected(ssrc, sequence)?;
        let opened = self.theirs.open_rtp(packet, clear, ssrc, index).ok()?;
        self.received.pass(ssrc, index);
        Some(opened)
    }

    /// Seals the RTCP compound in the first `length` bytes; says how long it is now.
    pub(crate) fn seal_rtcp(&mut self, packet: &mut [u8], length: usize) -> Option<usize> {
        let ssrc = u32::from_be_bytes(*packet.get(4..)?.first_chunk()?);
        let index = self.rtcp_sent;
        if index >= RTCP_INDEX_LIMIT {
            return None;
        }
        let sealed = self.ours.seal_rtcp(packet, length, ssrc, index).ok()?;
        self.rtcp_sent += 1;
        Some(sealed)
    }

    /// Opens an RTCP compound in place; says how long it is now. None for a forgery or a replay.
    pub(crate) fn open_rtcp(&mut self, packet: &mut [u8]) -> Option<usize> {
        let (ssrc, index) = self.theirs.rtcp_index(packet)?;
        if !self.received_rtcp.may_pass(ssrc, u64::from(index)) {
            return None;
        }
        let opened = self.theirs.open_rtcp(packet, ssrc, index).ok()?;
        self.received_rtcp.pass(ssrc, u64::from(index));
        Some(opened)
    }
}

impl Streams {
    fn of(&self, ssrc: u32) -> Option<&Passed> {
        self.known.iter().find(|(known, _)| *known == ssrc).map(|(_, passed)| passed)
    }

    /// The index that this sequence number stands for; none if it has passed.
    fn expected(&self, ssrc: u32, sequence: u16) -> Option<u64> {
        match self.of(ssrc) {
            // The first packet has seen no rollover (section 3.3.1).
            None => Some(u64::from(sequence)),
            Some(passed) => Some(passed.guess(sequence)).filter(|index| passed.may_pass(*index)),
        }
    }

    fn may_pass(&self, ssrc: u32, index: u64) -> bool {
        self.of(ssrc).is_none_or(|passed| passed.may_pass(index))
    }

    fn pass(&mut self, ssrc: u32, index: u64) {
        if let Some((_, passed)) = self.known.iter_mut().find(|(known, _)| *known == ssrc) {
            return passed.pass(index);
        }
        if self.known.len() >= STREAMS_LIMIT {
            self.known.remove(0);
        }
        self.known.push((ssrc, Passed::first(index)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::Profile;
    use super::*;
    use crate::rtp::packet::Stamp;

    const ALL: [Profile; 4] = [
        Profile::AesCm128HmacSha1_80,
        Profile::AesCm128HmacSha1_32,
        Profile::AeadAes128Gcm,
        Profile::AeadAes256Gcm,
    ];

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
    }

    fn pair(profile: Profile) -> (Srtp, Srtp) {
        let (a, b) = (MasterKey::random(profile), MasterKey::random(profile));
        (Srtp::new(a, b).expect("keys"), Srtp::new(b, a).expect("keys"))
    }

    fn rtp(sequence: u16) -> ([u8; 200], usize) {
        let mut packet = [0x55; 200];
        packet[..12].copy_from_slice(
            &Stamp { marker: false, sequence, timestamp: 160 * u32::from(sequence), ssrc: 77 }.header(0),
        );
        (packet, 172)
    }

    #[test]
    fn what_is_sealed_opens_once_and_only_unchanged() {
        for profile in ALL {
            let (mut near, mut far) = pair(profile);
            let (plain, length) = rtp(65_535);
            let mut packet = plain;
            let sealed = near.seal_rtp(&mut packet, length).expect("sealed");
            assert_ne!(packet[12..172], plain[12..172], "{profile:?}");
            for bit in [0, 11, 40, sealed - 1] {
                let mut forged = packet;
                forged[bit] ^= 1;
                assert_eq!(far.open_rtp(&mut forged[..sealed]), None, "{profile:?} {bit}");
            }
            let mut replay = packet;
            assert_eq!(far.open_rtp(&mut packet[..sealed]), Some(length), "{profile:?}");
            assert_eq!(packet[..length], plain[..length]);
            assert_eq!(far.open_rtp(&mut replay[..sealed]), None, "a replay");
            // Over the rollover, one late.
            for sequence in [1, 0, 2] {
                let (mut packet, length) = rtp(sequence);
                let sealed = near.seal_rtp(&mut packet, length).expect("sealed");
                assert_eq!(far.open_rtp(&mut packet[..sealed]), Some(length), "{profile:?}");
            }
            let (mut packet, length) = rtp(2);
            assert_eq!(near.seal_rtp(&mut packet, length), None, "the same keystream twice");
        }
    }

    #[test]
    fn reports_too() {
        for profile in ALL {
            let (mut near, mut far) = pair(profile);
            let mut plain = [7; 80];
            plain[..8].copy_from_slice(&[0x81, 201, 0, 7, 0, 0, 0, 77]);
            let mut packet = plain;
            let sealed = near.seal_rtcp(&mut packet, 32).expect("sealed");
            let mut open = packet;
            // The flag that says "not encrypted" does not save a forgery from being one.
            let flag = sealed - if profile.salt_bytes() == 14 { 14 } else { 4 };
            open[flag] &= 0x7f;
            assert_eq!(far.open_rtcp(&mut open[..sealed]), None, "{profile:?}");
            let mut replay = packet;
            assert_eq!(far.open_rtcp(&mut packet[..sealed]), Some(32), "{profile:?}");
            assert_eq!(packet[..32], plain[..32]);
            assert_eq!(far.open_rtcp(&mut replay[..sealed]), None, "a replay");
        }
    }

    #[test]
    fn strangers_take_no_memory_and_noise_is_survived() {
        use rand::{RngExt as _, SeedableRng as _};
        let (_, mut far) = pair(Profile::AesCm128HmacSha1_80);
        let mut random = rand::rngs::StdRng::seed_from_u64(3);
        for _ in 0..20_000 {
            let mut noise = vec![0u8; random.random_range(0..64)];
            random.fill(&mut noise[..]);
            if let Some(first) = noise.first_mut() {
                *first = 0x80 | (*first & 0x3f);
            }
            assert_eq!(far.open_rtp(&mut noise.clone()), None);
            assert_eq!(far.open_rtcp(&mut noise), None);
        }
        assert!(far.received.known.is_empty() && far.received_rtcp.known.is_empty());
    }

    #[test]
    fn a_new_key_counts_anew_and_a_kept_one_goes_on() {
        let (mut near, mut far) = pair(Profile::AesCm128HmacSha1_80);
        let (mut packet, length) = rtp(9);
        let sealed = near.seal_rtp(&mut packet, length).expect("sealed");
        assert!(far.open_rtp(&mut packet[..sealed]).is_some());
        let (kept, fresh) = (near.keys.1, MasterKey::random(Profile::AesCm128HmacSha1_80));
        let mut near = near.rekeyed(fresh, kept).expect("keys");
        let mut far = far.rekeyed(kept, fresh).expect("keys");
        assert!(near.has_keys(&fresh, &kept));
        let (mut packet, length) = rtp(9);
        let sealed = near.seal_rtp(&mut packet, length).expect("a new key may use the number again");
        assert_eq!(far.open_rtp(&mut packet[..sealed]), Some(length));
    }

    /// RFC 7714 section 16.1.1 gives session keys; with the identity of our derivation proven by
    /// RFC 3711's vectors, a whole packet of another implementation proves the rest: sealed by
    /// libsrtp under the key of its own test `srtp_validate`.
    #[test]
    fn a_packet_of_libsrtp_opens() {
        let key = hex("e1f97a0d3e018be0d64fa32c06de4139");
        let salt = hex("0ec675ad498afeebb6960b3aabe6");
        let master = MasterKey::new(Profile::AesCm128HmacSha1_80, &key, &salt).expect("lengths");
        let mut srtp = Srtp::new(master, master).expect("keys");
        let plain = hex("800f1234decafbadcafebabeabababababababababababababababab");
        let sealed = hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
        let mut packet = plain.clone();
        packet.resize(plain.len() + 32, 0);
        let length = srtp.seal_rtp(&mut packet, plain.len()).expect("sealed");
        assert_eq!(packet[..length], sealed);
        let mut packet = sealed;
        assert_eq!(srtp.open_rtp(&mut packet), Some(plain.len()));
        assert_eq!(packet[..plain.len()], plain);
    }
}
