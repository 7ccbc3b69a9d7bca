//! RustPBX under the same calls, from the same phones, on the same machine: what ours are measured against.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use end_to_end::folder::Folder;
use end_to_end::ports::{free_block, free_port};
use end_to_end::process::Process;
use end_to_end::sipp::Scenario;

use crate::machine;
use crate::report::Row;

/// What the callers dial there; a route leads it to the carrier.
const NUMBER: &str = "34910555000";
const CALLS_AT_ONCE: u32 = 100;
const MEASURED: Duration = Duration::from_secs(20);
/// A hundred calls are up after ten seconds; some more until buffers are filled.
const BUILT_UP: Duration = Duration::from_secs(16);
/// Talking time a call: building up, measuring, and a margin.
const TALKED_MS: u32 = 45_000;
const RATE_S: u32 = 20;
/// Until it listens.
const STARTED: Duration = Duration::from_secs(8);
const RTP_PORTS: u16 = 4_000;

/// Where `scripts/bench` has put it; none when it could not be built here.
fn program() -> Option<PathBuf> {
    std::env::var_os("RUSTPBX_BIN").map(PathBuf::from).filter(|file| file.exists())
}

struct Peer {
    folder: Folder,
    process: Process,
    sip: String,
    carrier_port: u16,
}

impl Peer {
    fn start(program: &std::path::Path, record: bool) -> Self {
        let folder = Folder::new();
        let (sip_port, carrier_port, http_port) = (free_port(), free_port(), free_port());
        let rtp = free_block(RTP_PORTS);
        let config = format!(
            "http_addr = \"127.0.0.1:{http_port}\"\nlog_level = \"error\"\n\
             database_url = \"sqlite://peer.sqlite3\"\nexternal_ip = \"127.0.0.1\"\n\
             rtp_start_port = {first}\nrtp_end_port = {last}\n\
             [proxy]\nmodules = [\"acl\", \"call\"]\naddr = \"127.0.0.1\"\nudp_port = {sip_port}\n\
             media_proxy = \"all\"\nacl_rules = [\"allow all\"]\n\
             [proxy.trunks.load]\ndest = \"sip:127.0.0.1:{carrier_port}\"\ninbound_hosts = [\"127.0.0.1\"]\n\
             media_mode = \"force_transcode\"\n\
             [[proxy.routes]]\nname = \"load\"\naction = \"forward\"\ndest = \"load\"\n\
             [proxy.routes.match]\n\"to.user\" = \"^{NUMBER}$\"\n\
             [recording]\nenabled = {record}\nauto_start = {record}\ntype = \"local\"\npath = \"recorders\"\n",
            first = rtp.start(),
            last = rtp.end(),
        );
        std::fs::write(folder.path().join("config.toml"), config).expect("a file in a fresh folder");
        let log = folder.path().join("peer.log");
        let arguments = ["--conf".to_owned(), "config.toml".to_owned()];
        let process = Process::start(program, &arguments, folder.path(), &log);
        std::thread::sleep(STARTED);
        Self { sip: format!("127.0.0.1:{sip_port}"), folder, process, carrier_port }
    }

    fn at_once(&self) -> String {
        let carrier = Scenario::new("carrier_answers", self.folder.inside("carrier"))
            .port(self.carrier_port)
            .calls(CALLS_AT_ONCE, CALLS_AT_ONCE)
            .lasts_s(240)
            .quiet()
            .start(&self.sip);
        let resident = machine::resident_bytes(self.process.id());
        let mut customers = Scenario::new("caller_timed", self.folder.inside("customers"))
            .caller("34600777000")
            .service(NUMBER)
            .calls(CALLS_AT_ONCE, 10)
            .talks_ms(TALKED_MS)
            .lasts_s(240)
            .quiet()
            .start(&self.sip);
        std::thread::sleep(BUILT_UP);
        let (cpu, began) = (machine::cpu_seconds(self.process.id()), Instant::now());
        std::thread::sleep(MEASURED);
        let cpu = (machine::cpu_seconds(self.process.id()) - cpu) / began.elapsed().as_secs_f64();
        let resident = machine::resident_bytes(self.process.id()) - resident;
        let well = customers.ends_well();
        drop(carrier);
        let calls = f64::from(CALLS_AT_ONCE);
        format!(
            "{:.3} % of a core and {:.0} kB each, {}",
            cpu * 100.0 / calls,
            resident / calls / 1024.0,
            in_words(well)
        )
    }

    fn rate(&self, a_second: u32) -> String {
        let calls = a_second * RATE_S;
        let carrier = Scenario::new("carrier_answers_silently", self.folder.inside("fast-carrier"))
            .port(self.carrier_port)
            .calls(calls, a_second)
            .lasts_s(RATE_S * 3 + 20)
            .quiet()
            .start(&self.sip);
        let cpu = machine::cpu_seconds(self.process.id());
        let mut customers = Scenario::new("caller_silent", self.folder.inside("fast-customers"))
            .caller("34600777000")
            .service(NUMBER)
            .calls(calls, a_second)
            .talks_ms(500)
            .lasts_s(RATE_S * 2 + 20)
            .quiet()
            .start(&self.sip);
        let well = customers.ends_well();
        drop(carrier);
        let cpu = (machine::cpu_seconds(self.process.id()) - cpu) * 1_000.0 / f64::from(calls);
        format!("{calls} calls, {}, {cpu:.1} ms of a core each", in_words(well))
    }
}

fn in_words(well: bool) -> &'static str {
    if well { "none failed" } else { "some failed" }
}

/// Figures beside ours, without a target: nothing of ours fails when another is slow, or not here.
pub fn rustpbx() -> Vec<Row> {
    let Some(program) = program() else {
        let measured = "could not be built here".to_owned();
        return vec![Row { what: "RustPBX", target: "beside ours", measured, holds: true }];
    };
    let row = |what, measured| Row { what, target: "beside ours", measured, holds: true };
    vec![
        row("RustPBX: 100 calls at once, recorded", Peer::start(&program, true).at_once()),
        row("RustPBX: 100 calls at once, not recorded", Peer::start(&program, false).at_once()),
        row("RustPBX: 100 calls/s set up and released", Peer::start(&program, true).rate(100)),
        row("RustPBX: 300 calls/s set up and released", Peer::start(&program, true).rate(300)),
    ]
}
