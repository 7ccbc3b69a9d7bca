//! One direction's ciphers: a packet sealed or opened in place, its index given.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::EncryptingKey;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;

use super::keys::{MasterKey, Profile, counter_key, keystream};

/// Bytes that sealing may add: the GCM tag and the SRTCP index.
pub(crate) const SEAL_LIMIT_BYTES: usize = 16 + INDEX_BYTES;
/// RTCP's header and the sender's SSRC stay readable (RFC 3711 section 3.4).
const RTCP_CLEAR_BYTES: usize = 8;
/// The E flag and the SRTCP index.
const INDEX_BYTES: usize = 4;
const GCM_TAG_BYTES: usize = 16;
/// On SRTCP always 80 bits (RFC 4568 section 6.2.2).
const RTCP_HMAC_TAG_BYTES: usize = 10;
const ENCRYPTED_FLAG: u32 = 1 << 31;

/// RTP and RTCP of one direction under one master key.
pub(crate) struct Ciphers {
    rtp: Cipher,
    rtcp: Cipher,
}

enum Cipher {
    Counter { key: Box<EncryptingKey>, salt: [u8; 14], auth: Box<hmac::Key>, tag_bytes: usize },
    Gcm { key: LessSafeKey, salt: [u8; 12] },
}

impl Ciphers {
    /// Fails only if the library refuses keys of the right length, which it does not.
    pub(crate) fn new(master: &MasterKey) -> Result<Ciphers, Unspecified> {
        let tag_bytes = match master.profile() {
            Profile::AesCm128HmacSha1_32 => 4,
            _ => RTCP_HMAC_TAG_BYTES,
        };
        Ok(Ciphers {
            // RFC 3711 section 4.3.2.
            rtp: Cipher::new(master, 0, tag_bytes)?,
            rtcp: Cipher::new(master, 3, RTCP_HMAC_TAG_BYTES)?,
        })
    }

    /// Seals the packet in the first `length` bytes, whose header is `clear` long; says how long it
    /// is now. Fails where `packet` has no room.
    pub(crate) fn seal_rtp(
        &self,
        packet: &mut [u8],
        (clear, length): (usize, usize),
        ssrc: u32,
        index: u64,
    ) -> Result<usize, Unspecified> {
        match &self.rtp {
            Cipher::Counter { key, salt, auth, tag_bytes } => {
                keystream(key, counter_iv(salt, ssrc, index), &mut packet[clear..length])?;
                let tag = rtp_tag(auth, &packet[..length], index);
                let room = packet.get_mut(length..length + tag_bytes).ok_or(Unspecified)?;
                room.copy_from_slice(&tag.as_ref()[..*tag_bytes]);
                Ok(length + tag_bytes)
            }
            Cipher::Gcm { key, salt } => {
                let (head, body) = packet.split_at_mut(clear);
                let nonce = gcm_nonce(salt, ssrc, index);
                seal_gcm(key, nonce, head, body, length - clear).map(|sealed| clear + sealed)
            }
        }
    }

    /// Opens a packet whose header is `clear` long; says how long it is now.
    pub(crate) fn open_rtp(
        &self,
        packet: &mut [u8],
        clear: usize,
        ssrc: u32,
        index: u64,
    ) -> Result<usize, Unspecified> {
        match &self.rtp {
            Cipher::Counter { key, salt, auth, tag_bytes } => {
                let length = packet.len().checked_sub(*tag_bytes).ok_or(Unspecified)?;
                let (sealed, tag) = packet.split_at_mut(length);
                let body = sealed.len().checked_sub(clear).ok_or(Unspecified)?;
                verify_slices_are_equal(&rtp_tag(auth, sealed, index).as_ref()[..*tag_bytes], tag)?;
                keystream(key, counter_iv(salt, ssrc, index), &mut sealed[clear..])?;
                Ok(clear + body)
            }
            Cipher::Gcm { key, salt } => {
                let (head, body) = packet.split_at_mut_checked(clear).ok_or(Unspecified)?;
                let nonce = gcm_nonce(salt, ssrc, index);
                let opened = key.open_in_place(nonce, Aad::from(&*head), body)?;
                Ok(clear + opened.len())
            }
        }
    }

