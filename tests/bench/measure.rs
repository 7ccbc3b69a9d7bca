//! Measures a release build against the targets, with `SIPp` on both sides, and writes
//! `docs/BENCHMARKS.md`. Ends with failure when a target is missed.

use std::process::ExitCode;

mod machine;
mod peer;
mod rates;
mod report;
mod rooms;
mod steady;
mod subject;

fn main() -> ExitCode {
    let mut rows = steady::recorded_calls();
    rows.extend(steady::relayed_calls());
    rows.extend(rates::set_up_rates());
    rows.extend(rates::memory_after_many_calls());
    rows.extend(rooms::media());
    rows.extend(peer::rustpbx());
    if report::write(&rows) {
        ExitCode::SUCCESS
    } else {
        eprintln!("a target is missed");
        ExitCode::FAILURE
    }
}
