//! The hub's own public address: as configured, else as STUN servers see it (RFC 8489).
//!
//! The calls do not wait for it beyond the start: while no server answers, everybody is told the
//! private address, and the servers are asked again.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use sip::{PublicAddr, stun};
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{info, warn};

use crate::config::Public;

/// The start waits this long for all servers together.
const START_LIMIT: Duration = Duration::from_secs(4);
/// For one server: a question and two repetitions (RFC 8489 section 6.2.1).
const PATIENCE: Duration = Duration::from_millis(1800);
/// An address that changed is found this late at most.
const REFRESH: Duration = Duration::from_secs(60);
/// Where no server answered.
const RETRY: Duration = Duration::from_secs(10);

/// The address as it is now, and as it will be.
pub async fn watched(config: &Public) -> watch::Receiver<PublicAddr> {
    let local_nets = config.local_nets.iter().filter_map(|net| net.parse().ok()).collect();
    let first = PublicAddr { ips: config.address.clone(), local_nets, ..PublicAddr::default() };
    let (sender, receiver) = watch::channel(first);
    for ip in &config.address {
        info!(address = %ip, "public address, as configured");
    }
    if config.stun.is_empty() {
        return receiver;
    }
    let config = config.clone();
    let found = timeout(START_LIMIT, ask(&config)).await.unwrap_or_default();
    let mut answered = take(&sender, &config.address, &found);
    if !answered {
        warn!("no STUN server says our public address: the private one is told meanwhile");
    }
    tokio::spawn(async move {
        loop {
            let pause = if answered { REFRESH } else { RETRY };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = sender.closed() => return,
            }
            let found = ask(&config).await;
            let before = answered;
            answered = take(&sender, &config.address, &found);
            if before && !answered {
                warn!("no STUN server answers: the last public address stays");
            }
        }
    });
    receiver
}

/// What the servers say, in their order. A name may stand for several addresses.
async fn ask(config: &Public) -> Vec<IpAddr> {
    let mut found: Vec<IpAddr> = config.address.clone();
    for server in &config.stun {
        let addrs: Vec<SocketAddr> = match timeout(PATIENCE, tokio::net::lookup_host(server)).await {
            Ok(Ok(addrs)) => addrs.collect(),
            Ok(Err(failure)) => {
                info!(%server, %failure, "STUN server not found");
                continue;
            }
            Err(_) => {
                info!(%server, "STUN server not found in time");
                continue;
            }
        };
        for family in [true, false] {
            if found.iter().any(|ip| ip.is_ipv4() == family) {
                continue;
            }
            let Some(addr) = addrs.iter().find(|addr| addr.is_ipv4() == family) else { continue };
            match stun::discover(*addr, PATIENCE).await {
                Ok(mapped) => found.push(mapped.ip().to_canonical()),
                Err(failure) => info!(%server, %addr, %failure, "STUN"),
            }
        }
    }
    found.split_off(config.address.len())
}

/// Tells what was found. Returns whether there was anything.
fn take(sender: &watch::Sender<PublicAddr>, configured: &[IpAddr], found: &[IpAddr]) -> bool {
    sender.send_if_modified(|public| {
        let ips = merged(configured, found, &public.ips);
        if ips == public.ips {
            return false;
        }
        info!(before = ?public.ips, now = ?ips, "public address, found by STUN");
        public.ips = ips;
        true
    });
    !found.is_empty()
}

/// What is configured, then what was found; a family that nobody spoke for keeps what it had.
fn merged(configured: &[IpAddr], found: &[IpAddr], before: &[IpAddr]) -> Vec<IpAddr> {
    let mut ips: Vec<IpAddr> = Vec::new();
    for ip in configured.iter().chain(found).chain(before) {
        if !ips.iter().any(|known| known.is_ipv4() == ip.is_ipv4()) {
            ips.push(*ip);
        }
    }
    ips
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    #[test]
    fn what_is_configured_goes_first_and_what_was_known_stays() {
        let (old, new) = (ips(&["203.0.113.1"]), ips(&["203.0.113.2"]));
        assert_eq!(merged(&[], &new, &old), new);
        assert_eq!(merged(&[], &[], &old), old);
        assert_eq!(merged(&old, &new, &[]), old);
        let both = ips(&["203.0.113.2", "2001:db8::1"]);
        assert_eq!(merged(&[], &new, &ips(&["203.0.113.1", "2001:db8::1"])), both);
    }
}