    /// Seals the compound in the first `length` bytes; says how long it is now.
    pub(crate) fn seal_rtcp(
        &self,
        packet: &mut [u8],
        length: usize,
        ssrc: u32,
        index: u32,
    ) -> Result<usize, Unspecified> {
        let trailer = (index | ENCRYPTED_FLAG).to_be_bytes();
        if packet.len() < length + SEAL_LIMIT_BYTES || length < RTCP_CLEAR_BYTES {
            return Err(Unspecified);
        }
        match &self.rtcp {
            Cipher::Counter { key, salt, auth, tag_bytes } => {
                let iv = counter_iv(salt, ssrc, u64::from(index));
                keystream(key, iv, &mut packet[RTCP_CLEAR_BYTES..length])?;
                packet[length..length + INDEX_BYTES].copy_from_slice(&trailer);
                let signed = length + INDEX_BYTES;
                let tag = hmac::sign(auth, &packet[..signed]);
                packet[signed..signed + tag_bytes].copy_from_slice(&tag.as_ref()[..*tag_bytes]);
                Ok(signed + tag_bytes)
            }
            Cipher::Gcm { key, salt } => {
                let (head, body) = packet.split_at_mut(RTCP_CLEAR_BYTES);
                let nonce = gcm_nonce(salt, ssrc, u64::from(index));
                let sealed =
                    seal_gcm(key, nonce, &gcm_rtcp_aad(head, trailer), body, length - RTCP_CLEAR_BYTES)?;
                let end = RTCP_CLEAR_BYTES + sealed;
                packet[end..end + INDEX_BYTES].copy_from_slice(&trailer);
                Ok(end + INDEX_BYTES)
            }
        }
    }

    /// The SSRC and the index of a sealed compound, both still to be believed. One that is not
    /// encrypted is none of ours: we agreed on encryption.
    pub(crate) fn rtcp_index(&self, packet: &[u8]) -> Option<(u32, u32)> {
        let after_index = match &self.rtcp {
            Cipher::Counter { tag_bytes, .. } => *tag_bytes,
            Cipher::Gcm { .. } => 0,
        };
        let at = packet.len().checked_sub(after_index + INDEX_BYTES)?;
        if at < RTCP_CLEAR_BYTES {
            return None;
        }
        let trailer = u32::from_be_bytes(*packet[at..].first_chunk()?);
        let ssrc = u32::from_be_bytes(*packet[4..].first_chunk()?);
        (trailer & ENCRYPTED_FLAG != 0).then_some((ssrc, trailer & !ENCRYPTED_FLAG))
    }

    /// Opens a compound of which [`Ciphers::rtcp_index`] gave SSRC and index; says how long it is
    /// now.
    pub(crate) fn open_rtcp(&self, packet: &mut [u8], ssrc: u32, index: u32) -> Result<usize, Unspecified> {
        match &self.rtcp {
            Cipher::Counter { key, salt, auth, tag_bytes } => {
                let signed = packet.len().checked_sub(*tag_bytes).ok_or(Unspecified)?;
                let (sealed, tag) = packet.split_at_mut(signed);
                verify_slices_are_equal(&hmac::sign(auth, sealed).as_ref()[..*tag_bytes], tag)?;
                let length = signed.checked_sub(INDEX_BYTES).ok_or(Unspecified)?;
                let body = sealed.get_mut(RTCP_CLEAR_BYTES..length).ok_or(Unspecified)?;
                keystream(key, counter_iv(salt, ssrc, u64::from(index)), body)?;
                Ok(length)
            }
            Cipher::Gcm { key, salt } => {
                let end = packet.len().checked_sub(INDEX_BYTES).ok_or(Unspecified)?;
                let (sealed, trailer) = packet.split_at_mut(end);
                let trailer = *trailer.first_chunk().ok_or(Unspecified)?;
                let (head, body) = sealed.split_at_mut_checked(RTCP_CLEAR_BYTES).ok_or(Unspecified)?;
                let nonce = gcm_nonce(salt, ssrc, u64::from(index));
                let aad = gcm_rtcp_aad(head, trailer);
                let opened = key.open_in_place(nonce, Aad::from(aad), body)?;
                Ok(RTCP_CLEAR_BYTES + opened.len())
            }
        }
    }
}

