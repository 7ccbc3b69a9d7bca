//! Certificates from outside, by `openssl`.

use std::path::Path;
use std::process::{Command, Stdio};

/// A busy machine may take its time over a handshake. Seconds.
const PATIENCE_S: &str = "20";
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// What `openssl` is shown at `address`, as PEM; `None` when there is no TLS.
///
/// # Panics
/// When `openssl` is not installed.
#[must_use]
pub fn shown(address: &str) -> Option<String> {
    let output = Command::new("timeout")
        .args([PATIENCE_S, "openssl", "s_client", "-connect", address])
        .stdin(Stdio::null())
        .output()
        .expect("openssl is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let begin = text.find(BEGIN)?;
    let end = text.find(END)? + END.len();
    Some(text[begin..end].to_owned())
}

/// A pair of somebody else's making, for 127.0.0.1 and `localhost`.
///
/// # Panics
/// When `openssl` cannot make it.
pub fn make(certificate: &Path, key: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
        // Some clients believe nobody who may not sign, themselves included.
        .args(["-addext", "basicConstraints=critical,CA:TRUE", "-days", "2"])
        .arg("-keyout")
        .arg(key)
        .arg("-out")
        .arg(certificate)
        .output()
        .expect("openssl is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}
