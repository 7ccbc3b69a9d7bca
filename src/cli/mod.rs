//! The command line.

mod args;
mod output;
mod recordings;
mod serve;
mod users;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command, RecordingsCommand, TokenCommand, UserCommand};
use output::Failure;

/// Runs the program; what went wrong is one line on standard error.
#[must_use]
pub fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure);
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Serve(config) => serve::serve(&config),
        Command::Demo(options) => serve::demo(&options),
        Command::Migrate(config) => users::migrate(&config),
        Command::User { command: UserCommand::Add(new) } => users::add(&new),
        Command::User { command: UserCommand::Passwd(change) } => users::passwd(&change),
        Command::Token { command: TokenCommand::Create(new) } => users::create_token(&new),
        Command::Recordings { command: RecordingsCommand::Verify(asked) } => recordings::verify(&asked),
        Command::Recordings { command: RecordingsCommand::Expire(asked) } => recordings::expire(&asked),
        Command::Openapi => output::print(&crate::http::openapi_json()),
    }
}
