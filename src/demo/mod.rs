//! The demo: Aurora, an invented company with real telephones.
//!
//! Nobody needs a SIP phone to see a call. Inside the hub's process, but outside its call control, live
//! two SIP endpoints on loopback ports of their own: the agents' demo phones ([`phones`]), which register
//! like any desk phone, and the customers ([`customers`]), who stand for the telephone network. They speak
//! recorded words over real RTP. What the hub does with them it does with everybody.
//!
//! Built in the order that the hub needs: [`Prepared::new`] fills the database and opens the customers'
//! port (the hub's outbound trunk leads there), then the hub listens, then [`Prepared::start`] registers
//! the phones.

mod assets;
pub mod aurora;
mod behaviour;
mod callers;
mod chance;
mod customers;
mod endpoint;
mod error;
mod phones;
mod talk;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

pub use aurora::{DemoDevice, Seeded};
pub use customers::{DemoCustomers, TEST_CALLS_LIMIT};
pub use error::DemoError;
pub use phones::{DemoPhones, PhoneMode};

use crate::views::{DemoLogin, TestCall, TestCallScenario};

/// Sessions of the demo's own media engine: every customer and every phone at once, and a few closing.
const MEDIA_SESSIONS_LIMIT: usize = 128;

/// The demo before the hub listens.
pub struct Prepared {
    media: media::Media,
    customers: DemoCustomers,
    seeded: Seeded,
}

impl Prepared {
    /// Brings Aurora into `db` (see [`aurora::seed`]) and opens the customers' port on the loopback
    /// address of `family`'s family, whatever else the hub listens on.
    pub async fn new(db: &crm::Db, keys: &crm::Keys, family: IpAddr) -> Result<Self, DemoError> {
        let loopback = endpoint::loopback_of(family);
        let seeded = aurora::seed(db, keys).await?;
        // One thread carries a few dozen demo parties easily; the cores are the hub's.
        let config =
            media::Config { workers: 1, max_sessions: MEDIA_SESSIONS_LIMIT, ..media::Config::on(loopback) };
        let media = media::Media::start(config)?;
        let customers = DemoCustomers::open(media.clone(), loopback, Arc::clone(&seeded.book)).await?;
        Ok(Self { media, customers, seeded })
    }

    /// The target of the hub's outbound trunk, over UDP, and the source of the customers' calls.
    pub fn customers_addr(&self) -> SocketAddr {
        self.customers.addr()
    }

    pub fn logins(&self) -> &[DemoLogin] {
        &self.seeded.logins
    }

    pub fn devices(&self) -> &[DemoDevice] {
        &self.seeded.devices
    }

    /// Registers the demo phones with the hub, which listens for SIP over UDP at `hub`, of the family
    /// given to [`Prepared::new`]. `staffed`: the phones hang up by themselves.
    pub async fn start(self, hub: SocketAddr, staffed: bool) -> Result<Demo, DemoError> {
        let hub = endpoint::reachable(hub);
        let Self { media, customers, seeded } = self;
        let mode = if staffed { PhoneMode::Staffed } else { PhoneMode::Attended };
        let accounts = seeded.demo_phones();
        let phones = DemoPhones::start(media.clone(), hub, accounts, mode).await?;
        Ok(Demo { media, hub, phones, customers, logins: seeded.logins, devices: seeded.devices })
    }
}

/// The running demo.
pub struct Demo {
    media: media::Media,
    hub: SocketAddr,
    pub phones: DemoPhones,
    pub customers: DemoCustomers,
    pub logins: Vec<DemoLogin>,
    /// With their secrets in plain text: new ones at every start.
    pub devices: Vec<DemoDevice>,
}

impl Demo {
    /// Lets a customer call this number of the hub; see [`DemoCustomers::call`].
    pub async fn place_test_call(
        &self,
        scenario: TestCallScenario,
        to_number: &str,
    ) -> Result<TestCall, DemoError> {
        self.customers.call(scenario, self.hub, to_number.to_owned()).await
    }

    /// Ends all calls of phones and customers within a few seconds and closes their ports. Stop the
    /// hub's new calls first.
    pub async fn shutdown(self) {
        tokio::join!(self.phones.shutdown(), self.customers.shutdown());
        let media = self.media;
        // It joins its threads.
        if let Err(err) = tokio::task::spawn_blocking(move || media.shutdown()).await {
            tracing::warn!(%err, "the demo's media did not stop cleanly");
        }
    }
}
