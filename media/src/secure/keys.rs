//! Master keys, and the session keys drawn from them (RFC 3711 section 4.3).

use aws_lc_rs::cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;

/// Bytes of the longest master key.
pub(crate) const KEY_LIMIT_BYTES: usize = 32;
/// Bytes of the longest master salt.
pub(crate) const SALT_LIMIT_BYTES: usize = 14;

/// How packets are encrypted and authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// AES-128 in counter mode, 80 bit tag: what everybody speaks (RFC 3711, RFC 4568 section 6.2).
    AesCm128HmacSha1_80,
    /// The same with a 32 bit tag on RTP.
    AesCm128HmacSha1_32,
    /// AES-128 in Galois/counter mode (RFC 7714).
    AeadAes128Gcm,
    /// AES-256 in Galois/counter mode.
    AeadAes256Gcm,
}

impl Profile {
    /// Bytes of its master key.
    pub fn key_bytes(self) -> usize {
        match self {
            Profile::AesCm128HmacSha1_80 | Profile::AesCm128HmacSha1_32 | Profile::AeadAes128Gcm => 16,
            Profile::AeadAes256Gcm => 32,
        }
    }

    /// Bytes of its master salt.
    pub fn salt_bytes(self) -> usize {
        match self {
            Profile::AesCm128HmacSha1_80 | Profile::AesCm128HmacSha1_32 => 14,
            Profile::AeadAes128Gcm | Profile::AeadAes256Gcm => 12,
        }
    }
}

/// What both ends agreed on for one direction. It never shows itself in a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MasterKey {
    profile: Profile,
    key: [u8; KEY_LIMIT_BYTES],
    salt: [u8; SALT_LIMIT_BYTES],
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({:?})", self.profile)
    }
}

impl MasterKey {
    /// None unless both have the profile's length.
    pub fn new(profile: Profile, key: &[u8], salt: &[u8]) -> Option<MasterKey> {
        if key.len() != profile.key_bytes() || salt.len() != profile.salt_bytes() {
            return None;
        }
        let mut master = MasterKey { profile, key: [0; KEY_LIMIT_BYTES], salt: [0; SALT_LIMIT_BYTES] };
        master.key[..key.len()].copy_from_slice(key);
        master.salt[..salt.len()].copy_from_slice(salt);
        Some(master)
    }

    /// One that nobody knows yet.
    pub fn random(profile: Profile) -> MasterKey {
        let (mut key, mut salt) = (rand::random::<[u8; KEY_LIMIT_BYTES]>(), rand::random::<[u8; 14]>());
        key[profile.key_bytes()..].fill(0);
        salt[profile.salt_bytes()..].fill(0);
        MasterKey { profile, key, salt }
    }

    /// How it is to be used.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key[..self.profile.key_bytes()]
    }

    pub(crate) fn salt(&self) -> &[u8] {
        &self.salt[..self.profile.salt_bytes()]
    }

    /// Fills `out` with the session key of this label (section 4.3.1, key derivation rate 0). A
    /// salt of 96 bits is padded with zeros to the right (RFC 7714 section 11).
    pub(crate) fn derive(&self, label: u8, out: &mut [u8]) -> Result<(), Unspecified> {
        let mut iv = [0; 16];
        iv[..SALT_LIMIT_BYTES].copy_from_slice(&self.salt);
        iv[7] ^= label;
        out.fill(0);
        keystream(&counter_key(self.key())?, iv, out)
    }
}

/// AES in counter mode under this key of 16 or 32 bytes.
pub(crate) fn counter_key(key: &[u8]) -> Result<EncryptingKey, Unspecified> {
    let algorithm = if key.len() == 32 { &AES_256 } else { &AES_128 };
    EncryptingKey::ctr(UnboundCipherKey::new(algorithm, key)?)
}

/// Adds the keystream that begins at `iv`.
pub(crate) fn keystream(key: &EncryptingKey, iv: [u8; 16], in_out: &mut [u8]) -> Result<(), Unspecified> {
    key.less_safe_encrypt(in_out, EncryptionContext::Iv128(FixedLength::from(iv)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
    }

    /// RFC 3711 appendix B.3.
    #[test]
    fn session_keys_are_those_of_the_standard() {
        let key = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
        let salt = hex("0EC675AD498AFEEBB6960B3AABE6");
        let master = MasterKey::new(Profile::AesCm128HmacSha1_80, &key, &salt).expect("lengths");
        let mut cipher = [0; 16];
        master.derive(0, &mut cipher).expect("derived");
        assert_eq!(cipher[..], hex("C61E7A93744F39EE10734AFE3FF7A087"));
        let mut salt = [0; 14];
        master.derive(2, &mut salt).expect("derived");
        assert_eq!(salt[..], hex("30CBBC08863D8C85D49DB34A9AE1"));
        let mut auth = [0; 20];
        master.derive(1, &mut auth).expect("derived");
        assert_eq!(auth[..], hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let master = MasterKey::random(Profile::AeadAes256Gcm);
        assert_eq!(format!("{master:?}"), "MasterKey(AeadAes256Gcm)");
        assert_eq!((master.key().len(), master.salt().len()), (32, 12));
        assert!(MasterKey::new(Profile::AeadAes128Gcm, &[0; 16], &[0; 14]).is_none());
    }
}
