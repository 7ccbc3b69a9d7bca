//! Console passwords: argon2id, on a thread where it disturbs nobody.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// Fewer characters than this are guessed too soon.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// More would only cost time to hash.
pub const MAX_PASSWORD_BYTES: usize = 1024;
/// Each hashing takes 19 MiB and some 30 ms of a core: so many at once, the others wait.
const HASHES_AT_ONCE: usize = 2;

static HASHING: Semaphore = Semaphore::const_new(HASHES_AT_ONCE);

/// What an unknown user's password is compared with, so that it takes as long as a known one's.
/// Made with the same parameters as [`hash`]; a test keeps that true.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Y2VudHJhbGl0YS1ub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The PHC string of a password, which must have [`MIN_PASSWORD_CHARS`] at least.
pub async fn hash(password: &str) -> Result<String> {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(Error::invalid_with("password", "too_short", "min", MIN_PASSWORD_CHARS));
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(Error::invalid_with("password", "too_long", "max", MAX_PASSWORD_BYTES));
    }
    let password = password.to_owned();
    on_a_blocking_thread(move || {
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|err| Error::Password(err.to_string()))
    })
    .await?
}

/// Whether the password belongs to the hash; the same work when there is no hash.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Ok(false);
    }
    let password = password.to_owned();
    let known = hash.is_some();
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let fits = on_a_blocking_thread(move || {
        let parsed = PasswordHash::new(&hash).map_err(|err| Error::Password(err.to_string()))?;
        Ok::<_, Error>(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await??;
    Ok(fits && known)
}

async fn on_a_blocking_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = HASHING.acquire().await.map_err(|_| Error::Closed)?;
    tokio::task::spawn_blocking(work).await.map_err(|err| Error::Password(err.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = hash("correct horse").await.expect("hashed");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(verify("correct horse", Some(&hash)).await.expect("verified"));
        assert!(!verify("wrong horse", Some(&hash)).await.expect("verified"));
        assert!(!verify("correct horse", None).await.expect("verified"));
    }

    #[tokio::test]
    async fn an_unknown_user_costs_what_a_known_one_does() {
        let real = hash("correct horse").await.expect("hashed");
        let parameters = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(&real), parameters(NOBODY));
        let salt_and_hash = |hash: &str| hash.split('$').skip(4).map(str::len).collect::<Vec<_>>();
        assert_eq!(salt_and_hash(&real)[1], salt_and_hash(NOBODY)[1]);
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[tokio::test]
    async fn lengths_are_bounded() {
        assert!(matches!(hash("short").await, Err(Error::Invalid { code: "too_short", .. })));
        assert!(matches!(hash(&"x".repeat(2000)).await, Err(Error::Invalid { code: "too_long", .. })));
        assert!(!verify(&"x".repeat(2000), None).await.expect("refused"));
    }
}
