//! Packets that came, until it is their turn. No allocation once the slots have grown to the
//! stream's packets.

use crate::codec::CodecKind;

/// More than a second of 20 ms packets: what is beyond is older than anyone would wait.
const PACKETS_LIMIT: usize = 64;
/// The longest payload kept: 120 ms of G.722, and any Opus packet that is speech.
const PAYLOAD_LIMIT_BYTES: usize = 1_275;

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Voice(CodecKind),
    ComfortNoise,
}

/// A packet, its numbers without a wrap.
#[derive(Debug)]
pub(super) struct Slot {
    pub sequence: i64,
    pub stamp: i64,
    pub content: Content,
    pub payload: Vec<u8>,
}

/// The packets of one stream.
#[derive(Debug, Default)]
pub(super) struct PacketBuffer {
    waiting: Vec<Slot>,
    spare: Vec<Slot>,
}

impl PacketBuffer {
    /// Keeps a packet; the oldest goes if there is no room. False for one that is there already,
    /// or longer than any we decode.
    pub(super) fn insert(&mut self, sequence: i64, stamp: i64, content: Content, payload: &[u8]) -> bool {
        if payload.len() > PAYLOAD_LIMIT_BYTES || self.waiting.iter().any(|slot| slot.sequence == sequence) {
            return false;
        }
        if self.waiting.len() >= PACKETS_LIMIT
            && let Some(oldest) = self.oldest()
        {
            self.free(oldest);
        }
        let mut slot = self.spare.pop().unwrap_or_else(|| Slot {
            sequence,
            stamp,
            content,
            payload: Vec::with_capacity(payload.len()),
        });
        (slot.sequence, slot.stamp, slot.content) = (sequence, stamp, content);
        slot.payload.clear();
        slot.payload.extend_from_slice(payload);
        self.waiting.push(slot);
        true
    }

    /// The packet that is earliest in the stream.
    pub(super) fn first(&self) -> Option<&Slot> {
        self.oldest().map(|at| &self.waiting[at])
    }

    /// Takes the earliest packet out for the time that `decode` looks at it.
    pub(super) fn take_first<T>(&mut self, decode: impl FnOnce(&Slot) -> T) -> Option<T> {
        let at = self.oldest()?;
        let answer = decode(&self.waiting[at]);
        self.free(at);
        Some(answer)
    }

    pub(super) fn discard_first(&mut self) {
        if let Some(at) = self.oldest() {
            self.free(at);
        }
    }

    pub(super) fn clear(&mut self) {
        self.spare.append(&mut self.waiting);
    }

    fn oldest(&self) -> Option<usize> {
        // Two packets of one stamp are in the order of their numbers.
        (0..self.waiting.len()).min_by_key(|at| (self.waiting[*at].stamp, self.waiting[*at].sequence))
    }

    fn free(&mut self, at: usize) {
        let slot = self.waiting.swap_remove(at);
        self.spare.push(slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOICE: Content = Content::Voice(CodecKind::Pcmu);

    fn sequences(buffer: &mut PacketBuffer) -> Vec<i64> {
        std::iter::from_fn(|| buffer.take_first(|slot| slot.sequence)).collect()
    }

    #[test]
    fn packets_come_out_in_order_and_once() {
        let mut buffer = PacketBuffer::default();
        for sequence in [3, 1, 2, 1, 5, 4, 3] {
            buffer.insert(sequence, sequence * 160, VOICE, &[sequence as u8; 160]);
        }
        assert_eq!(buffer.first().map(|slot| slot.payload[0]), Some(1));
        assert_eq!(sequences(&mut buffer), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut buffer = PacketBuffer::default();
        for sequence in 0..1_000 {
            assert!(buffer.insert(sequence, sequence * 160, VOICE, &[0; 10]));
        }
        let left = sequences(&mut buffer);
        assert_eq!((left.len(), left[0]), (PACKETS_LIMIT, 1_000 - PACKETS_LIMIT as i64));
        assert!(!buffer.insert(1, 1, VOICE, &[0; PAYLOAD_LIMIT_BYTES + 1]));
        buffer.clear();
        assert!(buffer.spare.len() <= PACKETS_LIMIT);
    }
}
