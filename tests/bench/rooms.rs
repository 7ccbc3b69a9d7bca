//! The media room by itself, where what one packet costs and how long it takes can be told.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use end_to_end::hub::program;

use crate::report::Row;

const CALLS: &str = "100";
const SECONDS: &str = "20";

/// Three runs of `media/examples/relay_load`, which asserts its targets itself.
pub fn media() -> Vec<Row> {
    vec![
        run("pcma", "packets passed on by the media room", "none lost"),
        run(
            "opus",
            "Opus to G.711 in the media room, recorded",
            "at most 0.6 % of a core per call, none lost",
        ),
        run(
            "browser",
            "browser (Opus, ICE, DTLS-SRTP) to phone (G.711) in the media room, recorded",
            "at most 0.6 % of a core per call, none lost",
        ),
    ]
}

fn run(codec: &str, what: &'static str, target: &'static str) -> Row {
    let output = Command::new(example()).args([CALLS, SECONDS, codec]).output();
    let output = output.expect("scripts/bench has built the example");
    let said = String::from_utf8_lossy(&output.stdout);
    let figures = said.lines().find_map(|line| line.strip_prefix("figures ")).unwrap_or_default();
    let figures: Vec<&str> = figures.split(' ').collect();
    let [cpu_pct, lost, delay_us] = figures[..] else {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Row { what, target, measured: format!("no figures: {said}{complaint}"), holds: false };
    };
    let mut measured = format!("{CALLS} calls, {lost} lost, {cpu_pct} % of a core each");
    let delay = delay_us.parse().map(Duration::from_micros).unwrap_or_default();
    measured += &match codec {
        "pcma" => format!(", 99 of 100 packets through within {} µs", delay.as_micros()),
        // What its packet's length and the jitter buffer take is part of it.
        _ => format!(", 99 of 100 sounds heard within {} ms", delay.as_millis()),
    };
    Row { what, target, measured, holds: output.status.success() }
}

fn example() -> PathBuf {
    program().with_file_name("examples").join("relay_load")
}
