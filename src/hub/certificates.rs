//! The certificate that the hub shows, and its renewal while the hub runs.
//!
//! The files are looked at every few seconds. A new pair that fits is shown to the next connection;
//! connections that stand keep theirs. A pair that cannot be used leaves the old one in force, and
//! the log says why.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use metrics::gauge;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::acme::Held;

/// Renewals come every some weeks: who replaced the files by hand sees the effect at once.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// A chain of ten certificates has some 20 KB; more is not a certificate.
const MAX_FILE_BYTES: u64 = 256 * 1024;

/// Where a certificate and its key lie, both in PEM: the certificate first, then its authorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub cert_file: PathBuf,
    pub key_file: PathBuf,
}

/// Why a pair of files cannot be used. Shows nothing of the key.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("\"{}\" cannot be read: {source}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("\"{}\" is larger than {MAX_FILE_BYTES} bytes", _0.display())]
    TooLarge(PathBuf),
    #[error("\"{}\" holds no certificate in PEM", _0.display())]
    NoCertificate(PathBuf),
    #[error("\"{}\" holds no private key in PEM", _0.display())]
    NoKey(PathBuf),
    #[error("\"{}\" and \"{}\" do not fit together: {source}", pair.cert_file.display(), pair.key_file.display())]
    Unfit {
        pair: Pair,
        #[source]
        source: rustls::Error,
    },
}

/// When a file or its rights last changed, in seconds and nanoseconds, and its length. Not when it was
/// written: a key that could not be read is read once its rights are put right, and a copy that keeps
/// the time of its original is seen too.
type Changed = (i64, i64, u64);
/// What a pair is known by: its certificate's and its key's.
type Edition = (Changed, Changed);

/// What is shown to who connects from now on.
pub type Certificate = watch::Receiver<Arc<ServerConfig>>;

/// Reads the pair and goes on looking for a newer one for as long as anybody has the receiver.
///
/// # Errors
/// As [`CertificateError`] says, of the pair that is there now.
pub fn watched(pair: Pair) -> Result<Certificate, CertificateError> {
    let (seen, server) = Seen::first(pair)?;
    let (renew, shown) = watch::channel(server);
    tokio::spawn(keep(seen, renew));
    Ok(shown)
}

async fn keep(mut seen: Seen, renew: watch::Sender<Arc<ServerConfig>>) {
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = renew.closed() => return,
            _ = look.tick() => {}
        }
        match seen.newer() {
            None => {}
            Some(Ok(server)) => {
                renew.send_replace(server);
                tracing::info!(cert_file = %seen.pair.cert_file.display(), "the new certificate is in force");
            }
            Some(Err(error)) => {
                tracing::warn!(%error, "the new certificate cannot be used: the old one stays");
            }
        }
    }
}

/// A pair and which edition of it was read last, whether it could be used or not.
struct Seen {
    pair: Pair,
    edition: Option<Edition>,
}

impl Seen {
    fn first(pair: Pair) -> Result<(Self, Arc<ServerConfig>), CertificateError> {
        // Before it is read, so that a pair that changes meanwhile is read again.
        let edition = edition(&pair).ok();
        let server = read(&pair)?;
        Ok((Self { pair, edition }, server))
    }

    /// The pair, if it is another than the last time: a broken one is complained of once.
    fn newer(&mut self) -> Option<Result<Arc<ServerConfig>, CertificateError>> {
        // Between the removal of a file and its return there is nothing to look at.
        let found = edition(&self.pair).ok()?;
        if self.edition == Some(found) {
            return None;
        }
        self.edition = Some(found);
        Some(read(&self.pair))
    }
}

fn edition(pair: &Pair) -> std::io::Result<Edition> {
    let changed = |path: &Path| {
        let file = std::fs::metadata(path)?;
        Ok::<_, std::io::Error>((file.ctime(), file.ctime_nsec(), file.len()))
    };
    Ok((changed(&pair.cert_file)?, changed(&pair.key_file)?))
}

/// # Errors
/// As [`CertificateError`] says.
pub fn read(pair: &Pair) -> Result<Arc<ServerConfig>, CertificateError> {
    let text = bounded(&pair.cert_file)?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|_| CertificateError::NoCertificate(pair.cert_file.clone()))?;
    if chain.is_empty() {
        return Err(CertificateError::NoCertificate(pair.cert_file.clone()));
    }
    let key = PrivateKeyDer::from_pem_slice(&bounded(&pair.key_file)?)
        .map_err(|_| CertificateError::NoKey(pair.key_file.clone()))?;
    let held = Held::of(&chain[0]);
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map(Arc::new)
        .map_err(|source| CertificateError::Unfit { pair: pair.clone(), source })?;
    if let Some(held) = held {
        runs_out(&held);
    }
    Ok(server)
}

