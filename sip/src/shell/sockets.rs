//! All sockets together: opening, sending, and the addresses they have.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicU64},
};

use bytes::Bytes;
use tokio::{
    net::{TcpListener, UdpSocket},
    sync::mpsc,
    task::JoinSet,
};

use super::{
    packet::Packet,
    route::Routes,
    tcp,
    tls::{Names, Tls},
    udp, websocket,
};
use crate::{Listen, StartError, TlsConfig, Transport, core::Flow};

/// Connections that we hold to peers, made by either side.
const CONNECTIONS_MAX: usize = 4096;

/// The open sockets.
#[derive(Debug)]
pub(super) struct Sockets {
    udp: Vec<(SocketAddr, Arc<UdpSocket>)>,
    /// TCP and TLS.
    streams: Vec<(Transport, SocketAddr)>,
    tls: Option<Tls>,
    /// Whom a TLS connection of ours must lead to.
    names: Names,
    /// Streams and websockets, by transport and the peer's address.
    connections: HashMap<(Transport, SocketAddr), mpsc::Sender<Bytes>>,
    packets: mpsc::Sender<Packet>,
    routes: Routes,
    /// The tasks that read. They end with this.
    tasks: JoinSet<()>,
}

impl Sockets {
    /// Opens the listeners and starts to read.
    pub async fn open(
        listen: &[Listen],
        tls: Option<TlsConfig>,
        packets: mpsc::Sender<Packet>,
        dropped: &Arc<AtomicU64>,
    ) -> Result<Self, StartError> {
        let mut sockets = Self {
            udp: Vec::new(),
            streams: Vec::new(),
            tls: tls.map(Tls::new),
            names: Names::default(),
            connections: HashMap::new(),
            packets: packets.clone(),
            routes: Routes::default(),
            tasks: JoinSet::new(),
        };
        for listen in listen {
            let failed = |source| StartError::Listen {
                transport: listen.transport.token(),
                addr: listen.addr,
                source,
            };
            match listen.transport {
                Transport::Udp => {
                    let socket = UdpSocket::bind(listen.addr).await.map_err(failed)?;
                    let addr = socket.local_addr().map_err(failed)?;
                    let socket = Arc::new(socket);
                    let read = udp::read(Arc::clone(&socket), addr, packets.clone(), Arc::clone(dropped));
                    sockets.tasks.spawn(read);
                    sockets.udp.push((addr, socket));
                }
                Transport::Tcp | Transport::Tls => {
                    let secure = listen.transport == Transport::Tls;
                    if secure && sockets.tls.is_none() {
                        return Err(StartError::NoCertificate);
                    }
                    let listener = TcpListener::bind(listen.addr).await.map_err(failed)?;
                    let addr = listener.local_addr().map_err(failed)?;
                    let tls = sockets.tls.clone().filter(|_| secure);
                    sockets.tasks.spawn(tcp::accept(listener, addr, tls, packets.clone()));
                    sockets.streams.push((listen.transport, addr));
                }
                // The program's HTTP server listens for those.
                Transport::Ws | Transport::Wss => return Err(failed(io::ErrorKind::Unsupported.into())),
            }
        }
        Ok(sockets)
    }

    pub fn addrs(&self) -> Vec<(Transport, SocketAddr)> {
        let udp = self.udp.iter().map(|(addr, _)| (Transport::Udp, *addr));
        udp.chain(self.streams.iter().copied()).collect()
    }

    /// The way to a peer; `local` is preferred when it is one of our listeners.
    pub fn flow_to(
        &mut self,
        transport: Transport,
        remote: SocketAddr,
        local: Option<SocketAddr>,
    ) -> Option<Flow> {
        if transport.is_websocket() {
            let open = self.connections.contains_key(&(transport, remote));
            return open.then(|| websocket::flow(transport, remote));
        }
        let same_family: Vec<SocketAddr> = self
            .addrs()
            .into_iter()
            .filter(|(t, addr)| *t == transport && addr.is_ipv4() == remote.is_ipv4())
            .map(|(_, addr)| addr)
            .collect();
        let wanted = local.filter(|local| same_family.iter().any(|addr| fits(*addr, *local)));
        let local = match wanted {
            Some(local) => local,
            None => self.routes.local_for(*same_family.first()?, remote),
        };
        Some(Flow { transport, local, remote })
    }

