//! What handlers work with.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crm::{Db, Keys, Lane, Tx};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::Door;
use super::listening::Listenings;
use super::problem::{Answer, Problem};
use super::throttle::Throttle;
use crate::acme::Challenges;
use crate::calls_port::CallControl;
use crate::config::Config;
use crate::live::Live;
use crate::ops::{Metrics, Readiness};
use crate::recordings::KeyRing;
use crate::trace::Trace;
use crate::views::{Hub, PhoneServer};

/// What the hub hands over to serve HTTP.
pub struct HttpParts {
    pub db: Db,
    /// Seals the secrets of telephones.
    pub keys: Keys,
    pub recording_keys: KeyRing,
    pub live: Live,
    pub trace: Trace,
    pub calls: Arc<dyn CallControl>,
    pub config: Arc<Config>,
    /// What the hub says about itself in public.
    pub hub: Hub,
    pub metrics: Metrics,
    pub readiness: Readiness,
    /// Where telephones may register.
    pub phone_servers: Vec<PhoneServer>,
    /// What certificate authorities are answered.
    pub challenges: Challenges,
    /// Where we speak https ourselves; `None`: nowhere.
    pub https_port: Option<u16>,
}

/// A token's last use is written down no more often than this.
const TOUCH_EVERY: Duration = Duration::from_secs(60);
/// Tokens whose touch is remembered; with more, some are written down too often, no harm else.
const TOUCHED_TOKENS: usize = 1024;

/// When each token's use was last written down.
#[derive(Default)]
pub(super) struct Touches(Mutex<HashMap<Uuid, Instant>>);

impl Touches {
    pub fn is_due(&self, token: Uuid) -> bool {
        let mut touched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if touched.get(&token).is_some_and(|last| now - *last < TOUCH_EVERY) {
            return false;
        }
        if touched.len() >= TOUCHED_TOKENS {
            touched.clear();
        }
        touched.insert(token, now);
        true
    }
}

/// Shared by all handlers; clones are cheap.
#[derive(Clone)]
pub struct HttpState {
    pub db: Db,
    pub keys: Keys,
    pub recording_keys: Arc<KeyRing>,
    pub live: Live,
    pub trace: Trace,
    pub calls: Arc<dyn CallControl>,
    pub config: Arc<Config>,
    pub hub: Arc<Hub>,
    pub metrics: Metrics,
    pub readiness: Readiness,
    pub phone_servers: Arc<[PhoneServer]>,
    pub challenges: Challenges,
    pub https_port: Option<u16>,
    throttle: Arc<Mutex<Throttle>>,
    pub(super) touches: Arc<Touches>,
    pub(super) listenings: Arc<Mutex<Listenings>>,
    /// The zero of [`Self::uptime`].
    started: Instant,
}

impl HttpState {
    #[must_use]
    pub fn new(parts: HttpParts) -> Self {
        Self {
            db: parts.db,
            keys: parts.keys,
            recording_keys: Arc::new(parts.recording_keys),
            live: parts.live,
            trace: parts.trace,
            calls: parts.calls,
            config: parts.config,
            hub: Arc::new(parts.hub),
            metrics: parts.metrics,
            readiness: parts.readiness,
            phone_servers: parts.phone_servers.into(),
            challenges: parts.challenges,
            https_port: parts.https_port,
            throttle: Arc::default(),
            touches: Arc::default(),
            listenings: Arc::default(),
            started: Instant::now(),
        }
    }

    /// Whether the browser has this page by https, ours or a proxy's.
    pub(super) fn is_https(&self, door: Door) -> bool {
        door.is_encrypted() || self.config.http.https
    }

    /// A clock for what is forgotten after a while.
    pub(super) fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// A write that somebody waits for; answers once it is on disk.
    pub(super) async fn write<T, F>(&self, work: F) -> Answer<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, crm::Result<T>> + Clone + Send + 'static,
    {
        Ok(self.db.write(Lane::Calls, work).await?)
    }

    /// Counts an attempt at a password, before it is looked at.
    ///
    /// # Errors
    /// `too_many_attempts` with the seconds to wait.
    pub(super) fn count_attempt(&self, email: &str, from: IpAddr) -> Result<(), Problem> {
        let now = self.uptime();
        let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.attempt(email, from, now).map_err(|wait_s| {
            tracing::info!(%from, wait_s, "an attempt at a password was throttled");
            Problem::too_many_attempts(wait_s)
        })
    }

    /// The password was right.
    pub(super) fn forget_attempts(&self, email: &str, from: IpAddr) {
        let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.succeeded(email, from);
    }
}
