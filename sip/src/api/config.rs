//! How the signalling is set up.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{network::Network, observer::Observer, public::PublicAddr};

/// How packets travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// Datagrams (RFC 3261 section 18).
    Udp,
    /// A stream, framed by Content-Length.
    Tcp,
    /// A stream inside TLS.
    Tls,
    /// A websocket without encryption (RFC 7118): on the loopback alone. A frame is a message.
    Ws,
    /// A websocket inside TLS.
    Wss,
}

impl Transport {
    /// The token of a Via header and of the `transport` URI parameter, upper case.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
            Self::Ws => "WS",
            Self::Wss => "WSS",
        }
    }

    /// The transport of a token, in any case; `None` when it is none of ours.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        [Self::Udp, Self::Tcp, Self::Tls, Self::Ws, Self::Wss]
            .into_iter()
            .find(|transport| transport.token().eq_ignore_ascii_case(token))
    }

    /// Whether messages come over a websocket, which the peer alone can open.
    #[must_use]
    pub fn is_websocket(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }
}

/// One socket to listen on. Port 0 takes a free port, see `Sip::local_addrs`.
#[derive(Clone, Debug)]
pub struct Listen {
    /// UDP, TCP or TLS. Websockets come through `Sip::websocket`.
    pub transport: Transport,
    /// IPv4 or IPv6 address and port.
    pub addr: SocketAddr,
}

/// A carrier or another exchange that is known by its address.
#[derive(Clone, Debug)]
pub struct Trunk {
    /// The name that an incoming call carries as its origin.
    pub name: String,
    /// Where its requests come from.
    pub sources: Vec<Network>,
}

/// The timers of RFC 3261 section 17.1.1.1.
#[derive(Clone, Copy, Debug)]
pub struct Timers {
    /// Estimate of a round trip; 500 ms.
    pub t1: Duration,
    /// Longest pause between two copies of a request; 4 s.
    pub t2: Duration,
    /// How long a message may live in the network; 5 s.
    pub t4: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self { t1: Duration::from_millis(500), t2: Duration::from_secs(4), t4: Duration::from_secs(5) }
    }
}

/// How often both sides of a call must show that they are there (RFC 4028).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimer {
    /// The interval that we ask for, seconds.
    pub expires_s: u32,
    /// The shortest interval that we accept, seconds; 90 at least (section 5).
    pub min_se_s: u32,
}

impl Default for SessionTimer {
    /// Half an hour, as section 4 recommends, and the shortest that is allowed.
    fn default() -> Self {
        Self { expires_s: 1800, min_se_s: 90 }
    }
}

/// Calls at a time unless the configuration says otherwise: far above what one media
/// host carries, low enough that the tables stay small.
const MAX_CALLS_DEFAULT: usize = 4096;

/// How TLS is spoken. The crypto provider is the one these were built with.
#[derive(Clone, Debug)]
pub struct TlsConfig {
    /// For connections to us: each takes the newest, so that a renewed certificate needs no
    /// restart. Connections that stand keep theirs.
    pub server: watch::Receiver<Arc<rustls::ServerConfig>>,
    /// For connections of ours.
    pub client: Arc<rustls::ClientConfig>,
}

/// How the signalling is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The sockets.
    pub listen: Vec<Listen>,
    /// The realm of digest challenges, and our domain: `aurora.example`.
    pub realm: String,
    /// Value of User-Agent and Server.
    pub user_agent: String,
    /// Who may call in by address alone.
    pub trunks: Vec<Trunk>,
    /// Calls at a time; further INVITEs are refused with 503 and Retry-After.
    pub max_calls: usize,
    /// Protocol timers.
    pub timers: Timers,
    /// Session timers; `None` to use none, whatever the peer asks for.
    pub session_timer: Option<SessionTimer>,
    /// Certificates; without them there is no TLS.
    pub tls: Option<TlsConfig>,
    /// Our address as the Internet sees it, behind a NAT that forwards to us: each new request and
    /// dialog takes the newest. A dialog that stands keeps its Contact.
    pub public: watch::Receiver<PublicAddr>,
    /// Who sees the messages of calls; nobody unless said.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Config {
    /// A configuration for a domain; it listens nowhere yet.
    pub fn new(realm: impl Into<String>) -> Self {
        Self { realm: realm.into(), ..Self::default() }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: Vec::new(),
            realm: "localhost".to_owned(),
            user_agent: concat!("centralita/", env!("CARGO_PKG_VERSION")).to_owned(),
            trunks: Vec::new(),
            max_calls: MAX_CALLS_DEFAULT,
            timers: Timers::default(),
            session_timer: Some(SessionTimer::default()),
            tls: None,
            public: watch::channel(PublicAddr::default()).1,
            observer: None,
        }
    }
}
