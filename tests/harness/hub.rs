//! The built program in demo mode: booted on free ports in a fresh folder, stopped on drop.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use serde_json::Value;

use crate::api::Api;
use crate::folder::{Folder, project};
use crate::ports::free_block;
use crate::process::Process;
use crate::wait::eventually;

/// RTP ports of one hub: four a call with two legs, for the largest test with room to spare.
const RTP_PORTS: u16 = 600;

pub struct Hub {
    folder: Folder,
    arguments: Vec<String>,
    process: Option<Process>,
    ready: Value,
}

impl Hub {
    /// Boots a demo with nobody at the phones, and waits until it is ready.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Like [`Hub::start`], but everything of it is on `::1`.
    #[must_use]
    pub fn start_over_ipv6() -> Self {
        Self::launch("[::1]:0", "[::1]:0", &[], &[])
    }

    /// Like [`Hub::start`], with configuration by environment variables.
    #[must_use]
    pub fn start_configured(variables: &[(&str, &str)]) -> Self {
        Self::launch("127.0.0.1:0", "127.0.0.1:0", variables, &[])
    }

    /// Like [`Hub::start_configured`], with plain HTTP at this port of `127.0.0.1`.
    #[must_use]
    pub fn start_at(http_port: u16, variables: &[(&str, &str)]) -> Self {
        Self::launch(&format!("127.0.0.1:{http_port}"), "127.0.0.1:0", variables, &[])
    }

    /// Like [`Hub::start`], with signalling on both of these and sound on all addresses. The first is
    /// an IPv6 address.
    #[must_use]
    pub fn start_dual_stack(sip: [&str; 2]) -> Self {
        let variables = [
            ("CENTRALITA_SIP__LISTEN", sip.join(",")),
            ("CENTRALITA_MEDIA__BIND", "::".to_owned()),
            ("CENTRALITA_MEDIA__ADVERTISED", "::1".to_owned()),
        ];
        let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
        Self::launch("127.0.0.1:0", "127.0.0.1:0", &variables, &[])
    }

    /// Like [`Hub::start`], with signalling and sound on this address and this port alone.
    #[must_use]
    pub fn start_on(sip: &str, rtp: (u16, u16), variables: &[(&str, &str)]) -> Self {
        let rtp = format!("{}-{}", rtp.0, rtp.1);
        let variables = [&[("CENTRALITA_SIP__LISTEN", sip)], variables].concat();
        Self::launch("127.0.0.1:0", sip, &variables, &["--rtp-ports", &rtp])
    }

    /// Like [`Hub::start`], with outbound calls sent to this port of `127.0.0.1` by UDP.
    #[must_use]
    pub fn start_with_carrier(port: u16) -> Self {
        Self::start_configured(&[
            ("CENTRALITA_TRUNKS__CARRIER__SOURCES", "[]"),
            ("CENTRALITA_TRUNKS__CARRIER__OUTBOUND__ADDR", &format!("127.0.0.1:{port}")),
            ("CENTRALITA_TRUNKS__CARRIER__OUTBOUND__TRANSPORT", "udp"),
            ("CENTRALITA_TRUNKS__CARRIER__OUTBOUND__CALLER_ID", "+34910000100"),
        ])
    }

    /// Like [`Hub::start`], with further arguments to `centralita demo`.
    ///
    /// # Panics
    /// When the program is not built, or ends instead of becoming ready.
    #[must_use]
    pub fn start_with(further: &[&str]) -> Self {
        Self::launch("127.0.0.1:0", "127.0.0.1:0", &[], further)
    }

    fn launch(http: &str, sip: &str, variables: &[(&str, &str)], further: &[&str]) -> Self {
        let folder = Folder::new();
        // `env` replaces itself by the program: the process id is the program's.
        let mut arguments: Vec<String> =
            variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        arguments.extend([
            program().display().to_string(),
            "demo".into(),
            "--data".into(),
            folder.path().join("data").display().to_string(),
            "--http".into(),
            http.to_owned(),
        ]);
        if !further.contains(&"--rtp-ports") {
            let rtp = free_block(RTP_PORTS);
            arguments.extend(["--rtp-ports".to_owned(), format!("{}-{}", rtp.start(), rtp.end())]);
        }
        if !variables.iter().any(|(name, _)| *name == "CENTRALITA_SIP__LISTEN") {
            arguments.extend(["--sip".to_owned(), sip.to_owned()]);
        }
        arguments.extend(further.iter().map(|&argument| argument.to_owned()));
        let mut hub = Self { folder, arguments, process: None, ready: Value::Null };
        hub.boot();
        hub
    }

