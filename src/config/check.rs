//! Bounds and shapes that a type cannot express. Pure.

use std::net::{IpAddr, SocketAddr};

use crm::phone::Region;
use rustls::pki_types::ServerName;
use tracing_subscriber::EnvFilter;

use super::{Config, Public, TrunkPeer, TrunkTransport, Turn};

/// A browser tries all of them at each call.
const TURN_URLS_LIMIT: usize = 8;
/// Each is confirmed by itself; public authorities take up to a hundred.
const ACME_NAMES_LIMIT: usize = 20;
/// They are asked one after the other.
const STUN_SERVERS_LIMIT: usize = 4;
/// Looked through for each message.
const LOCAL_NETS_LIMIT: usize = 64;

/// `(key, reason)` of the first value that cannot be.
type Refusal = (String, String);

/// # Errors
/// The first key whose value is out of its bounds.
pub fn check(config: &Config) -> Result<(), Refusal> {
    text("hub.name", &config.hub.name, 1, 100)?;
    text("hub.node", &config.hub.node, 1, 64)?;
    let region = &config.hub.default_region;
    if region.len() != 2 || !region.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return refuse("hub.default_region", "expected two capital letters, e.g. ES");
    }
    if let Err(error) = region.parse::<Region>() {
        return refuse("hub.default_region", error.to_string());
    }
    within("hub.shutdown_grace_s", config.hub.shutdown_grace_s, 0, 3600)?;
    within("http.max_body_bytes", config.http.max_body_bytes as u64, 16 * 1024, 16 * 1024 * 1024)?;
    within("database.readers", config.database.readers.into(), 1, 64)?;
    let url = &config.database.url;
    if !(url.is_empty()
        || ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)))
    {
        return refuse("database.url", "expected sqlite:… or postgres://…");
    }
    text("sip.realm", &config.sip.realm, 1, 253)?;
    if config.sip.listen.is_empty() || config.sip.listen.len() > 16 {
        return refuse("sip.listen", "expected 1 to 16 addresses");
    }
    if config.sip.transports.is_empty() {
        return refuse("sip.transports", "expected at least one of udp, tcp");
    }
    if config.sip.listen_tls.len() > 16 {
        return refuse("sip.listen_tls", "expected at most 16 addresses");
    }
    match (config.tls.cert_file.as_os_str().is_empty(), config.tls.key_file.as_os_str().is_empty()) {
        (false, true) => return refuse("tls.key_file", "expected the key of tls.cert_file"),
        (true, false) => return refuse("tls.cert_file", "expected the certificate of tls.key_file"),
        (true, true) | (false, false) => {}
    }
    authority(config)?;
    within("sip.max_calls", config.sip.max_calls as u64, 1, 100_000)?;
    within("media.workers", config.media.workers as u64, 0, 256)?;
    within("media.rtp_inactivity_s", config.media.rtp_inactivity_s, 5, 3600)?;
    public(&config.public)?;
    relays(&config.turn)?;
    within("calls.max_call_minutes", config.calls.max_call_minutes, 1, 60 * 24)?;
    within("calls.dial_ring_s", config.calls.dial_ring_s, 5, 180)?;
    within("calls.trace_days", config.calls.trace_days.into(), 0, 366)?;
    within("calls.park_limit_s", config.calls.park_limit_s, 10, 3600)?;
    let longest = u64::from(crm::queues::MAX_KEEP_DAYS.unsigned_abs());
    within("recordings.keep_days", config.recordings.keep_days.into(), 0, longest)?;
    if let Err(error) = EnvFilter::builder().parse(&config.log.filter) {
        return refuse("log.filter", error.to_string());
    }
    for (name, trunk) in &config.trunks {
        if let Some(peer) = &trunk.outbound {
            carrier(name, peer, config)?;
        }
        for source in &trunk.sources {
            if !is_network(source) {
                return refuse(
                    &format!("trunks.{name}.sources"),
                    format!("{source:?} is no address or network such as 203.0.113.0/28"),
                );
            }
        }
    }
    Ok(())
}

/// What a connection to a carrier needs.
fn carrier(trunk: &str, peer: &TrunkPeer, config: &Config) -> Result<(), Refusal> {
    let key = |last: &str| format!("trunks.{trunk}.outbound.{last}");
    let by_tls = peer.transport == TrunkTransport::Tls;
    let same_family = |addr: &SocketAddr| addr.is_ipv4() == peer.addr.is_ipv4();
    if by_tls && !config.sip.listen_tls.iter().any(same_family) {
        let family = if peer.addr.is_ipv4() { "IPv4" } else { "IPv6" };
        let reason = format!(
            "tls needs an {family} address in sip.listen_tls: the carrier's requests come back to it"
        );
        return refuse(&key("transport"), reason);
    }
    match &peer.server_name {
        Some(name) if ServerName::try_from(name.as_str()).is_err() => {
            refuse(&key("server_name"), format!("{name:?} is no host name"))
        }
        _ => Ok(()),
    }
}