#[expect(clippy::cast_precision_loss, reason = "seconds of some centuries stay far below 2^52")]
fn runs_out(held: &Held) {
    gauge!("centralita_certificate_not_after_seconds").set(held.not_after.timestamp() as f64);
}

pub(super) fn bounded(path: &Path) -> Result<Vec<u8>, CertificateError> {
    let refuse = |source| CertificateError::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(refuse)?.len() > MAX_FILE_BYTES {
        return Err(CertificateError::TooLarge(path.to_owned()));
    }
    std::fs::read(path).map_err(refuse)
}

#[cfg(test)]
mod tests {
    use super::super::selfmade;
    use super::*;

    fn folder() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("centralita-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder).expect("a temporary folder");
        folder
    }

    #[test]
    fn a_self_made_pair_can_be_used_and_stays_the_same() {
        let folder = folder();
        let pair = selfmade::pair(&folder, &[]).expect("made");
        read(&pair).expect("a pair that fits");
        let before = std::fs::read(&pair.cert_file).expect("a certificate");
        assert_eq!(selfmade::pair(&folder, &[]).expect("found"), pair);
        assert_eq!(std::fs::read(&pair.cert_file).expect("a certificate"), before);
        std::fs::remove_dir_all(folder).expect("the temporary folder");
    }

    #[test]
    fn files_that_are_no_pair_are_refused_by_name() {
        let (one, two) = (folder(), folder());
        let Pair { cert_file, .. } = selfmade::pair(&one, &[]).expect("made");
        let Pair { key_file, .. } = selfmade::pair(&two, &[]).expect("made");
        let nowhere = one.join("nowhere");
        for (cert_file, key_file, wanted) in [
            (&cert_file, &key_file, "do not fit together"),
            (&key_file, &key_file, "holds no certificate"),
            (&cert_file, &cert_file, "holds no private key"),
            (&nowhere, &key_file, "nowhere\" cannot be read"),
        ] {
            let pair = Pair { cert_file: cert_file.clone(), key_file: key_file.clone() };
            let refusal = read(&pair).expect_err("a refusal").to_string();
            assert!(refusal.contains(wanted), "{refusal}");
        }
        for folder in [one, two] {
            std::fs::remove_dir_all(folder).expect("the temporary folder");
        }
    }

    #[test]
    fn rights_that_are_put_right_are_seen() {
        use std::os::unix::fs::PermissionsExt;

        let folder = folder();
        let pair = selfmade::pair(&folder, &[]).expect("made");
        let (mut seen, _server) = Seen::first(pair.clone()).expect("in force");
        // The system's clock of files moves in steps: until it has moved once.
        let patience = std::time::Instant::now() + Duration::from_secs(30);
        let again = loop {
            std::fs::set_permissions(&pair.key_file, PermissionsExt::from_mode(0o640)).expect("set");
            match seen.newer() {
                Some(again) => break again,
                None => assert!(std::time::Instant::now() < patience, "it was never looked at again"),
            }
        };
        assert!(again.is_ok(), "the pair itself is the same");
        std::fs::remove_dir_all(folder).expect("the temporary folder");
    }

    #[test]
    fn a_new_pair_is_seen_and_a_broken_one_is_refused_once() {
        let (ours, other) = (folder(), folder());
        let pair = selfmade::pair(&ours, &[]).expect("made");
        let (mut seen, _server) = Seen::first(pair.clone()).expect("in force");
        assert!(seen.newer().is_none(), "nothing has changed");

        std::fs::write(&pair.cert_file, "no certificate").expect("written");
        assert!(matches!(seen.newer(), Some(Err(CertificateError::NoCertificate(_)))));
        assert!(seen.newer().is_none(), "it is complained of once");
        std::fs::remove_file(&pair.cert_file).expect("removed");
        assert!(seen.newer().is_none(), "a file on its way is waited for");

        let newer = selfmade::pair(&other, &[]).expect("made");
        std::fs::copy(&newer.key_file, &pair.key_file).expect("copied");
        std::fs::copy(&newer.cert_file, &pair.cert_file).expect("copied");
        assert!(matches!(seen.newer(), Some(Ok(_))), "the new pair is taken up");
        for folder in [ours, other] {
            std::fs::remove_dir_all(folder).expect("the temporary folder");
        }
    }
}
