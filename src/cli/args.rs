//! What the command line takes.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use crm::words::Role;

use crate::config::PortRange;

#[derive(Debug, Parser)]
#[command(name = "centralita", version, about = "One server with which a company talks to its customers.")]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the hub.
    Serve(ConfigFile),
    /// Run a hub with an invented company, to look around. Deleting its data folder starts afresh.
    Demo(Demo),
    /// Bring the database's schema up to date, and stop.
    Migrate(ConfigFile),
    /// Users.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Bearer tokens for programs.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Print the OpenAPI document of the HTTP API.
    Openapi,
}

#[derive(Debug, clap::Args)]
pub struct ConfigFile {
    /// The configuration file. Without it ./centralita.toml is read if it is there.
    #[arg(long = "config", value_name = "FILE", env = "CENTRALITA_CONFIG")]
    pub file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Folder of the database, the recordings and the key.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    pub data: PathBuf,
    /// Address of the console and the API; port 0 = any free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub http: SocketAddr,
    /// Address for SIP over UDP and TCP; port 0 = any free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:5060")]
    pub sip: SocketAddr,
    /// UDP ports for sound; 0 = any free ones.
    #[arg(long, value_name = "A-B", default_value = "20000-23999")]
    pub rtp_ports: PortRange,
    /// Every demo agent starts ready, at a phone that answers, speaks and hangs up by itself.
    #[arg(long)]
    pub staffed: bool,
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user. The password is read from standard input.
    Add(NewUser),
    /// Give a user another password, read from standard input; ends the user's sessions.
    Passwd(UserEmail),
}

#[derive(Debug, clap::Args)]
pub struct NewUser {
    #[command(flatten)]
    pub config: ConfigFile,
    #[arg(long)]
    pub email: String,
    /// The name shown to others.
    #[arg(long)]
    pub name: String,
    /// admin, supervisor, agent or marketer.
    #[arg(long)]
    pub role: Role,
}

#[derive(Debug, clap::Args)]
pub struct UserEmail {
    #[command(flatten)]
    pub config: ConfigFile,
    #[arg(long)]
    pub email: String,
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token that acts for a user, and print it: it is shown this once.
    Create(NewToken),
}

#[derive(Debug, clap::Args)]
pub struct NewToken {
    #[command(flatten)]
    pub config: ConfigFile,
    /// The e-mail address of the user.
    #[arg(long, value_name = "EMAIL")]
    pub user: String,
    /// What the token is for.
    #[arg(long, default_value = "command line")]
    pub name: String,
}
