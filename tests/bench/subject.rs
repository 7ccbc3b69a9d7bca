//! The hub under measurement: `centralita serve` with one trunk on loopback, whose calls to one
//! number go out again to the same trunk, recorded on the way.

use std::path::{Path, PathBuf};
use std::process::Command;

use end_to_end::api::Api;
use end_to_end::folder::Folder;
use end_to_end::hub::{program, tail};
use end_to_end::ports::{free_block, free_port};
use end_to_end::process::Process;
use end_to_end::wait::eventually;

/// What the callers of the measurement dial.
pub const NUMBER: &str = "+34910555000";
/// Where the hub sends those calls.
const OUTSIDE: &str = "+34910555999";
/// Four a call; the set-up rates keep far fewer than this alive at once.
const RTP_PORTS: u16 = 4_000;

pub struct Subject {
    folder: Folder,
    process: Process,
    pub sip: String,
    pub carrier_port: u16,
    api: Api,
}

impl Subject {
    /// Starts it, ready for calls, which are recorded or not.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(record: bool) -> Self {
        let folder = Folder::new();
        let (sip_port, carrier_port, http_port) = (free_port(), free_port(), free_port());
        let browser_port = free_port();
        let rtp = free_block(RTP_PORTS);
        let config = format!(
            "[hub]\ndata_dir = \"{data}\"\n[http]\nlisten = \"127.0.0.1:{http_port}\"\n\
             [sip]\nlisten = [\"127.0.0.1:{sip_port}\"]\n\
             [media]\nrtp_ports = \"{first}-{last}\"\nbrowser_port = {browser_port}\n[log]\nfilter = \"warn\"\n\
             [calls]\nrecord = {record}\n\
             [trunks.load]\nsources = [\"127.0.0.1/32\"]\n\
             [trunks.load.outbound]\naddr = \"127.0.0.1:{carrier_port}\"\ntransport = \"udp\"\n\
             caller_id = \"+34910555001\"\n",
            data = folder.path().join("data").display(),
            first = rtp.start(),
            last = rtp.end(),
        );
        let file = folder.path().join("centralita.toml");
        std::fs::write(&file, config).expect("a file in a fresh folder");
        let arguments =
            |command: &str| vec![command.to_owned(), "--config".to_owned(), file.display().to_string()];
        let migrated = Command::new(program())
            .args(arguments("migrate"))
            .env_remove("CENTRALITA_BIN")
            .status()
            .expect("the program runs");
        assert!(migrated.success(), "migrate: {migrated}");
        add_route(&database(folder.path()));

        let log = folder.path().join("hub.log");
        let mut process = Process::start(&program(), &arguments("serve"), folder.path(), &log);
        let api = Api::stranger(&format!("127.0.0.1:{http_port}"));
        eventually("the hub to be ready", || {
            assert!(process.ended().is_none(), "the hub ended at start:\n{}", tail(&log));
            let answer = api.try_ask("GET", "/readyz", None).ok()?;
            (answer.status == 200).then_some(())
        });
        Self { sip: format!("127.0.0.1:{sip_port}"), folder, process, carrier_port, api }
    }

    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    #[must_use]
    pub fn phone_folder(&self, name: &str) -> PathBuf {
        self.folder.inside(name)
    }

    /// The sum of all series of a metric of the hub.
    ///
    /// # Panics
    /// When there is none of that name: a measurement of nothing is worse than none.
    #[must_use]
    pub fn metric(&self, name: &str) -> f64 {
        let answer = self.api.ask("GET", "/metrics", None);
        let text = answer.body.as_str().unwrap_or_default().to_owned();
        let values: Vec<f64> = text
            .lines()
            .filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])))
            .filter_map(|line| line.rsplit(' ').next()?.parse().ok())
            .collect();
        assert!(!values.is_empty(), "no metric {name} in:\n{text}");
        values.iter().sum()
    }

    /// How many calls the database holds, and how many of them have not ended.
    #[must_use]
    pub fn calls(&self) -> (u64, u64) {
        let count = |sql: &str| query(&database(self.folder.path()), sql).trim().parse().expect("a count");
        (count("SELECT count(*) FROM calls"), count("SELECT count(*) FROM calls WHERE ended_at IS NULL"))
    }

    /// How many bytes of recordings there are.
    #[must_use]
    pub fn recorded_bytes(&self) -> u64 {
        query(&database(self.folder.path()), "SELECT coalesce(sum(bytes), 0) FROM recordings")
            .trim()
            .parse()
            .expect("a sum")
    }
}

fn database(folder: &Path) -> PathBuf {
    folder.join("data/centralita.db")
}

/// Python's own SQLite: no further package.
fn query(database: &Path, sql: &str) -> String {
    let script = "import sqlite3,sys\n\
                  base = sqlite3.connect(sys.argv[1], timeout=30)\n\
                  for row in base.execute(sys.argv[2]): print(*row)\n\
                  base.commit()";
    let output = Command::new("python3").args(["-c", script]).arg(database).arg(sql).output();
    let output = output.expect("python3 is there");
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// There is no API for routes yet: the row as the hub would write it.
fn add_route(database: &Path) {
    query(
        database,
        &format!(
            "INSERT INTO inbound_routes (id, position, pattern, label, target_kind, number) \
             VALUES (randomblob(16), 0, '{NUMBER}', 'load', 'external', '{OUTSIDE}')"
        ),
    );
}