    /// Starts the program, again after [`Hub::kill`] or [`Hub::stop`], on the same data.
    pub fn boot(&mut self) {
        // The former run's addresses must not be taken for this one's.
        let _ = std::fs::remove_file(self.data().join("ready.json"));
        let log = self.log();
        let mut process = Process::start(Path::new("env"), &self.arguments, self.folder.path(), &log);
        let ready = self.data().join("ready.json");
        self.ready = eventually("the hub to be ready", || {
            if let Some(status) = process.ended() {
                panic!("the hub ended at start: {status}\n{}", tail(&log));
            }
            serde_json::from_slice(&std::fs::read(&ready).ok()?).ok()
        });
        self.process = Some(process);
    }

    /// The data folder: database, recordings, nothing else that matters.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder for a phone of this test.
    #[must_use]
    pub fn phone_folder(&self, name: &str) -> PathBuf {
        self.folder.inside(name)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("hub.log")
    }

    /// What the program wrote, all runs.
    #[must_use]
    pub fn log_text(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process.as_ref().expect("the hub runs").id()
    }

    fn address(&self, key: &str) -> String {
        let value = self.ready[key].as_str();
        value.unwrap_or_else(|| panic!("ready.json has no {key}: {}", self.ready)).to_owned()
    }

    /// `HOST:PORT` of the console and the API.
    #[must_use]
    pub fn http(&self) -> String {
        self.address("http")
    }

    /// `HOST:PORT` of the same over https.
    #[must_use]
    pub fn https(&self) -> String {
        self.address("https")
    }

    /// `HOST:PORT` for SIP over UDP.
    #[must_use]
    pub fn sip(&self) -> String {
        self.address("sip_udp")
    }

    /// `HOST:PORT` for SIP over TCP.
    #[must_use]
    pub fn sip_tcp(&self) -> String {
        self.address("sip_tcp")
    }

    /// `HOST:PORT` for SIP over TLS.
    #[must_use]
    pub fn sip_tls(&self) -> String {
        self.address("sip_tls")
    }

    /// What ready.json says of logins and devices.
    #[must_use]
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// Signed in as the first user with `role`.
    #[must_use]
    pub fn api(&self, role: &str) -> Api {
        let logins = self.ready["logins"].as_array().expect("ready.json lists logins");
        let login = logins.iter().find(|login| login["role"] == role);
        self.sign_in(login.unwrap_or_else(|| panic!("no login with the role {role}")))
    }

    /// Signed in with one of the logins of ready.json.
    #[must_use]
    pub fn sign_in(&self, login: &Value) -> Api {
        let text = |key: &str| login[key].as_str().unwrap_or_default().to_owned();
        Api::sign_in(&self.http(), &text("email"), &text("password"))
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process.take().expect("the hub runs").kill();
    }

    /// SIGTERM, and the exit status it ends with.
    pub fn stop(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("the hub runs");
        process.terminate();
        process.wait()
    }

    /// SIGTERM without waiting for the end.
    pub fn begin_stop(&self) {
        self.process.as_ref().expect("the hub runs").terminate();
    }

    /// Whether the program has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.as_mut().expect("the hub runs").ended()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the end of the hub's log:\n{}", tail(&self.log()));
        }
    }
}

/// `CENTRALITA_BIN`, else where a plain `cargo build` puts it.
///
/// # Panics
/// When it is not there, with the command that makes it.
#[must_use]
pub fn program() -> PathBuf {
    let path = std::env::var_os("CENTRALITA_BIN")
        .map_or_else(|| project().join("target/debug/centralita"), PathBuf::from);
    assert!(
        path.exists(),
        "{} is not there: cargo build --package centralita, or say CENTRALITA_BIN",
        path.display()
    );
    path
}

/// The last lines of a log.
#[must_use]
pub fn tail(log: &Path) -> String {
    const LINES: usize = 60;
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
