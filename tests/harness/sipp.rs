//! `SIPp` as a telephone: one process plays one scenario of `tests/scenarios/`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::folder::project;
use crate::hub::tail;
use crate::ports::{free_block, free_port};
use crate::process::Process;
use crate::sound::{tone, write_ulaw};
use crate::wait::eventually;

/// Ports for audio: RTP and RTCP a call, for the hundred calls of the measurement.
const MEDIA_PORTS: u16 = 420;
/// A scenario that has not ended by then never will: the hub's longest deadline is far below.
const SCENARIO_TIMEOUT_S: u32 = 80;

/// `SIPp` fills in its call number and process; the rest is ours, so that a test can address a call.
const CALL_ID: &str = "call-%u-%p";

/// A scenario with its parameters, started by [`Scenario::start`].
pub struct Scenario {
    file: &'static str,
    folder: PathBuf,
    port: u16,
    arguments: Vec<String>,
    tone_hz: f64,
    expected_code: Option<u16>,
    timeout_s: u32,
    traced: bool,
}

impl Scenario {
    /// `file`: without its folder and `.xml`. `folder`: where this phone keeps its logs.
    #[must_use]
    pub fn new(file: &'static str, folder: PathBuf) -> Self {
        Self {
            file,
            folder,
            port: free_port(),
            arguments: Vec::new(),
            tone_hz: 440.0,
            expected_code: None,
            timeout_s: SCENARIO_TIMEOUT_S,
            traced: true,
        }
    }

    /// Where this phone listens; default any free port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The tone that this phone sends.
    #[must_use]
    pub fn tone(mut self, frequency_hz: f64) -> Self {
        self.tone_hz = frequency_hz;
        self
    }

    /// Calls in all, and calls started a second.
    #[must_use]
    pub fn calls(mut self, count: u32, a_second: u32) -> Self {
        self.arguments.extend(["-m", &count.to_string(), "-r", &a_second.to_string()].map(str::to_owned));
        self.arguments.extend(["-l", &count.to_string()].map(str::to_owned));
        self
    }

    /// The final code that a refused caller expects: `[code]` in the scenario, which `SIPp` itself
    /// replaces only in messages.
    #[must_use]
    pub fn expecting(mut self, code: u16) -> Self {
        self.expected_code = Some(code);
        self
    }

    /// The number shown to the called.
    #[must_use]
    pub fn caller(self, number: &str) -> Self {
        self.key("caller", number)
    }

    /// The value of `[name]` in the scenario.
    #[must_use]
    pub fn key(mut self, name: &str, value: &str) -> Self {
        self.arguments.extend(["-key", name, value].map(str::to_owned));
        self
    }

    /// The number called, or the user of a REGISTER.
    #[must_use]
    pub fn service(mut self, service: &str) -> Self {
        self.arguments.extend(["-s", service].map(str::to_owned));
        self
    }

    /// The length of `<pause/>` in milliseconds: how long the call is talked on.
    #[must_use]
    pub fn talks_ms(mut self, ms: u32) -> Self {
        self.arguments.extend(["-d", &ms.to_string()].map(str::to_owned));
        self
    }

    /// Gives up after so long instead of the default.
    #[must_use]
    pub fn lasts_s(mut self, seconds: u32) -> Self {
        self.timeout_s = seconds;
        self
    }

