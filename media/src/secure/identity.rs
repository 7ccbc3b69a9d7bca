//! Who we are in DTLS: one certificate a process, made at its start, vouched for by signalling.

use std::sync::Arc;
use std::time::Duration;

use dimpl::certificate::generate_self_signed_certificate;
use dimpl::{DtlsCertificate, SrtpProfile};
use sha2::{Digest as _, Sha256};

use crate::error::StartError;

/// SHA-256 of a certificate, as `a=fingerprint` tells it.
pub type Fingerprint = [u8; 32];

/// First retry of a flight: a browser's own is 50 ms, desk phones' 1 s.
const FLIGHT_START: Duration = Duration::from_millis(200);
/// A handshake that takes longer is given up, and begun anew if the far end tries again.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(30);

/// Our certificate and how we shake hands.
pub(crate) struct Identity {
    pub certificate: DtlsCertificate,
    pub config: Arc<dimpl::Config>,
    pub fingerprint: Fingerprint,
}

impl Identity {
    pub(crate) fn generate() -> Result<Identity, StartError> {
        let certificate =
            generate_self_signed_certificate().map_err(|e| StartError::Certificate(e.to_string()))?;
        let config = dimpl::Config::builder()
            .flight_start_rto(FLIGHT_START)
            .handshake_timeout(HANDSHAKE_LIMIT)
            // ICE or signalling has already shown that the address is no forgery's.
            .use_server_cookie(false)
            .build()
            .map_err(|e| StartError::Certificate(e.to_string()))?;
        let fingerprint = fingerprint_of(&certificate.certificate);
        Ok(Identity { certificate, config: Arc::new(config), fingerprint })
    }
}

pub(crate) fn fingerprint_of(certificate: &[u8]) -> Fingerprint {
    Sha256::digest(certificate).into()
}

/// The profile that a handshake chose, in our words; none for one that we do not know.
pub(crate) fn profile_of(chosen: SrtpProfile) -> Option<super::keys::Profile> {
    use super::keys::Profile;
    match chosen {
        SrtpProfile::AES128_CM_SHA1_80 => Some(Profile::AesCm128HmacSha1_80),
        SrtpProfile::AEAD_AES_128_GCM => Some(Profile::AeadAes128Gcm),
        SrtpProfile::AEAD_AES_256_GCM => Some(Profile::AeadAes256Gcm),
        _ => None,
    }
}
