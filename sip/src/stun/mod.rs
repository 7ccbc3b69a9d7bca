//! STUN (RFC 5389): phones ask our UDP port how we see them, which keeps their way through a NAT
//! open (RFC 5626 section 4.4.2), and we ask a server how it sees us.

mod message;

pub(crate) use message::answer;

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use message::{mapped, request};
use tokio::{net::UdpSocket, time::timeout};

/// First pause before a question is repeated (RFC 5389 section 7.2.1); it doubles.
const RETRANSMIT_FIRST: Duration = Duration::from_millis(500);

/// Longest answer that is read.
const ANSWER_MAX_BYTES: usize = 1500;

/// Why the public address was not found.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// No socket, or no way to the server.
    #[error("cannot ask the STUN server: {0}")]
    Socket(#[from] io::Error),
    /// Nobody answered in time.
    #[error("the STUN server does not answer")]
    Silence,
}

/// The address that `server` sees us under: behind a NAT, the public one. The port belongs to
/// the socket of this question, so only the IP is of lasting use.
///
/// # Errors
/// When there is no way to the server, or no answer within `patience`.
pub async fn discover(server: SocketAddr, patience: Duration) -> Result<SocketAddr, DiscoverError> {
    let any: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    let id: [u8; 12] = rand::random();
    let asking = async {
        let mut pause = RETRANSMIT_FIRST;
        loop {
            socket.send(&request(&id)).await?;
            if let Ok(found) = timeout(pause, hear(&socket, &id)).await {
                return found;
            }
            pause *= 2;
        }
    };
    Ok(timeout(patience, asking).await.map_err(|_| DiscoverError::Silence)??)
}

/// Waits for the answer; other packets are passed over.
async fn hear(socket: &UdpSocket, id: &[u8; 12]) -> io::Result<SocketAddr> {
    let mut buffer = [0; ANSWER_MAX_BYTES];
    loop {
        let length = socket.recv(&mut buffer).await?;
        if let Some(addr) = mapped(&buffer[..length], id) {
            return Ok(addr);
        }
    }
}
