//! What a certificate says of itself. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    /// Host names in small letters, without addresses.
    pub names: BTreeSet<String>,
    /// Nobody but its own key vouches for it.
    pub self_made: bool,
}

impl Held {
    /// `None`: it cannot be read.
    #[must_use]
    pub fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let at = |seconds| DateTime::from_timestamp(seconds, 0);
        let names = certificate.subject_alternative_name().ok()?;
        let names = names.map(|extension| &extension.value.general_names[..]).unwrap_or_default();
        let host = |name: &GeneralName<'_>| match name {
            GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        };
        Some(Self {
            not_before: at(certificate.validity().not_before.timestamp())?,
            not_after: at(certificate.validity().not_after.timestamp())?,
            names: names.iter().filter_map(host).collect(),
            self_made: certificate.issuer().as_raw() == certificate.subject().as_raw(),
        })
    }

    /// Of the first certificate in PEM, whose authorities follow it.
    #[must_use]
    pub fn of_pem(pem: &[u8]) -> Option<Self> {
        Self::of(&CertificateDer::from_pem_slice(pem).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    #[test]
    fn a_certificate_tells_its_days_and_its_names() {
        let names = ["Hub.example", "192.0.2.1"].map(str::to_owned);
        let mut params = CertificateParams::new(names).expect("names");
        params.not_before = date_time_ymd(2026, 1, 2);
        params.not_after = date_time_ymd(2026, 4, 2);
        let pem = params.self_signed(&KeyPair::generate().expect("a key")).expect("signed").pem();
        let held = Held::of_pem(pem.as_bytes()).expect("a certificate");
        assert_eq!(held.not_before.to_string(), "2026-01-02 00:00:00 UTC");
        assert_eq!(held.not_after.to_string(), "2026-04-02 00:00:00 UTC");
        assert_eq!(held.names, BTreeSet::from(["hub.example".to_owned()]));
        assert!(held.self_made);
        assert_eq!(Held::of_pem(b"nothing"), None);
    }
}