    /// From now on whoever answers TLS at this address must prove to be `name`. False when that
    /// is no name.
    pub fn expect_name(&mut self, addr: SocketAddr, name: &str) -> bool {
        self.names.expect(addr, name)
    }

    /// Whether a connection to that peer stands.
    pub fn is_open(&self, transport: Transport, remote: SocketAddr) -> bool {
        self.connections.contains_key(&(transport, remote))
    }

    /// Sends, without waiting. A UDP socket that is full loses the datagram, as a network
    /// does; an error that will not pass by itself is returned.
    pub fn send(&mut self, flow: &Flow, bytes: Bytes) -> io::Result<()> {
        match flow.transport {
            Transport::Udp => self.send_udp(flow, &bytes),
            Transport::Tcp | Transport::Tls => self.send_stream(flow, bytes),
            Transport::Ws | Transport::Wss => {
                self.send_connected(flow, bytes).unwrap_or(Err(io::ErrorKind::NotConnected.into()))
            }
        }
    }

    fn send_udp(&self, flow: &Flow, bytes: &[u8]) -> io::Result<()> {
        let (_, socket) = self
            .udp
            .iter()
            .find(|(addr, _)| fits(*addr, flow.local))
            .ok_or(io::ErrorKind::AddrNotAvailable)?;
        match socket.try_send_to(bytes, flow.remote) {
            Ok(_) => Ok(()),
            // Full, or the ICMP answer to an earlier datagram: the timers repeat.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::ConnectionRefused) =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn send_stream(&mut self, flow: &Flow, bytes: Bytes) -> io::Result<()> {
        if let Some(sent) = self.send_connected(flow, bytes.clone()) {
            return sent;
        }
        if self.connections.len() >= CONNECTIONS_MAX {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let tls = match (&self.tls, flow.transport) {
            (Some(tls), Transport::Tls) => Some((tls.clone(), self.names.at(flow.remote))),
            (None, Transport::Tls) => return Err(io::ErrorKind::Unsupported.into()),
            _ => None,
        };
        let (writer, queue) = mpsc::channel(tcp::WRITER_QUEUE_MESSAGES);
        let _just_made = writer.try_send(bytes);
        let ours = writer.downgrade();
        self.connections.insert((flow.transport, flow.remote), writer);
        self.tasks.spawn(tcp::dial(*flow, tls, queue, ours, self.packets.clone()));
        Ok(())
    }

    /// Over the connection to the peer; `None` when there is none.
    fn send_connected(&mut self, flow: &Flow, bytes: Bytes) -> Option<io::Result<()>> {
        let key = (flow.transport, flow.remote);
        let sent = self.connections.get(&key)?.try_send(bytes);
        if sent.is_err() {
            // A peer that does not read what we write.
            self.connections.remove(&key);
        }
        Some(sent.map_err(|_| io::ErrorKind::WriteZero.into()))
    }

    /// Notes a connection that a peer made. True when it takes the place of an older one.
    pub fn connected(&mut self, flow: &Flow, writer: mpsc::Sender<Bytes>) -> bool {
        // Above the limit the connection is closed: its writer ends here.
        self.connections.len() < CONNECTIONS_MAX
            && self.connections.insert((flow.transport, flow.remote), writer).is_some()
    }

    /// Forgets a connection. False when a newer one has taken its place.
    pub fn closed(&mut self, flow: &Flow, writer: &mpsc::Sender<Bytes>) -> bool {
        let key = (flow.transport, flow.remote);
        let newer = self.connections.get(&key).is_some_and(|known| !known.same_channel(writer));
        if !newer {
            self.connections.remove(&key);
        }
        // Tasks that ended are let go of.
        while self.tasks.try_join_next().is_some() {}
        !newer
    }
}

/// Whether packets from `local` leave through this listener.
fn fits(listener: SocketAddr, local: SocketAddr) -> bool {
    listener.port() == local.port()
        && listener.is_ipv4() == local.is_ipv4()
        && (listener.ip().is_unspecified() || listener.ip() == local.ip())
}
