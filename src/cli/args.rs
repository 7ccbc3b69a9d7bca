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

/// The options of the demo that are keys of the configuration too: a variable is taken unless the
/// option is given. The other keys follow the environment as ever.
pub const DEMO_KEYS: [&str; 4] = [
    "CENTRALITA_HUB__DATA_DIR",
    "CENTRALITA_HTTP__LISTEN",
    "CENTRALITA_SIP__LISTEN",
    "CENTRALITA_MEDIA__RTP_PORTS",
];

#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Folder of the database, the recordings and the key.
    #[arg(long, value_name = "DIR", env = "CENTRALITA_HUB__DATA_DIR", default_value = "data/demo")]
    pub data: PathBuf,
    /// Address of the console and the API; port 0 = any free one.
    #[arg(long, value_name = "ADDR", env = "CENTRALITA_HTTP__LISTEN", default_value = "127.0.0.1:8080")]
    pub http: SocketAddr,
    /// Address for SIP over UDP and TCP; port 0 = any free one.
    #[arg(long, value_name = "ADDR", env = "CENTRALITA_SIP__LISTEN", default_value = "127.0.0.1:5060")]
    pub sip: SocketAddr,
    /// UDP ports for sound; 0 = any free ones.
    #[arg(long, value_name = "A-B", env = "CENTRALITA_MEDIA__RTP_PORTS", default_value = "20000-23999")]
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

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Args, Command, DEMO_KEYS};
    use crate::config::PortRange;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_demo_needs_no_options() {
        let args = Args::try_parse_from(["centralita", "demo"]).expect("parsed");
        let Command::Demo(demo) = args.command else { panic!("the demo") };
        assert_eq!(demo.http.to_string(), "127.0.0.1:8080");
        assert_eq!(demo.sip.to_string(), "127.0.0.1:5060");
        assert!(!demo.staffed);
    }

    #[test]
    fn every_port_can_be_any() {
        let line = ["centralita", "demo", "--http", "[::1]:0", "--sip", "127.0.0.1:0", "--rtp-ports", "0"];
        let args = Args::try_parse_from(line).expect("parsed");
        let Command::Demo(demo) = args.command else { panic!("the demo") };
        assert_eq!((demo.http.port(), demo.sip.port(), demo.rtp_ports), (0, 0, PortRange::ANY));
    }

    #[test]
    fn what_is_both_option_and_key_is_known_by_one_name() {
        let command = Args::command();
        let demo = command.find_subcommand("demo").expect("the demo");
        let named: Vec<_> = demo.get_arguments().filter_map(clap::Arg::get_env).collect();
        assert_eq!(named, DEMO_KEYS);
    }
}
