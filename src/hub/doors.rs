//! What is opened to the network. An address or a port that cannot be had is refused by the key
//! that names it.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use sip::Transport;
use tokio::net::TcpListener;

use super::HubError;
use super::certificates::Certificate;
use crate::config::{Http, Media, PortRange, Unusable};
use crate::http::{Doors, EncryptedDoor};

/// The console's ports.
///
/// # Errors
/// The system's, at `http.listen` or `http.listen_tls`.
pub async fn console(http: &Http, certificate: Option<&Certificate>) -> Result<Doors, Unusable> {
    let plain = bound("http.listen", http.listen).await?;
    let encrypted = match (http.listen_tls, certificate) {
        (Some(address), Some(certificate)) => Some(EncryptedDoor {
            listener: bound("http.listen_tls", address).await?,
            certificate: certificate.clone(),
        }),
        _ => None,
    };
    Ok(Doors { plain, encrypted })
}

async fn bound(key: &'static str, address: SocketAddr) -> Result<TcpListener, Unusable> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| Unusable::new(key, format!("\"{address}\": {source}")))
}

/// Whether sound has any port at all: else it would be the first caller who finds out.
///
/// # Errors
/// The address cannot be bound (`media.bind`), nor the browsers' port, or no port of the range
/// (`media.rtp_ports`).
pub fn sound(media: &Media) -> Result<(), Unusable> {
    let Media { bind, rtp_ports, .. } = media;
    UdpSocket::bind((*bind, 0))
        .map_err(|source| Unusable::new("media.bind", format!("\"{bind}\": {source}")))?;
    browsers(*bind, media.browser_port, media.browser_tcp)?;
    let PortRange { first, last } = *rtp_ports;
    let mut refusal = None;
    // At most every port once; as a rule the first one does.
    for port in first..=last {
        match UdpSocket::bind((*bind, port)) {
            Ok(_) => return Ok(()),
            Err(source) => refusal = Some(source),
        }
    }
    let reason = refusal.map(|source| source.to_string()).unwrap_or_default();
    Err(Unusable::new(
        "media.rtp_ports",
        format!("\"{rtp_ports}\": no port of these can be had on {bind}: {reason}"),
    ))
}

/// The browsers' port, and the same over TCP where it is asked for.
fn browsers(bind: IpAddr, port: u16, over_tcp: bool) -> Result<(), Unusable> {
    let refused = |transport: &str, source: std::io::Error| {
        Unusable::new("media.browser_port", format!("{port} on {bind} over {transport}: {source}"))
    };
    UdpSocket::bind((bind, port)).map_err(|source| refused("UDP", source))?;
    if over_tcp {
        std::net::TcpListener::bind((bind, port)).map_err(|source| refused("TCP", source))?;
    }
    Ok(())
}

/// Why media did not start, by the key where there is one.
pub fn media_refused(media: &Media, error: media::StartError) -> HubError {
    use media::StartError as Start;

    let key = match &error {
        Start::NoAdvertisedAddress(_) if media.advertised.is_some() => "media.advertised",
        Start::NoAdvertisedAddress(_) | Start::Bind { .. } => "media.bind",
        Start::BadPorts { .. } => "media.rtp_ports",
        Start::TooManyWorkers { .. } => "media.workers",
        Start::Certificate(_) | Start::Worker(_) => return error.into(),
    };
    Unusable::new(key, error.to_string()).into()
}

/// Why signalling did not start, by the key where there is one.
pub fn sip_refused(error: sip::StartError) -> HubError {
    match error {
        sip::StartError::Listen { transport, addr, source } => {
            let key = if transport == Transport::Tls.token() { "sip.listen_tls" } else { "sip.listen" };
            Unusable::new(key, format!("\"{addr}\" over {transport}: {source}")).into()
        }
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    /// Of a network for documentation (RFC 5737): no machine has it.
    const NOT_OURS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

    fn any_port(bind: Ipv4Addr) -> Media {
        Media { bind: bind.into(), rtp_ports: PortRange::ANY, browser_port: 0, ..Media::default() }
    }

    #[tokio::test]
    async fn a_console_port_that_is_taken_is_named_by_its_key() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let listen = taken.local_addr().expect("its address");
        let refusal = bound("http.listen_tls", listen).await.expect_err("a refusal");
        assert_eq!(refusal.key, "http.listen_tls");
        assert!(refusal.reason.starts_with(&format!("\"{listen}\": Address already in use")), "{refusal}");
    }

    #[test]
    fn sound_without_an_address_or_a_port_is_named_by_its_key() {
        sound(&any_port(Ipv4Addr::LOCALHOST)).expect("loopback has ports");
        let refusal = sound(&any_port(NOT_OURS)).expect_err("a refusal");
        assert_eq!((refusal.key, refusal.reason.contains("192.0.2.1")), ("media.bind", true), "{refusal}");

        let taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = taken.local_addr().expect("its address").port();
        let media = any_port(Ipv4Addr::LOCALHOST);
        let range = PortRange { first: port, last: port };
        let refusal = sound(&Media { rtp_ports: range, ..media.clone() }).expect_err("a refusal");
        assert_eq!(refusal.key, "media.rtp_ports", "{refusal}");
        let refusal = sound(&Media { browser_port: port, ..media.clone() }).expect_err("a refusal");
        assert_eq!(refusal.key, "media.browser_port", "{refusal}");

        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let media = Media { browser_port: taken.local_addr().expect("its address").port(), ..media };
        let refusal = sound(&media).expect_err("a refusal");
        assert_eq!(
            (refusal.key, refusal.reason.contains("over TCP")),
            ("media.browser_port", true),
            "{refusal}"
        );
        sound(&Media { browser_tcp: false, ..media }).expect("nobody listens there then");
    }

    #[test]
    fn signalling_names_address_and_transport() {
        let addr = SocketAddr::from((NOT_OURS, 5060));
        let source = std::io::ErrorKind::AddrNotAvailable.into();
        let error = sip_refused(sip::StartError::Listen { transport: "UDP", addr, source });
        assert_eq!(error.to_string(), "sip.listen: \"192.0.2.1:5060\" over UDP: address not available");
    }
}
