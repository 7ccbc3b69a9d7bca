//! Slows down the guessing of passwords. Pure: `now` is handed in.
//!
//! An attempt counts before the password is looked at, so that parallel guesses do not slip
//! through together; a success wipes its account's count. If the table is lost (restart), guessing
//! starts anew: argon2 still makes each guess dear.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::time::Duration;

/// Free guesses at one account from one address, for people who mistype.
const FREE_PER_ACCOUNT: u32 = 5;
/// Free guesses from one address over all accounts: an office behind one address signs in together.
const FREE_PER_ADDRESS: u32 = 40;
/// The first wait; each further failure doubles it.
const FIRST_WAIT_S: u64 = 5;
/// The longest wait: an owner locked out by a stranger behind the same address is back within it.
const LONGEST_WAIT_S: u64 = 900;
/// Failures are forgotten after this long without another.
const FORGET_AFTER_S: u64 = 1800;
/// Bound on either table; beyond it the longest untouched go first.
const TABLE_ENTRIES: usize = 10_000;

/// Failed sign-ins by account and by address.
#[derive(Debug, Default)]
pub struct Throttle {
    accounts: HashMap<(String, IpAddr), Failures>,
    addresses: HashMap<IpAddr, Failures>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Duration,
}

impl Throttle {
    /// Counts an attempt, or says how many seconds to wait. `now`: since any fixed moment.
    ///
    /// # Errors
    /// The seconds to wait, at least 1; the attempt was not counted.
    pub fn attempt(&mut self, email: &str, from: IpAddr, now: Duration) -> Result<(), u64> {
        let account = (email.trim().to_lowercase(), from);
        let wait = wait(self.accounts.get(&account), FREE_PER_ACCOUNT, now).max(wait(
            self.addresses.get(&from),
            FREE_PER_ADDRESS,
            now,
        ));
        if wait > 0 {
            return Err(wait);
        }
        count(&mut self.accounts, account, now);
        count(&mut self.addresses, from, now);
        Ok(())
    }

    /// The attempt was right: it does not count, and the account's failures are forgotten.
    pub fn succeeded(&mut self, email: &str, from: IpAddr) {
        self.accounts.remove(&(email.trim().to_lowercase(), from));
        if let Some(failures) = self.addresses.get_mut(&from) {
            failures.count = failures.count.saturating_sub(1);
        }
    }
}

fn wait(failures: Option<&Failures>, free: u32, now: Duration) -> u64 {
    let Some(failures) = failures else { return 0 };
    let since = now.saturating_sub(failures.last);
    if failures.count < free || since.as_secs() >= FORGET_AFTER_S {
        return 0;
    }
    let doublings = (failures.count - free).min(16);
    let wait = Duration::from_secs((FIRST_WAIT_S << doublings).min(LONGEST_WAIT_S));
    wait.saturating_sub(since).as_millis().div_ceil(1000).try_into().unwrap_or(LONGEST_WAIT_S)
}

fn count<K: Hash + Eq + Clone>(table: &mut HashMap<K, Failures>, key: K, now: Duration) {
    let forgotten = |failures: &Failures| now.saturating_sub(failures.last).as_secs() >= FORGET_AFTER_S;
    if table.len() >= TABLE_ENTRIES && !table.contains_key(&key) {
        table.retain(|_, failures| !forgotten(failures));
        if table.len() >= TABLE_ENTRIES {
            let oldest = table.iter().min_by_key(|(_, failures)| failures.last);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                table.remove(&oldest);
            }
        }
    }
    let failures = table.entry(key).or_insert(Failures { count: 0, last: now });
    if forgotten(failures) {
        failures.count = 0;
    }
    failures.count = failures.count.saturating_add(1);
    failures.last = now;
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn five_mistakes_are_free_then_waits_double() {
        let mut throttle = Throttle::default();
        for _ in 0..FREE_PER_ACCOUNT {
            assert_eq!(throttle.attempt("a@x", HERE, at(0)), Ok(()));
        }
        assert_eq!(throttle.attempt("A@x ", HERE, at(0)), Err(5), "spelling changes nothing");
        assert_eq!(throttle.attempt("a@x", HERE, at(4)), Err(1));
        assert_eq!(throttle.attempt("a@x", HERE, at(5)), Ok(()));
        assert_eq!(throttle.attempt("a@x", HERE, at(5)), Err(10));
        assert_eq!(throttle.attempt("a@x", THERE, at(5)), Ok(()), "the owner elsewhere is let in");
    }

    #[test]
    fn waits_end_at_the_longest() {
        let mut throttle = Throttle::default();
        let mut now = 0;
        for _ in 0..40 {
            if let Err(wait) = throttle.attempt("a@x", HERE, at(now)) {
                assert!(wait <= LONGEST_WAIT_S, "{wait}");
                now += wait;
            }
        }
        assert!(now > LONGEST_WAIT_S);
    }

    #[test]
    fn a_success_wipes_the_account() {
        let mut throttle = Throttle::default();
        for _ in 0..FREE_PER_ACCOUNT {
            assert_eq!(throttle.attempt("a@x", HERE, at(0)), Ok(()));
        }
        throttle.succeeded("a@x", HERE);
        assert_eq!(throttle.attempt("a@x", HERE, at(0)), Ok(()));
    }

    #[test]
    fn one_address_cannot_try_every_account() {
        let mut throttle = Throttle::default();
        for guess in 0..FREE_PER_ADDRESS {
            assert_eq!(throttle.attempt(&format!("{guess}@x"), HERE, at(0)), Ok(()));
        }
        assert_eq!(throttle.attempt("another@x", HERE, at(0)), Err(5));
        assert_eq!(throttle.attempt("another@x", HERE, at(FORGET_AFTER_S)), Ok(()));
    }

    #[test]
    fn the_tables_stay_bounded() {
        let mut throttle = Throttle::default();
        for guess in 0..TABLE_ENTRIES as u32 + 50 {
            let from = IpAddr::from(guess.to_be_bytes());
            assert_eq!(throttle.attempt("a@x", from, at(u64::from(guess) / 1000)), Ok(()));
        }
        assert!(throttle.accounts.len() <= TABLE_ENTRIES);
        assert!(throttle.addresses.len() <= TABLE_ENTRIES);
    }
}
