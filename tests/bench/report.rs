//! `docs/BENCHMARKS.md`: what was measured, on what, against which targets.

use std::fmt::Write as _;
use std::path::Path;

use end_to_end::folder::project;
use end_to_end::hub::program;

use crate::machine;

/// One line of the table; `target` is what the measured value must hold, in words.
pub struct Row {
    pub what: &'static str,
    pub target: &'static str,
    pub measured: String,
    pub holds: bool,
}

/// Writes the page and returns whether every target holds.
///
/// # Panics
/// When the page cannot be written.
pub fn write(rows: &[Row]) -> bool {
    let mut page = String::from(
        "# Benchmarks\n\n\
         Written by `make bench`; do not edit. SIPp calls the hub, the hub calls SIPp back over an outside\n\
         route: two legs a call, G.711 at 20 ms both ways, relayed and recorded in stereo, SQLite with\n\
         `synchronous=FULL`. The load generator runs on the same cores. Lost packets are gaps in the RTP\n\
         sequences that the hub received and datagrams that its sockets dropped, not SIPp's own count.\n\
         The media room is measured with a load generator of its own; the time under way is from its sending\n\
         to its hearing, on a loaded machine.\n\n\
         | measured | target | result | |\n|---|---|---|---|\n",
    );
    page.push_str(&table(rows));
    let sipp = machine::version(Path::new("sipp"), "-v");
    let ours = machine::version(&program(), "--version");
    writeln!(page, "\nMachine: {}.\nPrograms: {ours} (release build), {sipp}.", machine::description())
        .expect("memory");
    page.push_str(
        "\nThe database by itself, ending with an error when its target is missed:\n\
         `cargo run --release -p crm --example write_load`.\n",
    );
    std::fs::write(project().join("docs/BENCHMARKS.md"), &page).expect("docs/ can be written");
    println!("{page}");
    all_hold(rows)
}

/// Prints a part of the table and returns whether every target in it holds.
pub fn print(rows: &[Row]) -> bool {
    print!("{}", table(rows));
    all_hold(rows)
}

fn table(rows: &[Row]) -> String {
    let mut table = String::new();
    for row in rows {
        let mark = if row.holds { "holds" } else { "**missed**" };
        writeln!(table, "| {} | {} | {} | {mark} |", row.what, row.target, row.measured).expect("memory");
    }
    table
}

fn all_hold(rows: &[Row]) -> bool {
    rows.iter().all(|row| row.holds)
}
