use std::process::ExitCode;

fn main() -> ExitCode {
    centralita::cli::main()
}
