//! A certificate of the hub's own making, for the demo: nobody vouches for it, but signalling is
//! encrypted. It stays the same over restarts, so that a phone that was told to trust it still does.

use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rcgen::{CertificateParams, DnType, KeyPair};

use super::certificates::Pair;

const CERT_FILE: &str = "tls-cert.pem";
const KEY_FILE: &str = "tls-key.pem";
/// What it is issued for beside the addresses.
const LOCAL_NAME: &str = "localhost";

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum SelfMadeError {
    #[error("certificate: {0}")]
    Make(#[from] rcgen::Error),
    #[error("certificate: {0}")]
    Write(#[from] std::io::Error),
}

/// The pair in the data folder, made when it is not whole. `addresses`: which it is issued for.
///
/// # Errors
/// The folder cannot be written.
pub fn pair(data_dir: &Path, addresses: &[IpAddr]) -> Result<Pair, SelfMadeError> {
    let pair = Pair { cert_file: data_dir.join(CERT_FILE), key_file: data_dir.join(KEY_FILE) };
    if pair.cert_file.exists() && pair.key_file.exists() {
        return Ok(pair);
    }
    let mut names = vec![LOCAL_NAME.to_owned()];
    names.extend(addresses.iter().map(ToString::to_string));
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, LOCAL_NAME);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    write(&pair.key_file, &key.serialize_pem(), 0o600)?;
    // Last, so that a certificate always has its key.
    write(&pair.cert_file, &certificate.pem(), 0o644)?;
    Ok(pair)
}

/// A pair in one file until an authority has issued another: nobody believes it, but what listens can
/// begin. Left as it is when there is a file.
///
/// # Errors
/// The file cannot be written.
pub fn placeholder(path: &Path, names: &[String]) -> Result<(), SelfMadeError> {
    if path.exists() {
        return Ok(());
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, LOCAL_NAME);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(write(path, &format!("{}{}", certificate.pem(), key.serialize_pem()), 0o600)?)
}

fn write(path: &Path, text: &str, mode: u32) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(mode).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
