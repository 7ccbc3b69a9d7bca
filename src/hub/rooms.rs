//! The rooms, opened as the configuration says.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crm::phone::Region;
use crm::{Db, Keys};
use sip::{Incoming, Listen, PublicAddr, Sip, Target, Transport};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tracing::info;

use super::certificates::{self, Certificate, Pair};
use super::{HubError, authorities, doors, selfmade, storage};
use crate::acme::{self, Challenges};
use crate::calls::{Devices, Language, OutboundTrunk, recover, restored_bindings};
use crate::config::{Config, Mode, SipTransport, Tls, TrunkPeer, TrunkTransport, Unusable};
use crate::demo::Prepared;
use crate::recordings::KeyRing;
use crate::trace::Trace;

/// The name of the demo's carrier, on calls and in the log.
pub const DEMO_TRUNK: &str = "demo";
/// What the demo shows to those it calls: the number of its first queue.
const DEMO_CALLER_ID: &str = "+34910000100";

/// The database, open and in order.
pub struct Base {
    pub db: Db,
    pub keys: Keys,
    pub recording_keys: KeyRing,
    pub region: Region,
}

/// Signalling and media.
pub struct Rooms {
    pub sip: Sip,
    pub incoming: mpsc::Receiver<Incoming>,
    pub media: media::Media,
}

/// Opens the database, brings its schema up to date and finishes what the last run left open.
///
/// # Errors
/// As [`HubError`] says.
pub async fn database(config: &Config) -> Result<Base, HubError> {
    storage::folders(config)?;
    let region =
        config.hub.default_region.parse().map_err(|_| HubError::Region(config.hub.default_region.clone()))?;
    let keys = storage::keys(config)?;
    let recording_keys = storage::recording_keys(config)?;
    let db = storage::database(config).await?;
    db.migrate().await?;
    info!(engine = db.engine(), "database is open");
    recover(&db, &config.hub.node, &config.hub.data_dir, &recording_keys).await?;
    Ok(Base { db, keys, recording_keys, region })
}

/// Opens signalling and media.
///
/// # Errors
/// As [`HubError`] says.
pub async fn open(
    config: &Config,
    base: &Base,
    trace: &Trace,
    mode: Mode,
    certificate: Option<&Certificate>,
    public: watch::Receiver<PublicAddr>,
) -> Result<Rooms, HubError> {
    doors::sound(&config.media)?;
    let started = media::Media::start(media::Config {
        bind: config.media.bind,
        advertised: config.media.advertised,
        ports: config.media.rtp_ports.first..=config.media.rtp_ports.last,
        workers: config.media.workers,
        rtp_inactivity: Duration::from_secs(config.media.rtp_inactivity_s),
        max_sessions: config.sip.max_calls,
        browser_addr: SocketAddr::new(config.media.bind, config.media.browser_port),
        browser_tcp: config.media.browser_tcp,
    });
    let media = started.map_err(|error| doors::media_refused(&config.media, error))?;
    let directory = Arc::new(Devices { db: base.db.clone(), keys: base.keys.clone() });
    let restored = restored_bindings(&base.db).await?;
    let sip_config = sip::Config { public, ..sip_config(config, trace, mode, certificate)? };
    let started = sip::start(sip_config, directory, restored).await;
    let (sip, incoming) = started.map_err(doors::sip_refused)?;
    Ok(Rooms { sip, incoming, media })
}

fn sip_config(
    config: &Config,
    trace: &Trace,
    mode: Mode,
    certificate: Option<&Certificate>,
) -> Result<sip::Config, HubError> {
    let mut sip = sip::Config::new(config.sip.realm.clone());
    sip.user_agent = format!("Centralita/{}", env!("CARGO_PKG_VERSION"));
    sip.max_calls = config.sip.max_calls;
    sip.observer = trace.observer();
    sip.listen = config
        .sip
        .listen
        .iter()
        .flat_map(|addr| {
            config
                .sip
                .transports
                .iter()
                .map(|transport| Listen { transport: to_sip(*transport), addr: *addr })
        })
        .collect();
    for addr in &config.sip.listen_tls {
        sip.listen.push(Listen { transport: Transport::Tls, addr: *addr });
    }
    if let Some(certificate) = certificate {
        sip.tls = Some(sip::TlsConfig { server: certificate.clone(), client: believed(config)? });
    }
    for (name, trunk) in &config.trunks {
        let mut sources = Vec::new();
        for source in &trunk.sources {
            sources.push(source.parse().map_err(|_| HubError::TrunkSource {
                trunk: name.clone(),
                reason: format!("\"{source}\" is neither an address nor a network"),
            })?);
        }
        sip.trunks.push(sip::Trunk { name: name.clone(), sources });
    }
    if mode.is_demo() {
        // In the demo alone, whoever calls from this machine counts as its carrier.
        sip.trunks.push(sip::Trunk {
            name: DEMO_TRUNK.to_owned(),
            sources: vec![
                sip::Network::from(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)),
                sip::Network::from(IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)),
            ],
        });
    }
    Ok(sip)
}

