//! baresip as a desk phone without a sound card: it speaks a WAV and dumps what it hears.

use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::dtls_certificate;
use crate::hub::tail;
use crate::ports::{free_block, free_port};
use crate::process::Process;
use crate::sound::{Sound, tone, write_wav};
use crate::wait::eventually;

const MODULES: &str = "/usr/lib/baresip/modules";
/// Two ports a call; one call at a time.
const MEDIA_PORTS: u16 = 20;
/// The phone's file source ends with its file: longer than any call of a test.
const TONE_SECONDS: u32 = 120;

/// How long a key is held, and the pause after it: a person's pace.
const KEY_DOWN: Duration = Duration::from_millis(160);
const KEY_UP: Duration = Duration::from_millis(250);

/// How the phone wants its sound encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    None,
    /// SDES-SRTP where the other side has keys too.
    Sdes,
    Dtls,
}

impl Encryption {
    fn parameter(self) -> &'static str {
        match self {
            Encryption::None => "",
            Encryption::Sdes => ";mediaenc=srtp",
            Encryption::Dtls => ";mediaenc=dtls_srtp",
        }
    }
}

/// How to set one up.
pub struct Setup<'a> {
    pub folder: PathBuf,
    /// `HOST:PORT` of the hub.
    pub hub: &'a str,
    pub username: &'a str,
    /// None: does not register, as a caller from a carrier.
    pub password: Option<&'a str>,
    /// Picks up by itself.
    pub answers: bool,
    /// The number it dials as it starts.
    pub dials: Option<&'a str>,
    pub tone_hz: f64,
    /// `udp`, `tcp` or `tls`; over TLS its sound is encrypted too (SDES-SRTP) unless said otherwise.
    pub transport: &'a str,
}

/// A running phone, ended with its handle.
pub struct Baresip {
    process: Process,
    folder: PathBuf,
    /// Its console on UDP: a byte is a key pressed.
    keyboard: u16,
}

impl Setup<'_> {
    /// Writes the phone's folder and starts it.
    #[must_use]
    pub fn start(self) -> Baresip {
        let usual = if self.transport == "tls" { Encryption::Sdes } else { Encryption::None };
        self.start_encrypting(usual)
    }

    /// As [`Setup::start`], with the sound encrypted in this way.
    #[must_use]
    pub fn start_encrypting(self, encryption: Encryption) -> Baresip {
        self.launch(encryption, free_port(), None, None)
    }

    /// As [`Setup::start`], at this address in this network namespace. It has no keyboard there.
    #[must_use]
    pub fn start_in(self, namespace: &str, own: &str) -> Baresip {
        self.launch(Encryption::None, free_port(), None, Some((namespace, own)))
    }

    /// A carrier's exchange: takes calls for its username at `port`, a port above by TLS, where it
    /// shows this certificate with its key, in PEM. Its sound is not encrypted.
    #[must_use]
    pub fn start_as_carrier(self, port: u16, certificate: &Path) -> Baresip {
        self.launch(Encryption::None, port, Some(certificate), None)
    }

    /// `place`: a network namespace and the address there.
    fn launch(
        self,
        encryption: Encryption,
        port: u16,
        certificate: Option<&Path>,
        place: Option<(&str, &str)>,
    ) -> Baresip {
        let loopback = if self.hub.starts_with('[') { "[::1]" } else { "127.0.0.1" };
        let own = place.map_or(loopback, |(_, own)| own);
        write_wav(&self.folder.join("speech.wav"), &tone(self.tone_hz, TONE_SECONDS));
        let dumps = self.folder.join("heard");
        std::fs::create_dir_all(&dumps).expect("a folder in the test's folder");
        let media = free_block(MEDIA_PORTS);
        let keyboard = free_port();
        let interface = own.trim_matches(['[', ']']);
        // Files relative to where the phone runs: it cuts names off after 127 bytes.
        let shown = certificate.map_or(String::new(), |pem| {
            std::fs::copy(pem, self.folder.join("sip.pem")).expect("the certificate is there");
            "sip_certificate sip.pem\n".to_owned()
        });
        let config = format!(
            "sip_listen {own}:{port}\n{shown}net_interface {interface}\n\
             audio_source aufile,speech.wav\nausrc_srate 8000\nauplay_srate 8000\n\
             ausrc_channels 1\nauplay_channels 1\nrtp_ports {}-{}\n\
             module_path {MODULES}\nmodule g711.so\nmodule aufile.so\nmodule sndfile.so\n\
             snd_path heard\nmodule cons.so\ncons_listen 127.0.0.1:{keyboard}\n\
             module srtp.so\nmodule dtls_srtp.so\nmodule_tmp account.so\nmodule_app menu.so\n",
            media.start(),
            media.end(),
        );
        let register = match self.password {
            Some(password) => format!(";auth_user={};auth_pass={password};regint=60", self.username),
            None => ";regint=0".to_owned(),
        };
        let mode = if self.answers { "auto" } else { "manual" };
        let encrypting = encryption.parameter();
        let account = format!(
            "<sip:{}@{};transport={}>{register}{encrypting};answermode={mode};\
             audio_codecs=PCMU/8000/1,PCMA/8000/1\n",
            self.username, self.hub, self.transport
        );
        std::fs::write(self.folder.join("config"), config).expect("a file in the phone's folder");
        std::fs::write(self.folder.join("accounts"), account).expect("a file in the phone's folder");
        std::fs::write(self.folder.join("contacts"), "").expect("a file in the phone's folder");

        // `env` and `stdbuf` replace themselves by the phone, whose lines are then seen as they are printed.
        let mut arguments: Vec<String> = match encryption {
            Encryption::Dtls => {
                vec![format!("LD_PRELOAD={}", dtls_certificate::prepare(&self.folder).display())]
            }
            Encryption::None | Encryption::Sdes => Vec::new(),
        };
        arguments.extend([
            "stdbuf".to_owned(),
            "-oL".into(),
            "baresip".into(),
            "-f".into(),
            self.folder.display().to_string(),
            "-v".into(),
            "-s".into(),
        ]);
        if let Some(number) = self.dials {
            arguments.push("-e".into());
            arguments.push(format!("/dial sip:{number}@{};transport={}", self.hub, self.transport));
        }
        let log = self.folder.join("phone.log");
        let process = match place {
            None => Process::start(Path::new("env"), &arguments, &self.folder, &log),
            Some((namespace, _)) => {
                let there = ["netns", "exec", namespace, "env"].map(str::to_owned);
                Process::start(Path::new("ip"), &[&there[..], &arguments].concat(), &self.folder, &log)
            }
        };
        Baresip { process, folder: self.folder, keyboard }
    }
}

