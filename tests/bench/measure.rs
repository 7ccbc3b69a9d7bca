//! Measures a release build against the targets, with `SIPp` on both sides, and writes
//! `docs/BENCHMARKS.md`. Ends with failure when a target is missed. With names of parts (`steady`,
//! `rates`, `memory`, `media`, `peer`) it measures those, prints them and writes nothing.

use std::process::ExitCode;

mod machine;
mod peer;
mod rates;
mod report;
mod rooms;
mod steady;
mod subject;

use report::Row;

type Part = (&'static str, fn() -> Vec<Row>);

const PARTS: [Part; 6] = [
    ("steady", steady::recorded_calls),
    ("steady", steady::relayed_calls),
    ("rates", rates::set_up_rates),
    ("memory", rates::memory_after_many_calls),
    ("media", rooms::media),
    ("peer", peer::rustpbx),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        eprintln!("no such part: {unknown} (steady, rates, memory, media, peer)");
        return ExitCode::from(2);
    }
    let is_wanted = |part: &&Part| wanted.is_empty() || wanted.iter().any(|name| name == part.0);
    let rows: Vec<Row> = PARTS.iter().filter(is_wanted).flat_map(|(_, measure)| measure()).collect();
    let holds = if wanted.is_empty() { report::write(&rows) } else { report::print(&rows) };
    if holds {
        ExitCode::SUCCESS
    } else {
        eprintln!("a target is missed");
        ExitCode::FAILURE
    }
}