    /// Keeps no trace of what is said: for measurements, which it would disturb.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.traced = false;
        self
    }

    /// For `[authentication]`.
    #[must_use]
    pub fn secret(mut self, username: &str, password: &str) -> Self {
        self.arguments.extend(["-au", username, "-ap", password].map(str::to_owned));
        self
    }

    /// Over TCP instead of UDP.
    #[must_use]
    pub fn over_tcp(mut self) -> Self {
        self.arguments.extend(["-t", "t1"].map(str::to_owned));
        self
    }

    /// Starts it towards `remote` (`HOST:PORT`), on the loopback address of the same family; one
    /// call unless said otherwise.
    #[must_use]
    pub fn start(self, remote: &str) -> Sipp {
        let own: IpAddr =
            if remote.starts_with('[') { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() };
        // `rtp_stream` reads raw audio from the folder that SIPp runs in.
        write_ulaw(&self.folder.join("tone.ulaw"), &tone(self.tone_hz, 2));
        let scenario = self.scenario();
        let media = free_block(MEDIA_PORTS);
        let mut arguments: Vec<String> = vec![
            remote.to_owned(),
            "-sf".into(),
            scenario.display().to_string(),
            "-i".into(),
            own.to_string(),
            "-p".into(),
            self.port.to_string(),
            "-mi".into(),
            own.to_string(),
            "-mp".into(),
            media.start().to_string(),
            "-nostdin".into(),
            // It ends itself on a busy machine otherwise.
            "-watchdog_interval".into(),
            "0".into(),
            "-cid_str".into(),
            CALL_ID.into(),
            "-timeout".into(),
            format!("{}s", self.timeout_s),
            "-timeout_error".into(),
            "-trace_err".into(),
            "-error_file".into(),
            "errors.log".into(),
        ];
        if self.traced {
            arguments.extend(["-trace_msg", "-message_file", "messages.log"].map(str::to_owned));
        }
        if !self.arguments.iter().any(|argument| argument == "-m") {
            arguments.extend(["-m", "1"].map(str::to_owned));
        }
        arguments.extend(self.arguments);
        let log = self.folder.join("screen.log");
        let process = Process::start(Path::new("sipp"), &arguments, &self.folder, &log);
        Sipp {
            process,
            name: self.file,
            folder: self.folder,
            own: SocketAddr::new(own, self.port),
            told: AtomicU32::new(0),
        }
    }

    fn scenario(&self) -> PathBuf {
        let original = project().join(format!("tests/scenarios/{}.xml", self.file));
        let Some(code) = self.expected_code else {
            return original;
        };
        let text = std::fs::read_to_string(&original).expect("a scenario can be read");
        let filled = self.folder.join(format!("{}.xml", self.file));
        std::fs::write(&filled, text.replace("[code]", &code.to_string()))
            .expect("a scenario can be written");
        filled
    }

    /// Starts it and waits for its success.
    pub fn run(self, remote: &str) -> Sipp {
        let mut phone = self.start(remote);
        phone.succeed();
        phone
    }
}

/// A running scenario, ended with its handle.
pub struct Sipp {
    process: Process,
    name: &'static str,
    folder: PathBuf,
    /// Where it listens.
    own: SocketAddr,
    /// How often it was told to go on.
    told: AtomicU32,
}

impl Sipp {
    /// Waits for the scenario's end.
    ///
    /// # Panics
    /// When a message came that it did not expect, or none came: with what was said on the wire.
    pub fn succeed(&mut self) {
        let status = self.process.wait();
        assert!(
            status.success(),
            "the phone {} was surprised ({status}):\n{}\nthe end of what was said:\n{}",
            self.name,
            tail(&self.folder.join("errors.log")),
            tail(&self.folder.join("messages.log")),
        );
    }

    /// Whether it has ended, well or not.
    pub fn ended(&mut self) -> bool {
        self.process.ended().is_some()
    }

    /// Tells a waiting customer that it is time to go on with the scenario: an INFO from the test,
    /// which the scenario waits for, with the Call-ID of the first call.
    pub fn go_on(&self) {
        // The same again would be a copy of the first.
        let told = self.told.fetch_add(1, Relaxed) + 1;
        let message = format!(
            "INFO sip:customer@127.0.0.1 SIP/2.0\r\n\
             Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-test{told}\r\n\
             From: <sip:test@127.0.0.1>;tag=test\r\nTo: <sip:customer@127.0.0.1>;tag=test\r\n\
             Call-ID: call-1-{}\r\nCSeq: {told} INFO\r\nContent-Length: 0\r\n\r\n",
            self.process.id()
        );
        let socket = UdpSocket::bind((self.own.ip(), 0)).expect("a free port");
        socket.send_to(message.as_bytes(), self.own).expect("loopback takes a datagram");
    }

    /// Waits for the end; whether it went as the scenario says.
    pub fn ends_well(&mut self) -> bool {
        self.process.wait().success()
    }

    /// Everything it sent and received.
    #[must_use]
    pub fn messages(&self) -> String {
        std::fs::read_to_string(self.folder.join("messages.log")).unwrap_or_default()
    }

    /// Where the other side wants its sound, once it has answered: the last description it sent.
    #[must_use]
    pub fn far_sound(&self) -> SocketAddr {
        let port = eventually("the other side's description", || {
            let messages = self.messages();
            let received = messages.split("message received").skip(1);
            // What it sent itself follows in the same part, after a line of dashes.
            let received = received.filter_map(|part| part.split("----").next()?.split_once("m=audio "));
            received.last()?.1.split(' ').next()?.parse::<u16>().ok()
        });
        SocketAddr::new(self.own.ip(), port)
    }

    /// Pulls the plug: no goodbye.
    pub fn vanish(&mut self) {
        self.process.kill();
    }
}