impl Cipher {
    /// The labels of RTP begin at 0, those of RTCP at 3.
    fn new(master: &MasterKey, first_label: u8, tag_bytes: usize) -> Result<Cipher, Unspecified> {
        let mut key = [0; 32];
        let key = &mut key[..master.profile().key_bytes()];
        master.derive(first_label, key)?;
        match master.profile() {
            Profile::AesCm128HmacSha1_80 | Profile::AesCm128HmacSha1_32 => {
                let (mut auth, mut salt) = ([0; 20], [0; 14]);
                master.derive(first_label + 1, &mut auth)?;
                master.derive(first_label + 2, &mut salt)?;
                let auth = Box::new(hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &auth));
                Ok(Cipher::Counter { key: Box::new(counter_key(key)?), salt, auth, tag_bytes })
            }
            Profile::AeadAes128Gcm | Profile::AeadAes256Gcm => {
                let mut salt = [0; 12];
                master.derive(first_label + 2, &mut salt)?;
                let algorithm = if key.len() == 32 { &AES_256_GCM } else { &AES_128_GCM };
                Ok(Cipher::Gcm { key: LessSafeKey::new(UnboundKey::new(algorithm, key)?), salt })
            }
        }
    }
}

/// RFC 3711 section 4.1.1.
fn counter_iv(salt: &[u8; 14], ssrc: u32, index: u64) -> [u8; 16] {
    let mut iv = [0; 16];
    iv[..14].copy_from_slice(salt);
    let mixed = (u128::from(ssrc) << 64) | (u128::from(index & 0xffff_ffff_ffff) << 16);
    for (byte, mix) in iv.iter_mut().zip(mixed.to_be_bytes()) {
        *byte ^= mix;
    }
    iv
}

/// RFC 7714 sections 8.1 and 9.1: the index of RTCP is 32 bits, so that both have one shape.
fn gcm_nonce(salt: &[u8; 12], ssrc: u32, index: u64) -> Nonce {
    let mut nonce = *salt;
    let mixed = (u128::from(ssrc) << 48) | u128::from(index & 0xffff_ffff_ffff);
    for (byte, mix) in nonce.iter_mut().zip(&mixed.to_be_bytes()[4..]) {
        *byte ^= mix;
    }
    Nonce::assume_unique_for_key(nonce)
}

fn seal_gcm(
    key: &LessSafeKey,
    nonce: Nonce,
    aad: &[u8],
    body: &mut [u8],
    length: usize,
) -> Result<usize, Unspecified> {
    let (plain, room) = body.split_at_mut_checked(length).ok_or(Unspecified)?;
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), plain)?;
    room.get_mut(..GCM_TAG_BYTES).ok_or(Unspecified)?.copy_from_slice(tag.as_ref());
    Ok(length + GCM_TAG_BYTES)
}

/// RFC 7714 section 9.2.
fn gcm_rtcp_aad(head: &[u8], trailer: [u8; INDEX_BYTES]) -> [u8; RTCP_CLEAR_BYTES + INDEX_BYTES] {
    let mut aad = [0; RTCP_CLEAR_BYTES + INDEX_BYTES];
    aad[..RTCP_CLEAR_BYTES].copy_from_slice(&head[..RTCP_CLEAR_BYTES]);
    aad[RTCP_CLEAR_BYTES..].copy_from_slice(&trailer);
    aad
}

/// RFC 3711 section 4.2: the rollover counter is signed though it is not sent.
fn rtp_tag(auth: &hmac::Key, packet: &[u8], index: u64) -> hmac::Tag {
    let mut context = hmac::Context::with_key(auth);
    context.update(packet);
    context.update(&((index >> 16) as u32).to_be_bytes());
    context.sign()
}