/// The certificate that is configured, where anything is to show it; in the demo, one of our own
/// making if there is none.
///
/// # Errors
/// There is none to show, or it cannot be used.
pub fn certificate(config: &Config, mode: Mode) -> Result<Option<Certificate>, HubError> {
    let wanted = match (config.http.listen_tls, &config.sip.listen_tls[..]) {
        (Some(_), _) => "http.listen_tls",
        (None, [_, ..]) => "sip.listen_tls",
        (None, []) => return Ok(None),
    };
    let Tls { cert_file, key_file, .. } = &config.tls;
    let pair = if !cert_file.as_os_str().is_empty() {
        Pair { cert_file: cert_file.clone(), key_file: key_file.clone() }
    } else if config.acme.is_on() {
        let file = acme::file(&config.hub.data_dir);
        selfmade::placeholder(&file, &config.acme.names).map_err(|source| {
            Unusable::new("hub.data_dir", format!("\"{}\" cannot be used: {source}", file.display()))
        })?;
        Pair { cert_file: file.clone(), key_file: file }
    } else if mode.is_demo() {
        let listened = config.sip.listen_tls.iter().chain(&config.http.listen_tls);
        let addresses: BTreeSet<IpAddr> = listened.map(SocketAddr::ip).collect();
        let addresses: Vec<IpAddr> = addresses.into_iter().collect();
        let folder = &config.hub.data_dir;
        selfmade::pair(folder, &addresses).map_err(|source| {
            Unusable::new("hub.data_dir", format!("\"{}\" cannot be used: {source}", folder.display()))
        })?
    } else {
        return Err(
            Unusable::new(wanted, "needs tls.cert_file and tls.key_file, or acme.names".to_owned()).into()
        );
    };
    let watched = certificates::watched(pair);
    Ok(Some(watched.map_err(|error| Unusable::new("tls.cert_file", error.to_string()))?))
}

/// Has certificates ordered, where the configuration says so.
///
/// # Errors
/// Nobody can be believed to be the authority.
pub fn ordering(config: &Config, challenges: Challenges) -> Result<Option<JoinHandle<()>>, HubError> {
    if !config.acme.is_on() {
        return Ok(None);
    }
    let believed = authorities::known(&config.acme.ca_file);
    let believed = believed.map_err(|error| Unusable::new("acme.ca_file", error.to_string()))?;
    Ok(Some(acme::start(config.acme.clone(), config.hub.data_dir.clone(), believed, challenges)))
}

/// Whom carriers must be vouched for by, where one is reached over TLS.
fn believed(config: &Config) -> Result<Arc<rustls::ClientConfig>, HubError> {
    let mut carriers = config.trunks.values().filter_map(|trunk| trunk.outbound.as_ref());
    if !carriers.any(|peer| peer.transport == TrunkTransport::Tls) {
        return Ok(authorities::nobody()?);
    }
    let known = authorities::known(&config.tls.ca_file);
    Ok(known.map_err(|error| Unusable::new("tls.ca_file", error.to_string()))?)
}

fn to_sip(transport: SipTransport) -> Transport {
    match transport {
        SipTransport::Udp => Transport::Udp,
        SipTransport::Tcp => Transport::Tcp,
    }
}

/// Where calls to the outside go: the first trunk by name that takes them, in the demo the in-hub
/// customer.
pub fn outbound_trunk(config: &Config, demo: Option<&Prepared>) -> Option<OutboundTrunk> {
    let configured = config.trunks.iter().find_map(|(name, trunk)| {
        let peer = trunk.outbound.as_ref()?;
        Some(OutboundTrunk {
            name: name.clone(),
            target: target(peer),
            caller_id: peer.caller_id.clone(),
            credentials: match (&peer.username, &peer.password) {
                (Some(username), Some(password)) => {
                    Some(sip::Credentials { username: username.clone(), password: password.clone() })
                }
                _ => None,
            },
        })
    });
    configured.or_else(|| {
        demo.map(|demo| OutboundTrunk {
            name: DEMO_TRUNK.to_owned(),
            target: Target::Peer { addr: demo.customers_addr(), transport: Transport::Udp },
            caller_id: DEMO_CALLER_ID.to_owned(),
            credentials: None,
        })
    })
}

fn target(peer: &TrunkPeer) -> Target {
    let TrunkPeer { addr, transport, server_name, .. } = peer;
    let transport = match (transport, server_name) {
        (TrunkTransport::Udp, _) => Transport::Udp,
        (TrunkTransport::Tcp, _) => Transport::Tcp,
        (TrunkTransport::Tls, None) => Transport::Tls,
        (TrunkTransport::Tls, Some(name)) => {
            return Target::TlsPeer { addr: *addr, server_name: name.clone() };
        }
    };
    Target::Peer { addr: *addr, transport }
}

/// What callers of unknown language are spoken to in: the language of the hub's country.
pub fn language(config: &Config) -> Language {
    match config.hub.default_region.as_str() {
        "ES" | "MX" | "AR" | "CO" | "CL" | "PE" | "EC" | "UY" | "VE" => Language::Spanish,
        "CN" | "TW" | "HK" | "SG" => Language::Chinese,
        _ => Language::English,
    }
}

/// The first UDP address that signalling listens on.
pub fn udp_addr(sip: &Sip) -> Option<SocketAddr> {
    addr_of(sip, Transport::Udp)
}

pub fn addr_of(sip: &Sip, wanted: Transport) -> Option<SocketAddr> {
    sip.local_addrs().into_iter().find(|(transport, _)| *transport == wanted).map(|(_, addr)| addr)
}

/// Joins the media threads, off the runtime.
pub async fn close_media(media: media::Media) {
    if let Err(failure) = tokio::task::spawn_blocking(move || media.shutdown()).await {
        tracing::warn!(%failure, "media stopped badly");
    }
}
