//! A phone whose DTLS certificate is of elliptic curves.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Puts a certificate with its key into the phone's folder, and builds what makes the phone take it.
/// Returns the library to load before the phone's own.
///
/// # Panics
/// When openssl or the C compiler, without which nothing here is built, are missing.
pub fn prepare(folder: &Path) -> PathBuf {
    let pem = |name: &str| folder.join(name);
    run(Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args(["-subj", "/CN=phone", "-days", "2", "-keyout"])
        .arg(pem("dtls-key.pem"))
        .arg("-out")
        .arg(pem("dtls-cert.pem")));
    let both: String = ["dtls-cert.pem", "dtls-key.pem"]
        .map(|name| std::fs::read_to_string(pem(name)).expect("openssl wrote it"))
        .concat();
    std::fs::write(pem("dtls.pem"), both).expect("a file in the phone's folder");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("harness/dtls_certificate.c");
    let library = pem("dtls_certificate.so");
    run(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source));
    library
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
