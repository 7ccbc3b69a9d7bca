//! Requests to the authority over HTTPS: one connection each, as an order takes a dozen every some weeks.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::uri::Scheme;
use axum::http::{HeaderValue, Request, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, HttpClient};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// From the first packet to the last byte of the answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// A chain of certificates has some 10 KB.
const ANSWER_MAX_BYTES: usize = 256 * 1024;
const HTTPS_PORT: u16 = 443;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("{0} is no address of https")]
    NoHttps(Uri),
    #[error("{host}: {source}")]
    Connect {
        host: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{host}: {source}")]
    Http {
        host: String,
        #[source]
        source: hyper::Error,
    },
    #[error("the answer is longer than {ANSWER_MAX_BYTES} bytes, or breaks off")]
    Answer,
    #[error("no answer within {} s", PATIENCE.as_secs())]
    TooSlow,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Wire(TlsConnector);

impl Wire {
    pub fn new(believed: Arc<ClientConfig>) -> Self {
        Self(TlsConnector::from(believed))
    }

    async fn exchange(self, mut request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, WireError> {
        let uri = request.uri().clone();
        let no_https = || WireError::NoHttps(uri.clone());
        if uri.scheme() != Some(&Scheme::HTTPS) {
            return Err(no_https());
        }
        let authority = uri.authority().ok_or_else(no_https)?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(host.clone()).map_err(|_| no_https())?;
        let value = HeaderValue::from_str(authority.as_str()).map_err(|_| no_https())?;
        let connect = |source| WireError::Connect { host: host.clone(), source };
        let port = authority.port_u16().unwrap_or(HTTPS_PORT);
        let stream = TcpStream::connect((host.as_str(), port)).await.map_err(connect)?;
        let stream = self.0.connect(name, stream).await.map_err(connect)?;
        let http = |source| WireError::Http { host: host.clone(), source };
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(http)?;
        // It ends with the sender; what goes wrong there, the answer shows.
        let connection = tokio::spawn(connection);
        request.headers_mut().insert(header::HOST, value);
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        *request.uri_mut() = path.parse().map_err(|_| no_https())?;
        let (parts, body) = sender.send_request(request).await.map_err(http)?.into_parts();
        let body = Limited::new(body, ANSWER_MAX_BYTES).collect().await.map_err(|_| WireError::Answer)?;
        connection.abort();
        Ok(BytesResponse { parts, body: Box::new(body.to_bytes()) })
    }
}

impl HttpClient for Wire {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>> {
        let exchange = self.clone().exchange(request);
        Box::pin(async move {
            let answer = timeout(PATIENCE, exchange).await.unwrap_or(Err(WireError::TooSlow));
            answer.map_err(|error| instant_acme::Error::Other(Box::new(error)))
        })
    }
}
