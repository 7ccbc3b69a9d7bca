//! Nonces that need no memory until they are used.

use std::{collections::HashMap, time::Duration};

use super::hash::{hmac, keyed_token, same};
use crate::core::{dice::Dice, time::Time};

/// How long a nonce may be used; then the phone is told that it is stale.
const NONCE_LIFE: Duration = Duration::from_secs(300);

/// A nonce is dated to the beginning of such a span, so that all copies of a request, which come
/// within 64*T1, get the same one.
const NONCE_STEP_MS: i64 = 32_000;

/// Nonces whose counter is remembered: as many as can be used within a lifetime by the phones
/// of a large company. When it is full, the next one is declared stale, so that no counter
/// is ever forgotten within a nonce's life.
const COUNTERS_MAX: usize = 65_536;

/// What is wrong with a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadNonce {
    /// Not one of ours.
    Forged,
    /// Ours, but too old, or its counter was used before.
    Stale,
}

/// Makes and checks nonces: time and request, signed with a key of this process.
#[derive(Debug)]
pub(crate) struct Nonces {
    key: [u8; 32],
    /// Highest `nc` seen, and when the nonce was made.
    counters: HashMap<String, (u32, Time)>,
}

impl Nonces {
    pub fn new(dice: &mut Dice) -> Self {
        Self { key: dice.key(), counters: HashMap::new() }
    }

    /// The nonce for a request; `request` names it among all others.
    pub fn make(&self, now: Time, request: &str) -> String {
        let made = now.0 - now.0.rem_euclid(NONCE_STEP_MS);
        // What is signed below begins with a hex digit: no signature is ever a token.
        let token = keyed_token(&self.key, &format!("nonce\n{request}"));
        let plain = format!("{made:x}.{token}");
        let mac = hmac(&self.key, plain.as_bytes());
        format!("{plain}.{mac}")
    }

    /// Whether the nonce is ours and fresh. Costs no memory.
    pub fn check(&self, now: Time, nonce: &str) -> Result<(), BadNonce> {
        let (plain, mac) = nonce.rsplit_once('.').ok_or(BadNonce::Forged)?;
        if !same(mac, &hmac(&self.key, plain.as_bytes())) {
            return Err(BadNonce::Forged);
        }
        if now - made_at(nonce).ok_or(BadNonce::Forged)? > NONCE_LIFE {
            return Err(BadNonce::Stale);
        }
        Ok(())
    }

    /// Notes the use of a nonce with a right digest; `nc` must grow (RFC 7616 section 3.4).
    pub fn spend(&mut self, now: Time, nonce: &str, nc: u32) -> Result<(), BadNonce> {
        if self.counters.len() >= COUNTERS_MAX {
            self.counters.retain(|_, (_, made)| now - *made <= NONCE_LIFE);
        }
        let full = self.counters.len() >= COUNTERS_MAX;
        match self.counters.get_mut(nonce) {
            Some((highest, _)) if nc > *highest => *highest = nc,
            Some(_) => return Err(BadNonce::Stale),
            None if full => return Err(BadNonce::Stale),
            None => {
                let made = made_at(nonce).ok_or(BadNonce::Forged)?;
                self.counters.insert(nonce.to_owned(), (nc, made));
            }
        }
        Ok(())
    }
}

fn made_at(nonce: &str) -> Option<Time> {
    let (time, _) = nonce.split_once('.')?;
    i64::from_str_radix(time, 16).ok().map(Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_signed_ages_and_counts() {
        let mut dice = Dice::new([1; 32]);
        let mut nonces = Nonces::new(&mut dice);
        let now = Time(NONCE_STEP_MS * 40);
        let nonce = nonces.make(now, "request");
        assert_eq!(nonces.make(now + Duration::from_secs(31), "request"), nonce);
        assert_ne!(nonces.make(now + Duration::from_secs(32), "request"), nonce);
        assert_ne!(nonces.make(now, "other"), nonce);
        assert_eq!(nonces.check(now, &nonce), Ok(()));
        assert_eq!(nonces.spend(now, &nonce, 1), Ok(()));
        assert_eq!(nonces.spend(now, &nonce, 1), Err(BadNonce::Stale));
        assert_eq!(nonces.spend(now, &nonce, 0x0100), Ok(()));
        let later = now + NONCE_LIFE + Duration::from_millis(1);
        assert_eq!(nonces.check(later, &nonce), Err(BadNonce::Stale));
        for forged in ["", "x", "13880.0.0", &nonce[1..]] {
            assert_eq!(nonces.check(now, forged), Err(BadNonce::Forged), "{forged}");
        }
    }
}
