//! A certificate authority of the tests' own: Pebble, on loopback, which believes whoever answers on the hub's port.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::authority::Authority;
use crate::folder::Folder;
use crate::process::Process;
use crate::wait::eventually;

pub struct Pebble {
    folder: Folder,
    /// Signs what Pebble itself shows to those who order.
    authority: Authority,
    ports: [u16; 2],
    config: PathBuf,
    process: Option<Process>,
}

impl Pebble {
    /// Confirms names by asking at this port, and issues certificates that live for so long.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(http_port: u16, life_s: u32) -> Self {
        let (folder, authority) = (Folder::new(), Authority::new());
        let own = authority.pair("IP:127.0.0.1");
        let ports = [free_tcp_port(), free_tcp_port()];
        let config = folder.path().join("pebble.json");
        let text = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{}", ports[0]),
            "managementListenAddress": format!("127.0.0.1:{}", ports[1]),
            "certificate": own,
            "privateKey": own,
            "httpPort": http_port,
            "tlsPort": 1,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
            "certificateValidityPeriod": life_s,
        }});
        std::fs::write(&config, text.to_string()).expect("a file in the test's folder");
        let mut pebble = Self { folder, authority, ports, config, process: None };
        pebble.boot();
        pebble
    }

    /// Starts it, again after [`Pebble::kill`]: it has then forgotten everything.
    ///
    /// # Panics
    /// When it is not installed.
    pub fn boot(&mut self) {
        let log = self.folder.path().join("pebble.log");
        // It would wait some seconds before it asks, for the sake of tests of patience.
        let arguments = ["PEBBLE_VA_NOSLEEP=1", "pebble", "-config", &self.config.display().to_string()];
        let arguments = arguments.map(str::to_owned);
        self.process = Some(Process::start(Path::new("env"), &arguments, self.folder.path(), &log));
        eventually("pebble to listen", || TcpStream::connect(("127.0.0.1", self.ports[0])).ok());
    }

    pub fn kill(&mut self) {
        self.process.take().expect("it runs").kill();
    }

    #[must_use]
    pub fn directory(&self) -> String {
        format!("https://127.0.0.1:{}/dir", self.ports[0])
    }

    /// Who has to be believed to reach it.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.authority.certificate()
    }
}

/// A port that nobody holds now.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_tcp_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
