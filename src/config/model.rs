//! The keys, their types and defaults. `centralita.example.toml` documents each with its unit; a
//! test holds the two together.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crm::words::{RecordingNotice, RecordingPolicy};
use serde::{Deserialize, Serialize};

use super::PortRange;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub hub: Hub,
    pub http: Http,
    pub database: Database,
    pub sip: Sip,
    pub tls: Tls,
    pub acme: Acme,
    pub public: Public,
    pub media: Media,
    pub turn: Turn,
    pub calls: Calls,
    pub recordings: Recordings,
    pub log: Logging,
    /// Carriers and gateways, by name of their table `[trunks.NAME]`.
    pub trunks: std::collections::BTreeMap<String, Trunk>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hub {
    pub name: String,
    pub node: String,
    pub data_dir: PathBuf,
    /// Empty: `centralita.key` in the data folder.
    pub key_file: PathBuf,
    /// ISO 3166-1 alpha-2; reads numbers written without a country.
    pub default_region: String,
    pub shutdown_grace_s: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    pub listen: SocketAddr,
    /// The same over https, with the certificate of [`Tls`]. `None`: a proxy in front does that.
    pub listen_tls: Option<SocketAddr>,
    /// The console is reached over https (by a proxy in front): cookies are marked Secure.
    pub https: bool,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    pub max_body_bytes: usize,
}

/// `Debug` shows no password: the URL may hold one.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Empty: SQLite in the data folder.
    pub url: String,
    pub readers: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sip {
    /// Each address is listened on with every transport of `transports`.
    pub listen: Vec<SocketAddr>,
    pub transports: Vec<SipTransport>,
    /// TLS is listened for on these; empty: on none.
    pub listen_tls: Vec<SocketAddr>,
    pub realm: String,
    pub max_calls: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SipTransport {
    Udp,
    Tcp,
}

/// How calls travel to a carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TrunkTransport {
    Udp,
    Tcp,
    /// The carrier's certificate has to be right (RFC 5922).
    Tls,
}

/// Our own address where it is not that of this machine: behind a NAT.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Public {
    /// At most one of each family; empty: as STUN says.
    pub address: Vec<IpAddr>,
    /// STUN servers, `HOST:PORT`, for the families that `address` does not name.
    pub stun: Vec<String>,
    /// Addresses and networks that reach us without the NAT.
    pub local_nets: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    pub bind: IpAddr,
    pub advertised: Option<IpAddr>,
    pub rtp_ports: PortRange,
    /// The one UDP port of all browsers; 0: any free one.
    pub browser_port: u16,
    /// Browsers may come to the same port over TCP.
    pub browser_tcp: bool,
    /// 0: one a core.
    pub workers: usize,
    pub rtp_inactivity_s: u64,
}

/// The certificate that connections over TLS are shown, in PEM.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The certificate, then those of its authorities. Empty: there is none.
    pub cert_file: PathBuf,
    pub key_file: PathBuf,
    /// Authorities that are believed beside the system's when we open a connection, in PEM. Empty:
    /// the system's alone.
    pub ca_file: PathBuf,
}

/// An authority that issues the certificate (RFC 8555).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Acme {
    /// Host names; empty: nothing is ordered.
    pub names: Vec<String>,
    /// Where the authority's directory is, `https://…`.
    pub directory: String,
    /// A mail address that the authority may write to; empty: it has none.
    pub contact: String,
    /// The administrator agrees to the authority's terms of service.
    pub terms_agreed: bool,
    /// Believed beside the system's authorities when the directory is reached. Empty: they alone.
    pub ca_file: PathBuf,
    /// A certificate is replaced after this part of its life.
    pub renew_at_pct: u8,
}

impl Acme {
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.names.is_empty()
    }
}

/// Relays for browsers whose network lets no UDP through to us. `Debug` shows no secret.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Turn {
    /// `turn:` and `turns:` addresses (RFC 7065); empty: browsers come directly.
    pub urls: Vec<String>,
    /// Shared with the relay (coturn's `static-auth-secret`).
    pub secret: String,
}

