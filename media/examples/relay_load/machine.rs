//! What the kernel says of this process: its processor time and memory. Linux only (`/proc`).

use crate::Outcome;

/// Linux counts CPU time in hundredths of a second for everybody (`USER_HZ`).
const CLOCK_TICKS_A_SECOND: f64 = 100.0;
const PAGE_BYTES: f64 = 4_096.0;

/// User and system time of a process or one of its threads.
pub fn cpu_seconds(of: &str) -> Outcome<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{of}/stat"))?;
    // The name in parentheses may hold spaces.
    let after_name = stat.rsplit(')').next().ok_or("no stat")?;
    let words: Vec<&str> = after_name.split_whitespace().collect();
    let (user, system): (f64, f64) = (words[11].parse()?, words[12].parse()?);
    Ok((user + system) / CLOCK_TICKS_A_SECOND)
}

pub fn threads_cpu() -> Outcome<Vec<(String, f64)>> {
    let mut threads = Vec::new();
    for entry in std::fs::read_dir("/proc/self/task")? {
        let id = entry?.file_name();
        let id = id.to_string_lossy();
        let name = std::fs::read_to_string(format!("/proc/self/task/{id}/comm"))?;
        threads.push((name.trim().to_owned(), cpu_seconds(&format!("self/task/{id}"))?));
    }
    Ok(threads)
}

/// Memory in use by this process.
pub fn memory_bytes() -> Outcome<f64> {
    let pages = std::fs::read_to_string("/proc/self/statm")?;
    let resident: f64 = pages.split_whitespace().nth(1).ok_or("no statm")?.parse()?;
    Ok(resident * PAGE_BYTES)
}
