//! What a sealed recording looks like.

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};

use super::SealedError;

pub(super) const HEADER_BYTES: usize = 44;
/// Sound in a full frame of two channels and 16 bits: half a second at 8000 Hz, a quarter at 16000.
pub(super) const FRAME_SOUND_BYTES: usize = 16_000;
pub(super) const TAG_BYTES: usize = 16;
pub(super) const FRAME_BYTES: usize = FRAME_SOUND_BYTES + TAG_BYTES;
const MAGIC: [u8; 7] = *b"CRECSEA";
const VERSION: u8 = 1;

/// The key of recordings, and its name in their headers. It never shows itself in a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RecordingKey {
    /// Its name: what a reader asks for.
    pub id: [u8; 16],
    /// The key itself.
    pub key: [u8; 32],
}

impl std::fmt::Debug for RecordingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordingKey(…)")
    }
}

/// Which frame it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// One of many, full.
    Inner,
    /// The last, which is never full.
    Last,
}

/// A header with the cipher that goes with it.
pub(super) struct Seal {
    header: [u8; HEADER_BYTES],
    cipher: XChaCha20Poly1305,
}

impl Seal {
    /// For a new file.
    pub(super) fn new(key: &RecordingKey, sample_rate_hz: u32) -> Seal {
        let mut header = [0; HEADER_BYTES];
        header[..7].copy_from_slice(&MAGIC);
        header[7] = VERSION;
        header[8..24].copy_from_slice(&key.id);
        header[24..40].copy_from_slice(&rand::random::<[u8; 16]>());
        header[40..].copy_from_slice(&sample_rate_hz.to_le_bytes());
        Seal { header, cipher: cipher(key) }
    }

    /// For a file with this header.
    pub(super) fn of(header: [u8; HEADER_BYTES], key: &RecordingKey) -> Result<Seal, SealedError> {
        let id = id_of(&header)?;
        if id != key.id {
            return Err(SealedError::OtherKey(id));
        }
        let seal = Seal { header, cipher: cipher(key) };
        match seal.sample_rate_hz() {
            8_000 | 16_000 => Ok(seal),
            _ => Err(SealedError::NotOurs("at a rate that we do not write")),
        }
    }

    /// Frames of sound a second, in Hz; believed once a frame has opened.
    pub(super) fn sample_rate_hz(&self) -> u32 {
        let [.., a, b, c, d] = self.header;
        u32::from_le_bytes([a, b, c, d])
    }

    pub(super) fn header(&self) -> &[u8; HEADER_BYTES] {
        &self.header
    }

    /// Seals a frame in place and returns its tag. Fails only for frames far larger than ours.
    pub(super) fn seal(
        &self,
        number: u64,
        place: Place,
        sound: &mut [u8],
    ) -> Result<[u8; TAG_BYTES], SealedError> {
        let tag = self
            .cipher
            .encrypt_inout_detached(&self.nonce(number, place), &self.aad(place), sound.into())
            .map_err(|_| SealedError::Sealed)?;
        Ok(tag.into())
    }

    /// Opens a frame, tag at its end, in place; says how much sound it holds.
    pub(super) fn open(&self, number: u64, place: Place, frame: &mut [u8]) -> Result<usize, SealedError> {
        let length = frame.len().checked_sub(TAG_BYTES).ok_or(SealedError::Sealed)?;
        let (sound, tag) = frame.split_at_mut(length);
        let tag = Tag::try_from(&*tag).map_err(|_| SealedError::Sealed)?;
        self.cipher
            .decrypt_inout_detached(&self.nonce(number, place), &self.aad(place), sound.into(), &tag)
            .map_err(|_| SealedError::Sealed)?;
        Ok(length)
    }

    /// A last frame may be written over a torn one of the same number, whose bytes are other ones:
    /// so the last has the number's top bit, and both have nonces of their own.
    fn nonce(&self, number: u64, place: Place) -> XNonce {
        let number = number | (u64::from(place == Place::Last) << 63);
        let mut nonce = [0; 24];
        nonce[..16].copy_from_slice(&self.header[24..40]);
        nonce[16..].copy_from_slice(&number.to_be_bytes());
        nonce.into()
    }

    fn aad(&self, place: Place) -> [u8; HEADER_BYTES + 1] {
        let mut aad = [0; HEADER_BYTES + 1];
        aad[..HEADER_BYTES].copy_from_slice(&self.header);
        aad[HEADER_BYTES] = u8::from(place == Place::Last);
        aad
    }
}

/// The name of the key that a header asks for.
pub(super) fn id_of(header: &[u8; HEADER_BYTES]) -> Result<[u8; 16], SealedError> {
    if header[..7] != MAGIC {
        return Err(SealedError::NotOurs("no header"));
    }
    if header[7] != VERSION {
        return Err(SealedError::NotOurs("of another version"));
    }
    let mut id = [0; 16];
    id.copy_from_slice(&header[8..24]);
    Ok(id)
}

fn cipher(key: &RecordingKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(key.key))
}