impl Drop for Baresip {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.folder.join("phone.log");
            eprintln!("the end of {}:\n{}", log.display(), tail(&log));
        }
    }
}

impl Baresip {
    /// Hangs up and ends, as by Ctrl-C: baresip says BYE first.
    pub fn hang_up(&mut self) {
        self.process.terminate();
        self.process.wait();
    }

    /// Dials a number of the hub that it is registered with.
    pub fn dial(&self, number: &str) {
        self.strike(format!("/dial {number}\n").as_bytes());
    }

    /// Presses keys of its keypad, as a person does during a call.
    pub fn press(&self, keys: &str) {
        /// The byte by which a key goes up again.
        const RELEASE: u8 = 0x04;
        for key in keys.bytes() {
            for (stroke, held) in [(key, KEY_DOWN), (RELEASE, KEY_UP)] {
                self.strike(&[stroke]);
                std::thread::sleep(held);
            }
        }
    }

    fn strike(&self, keys: &[u8]) {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        socket.send_to(keys, ("127.0.0.1", self.keyboard)).expect("loopback takes a datagram");
    }

    /// The keys that it heard pressed, each once, and of which it heard the end.
    #[must_use]
    pub fn keys_heard(&self) -> String {
        let log = self.log();
        let events = log.lines().filter_map(|line| line.split_once("received event: '"));
        events
            .filter(|(_, event)| event.contains("(end=1)"))
            .filter_map(|(_, event)| event.chars().next())
            .collect()
    }

    /// What it printed, its SIP trace included.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.join("phone.log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until it has printed `text`.
    pub fn says(&self, text: &str) {
        eventually(&format!("baresip to print {text:?}"), || self.log().contains(text).then_some(()));
    }

    /// What it heard, once it has ended.
    ///
    /// # Panics
    /// When it dumped nothing.
    #[must_use]
    pub fn heard(&self) -> Sound {
        let dump = self.dump().unwrap_or_else(|| panic!("baresip dumped nothing:\n{}", self.log()));
        let bytes = std::fs::read(&dump).expect("a dump can be read");
        Sound::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", dump.display()))
    }

    /// What it has heard of a call that still runs; none before there is any.
    #[must_use]
    pub fn heard_so_far(&self) -> Option<Sound> {
        Sound::read_growing(&std::fs::read(self.dump()?).ok()?)
    }

    fn dump(&self) -> Option<PathBuf> {
        std::fs::read_dir(self.folder.join("heard"))
            .expect("the dump folder was made at start")
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.to_string_lossy().ends_with("-dec.wav"))
    }
}
