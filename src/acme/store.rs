//! What is kept in the data folder, for its owner alone: the certificate with its key in one file, so that
//! they are always of one pair, and the account with its key.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::error::AcmeError;
use crate::hub::certificates::{Pair, read};

const CERTIFICATE_FILE: &str = "acme.pem";
const ACCOUNT_FILE: &str = "acme-account.json";

/// Key and certificate, the certificate first and its authorities after it.
#[must_use]
pub fn file(data_dir: &Path) -> PathBuf {
    data_dir.join(CERTIFICATE_FILE)
}

pub fn account_file(data_dir: &Path) -> PathBuf {
    data_dir.join(ACCOUNT_FILE)
}

/// Puts a new certificate in the old one's place, if it can be shown at all.
///
/// # Errors
/// It is no pair, or cannot be written. The old one stays.
pub fn keep_certificate(path: &Path, pem: &str) -> Result<(), AcmeError> {
    let unfinished = unfinished(path);
    write(&unfinished, pem)?;
    let pair = Pair { cert_file: unfinished.clone(), key_file: unfinished };
    read(&pair).map_err(|error| AcmeError::Unusable(error.to_string()))?;
    rename(&pair.cert_file, path)
}

/// Whole or not at all.
///
/// # Errors
/// The system's.
pub fn keep(path: &Path, text: &str) -> Result<(), AcmeError> {
    let unfinished = unfinished(path);
    write(&unfinished, text)?;
    rename(&unfinished, path)
}

fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("new")
}

fn write(path: &Path, text: &str) -> Result<(), AcmeError> {
    let written = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|source| AcmeError::File { path: path.to_owned(), source })
}

fn rename(from: &Path, to: &Path) -> Result<(), AcmeError> {
    std::fs::rename(from, to).map_err(|source| AcmeError::File { path: to.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::hub::selfmade;

    #[test]
    fn what_is_no_pair_does_not_take_the_old_ones_place() {
        let folder = std::env::temp_dir().join(format!("centralita-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder).expect("a temporary folder");
        let path = file(&folder);
        let names = ["hub.example".to_owned()];
        selfmade::placeholder(&path, &names).expect("made");
        let first = std::fs::read_to_string(&path).expect("written");
        selfmade::placeholder(&path, &names).expect("found");
        assert_eq!(std::fs::read_to_string(&path).expect("written"), first, "it is made once");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        assert!(matches!(keep_certificate(&path, "nothing"), Err(AcmeError::Unusable(_))));
        assert_eq!(std::fs::read_to_string(&path).expect("written"), first);
        let other = folder.join("other.pem");
        selfmade::placeholder(&other, &names).expect("made");
        let second = std::fs::read_to_string(&other).expect("written");
        keep_certificate(&path, &second).expect("kept");
        assert_eq!(std::fs::read_to_string(&path).expect("written"), second);
        std::fs::remove_dir_all(folder).expect("the temporary folder");
    }
}
