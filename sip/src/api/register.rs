//! Registrations, of phones with us and of us with others.

use std::net::SocketAddr;

use super::config::Transport;

/// A user has become reachable, or no longer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationChange {
    /// The user.
    pub username: String,
    /// Whether at least one binding is fresh.
    pub registered: bool,
}

/// A registration of ours with another registrar.
#[derive(Clone)]
pub struct RegisterClient {
    /// Where to.
    pub registrar: SocketAddr,
    /// How. By TLS the registrar's certificate must prove `domain` (RFC 5922 section 7.1).
    pub transport: Transport,
    /// User part of the address of record.
    pub aor_user: String,
    /// Domain of the address of record.
    pub domain: String,
    /// Name for the digest challenge.
    pub username: String,
    /// Password for the digest challenge.
    pub password: String,
    /// Lifetime to ask for, seconds. It is refreshed in time.
    pub expires_s: u32,
}

impl std::fmt::Debug for RegisterClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegisterClient")
            .field("registrar", &self.registrar)
            .field("aor_user", &self.aor_user)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}
