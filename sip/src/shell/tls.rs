//! TLS around TCP (RFC 3261 section 26.2): handshakes, bounded in time and number.

use std::{collections::HashMap, io, net::SocketAddr, sync::Arc};

use rustls::{pki_types::ServerName, server::Acceptor};
use tokio::{net::TcpStream, sync::Semaphore, time::timeout};
use tokio_rustls::{LazyConfigAcceptor, TlsConnector, client, server};

use super::tcp::PATIENCE;
use crate::TlsConfig;

/// Handshakes at a time: each costs a signature, and more than this would only be slow together.
const HANDSHAKES_MAX: usize = 64;

/// Names of peers that are remembered; then the memory starts anew.
const NAMES_MAX: usize = 256;

/// Both sides of TLS. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Tls {
    config: TlsConfig,
    slots: Arc<Semaphore>,
}

impl Tls {
    pub fn new(config: TlsConfig) -> Self {
        Self { config, slots: Arc::new(Semaphore::new(HANDSHAKES_MAX)) }
    }

    /// As server, with the certificate of this moment. A turn is taken once the peer has spoken,
    /// so that who says nothing keeps nobody waiting.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<server::TlsStream<TcpStream>> {
        let hello = LazyConfigAcceptor::new(Acceptor::default(), stream);
        let hello = timeout(PATIENCE, hello).await.map_err(|_| io::ErrorKind::TimedOut)??;
        let handshake = async {
            let _turn = self.slots.acquire().await.map_err(io::Error::other)?;
            let newest = Arc::clone(&self.config.server.borrow());
            hello.into_stream(newest).await
        };
        timeout(PATIENCE, handshake).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    /// As client: the peer must prove to be `name`.
    pub async fn connect(
        &self,
        name: ServerName<'static>,
        stream: TcpStream,
    ) -> io::Result<client::TlsStream<TcpStream>> {
        let connector = TlsConnector::from(Arc::clone(&self.config.client));
        let handshake = connector.connect(name, stream);
        timeout(PATIENCE, handshake).await.map_err(|_| io::ErrorKind::TimedOut)?
    }
}

/// Who is expected at an address.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<SocketAddr, ServerName<'static>>);

impl Names {
    /// False when the text is no host name and no address.
    pub fn expect(&mut self, addr: SocketAddr, name: &str) -> bool {
        let Ok(name) = ServerName::try_from(name.to_owned()) else {
            return false;
        };
        if self.0.len() >= NAMES_MAX {
            self.0.clear();
        }
        self.0.insert(addr, name);
        true
    }

    /// The address itself, where nobody has said a name.
    pub fn at(&self, addr: SocketAddr) -> ServerName<'static> {
        self.0.get(&addr).cloned().unwrap_or_else(|| ServerName::from(addr.ip()))
    }
}
