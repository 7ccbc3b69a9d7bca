//! TLS between two endpoints over real sockets.

mod common;

use std::{net::SocketAddr, sync::Arc};

use bytes::Bytes;
use common::{Endpoint, Phones, REALM, call_to, client, next, peer, soon};
use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use sip::{
    CallError, Config, Ended, EndedBy, LegEvent, Listen, StartError, Target, TlsConfig, Transport, Trunk,
};
use tokio::{net::TcpStream, sync::watch};

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// An authority that everybody in a test believes.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).expect("signed").der().clone();
        Self { issuer: Issuer::new(params, key), root }
    }

    /// A server that proves to be `name`.
    fn server(&self, name: &str) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let certificate = params.signed_by(&key, &self.issuer).expect("signed").der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth();
        Arc::new(builder.with_single_cert(vec![certificate], key).expect("they fit"))
    }

    fn client(&self) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).expect("a root");
        let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
        Arc::new(builder.expect("versions").with_root_certificates(roots).with_no_client_auth())
    }

    /// An endpoint that listens with TLS under this name, and the sender of its certificates.
    async fn endpoint(
        &self,
        name: &str,
        phones: Arc<Phones>,
    ) -> (Endpoint, watch::Sender<Arc<ServerConfig>>) {
        let (renew, server) = watch::channel(self.server(name));
        let mut config = Config::new(REALM);
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        config.listen.push(Listen { transport: Transport::Tls, addr });
        config.trunks.push(Trunk {
            name: "carrier".to_owned(),
            sources: vec!["127.0.0.1".parse().expect("a network")],
        });
        config.tls = Some(TlsConfig { server, client: self.client() });
        (Endpoint::with(config, phones).await, renew)
    }
}

fn named(endpoint: &Endpoint, server_name: &str) -> Target {
    Target::TlsPeer { addr: endpoint.addr(Transport::Tls), server_name: server_name.to_owned() }
}

async fn answered(caller: &Endpoint, callee: &mut Endpoint, target: Target) {
    let mut out = caller.sip.call(call_to(target)).await.expect("goes out");
    let mut call = callee.next_call().await;
    assert_eq!(call.transport, Transport::Tls);
    call.leg.commands().answer(Bytes::from_static(b"answer")).expect("answers");
    assert!(matches!(next(&mut out).await, LegEvent::Answered { .. }));
    assert_eq!(next(&mut call.leg).await, LegEvent::Confirmed);
    call.leg.commands().end(None).expect("ends");
    assert!(matches!(next(&mut out).await, LegEvent::Ended(Ended { by: EndedBy::Remote, code: 200, .. })));
}

async fn refused(caller: &Endpoint, target: Target) {
    let mut out = caller.sip.call(call_to(target)).await.expect("goes out");
    let end = next(&mut out).await;
    assert!(matches!(end, LegEvent::Ended(Ended { by: EndedBy::Transport, .. })), "{end:?}");
}

#[tokio::test]
async fn a_call_to_a_peer_that_proves_its_name() {
    let authority = Authority::new();
    let (caller, _) = authority.endpoint("caller.example", Phones::with(&[])).await;
    let (mut callee, _renew) = authority.endpoint("carrier.example", Phones::with(&[])).await;
    refused(&caller, named(&callee, "other.example")).await;
    refused(&caller, peer(&callee, Transport::Tls)).await;
    let right = named(&callee, "carrier.example");
    answered(&caller, &mut callee, right).await;
    let nonsense = caller.sip.call(call_to(named(&callee, "not a name"))).await;
    assert_eq!(nonsense.err(), Some(CallError::Invalid));

    // Another authority signs for the same name.
    let (stranger, _) = Authority::new().endpoint("carrier.example", Phones::with(&[])).await;
    refused(&caller, named(&stranger, "carrier.example")).await;
}

/// The new certificate serves from the next connection on; what stands keeps its own.
#[tokio::test]
async fn a_certificate_is_renewed_without_a_restart() {
    let authority = Authority::new();
    let (early, _) = authority.endpoint("caller.example", Phones::with(&[])).await;
    let (mut callee, renew) = authority.endpoint("old.example", Phones::with(&[])).await;
    let old = named(&callee, "old.example");
    answered(&early, &mut callee, old.clone()).await;
    renew.send(authority.server("new.example")).expect("somebody listens");
    answered(&early, &mut callee, old.clone()).await;
    let (late, _) = authority.endpoint("caller.example", Phones::with(&[])).await;
    refused(&late, old).await;
    let new = named(&callee, "new.example");
    answered(&late, &mut callee, new).await;
}

/// A phone behind a NAT: requests to it go over the connection that it made.
#[tokio::test]
async fn a_phone_registers_over_tls_and_is_called() {
    let authority = Authority::new();
    let (hub, _renew) = authority.endpoint(REALM, Phones::with(&[("agent", "secret")])).await;
    let (mut phone, _) = authority.endpoint("phone.example", Phones::with(&[])).await;
    let registrar = hub.addr(Transport::Tls);
    let handle = phone.sip.register(client(registrar, Transport::Tls, "agent", "secret")).await;
    let _handle = handle.expect("registers");
    let binding = hub.sip.bindings("agent").await.remove(0);
    assert_eq!(binding.transport, Transport::Tls);
    assert_ne!(binding.source.port(), phone.addr(Transport::Tls).port(), "the phone's end of its connection");
    answered(&hub, &mut phone, Target::Device("agent".to_owned())).await;
}

/// Whoever connects and says nothing, or no TLS, keeps nobody else out.
#[tokio::test]
async fn a_silent_peer_holds_nobody_up() {
    let authority = Authority::new();
    let (caller, _) = authority.endpoint("caller.example", Phones::with(&[])).await;
    let (mut callee, _renew) = authority.endpoint("carrier.example", Phones::with(&[])).await;
    let addr = callee.addr(Transport::Tls);
    let mut silent = Vec::new();
    for _ in 0..40 {
        let stream = TcpStream::connect(addr).await.expect("connects");
        stream.try_write(b"OPTIONS sip:x SIP/2.0\r\n\r\n").expect("sends");
        silent.push(stream);
        silent.push(TcpStream::connect(addr).await.expect("connects"));
    }
    let target = named(&callee, "carrier.example");
    soon(answered(&caller, &mut callee, target)).await;
}

#[tokio::test]
async fn tls_needs_a_certificate() {
    let mut config = Config::new(REALM);
    let addr = SocketAddr::from(([127, 0, 0, 1], 0));
    config.listen.push(Listen { transport: Transport::Tls, addr });
    let started = sip::start(config, Phones::with(&[]), Vec::new()).await;
    assert!(matches!(started, Err(StartError::NoCertificate)));
}
