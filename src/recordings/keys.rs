//! The keys of recordings: one that is sealed with, and older ones that are still read with.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use media::RecordingKey;
use sha2::{Digest as _, Sha256};

const KEY_BYTES: usize = 32;
/// Old keys that are read; who changes keys every month for years stays below.
const OLD_KEYS_LIMIT: usize = 256;

#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    #[error("\"{path}\": {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("\"{0}\" must hold exactly {KEY_BYTES} bytes")]
    Length(PathBuf),
    #[error("\"{path}\" may be read by others (mode {mode:o}); it must be 0600")]
    Open { path: PathBuf, mode: u32 },
    #[error("\"{0}\" holds more than {OLD_KEYS_LIMIT} keys")]
    TooMany(PathBuf),
}

/// What recordings are sealed and opened with. Empty: they are plain.
#[derive(Clone, Debug, Default)]
pub struct KeyRing {
    current: Option<RecordingKey>,
    old: Vec<RecordingKey>,
}

impl KeyRing {
    /// Reads the key, which is made (mode 0600) when there is none, and the older ones, one a file. An
    /// empty path stands for none.
    ///
    /// # Errors
    /// A file that cannot be read or made, is open to others, or is no key.
    pub fn load(key_file: &Path, old_keys_dir: &Path) -> Result<KeyRing, KeyRingError> {
        let mut ring = KeyRing::default();
        if key_file != Path::new("") {
            ring.current = Some(match read(key_file) {
                Err(KeyRingError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                    create(key_file)?
                }
                other => other?,
            });
        }
        if old_keys_dir != Path::new("") {
            let failed = |source| KeyRingError::File { path: old_keys_dir.to_owned(), source };
            for entry in fs::read_dir(old_keys_dir).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if !path.is_file() {
                    continue;
                }
                if ring.old.len() == OLD_KEYS_LIMIT {
                    return Err(KeyRingError::TooMany(old_keys_dir.to_owned()));
                }
                ring.old.push(read(&path)?);
            }
        }
        Ok(ring)
    }

    /// What new recordings are sealed with.
    pub fn current(&self) -> Option<RecordingKey> {
        self.current
    }

    /// The key of this name, be it an older one.
    pub fn named(&self, id: [u8; 16]) -> Option<RecordingKey> {
        self.current.iter().chain(&self.old).find(|key| key.id == id).copied()
    }
}

fn read(path: &Path) -> Result<RecordingKey, KeyRingError> {
    let failed = |source| KeyRingError::File { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(failed)?;
    check_mode(path, &file)?;
    let mut bytes = Vec::with_capacity(KEY_BYTES + 1);
    // One byte more than a key has, so that a longer file is seen without reading it all.
    file.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let key: [u8; KEY_BYTES] = bytes.try_into().map_err(|_| KeyRingError::Length(path.to_owned()))?;
    Ok(named(key))
}

fn create(path: &Path) -> Result<RecordingKey, KeyRingError> {
    let key: [u8; KEY_BYTES] = rand::random();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(&key)?;
        // What is sealed with a key that a power cut takes away is lost.
        file.sync_all()
    });
    written.map_err(|source| KeyRingError::File { path: path.to_owned(), source })?;
    Ok(named(key))
}

/// A key's name is made of the key: the same in every house that has it, and it tells nothing of it.
fn named(key: [u8; KEY_BYTES]) -> RecordingKey {
    let digest = Sha256::new().chain_update(b"name of a recording key").chain_update(key).finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    RecordingKey { id, key }
}

#[cfg(unix)]
fn check_mode(path: &Path, file: &fs::File) -> Result<(), KeyRingError> {
    use std::os::unix::fs::PermissionsExt;
    let failed = |source| KeyRingError::File { path: path.to_owned(), source };
    let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyRingError::Open { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_mode(_: &Path, _: &fs::File) -> Result<(), KeyRingError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Folder {
            let path = std::env::temp_dir().join(format!("centralita-keys-{}", uuid::Uuid::now_v7()));
            fs::create_dir(&path).expect("a temporary folder");
            Folder(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // What is left behind lies in the temporary folder.
            fs::remove_dir_all(&self.0).ok();
        }
    }

    #[test]
    fn a_key_is_made_once_and_an_old_one_still_opens() {
        let folder = Folder::new();
        let (file, old) = (folder.0.join("key"), folder.0.join("old"));
        fs::create_dir(&old).expect("a folder");
        let first = KeyRing::load(&file, Path::new("")).expect("made").current().expect("a key");
        let again = KeyRing::load(&file, &old).expect("read").current().expect("a key");
        assert!(first == again, "made anew");

        fs::rename(&file, old.join("2026")).expect("moved");
        let ring = KeyRing::load(&file, &old).expect("made and read");
        let second = ring.current().expect("a key");
        assert_ne!(first.id, second.id);
        assert!(ring.named(first.id) == Some(first) && ring.named(second.id) == Some(second));
        assert!(ring.named([0; 16]).is_none());
    }

    #[test]
    fn no_path_is_no_key_and_no_key_is_refused() {
        let none = KeyRing::load(Path::new(""), Path::new("")).expect("nothing to read");
        assert!(none.current().is_none());
        let folder = Folder::new();
        let short = folder.0.join("short");
        fs::write(&short, [7; 31]).expect("written");
        let open = KeyRing::load(&short, Path::new("")).expect_err("everybody may read it");
        assert!(matches!(open, KeyRingError::Open { .. }), "{open}");
        #[cfg(unix)]
        fs::set_permissions(&short, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("closed");
        let short = KeyRing::load(&short, Path::new("")).expect_err("too short");
        assert!(matches!(short, KeyRingError::Length(_)), "{short}");
    }
}
