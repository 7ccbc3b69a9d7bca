//! Who may register and call: asked of the program around us.

use futures_util::future::BoxFuture;

use super::binding::Binding;

/// A phone that may register, with its digest secrets.
#[derive(Clone)]
pub struct Device {
    /// The name it authenticates with.
    pub username: String,
    /// What it may prove itself with: any one of them serves. Short-lived secrets overlap while
    /// they are renewed. At most 8 are looked at.
    pub secrets: Vec<Secret>,
}

/// One password of a device, hashed.
#[derive(Clone)]
pub struct Secret {
    /// MD5(username:realm:password), 32 hex digits (RFC 7616 section 3.4.2). Empty for a
    /// device that must use SHA-256: only then is it challenged with SHA-256, as many phones
    /// know MD5 alone.
    pub ha1_md5: String,
    /// SHA-256(username:realm:password), 64 hex digits (RFC 8760).
    pub ha1_sha256: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The directory could not answer; the request is refused with 503 and may be retried.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The store behind the directory does not answer.
    #[error("the directory does not answer")]
    Unavailable,
}

/// Who may register and call.
pub trait Directory: Send + Sync + 'static {
    /// The device with this name, or `None`.
    fn device(&self, username: &str) -> BoxFuture<'_, Result<Option<Device>, DirectoryError>>;

    /// Keeps the complete set of bindings of a user. The 200 OK to the phone waits for it,
    /// so that a binding we have confirmed survives a restart.
    fn save_bindings(
        &self,
        username: &str,
        bindings: &[Binding],
    ) -> BoxFuture<'_, Result<(), DirectoryError>>;
}
