//! How the media room is set up.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::error::StartError;

/// Sessions when the caller names no other bound: two legs each stay below the 1024 file
/// descriptors of a plain login several times over, yet far above what two cores carry.
const DEFAULT_SESSIONS_LIMIT: usize = 2_000;
/// A silent party is presumed gone after this long: well above the longest pause that phones with
/// silence suppression make between comfort noise packets.
const DEFAULT_RTP_INACTIVITY: Duration = Duration::from_secs(30);
/// More threads than this help nobody; the bound catches a typing error.
pub(crate) const WORKERS_LIMIT: usize = 256;

/// How the media room is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address that RTP and RTCP sockets are bound to.
    pub bind: IpAddr,
    /// Address told to the other ends instead of `bind`; required when `bind` is unspecified.
    pub advertised: Option<IpAddr>,
    /// RTP takes the even port of a pair, RTCP the odd one above it (RFC 3550 section 11).
    /// `0..=0` lets the system choose.
    pub ports: RangeInclusive<u16>,
    /// The one UDP port of all browsers. Port 0 lets the system choose.
    pub browser_addr: SocketAddr,
    /// Browsers may come there over TCP as well.
    pub browser_tcp: bool,
    /// Worker threads; 0 means one a core.
    pub workers: usize,
    /// Silence after which a leg is reported as inactive.
    pub rtp_inactivity: Duration,
    /// Sessions that may be open at once.
    pub max_sessions: usize,
}

impl Config {
    /// Everything on `bind`, ports chosen by the system, one worker a core.
    pub fn on(bind: IpAddr) -> Config {
        Config {
            bind,
            advertised: None,
            ports: 0..=0,
            browser_addr: SocketAddr::new(bind, 0),
            browser_tcp: true,
            workers: 0,
            rtp_inactivity: DEFAULT_RTP_INACTIVITY,
            max_sessions: DEFAULT_SESSIONS_LIMIT,
        }
    }

    /// The address for session descriptions.
    pub(crate) fn public_ip(&self) -> IpAddr {
        self.advertised.unwrap_or(self.bind)
    }

    /// Number of threads, the cores counted where the caller left it open.
    pub(crate) fn worker_count(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            count => count,
        }
    }

    pub(crate) fn check(&self) -> Result<(), StartError> {
        if self.public_ip().is_unspecified() {
            return Err(StartError::NoAdvertisedAddress(self.bind));
        }
        if self.advertised.is_none() && self.browser_addr.ip().is_unspecified() {
            return Err(StartError::NoAdvertisedAddress(self.browser_addr.ip()));
        }
        if self.workers > WORKERS_LIMIT {
            return Err(StartError::TooManyWorkers { workers: self.workers, limit: WORKERS_LIMIT });
        }
        let (first, last) = (*self.ports.start(), *self.ports.end());
        if (first, last) == (0, 0) {
            return Ok(());
        }
        let first_even = u32::from(first).next_multiple_of(2);
        if first == 0 || first_even + 1 > u32::from(last) {
            return Err(StartError::BadPorts { first, last });
        }
        Ok(())
    }
}