/// What an order for certificates needs.
fn authority(config: &Config) -> Result<(), Refusal> {
    let acme = &config.acme;
    if !acme.is_on() {
        return Ok(());
    }
    if acme.names.len() > ACME_NAMES_LIMIT {
        return refuse("acme.names", format!("expected at most {ACME_NAMES_LIMIT} names"));
    }
    // A name is confirmed by HTTP: no address (they are no names), and no wildcard.
    let is_host = |name: &&String| matches!(ServerName::try_from(name.as_str()), Ok(ServerName::DnsName(_)));
    if let Some(name) = acme.names.iter().find(|name| !is_host(name)) {
        return refuse("acme.names", format!("{name:?} is no host name such as hub.example.com"));
    }
    if !acme.directory.starts_with("https://") {
        return refuse("acme.directory", "expected the address of the authority's directory, https://…");
    }
    if !acme.contact.is_empty() && (!acme.contact.contains('@') || acme.contact.contains([' ', ':', '?'])) {
        return refuse("acme.contact", "expected a mail address");
    }
    if !acme.terms_agreed {
        return refuse(
            "acme.terms_agreed",
            "expected true: that you agree to the authority's terms of service",
        );
    }
    if !config.tls.cert_file.as_os_str().is_empty() {
        return refuse("acme.names", "tls.cert_file names another certificate; expected one of the two");
    }
    if config.http.listen_tls.is_none() && config.sip.listen_tls.is_empty() {
        return refuse(
            "acme.names",
            "the certificate is shown nowhere; expected http.listen_tls or sip.listen_tls",
        );
    }
    within("acme.renew_at_pct", acme.renew_at_pct.into(), 1, 95)
}

fn public(public: &Public) -> Result<(), Refusal> {
    let Public { address, stun, local_nets } = public;
    if let Some(ip) = address.iter().find(|ip| ip.is_unspecified() || ip.is_multicast() || ip.is_loopback()) {
        return refuse("public.address", format!("{ip} is no address that others can reach"));
    }
    let v4 = address.iter().filter(|ip| ip.is_ipv4()).count();
    if v4 > 1 || address.len() - v4 > 1 {
        return refuse("public.address", "expected at most one IPv4 and one IPv6 address");
    }
    if stun.len() > STUN_SERVERS_LIMIT {
        return refuse("public.stun", format!("expected at most {STUN_SERVERS_LIMIT} servers"));
    }
    if let Some(server) = stun.iter().find(|server| !is_host_and_port(server)) {
        return refuse("public.stun", format!("{server:?} is no server such as stun.example.com:3478"));
    }
    if local_nets.len() > LOCAL_NETS_LIMIT {
        return refuse("public.local_nets", format!("expected at most {LOCAL_NETS_LIMIT} networks"));
    }
    if let Some(net) = local_nets.iter().find(|net| !is_network(net)) {
        return refuse("public.local_nets", format!("{net:?} is no address or network such as 10.0.0.0/8"));
    }
    Ok(())
}

/// A name or an address (IPv6 in brackets) with its port.
fn is_host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let is_name = !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || ":/[]".contains(c));
    let is_ipv6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = is_ipv6.map_or(is_name, |ip| ip.parse::<std::net::Ipv6Addr>().is_ok());
    is_host && port.parse::<u16>().is_ok_and(|port| port != 0)
}

fn relays(turn: &Turn) -> Result<(), Refusal> {
    if turn.urls.len() > TURN_URLS_LIMIT {
        return refuse("turn.urls", format!("expected at most {TURN_URLS_LIMIT} addresses"));
    }
    // A page refuses to speak at all when one of them is malformed.
    let is_relay = |url: &String| {
        let host = url.strip_prefix("turn:").or_else(|| url.strip_prefix("turns:"));
        host.is_some_and(|host| {
            !host.is_empty() && !host.starts_with('/') && !host.contains(char::is_whitespace)
        })
    };
    if let Some(url) = turn.urls.iter().find(|url| !is_relay(url)) {
        return refuse("turn.urls", format!("{url:?} is no address such as turn:turn.example.com:3478"));
    }
    if !turn.urls.is_empty() && turn.secret.is_empty() {
        return refuse("turn.urls", "turn.secret is empty; expected the secret that the relays have");
    }
    Ok(())
}

fn is_network(text: &str) -> bool {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|prefix| prefix <= most))
}

fn text(key: &str, value: &str, least: usize, most: usize) -> Result<(), Refusal> {
    let length = value.chars().count();
    if (least..=most).contains(&length) {
        Ok(())
    } else {
        refuse(key, format!("expected {least} to {most} characters, not {length}"))
    }
}

fn within(key: &str, value: u64, least: u64, most: u64) -> Result<(), Refusal> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        refuse(key, format!("expected {least} to {most}, not {value}"))
    }
}

fn refuse(key: &str, reason: impl Into<String>) -> Result<(), Refusal> {
    Err((key.to_owned(), reason.into()))
}
