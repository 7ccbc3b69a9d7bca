//! The one task that orders.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use metrics::gauge;
use rustls::ClientConfig;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::error::AcmeError;
use super::schedule::{Schedule, due};
use super::wire::Wire;
use super::{Challenges, Held, account, order, store};
use crate::config::Acme;

/// One order, whatever it waits for.
const ORDER_TIMEOUT: Duration = Duration::from_secs(300);
/// The clock may be set meanwhile, or the machine asleep: it is looked at again by then.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Orders when it is due, for as long as the process lives. `believed`: whose word it takes that the
/// authority is the authority.
pub fn start(
    acme: Acme,
    data_dir: PathBuf,
    believed: Arc<ClientConfig>,
    challenges: Challenges,
) -> JoinHandle<()> {
    let names = acme.names.iter().map(|name| name.to_ascii_lowercase()).collect();
    tokio::spawn(Keeper { acme, names, data_dir, wire: Wire::new(believed), challenges }.run())
}

struct Keeper {
    acme: Acme,
    names: BTreeSet<String>,
    data_dir: PathBuf,
    wire: Wire,
    challenges: Challenges,
}

impl Keeper {
    async fn run(self) {
        let held = std::fs::read(store::file(&self.data_dir)).ok().and_then(|pem| Held::of_pem(&pem));
        let mut schedule = Schedule::new(due(held.as_ref(), &self.names, self.acme.renew_at_pct));
        loop {
            gauge!("centralita_acme_failures").set(f64::from(schedule.failures()));
            let wait = schedule.wait(Utc::now()).to_std().unwrap_or_default();
            if !wait.is_zero() {
                sleep(wait.min(LOOK_EVERY)).await;
                continue;
            }
            tracing::info!(names = ?self.names, "a certificate is ordered");
            let ordered = timeout(ORDER_TIMEOUT, self.order()).await;
            match ordered.unwrap_or(Err(AcmeError::TooSlow(ORDER_TIMEOUT.as_secs()))) {
                Ok(held) => {
                    schedule.obtained(due(Some(&held), &self.names, self.acme.renew_at_pct));
                    tracing::info!(until = %held.not_after, "the authority has issued a certificate");
                }
                Err(error) => {
                    schedule.failed(Utc::now(), error.is_cheap(), rand::random());
                    let again_in_s = schedule.wait(Utc::now()).num_seconds();
                    let failures = schedule.failures();
                    tracing::warn!(%error, failures, again_in_s, "no new certificate: the old one stays");
                }
            }
        }
    }

    async fn order(&self) -> Result<Held, AcmeError> {
        let names: Vec<String> = self.names.iter().cloned().collect();
        let account = account::open(&self.acme, &self.data_dir, &self.wire).await?;
        let pem = match order::place(&account, &names, &self.challenges).await {
            Err(AcmeError::Forgotten(error)) => {
                tracing::warn!(%error, "the authority knows our account no longer: another is opened");
                account::forget(&self.data_dir);
                let account = account::open(&self.acme, &self.data_dir, &self.wire).await?;
                order::place(&account, &names, &self.challenges).await?
            }
            placed => placed?,
        };
        let unusable = |why: &str| AcmeError::Unusable(why.to_owned());
        let held = Held::of_pem(pem.as_bytes()).ok_or_else(|| unusable("it holds no certificate"))?;
        // One that is due at once would be ordered for ever.
        if due(Some(&held), &self.names, self.acme.renew_at_pct) <= Utc::now() {
            return Err(unusable("it is not for the names that were ordered, or runs out at once"));
        }
        store::keep_certificate(&store::file(&self.data_dir), &pem)?;
        Ok(held)
    }
}
