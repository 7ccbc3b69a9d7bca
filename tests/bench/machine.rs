//! What the kernel says of a process and of this machine.

use std::path::Path;
use std::process::Command;

/// The kernel's clock for `/proc/PID/stat`: USER_HZ, 100 on every Linux that we run on.
const TICKS_A_SECOND: f64 = 100.0;

/// Processor time of a process so far, user and system, in seconds.
///
/// # Panics
/// When the process is gone.
#[must_use]
pub fn cpu_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("the hub runs");
    // proc(5): fields 14 and 15, counted after the name, which may hold blanks and brackets.
    let after_name = stat.rsplit_once(')').expect("a process has a name").1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |index: usize| fields[index].parse::<f64>().expect("proc(5) says a number");
    (ticks(11) + ticks(12)) / TICKS_A_SECOND
}

/// Resident memory of a process in bytes.
///
/// # Panics
/// When the process is gone.
#[must_use]
pub fn resident_bytes(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the hub runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("proc(5) says it");
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("proc(5) says a number");
    kilobytes * 1024.0
}

/// Processor, cores, memory and system in one line.
#[must_use]
pub fn description() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once([':', '=']).map_or("", |pair| pair.1).trim().trim_matches('"').to_owned()
    };
    let cpu = value(&read("/proc/cpuinfo"), "model name");
    let memory = value(&read("/proc/meminfo"), "MemTotal");
    let system = value(&read("/etc/os-release"), "PRETTY_NAME");
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!(
        "{cpu}, {cores} cores, {memory} memory, {system}, Linux {}",
        read("/proc/sys/kernel/osrelease").trim()
    )
}

/// The first line that a program prints about its version.
#[must_use]
pub fn version(program: &Path, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let text = output.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("?").trim_end_matches('.').to_owned()
}
