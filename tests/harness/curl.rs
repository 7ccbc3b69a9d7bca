//! `curl` as a client of its own make: it speaks HTTP/2, and says what was agreed on.

use std::process::Command;

/// A busy machine may take its time over one password hash. Seconds.
const PATIENCE_S: &str = "60";

/// An answer as it stood on the wire.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    /// `2`, `1.1`.
    pub version: String,
    /// Status line and headers.
    pub head: String,
    pub body: String,
}

impl Heard {
    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Asks with these arguments, whoever the certificate is from. `None` when there is no answer.
///
/// # Panics
/// When `curl` is not installed.
#[must_use]
pub fn curl(arguments: &[&str]) -> Option<Heard> {
    let output = Command::new("curl")
        .args(["-sS", "-i", "-k", "--noproxy", "*", "-m", PATIENCE_S, "-w", "\n%{http_code} %{http_version}"])
        .args(arguments)
        .output()
        .expect("curl is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (text, sums) = text.rsplit_once('\n')?;
    let (status, version) = sums.split_once(' ')?;
    let status = status.parse().ok().filter(|status| *status > 0)?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    Some(Heard { status, version: version.to_owned(), head: head.to_owned(), body: body.to_owned() })
}
