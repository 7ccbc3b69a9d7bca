//! Where a telephone registers.

use std::net::SocketAddr;

use serde::Serialize;
use utoipa::ToSchema;

/// Where SIP listens for telephones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhoneServer {
    pub transport: PhoneTransport,
    /// IP address and port; the address is `0.0.0.0` or `[::]` where every one of the machine will do.
    pub address: String,
}

/// How a telephone's signalling travels; the encrypted one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhoneTransport {
    Tls,
    Tcp,
    Udp,
}

impl PhoneServer {
    /// What a telephone can use of these, the encrypted first.
    pub fn of(listens: Vec<(sip::Transport, SocketAddr)>) -> Vec<PhoneServer> {
        let mut servers: Vec<PhoneServer> = listens
            .into_iter()
            .filter_map(|(transport, addr)| {
                let transport = match transport {
                    sip::Transport::Tls => PhoneTransport::Tls,
                    sip::Transport::Tcp => PhoneTransport::Tcp,
                    sip::Transport::Udp => PhoneTransport::Udp,
                    sip::Transport::Ws | sip::Transport::Wss => return None,
                };
                Some(PhoneServer { transport, address: addr.to_string() })
            })
            .collect();
        servers.sort_by_key(|server| server.transport);
        servers
    }
}
