//! Our account with the authority (RFC 8555 section 7.3): opened once, its key kept.

use std::path::Path;

use instant_acme::{Account, AccountCredentials, NewAccount};
use serde::{Deserialize, Serialize};

use super::error::AcmeError;
use super::store;
use super::wire::Wire;
use crate::config::Acme;

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Whose account it is: another authority knows nothing of it.
    directory: String,
    credentials: AccountCredentials,
}

/// The kept account, else a new one.
///
/// # Errors
/// The authority does not answer or wants none of us; the account cannot be kept.
pub async fn open(acme: &Acme, data_dir: &Path, wire: &Wire) -> Result<Account, AcmeError> {
    let path = store::account_file(data_dir);
    let builder = Account::builder_with_http(Box::new(wire.clone()));
    let kept = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
    if let Some(kept) = kept.filter(|kept| kept.directory == acme.directory) {
        return Ok(builder.from_credentials(kept.credentials).await?);
    }
    let contact = format!("mailto:{}", acme.contact);
    let contact: &[&str] = if acme.contact.is_empty() { &[] } else { &[&contact] };
    let new = NewAccount { contact, terms_of_service_agreed: acme.terms_agreed, only_return_existing: false };
    let (account, credentials) = builder.create(&new, acme.directory.clone(), None).await?;
    let kept = Kept { directory: acme.directory.clone(), credentials };
    let text = serde_json::to_string(&kept).map_err(|error| AcmeError::Unusable(error.to_string()))?;
    store::keep(&path, &text)?;
    tracing::info!(directory = %acme.directory, "an account was opened with the authority");
    Ok(account)
}

/// The authority knows it no longer.
pub fn forget(data_dir: &Path) {
    if let Err(error) = std::fs::remove_file(store::account_file(data_dir)) {
        tracing::warn!(%error, "the account that the authority has forgotten stays in its file");
    }
}
