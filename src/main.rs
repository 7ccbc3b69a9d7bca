use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

/// Gives a burst's memory back to the system within seconds, from a thread of its own; the system's allocator keeps
/// most of it until the process ends (docs/decisions/2026-11-23-allocator.md).
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    centralita::cli::main()
}
