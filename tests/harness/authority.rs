//! An authority of the test's own, and certificates that it signs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folder::Folder;

pub struct Authority {
    folder: Folder,
}

impl Authority {
    /// Makes its key and its own certificate.
    #[must_use]
    pub fn new() -> Self {
        let folder = Folder::new();
        let authority = Self { folder };
        openssl(
            &authority.folder,
            &["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
            &["-subj", "/CN=Authority of the tests", "-days", "2", "-keyout", "ca-key.pem", "-out", "ca.pem"],
        );
        authority
    }

    /// Its own certificate, in PEM.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A certificate for `name` (as OpenSSL writes them: `DNS:carrier.example`, `IP:127.0.0.1`), followed
    /// by its key, in PEM.
    ///
    /// # Panics
    /// When openssl is missing.
    #[must_use]
    pub fn pair(&self, name: &str) -> PathBuf {
        let file = |end: &str| format!("{}{end}", name.replace(':', "-"));
        let (key, request, certificate) = (file("-key.pem"), file(".csr"), file("-cert.pem"));
        let subject = format!("subjectAltName={name}");
        openssl(
            &self.folder,
            &["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
            &["-subj", "/CN=test", "-addext", &subject, "-keyout", &key, "-out", &request],
        );
        openssl(
            &self.folder,
            &[
                "x509",
                "-req",
                "-copy_extensions",
                "copy",
                "-days",
                "2",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca-key.pem",
            ],
            &["-CAcreateserial", "-in", &request, "-out", &certificate],
        );
        let path = |name: &str| self.folder.path().join(name);
        let parts = [&certificate, &key].map(|part| std::fs::read_to_string(path(part)).expect("just made"));
        let both = path(&file(".pem"));
        std::fs::write(&both, parts.concat()).expect("a file in the test's folder");
        both
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn openssl(folder: &Folder, first: &[&str], then: &[&str]) {
    let folder: &Path = folder.path();
    let output = Command::new("openssl").args(first).args(then).current_dir(folder).output();
    let output = output.expect("openssl is installed");
    assert!(output.status.success(), "openssl {first:?}: {}", String::from_utf8_lossy(&output.stderr));
}
