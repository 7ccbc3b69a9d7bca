//! Whom we believe when we open a connection over TLS.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::certificates::{CertificateError, bounded};

/// Why there is nobody to believe.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("{0}")]
    File(#[from] CertificateError),
    #[error("\"{}\" holds a certificate that is no authority's: {source}", path.display())]
    NoAuthority {
        path: PathBuf,
        #[source]
        source: rustls::Error,
    },
    #[error(
        "the system has no certificates of authorities (package ca-certificates), and tls.ca_file names none"
    )]
    Nobody,
    #[error("tls: {0}")]
    Tls(#[from] rustls::Error),
}

/// For connections of ours that lead to phones alone: no authority is believed. A phone is reached over
/// the connection that it opened.
///
/// # Errors
/// When the ciphers that were built in cannot speak the versions of TLS that were built in.
pub fn nobody() -> Result<Arc<ClientConfig>, rustls::Error> {
    believing(RootCertStore::empty())
}

/// For connections to others: the system's authorities are believed, and those of `ca_file`, if there
/// is one. They are read now; a later change needs a restart.
///
/// # Errors
/// As [`AuthorityError`] says.
pub fn known(ca_file: &Path) -> Result<Arc<ClientConfig>, AuthorityError> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    for error in &system.errors {
        tracing::warn!(%error, "authorities of the system cannot be read");
    }
    // What the system holds for others' sake may be no authority to us.
    roots.add_parsable_certificates(system.certs);
    if !ca_file.as_os_str().is_empty() {
        add(&mut roots, ca_file)?;
    }
    if roots.is_empty() {
        return Err(AuthorityError::Nobody);
    }
    Ok(believing(roots)?)
}

fn add(roots: &mut RootCertStore, ca_file: &Path) -> Result<(), AuthorityError> {
    let text = bounded(ca_file)?;
    let none = || CertificateError::NoCertificate(ca_file.to_owned());
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|_| none())?;
    if certificates.is_empty() {
        return Err(none().into());
    }
    for certificate in certificates {
        roots
            .add(certificate)
            .map_err(|source| AuthorityError::NoAuthority { path: ca_file.to_owned(), source })?;
    }
    Ok(())
}

fn believing(roots: RootCertStore) -> Result<Arc<ClientConfig>, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::super::selfmade;
    use super::*;

    #[test]
    fn a_file_of_authorities_is_read_or_refused_by_name() {
        let folder = std::env::temp_dir().join(format!("centralita-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder).expect("a temporary folder");
        let pair = selfmade::pair(&folder, &[]).expect("made");
        known(&pair.cert_file).expect("a certificate");
        let refusal = known(&pair.key_file).expect_err("a key").to_string();
        assert!(refusal.contains("holds no certificate"), "{refusal}");
        let refusal = known(&folder.join("nowhere")).expect_err("no file").to_string();
        assert!(refusal.contains("nowhere\" cannot be read"), "{refusal}");
        std::fs::remove_dir_all(folder).expect("the temporary folder");
    }
}
