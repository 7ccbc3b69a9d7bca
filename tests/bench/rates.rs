//! Calls that come fast: are all set up, released and kept, and what is left of them in memory.

use std::time::Duration;

use end_to_end::sipp::Scenario;

use crate::machine;
use crate::report::Row;
use crate::subject::{NUMBER, Subject};

/// How long a rate is kept up.
const RATE_S: u32 = 20;
/// Longer than a SIP transaction is remembered (RFC 3261 17.2: timers H and J, 32 s), so that as many are remembered as
/// ever will be at this rate.
const WARM_UP_S: u32 = 45;
/// 300 a second for this long are the 20,000 calls after which memory is looked at.
const MANY_S: u32 = 67;
/// Longer than the last transaction is remembered.
const FORGOTTEN: Duration = Duration::from_secs(45);
/// The last rows are closed and the kernel's ports are free again.
const SETTLED: Duration = Duration::from_secs(5);
/// What an allocator keeps for the next burst; a leak of a kilobyte a call would be 20 MB.
const KEPT_LIMIT_BYTES: f64 = 8.0 * 1_048_576.0;

/// What a burst of calls came to.
struct Burst {
    calls: u32,
    well: bool,
    rows: u64,
    open: u64,
    cpu_ms: f64,
}

impl Burst {
    fn holds(&self) -> bool {
        self.well && self.open == 0
    }

    fn in_words(&self) -> String {
        let failed = if self.well { "none failed" } else { "some failed" };
        let Self { calls, rows, open, cpu_ms, .. } = self;
        format!("{calls} calls, {failed}, {rows} rows of which {open} open, {cpu_ms:.1} ms of a core each")
    }
}

/// `rate` calls a second for so many seconds, half a second of talk each.
fn burst(hub: &Subject, rate: u32, seconds: u32) -> Burst {
    let calls = rate * seconds;
    let before = hub.calls().0;
    let carrier = Scenario::new("carrier_answers_silently", hub.phone_folder(&format!("carrier-{before}")))
        .port(hub.carrier_port)
        .calls(calls, rate)
        .lasts_s(seconds * 3 + 20)
        .quiet()
        .start(&hub.sip);
    let cpu = machine::cpu_seconds(hub.process_id());
    let mut customers = Scenario::new("caller_silent", hub.phone_folder(&format!("customers-{before}")))
        .caller("+34600777000")
        .service(NUMBER)
        .calls(calls, rate)
        .talks_ms(500)
        .lasts_s(seconds * 2 + 20)
        .quiet()
        .start(&hub.sip);
    let well = customers.ends_well();
    drop(carrier);
    std::thread::sleep(SETTLED);
    let cpu_ms = (machine::cpu_seconds(hub.process_id()) - cpu) * 1_000.0 / f64::from(calls);
    let (rows, open) = hub.calls();
    Burst { calls, well: well && rows - before == u64::from(calls), rows: rows - before, open, cpu_ms }
}

/// Bytes.
struct Memory {
    /// What the kernel counts.
    resident: f64,
    /// What the program has asked for and not given back.
    in_use: f64,
}

impl Memory {
    fn of(hub: &Subject) -> Self {
        let resident = machine::resident_bytes(hub.process_id());
        Self { resident, in_use: hub.metric("centralita_memory_in_use_bytes") }
    }
}

pub fn set_up_rates() -> Vec<Row> {
    [(100, "100 calls/s set up and released"), (300, "300 calls/s set up and released")]
        .map(|(rate, what)| {
            let burst = burst(&Subject::start(true), rate, RATE_S);
            let target = "no failure, every call has its row";
            Row { what, target, measured: burst.in_words(), holds: burst.holds() }
        })
        .into()
}

/// The start is after a first burst: pools, caches and the allocator have their size then. Both times are when the calls
/// are over and forgotten.
pub fn memory_after_many_calls() -> Vec<Row> {
    let hub = Subject::start(true);
    let first = burst(&hub, 300, WARM_UP_S);
    std::thread::sleep(FORGOTTEN);
    let before = Memory::of(&hub);
    let many = burst(&hub, 300, MANY_S);
    std::thread::sleep(FORGOTTEN);
    let after = Memory::of(&hub);
    let more = after.resident - before.resident;
    let megabytes = |bytes: f64| bytes / 1_048_576.0;
    vec![Row {
        what: "memory after 20,000 calls more",
        target: "back at its start (8 MB)",
        measured: format!(
            "{:+.1} MB on {:.0} MB ({:+.1} MB in use), {}",
            megabytes(more),
            megabytes(before.resident),
            megabytes(after.in_use - before.in_use),
            many.in_words()
        ),
        holds: first.holds() && many.holds() && more <= KEPT_LIMIT_BYTES,
    }]
}
