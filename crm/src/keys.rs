//! Secrets of others are sealed with a key that lies outside the database (XChaCha20-Poly1305):
//! whoever gets the database, or a backup of it, gets none of them.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
};

use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("key file: {0}")]
    File(#[from] io::Error),
    #[error("the key file must hold exactly {KEY_BYTES} bytes")]
    Length,
    #[error("the key file may be read by others (mode {mode:o}); it must be 0600")]
    Open { mode: u32 },
    /// Another key, another context, or damage: the cipher cannot tell which.
    #[error("a sealed value could not be opened with this key")]
    Sealed,
}

/// The hub's sealing key. Clones share nothing secret with logs: `Debug` shows nothing.
#[derive(Clone)]
pub struct Keys {
    cipher: XChaCha20Poly1305,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Reads the key file, or makes it (mode 0600) when there is none.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match Self::load(path) {
            Err(KeyError::File(err)) if err.kind() == io::ErrorKind::NotFound => Self::create(path),
            other => other,
        }
    }

    fn load(path: &Path) -> Result<Self, KeyError> {
        let file = fs::File::open(path)?;
        check_mode(&file)?;
        let mut key = Vec::with_capacity(KEY_BYTES + 1);
        // One byte more than a key has, so that a longer file is seen without reading it all.
        file.take(KEY_BYTES as u64 + 1).read_to_end(&mut key)?;
        Self::from_bytes(&key)
    }

    fn create(path: &Path) -> Result<Self, KeyError> {
        let key: [u8; KEY_BYTES] = rand::random();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(&key)?;
        // What is sealed with a key that a power cut takes away is lost.
        file.sync_all()?;
        Self::from_bytes(&key)
    }

    /// A key from elsewhere, for tests above all.
    pub fn from_bytes(key: &[u8]) -> Result<Self, KeyError> {
        let key = Key::try_from(key).map_err(|_| KeyError::Length)?;
        Ok(Self { cipher: XChaCha20Poly1305::new(&key) })
    }

    /// Nonce and ciphertext. Only the same `context` opens it again: a sealed value that is moved
    /// to another row or column does not open there.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        // 24 random bytes never meet again in practice; no counter to keep.
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| KeyError::Sealed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(KeyError::Sealed)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| KeyError::Sealed)?;
        let payload = Payload { msg: sealed, aad: context.as_bytes() };
        self.cipher.decrypt(&nonce, payload).map_err(|_| KeyError::Sealed)
    }
}

#[cfg(unix)]
fn check_mode(file: &fs::File) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 { Err(KeyError::Open { mode }) } else { Ok(()) }
}

#[cfg(not(unix))]
fn check_mode(_file: &fs::File) -> Result<(), KeyError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::from_bytes(&[7; 32]).expect("32 bytes")
    }

    #[test]
    fn only_the_same_context_opens() {
        let sealed = keys().seal("device:anna:md5", b"secret").expect("sealed");
        assert!(!sealed.windows(6).any(|w| w == b"secret"));
        assert_eq!(keys().open("device:anna:md5", &sealed).expect("opened"), b"secret");
        assert!(keys().open("device:bob:md5", &sealed).is_err());
        let other = Keys::from_bytes(&[8; 32]).expect("32 bytes");
        assert!(other.open("device:anna:md5", &sealed).is_err());
        assert!(keys().open("device:anna:md5", &sealed[..10]).is_err());
    }

    #[test]
    fn the_key_file_is_made_once_and_guarded() {
        let dir = std::env::temp_dir().join(format!("crm-keys-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&dir).expect("temp folder");
        let path = dir.join("key");
        let sealed = Keys::load_or_create(&path).expect("made").seal("c", b"x").expect("sealed");
        assert_eq!(Keys::load_or_create(&path).expect("read").open("c", &sealed).expect("opened"), b"x");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("chmod");
            assert!(matches!(Keys::load_or_create(&path), Err(KeyError::Open { mode: 0o644 })));
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("chmod");
        }
        fs::write(&path, b"short").expect("written");
        assert!(matches!(Keys::load_or_create(&path), Err(KeyError::Length)));
        fs::remove_dir_all(&dir).expect("removed");
    }
}
