//! TLS as a server, bounded in time and number.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::server::Acceptor;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

/// What a peer's greeting, and then its handshake, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Handshakes at a time: each costs a signature, and more than this would only be slow together.
const HANDSHAKES_MAX: usize = 64;
/// RFC 7301 with the names of RFC 9113 section 3.2 and RFC 9112; the first that both have is spoken.
const PROTOCOLS: [&[u8]; 2] = [HTTP2, b"http/1.1"];
const HTTP2: &[u8] = b"h2";

/// Cheap to clone.
#[derive(Clone)]
pub struct Handshakes {
    certificate: watch::Receiver<Arc<ServerConfig>>,
    slots: Arc<Semaphore>,
}

impl Handshakes {
    pub fn new(certificate: watch::Receiver<Arc<ServerConfig>>) -> Self {
        Self { certificate, slots: Arc::new(Semaphore::new(HANDSHAKES_MAX)) }
    }

    /// With the certificate of this moment. A turn is taken once the peer has spoken, so that who
    /// says nothing keeps nobody waiting.
    ///
    /// # Errors
    /// The peer is too slow, or speaks no TLS that we speak.
    pub async fn with(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let hello = LazyConfigAcceptor::new(Acceptor::default(), stream);
        let hello = timeout(PATIENCE, hello).await.map_err(|_| io::ErrorKind::TimedOut)??;
        let handshake = async {
            let _turn = self.slots.acquire().await.map_err(io::Error::other)?;
            // What is resumed and the certificate are shared with the original.
            let mut config = ServerConfig::clone(&self.certificate.borrow());
            config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
            hello.into_stream(Arc::new(config)).await
        };
        timeout(PATIENCE, handshake).await.map_err(|_| io::ErrorKind::TimedOut)?
    }
}

/// Whether both sides agreed on HTTP/2.
pub fn is_http2(stream: &TlsStream<TcpStream>) -> bool {
    stream.get_ref().1.alpn_protocol() == Some(HTTP2)
}