/// How recordings are kept.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recordings {
    /// Empty: recordings are plain WAV files.
    pub key_file: PathBuf,
    /// Empty: there are no older keys.
    pub old_keys_dir: PathBuf,
    /// How long recordings are kept where their queue does not say; 0: for ever.
    pub keep_days: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Calls {
    pub record: bool,
    /// Customers who call. `None`: as `record` says.
    pub record_inbound: Option<RecordingPolicy>,
    /// Customers who are called. `None`: as `record` says.
    pub record_outbound: Option<RecordingPolicy>,
    /// Colleagues among themselves. `None`: as `record` says.
    pub record_internal: Option<RecordingPolicy>,
    /// What customers are told before a recording begins, where their queue does not say.
    pub recording_notice: RecordingNotice,
    /// The longest that a call may last.
    pub max_call_minutes: u64,
    /// Click-to-dial: how long the agent's own phone, then the customer, may ring.
    pub dial_ring_s: u64,
    /// A parked call that nobody picks up goes back after this long.
    pub park_limit_s: u64,
    /// How long what was said in SIP about a call is kept; 0: not at all.
    pub trace_days: u32,
    /// Empty: the sounds of the build alone.
    pub sounds_dir: PathBuf,
}

impl Calls {
    /// The folder with sounds of the company's own.
    #[must_use]
    pub fn sounds_dir(&self) -> Option<&std::path::Path> {
        (!self.sounds_dir.as_os_str().is_empty()).then_some(self.sounds_dir.as_path())
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Logging {
    /// Directives as `tracing_subscriber::EnvFilter` reads them.
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// A carrier or gateway.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trunk {
    /// Addresses or networks (`203.0.113.0/28`) from which its calls come.
    pub sources: Vec<String>,
    /// Where calls to the outside are sent; none: inbound only. The first trunk by name that has
    /// one takes them.
    pub outbound: Option<TrunkPeer>,
}

/// Where a trunk takes calls. `Debug` shows no password.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrunkPeer {
    pub addr: SocketAddr,
    pub transport: TrunkTransport,
    /// The name that the carrier's certificate proves, for `tls`; none: the address.
    pub server_name: Option<String>,
    /// Shown to the called; E.164.
    pub caller_id: String,
    pub username: Option<String>,
    pub password: Option<String>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            name: "Centralita".to_owned(),
            node: "node-1".to_owned(),
            data_dir: PathBuf::from("data"),
            key_file: PathBuf::new(),
            default_region: "ES".to_owned(),
            shutdown_grace_s: 30,
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            listen_tls: None,
            https: false,
            trusted_proxies: Vec::new(),
            max_body_bytes: 262_144,
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { url: String::new(), readers: 4 }
    }
}

impl Default for Sip {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 5060))],
            transports: vec![SipTransport::Udp, SipTransport::Tcp],
            listen_tls: Vec::new(),
            realm: "centralita.invalid".to_owned(),
            max_calls: 2000,
        }
    }
}

impl Default for Acme {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            directory: String::new(),
            contact: String::new(),
            terms_agreed: false,
            ca_file: PathBuf::new(),
            renew_at_pct: 66,
        }
    }
}

impl Default for Public {
    fn default() -> Self {
        Self {
            address: Vec::new(),
            stun: Vec::new(),
            local_nets: sip::LOCAL_NETS.iter().map(|&net| net.to_owned()).collect(),
        }
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            advertised: None,
            rtp_ports: PortRange { first: 20_000, last: 23_999 },
            browser_port: 24_000,
            browser_tcp: true,
            workers: 0,
            rtp_inactivity_s: 30,
        }
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            record: true,
            record_inbound: None,
            record_outbound: None,
            record_internal: None,
            recording_notice: RecordingNotice::Silent,
            max_call_minutes: 240,
            dial_ring_s: 30,
            park_limit_s: 120,
            trace_days: 7,
            sounds_dir: PathBuf::new(),
        }
    }
}

impl Default for Logging {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

impl std::fmt::Debug for TrunkPeer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrunkPeer")
            .field("addr", &self.addr)
            .field("transport", &self.transport)
            .field("server_name", &self.server_name)
            .field("caller_id", &self.caller_id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn").field("urls", &self.urls).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = self.url.split(':').next().unwrap_or_default();
        f.debug_struct("Database").field("url", &scheme).field("readers", &self.readers).finish()
    }
}
