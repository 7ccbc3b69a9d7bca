//! A directory in memory and endpoints on the loopback.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt};
use md5::{Digest, Md5};
use sha2::Sha256;
use sip::{
    Binding, Config, Device, Directory, DirectoryError, Incoming, Leg, LegEvent, Listen, Network,
    OutboundCall, RegisterClient, Secret, Sip, Target, Transport, Trunk,
};
use tokio::sync::mpsc;

pub const REALM: &str = "aurora.example";

#[derive(Default)]
pub struct Phones {
    devices: HashMap<String, Device>,
    pub saved: Mutex<HashMap<String, Vec<Binding>>>,
}

impl Phones {
    /// Phones that may use SHA-256 alone.
    pub fn without_md5(names: &[(&str, &str)]) -> Arc<Self> {
        let mut devices = Self::devices(names);
        for device in devices.values_mut() {
            device.secrets[0].ha1_md5.clear();
        }
        Arc::new(Self { devices, saved: Mutex::default() })
    }

    pub fn with(names: &[(&str, &str)]) -> Arc<Self> {
        Arc::new(Self { devices: Self::devices(names), saved: Mutex::default() })
    }

    fn devices(names: &[(&str, &str)]) -> HashMap<String, Device> {
        names
            .iter()
            .map(|(name, password)| {
                let secret = format!("{name}:{REALM}:{password}");
                let device = Device {
                    username: (*name).to_owned(),
                    secrets: vec![Secret {
                        ha1_md5: hex(&Md5::digest(secret.as_bytes())),
                        ha1_sha256: hex(&Sha256::digest(secret.as_bytes())),
                    }],
                };
                ((*name).to_owned(), device)
            })
            .collect()
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Directory for Phones {
    fn device(&self, username: &str) -> BoxFuture<'_, Result<Option<Device>, DirectoryError>> {
        let found = self.devices.get(username).cloned();
        async move { Ok(found) }.boxed()
    }

    fn save_bindings(
        &self,
        username: &str,
        bindings: &[Binding],
    ) -> BoxFuture<'_, Result<(), DirectoryError>> {
        self.saved.lock().expect("not poisoned").insert(username.to_owned(), bindings.to_vec());
        async { Ok(()) }.boxed()
    }
}

pub struct Endpoint {
    pub sip: Sip,
    pub incoming: mpsc::Receiver<Incoming>,
    pub phones: Arc<Phones>,
}

impl Endpoint {
    pub async fn on(host: &str, phones: Arc<Phones>, trunks: &[&str]) -> Self {
        let mut config = Config::new(REALM);
        let addr: SocketAddr = format!("{host}:0").parse().expect("an address");
        for transport in [Transport::Udp, Transport::Tcp] {
            config.listen.push(Listen { transport, addr });
        }
        for trunk in trunks {
            config.trunks.push(Trunk {
                name: "carrier".to_owned(),
                sources: vec![trunk.parse::<Network>().expect("a network")],
            });
        }
        Self::with(config, phones).await
    }

    pub async fn with(config: Config, phones: Arc<Phones>) -> Self {
        let directory = Arc::clone(&phones) as Arc<dyn Directory>;
        let (sip, incoming) = sip::start(config, directory, Vec::new()).await.expect("it starts");
        Self { sip, incoming, phones }
    }

    pub fn addr(&self, transport: Transport) -> SocketAddr {
        let addrs = self.sip.local_addrs();
        let found = addrs.into_iter().find(|(t, _)| *t == transport);
        found.expect("a listener").1
    }

    pub async fn next_call(&mut self) -> Incoming {
        soon(self.incoming.recv()).await.expect("a call")
    }
}

pub async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("it happens")
}

pub async fn next(leg: &mut Leg) -> LegEvent {
    soon(leg.event()).await.expect("an event")
}

pub fn call_to(target: Target) -> OutboundCall {
    OutboundCall {
        target,
        from_user: "+34600111222".to_owned(),
        from_display: Some("Ana \"A\"".to_owned()),
        to_user: "+34900900900".to_owned(),
        body: Bytes::from_static(b"v=0 offer"),
        headers: vec![("X-Call".to_owned(), "7".to_owned())],
        ring_timeout: Duration::from_secs(30),
        credentials: None,
    }
}

pub fn peer(endpoint: &Endpoint, transport: Transport) -> Target {
    Target::Peer { addr: endpoint.addr(transport), transport }
}

pub fn client(registrar: SocketAddr, transport: Transport, user: &str, password: &str) -> RegisterClient {
    RegisterClient {
        registrar,
        transport,
        aor_user: user.to_owned(),
        domain: REALM.to_owned(),
        username: user.to_owned(),
        password: password.to_owned(),
        expires_s: 120,
    }
}
