//! A SIP stack of the demo's own on a port of its own: what the phones and the customers call from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::error::DemoError;

/// Long enough for any phone or queue to have answered; the hub's own limits are shorter.
pub const RING_TIMEOUT: Duration = Duration::from_secs(120);

/// An endpoint takes no registrations: it knows no devices.
struct NoDevices;

impl sip::Directory for NoDevices {
    fn device(&self, _: &str) -> BoxFuture<'_, Result<Option<sip::Device>, sip::DirectoryError>> {
        Box::pin(async { Ok(None) })
    }

    fn save_bindings(&self, _: &str, _: &[sip::Binding]) -> BoxFuture<'_, Result<(), sip::DirectoryError>> {
        Box::pin(async { Ok(()) })
    }
}

/// Opens a UDP port of the system's choice on `loopback` and takes calls from that address alone.
///
/// `who` names the owner in errors and in the `User-Agent` header.
pub async fn open(
    loopback: IpAddr,
    who: &'static str,
    max_calls: usize,
) -> Result<(sip::Sip, mpsc::Receiver<sip::Incoming>), DemoError> {
    let config = sip::Config {
        listen: vec![sip::Listen { transport: sip::Transport::Udp, addr: SocketAddr::new(loopback, 0) }],
        realm: super::aurora::DOMAIN.to_owned(),
        user_agent: format!("Aurora demo {who}"),
        trunks: vec![sip::Trunk { name: "hub".to_owned(), sources: vec![sip::Network::host(loopback)] }],
        max_calls,
        ..sip::Config::default()
    };
    sip::start(config, Arc::new(NoDevices), Vec::new())
        .await
        .map_err(|source| DemoError::Signalling { who, source })
}

/// The address of the endpoint's own UDP port.
pub fn udp_addr(sip: &sip::Sip) -> Result<SocketAddr, DemoError> {
    sip.local_addrs().first().map(|(_, addr)| *addr).ok_or(DemoError::Stopping)
}

/// The loopback address of the same family as `other`.
pub fn loopback_of(other: IpAddr) -> IpAddr {
    match other {
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    }
}

/// Where to send to for somebody who listens on `addr`: who listens everywhere listens on loopback.
pub fn reachable(addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        ip if ip.is_unspecified() => SocketAddr::new(loopback_of(ip), addr.port()),
        _ => addr,
    }
}

/// Refuses a call that nobody takes.
pub fn refuse(incoming: &sip::Incoming, code: u16, reason: &str) {
    if incoming.leg.commands().reject(code, reason).is_err() {
        tracing::debug!(sip_call_id = incoming.sip_call_id, "the hub gave up before it was refused");
    }
}

/// Waits for calls that were told to stop, then ends those that did not.
pub async fn finish<T: 'static>(calls: &mut JoinSet<T>, limit: Duration) {
    let all = async { while calls.join_next().await.is_some() {} };
    if tokio::time::timeout(limit, all).await.is_err() {
        tracing::warn!(calls = calls.len(), "demo calls did not end in time");
        calls.shutdown().await;
    }
}

/// Resolves once `stop` says so, or nobody can say so any more.
pub async fn told(stop: &mut tokio::sync::watch::Receiver<bool>) {
    // What was seen is not kept: it holds the lock.
    drop(stop.wait_for(|stop| *stop).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_that_listens_everywhere_is_called_on_loopback() {
        let at = |text: &str| reachable(text.parse().expect("an address")).to_string();
        assert_eq!(at("0.0.0.0:5060"), "127.0.0.1:5060");
        assert_eq!(at("[::]:5060"), "[::1]:5060");
        assert_eq!(at("192.0.2.7:5060"), "192.0.2.7:5060");
    }
}
