//! What the command line takes.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use crm::words::Role;

use crate::config::{PortRange, Setting};

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
    /// Recordings.
    Recordings {
        #[command(subcommand)]
        command: RecordingsCommand,
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

/// What is a key of the configuration too goes before its variable. The variables are named in the
/// help, but read with all the others: so they are understood, and refused, as everywhere.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Folder of the database, the recordings and the key [env: CENTRALITA_HUB__DATA_DIR] [default: data/demo].
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// Address of the console and the API; port 0 = any free one [env: CENTRALITA_HTTP__LISTEN]
    /// [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDR")]
    pub http: Option<SocketAddr>,
    /// Address for SIP over UDP and TCP; port 0 = any free one [env: CENTRALITA_SIP__LISTEN]
    /// [default: 127.0.0.1:5060].
    #[arg(long, value_name = "ADDR")]
    pub sip: Option<SocketAddr>,
    /// UDP ports for sound; 0 = any free ones [env: CENTRALITA_MEDIA__RTP_PORTS] [default: 20000-23999].
    #[arg(long, value_name = "A-B")]
    pub rtp_ports: Option<PortRange>,
    /// Every demo agent starts ready, at a phone that answers, speaks and hangs up by itself.
    #[arg(long)]
    pub staffed: bool,
}

impl Demo {
    /// The options that were given, as values of their keys.
    pub fn settings(&self) -> Vec<Setting> {
        let Self { data, http, sip, rtp_ports, staffed: _ } = self;
        let data = data.as_ref().map(|data| Setting::option("--data", "hub.data_dir", data.as_str()));
        let http = http.map(|http| Setting::option("--http", "http.listen", http.to_string()));
        let sip = sip.map(|sip| Setting::option("--sip", "sip.listen", vec![sip.to_string()]));
        let rtp_ports =
            rtp_ports.map(|ports| Setting::option("--rtp-ports", "media.rtp_ports", ports.to_string()));
        [data, http, sip, rtp_ports].into_iter().flatten().collect()
    }
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

#[derive(Debug, Subcommand)]
pub enum RecordingsCommand {
    /// Read every recording and compare it with its sum. Ends with 1 if one is not whole.
    Verify(Verify),
    /// Delete what is older than so many days, whatever the rules. What is on hold stays.
    Expire(Expire),
}

#[derive(Debug, clap::Args)]
pub struct Verify {
    #[command(flatten)]
    pub config: ConfigFile,
    /// Only those that began on this day (UTC) or later.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub since: Option<chrono::NaiveDate>,
}

#[derive(Debug, clap::Args)]
pub struct Expire {
    #[command(flatten)]
    pub config: ConfigFile,
    /// Days since a recording began; 0 = all of them.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=36_500))]
    pub older_than: u32,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Args, Command, Demo};
    use crate::config::{Config, Loaded, PortRange, load_demo};

    fn demo(options: &[&str]) -> Demo {
        let line = ["centralita", "demo"].iter().chain(options);
        let args = Args::try_parse_from(line).expect("parsed");
        let Command::Demo(demo) = args.command else { panic!("the demo") };
        demo
    }

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_demo_needs_no_options() {
        let demo = demo(&[]);
        assert!(!demo.staffed);
        let Loaded { config, origins: _ } = load_demo([], demo.settings()).expect("loads");
        assert_eq!(config, Config::demo());
    }

    #[test]
    fn every_port_can_be_any() {
        let demo = demo(&["--http", "[::1]:0", "--sip", "127.0.0.1:0", "--rtp-ports", "0"]);
        let Loaded { config, origins: _ } = load_demo([], demo.settings()).expect("loads");
        assert_eq!(config.http.listen.to_string(), "[::1]:0");
        assert_eq!(config.sip.listen[0].port(), 0);
        assert_eq!(config.media.rtp_ports, PortRange::ANY);
    }

    #[test]
    fn an_option_goes_before_its_variable() {
        let options = ["--data", "d", "--http", "[::1]:1", "--sip", "[::1]:2", "--rtp-ports", "8-15"];
        let variables = [
            ("CENTRALITA_HUB__DATA_DIR", "other"),
            ("CENTRALITA_HTTP__LISTEN", "127.0.0.1:3"),
            ("CENTRALITA_SIP__LISTEN", "127.0.0.1:4"),
            ("CENTRALITA_MEDIA__RTP_PORTS", "0"),
        ];
        let environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let loaded = load_demo(environment, demo(&options).settings()).expect("loads");
        let Config { hub, http, sip, media, .. } = &loaded.config;
        assert_eq!(hub.data_dir.to_str(), Some("d"));
        assert_eq!((http.listen.port(), sip.listen[0].port(), media.rtp_ports.last), (1, 2, 15));
        assert_eq!(media.bind, sip.listen[0].ip(), "sound goes where signalling goes");
        for (key, option) in [
            ("hub.data_dir", "--data"),
            ("http.listen", "--http"),
            ("sip.listen", "--sip"),
            ("media.bind", "--sip"),
            ("media.rtp_ports", "--rtp-ports"),
        ] {
            assert_eq!(loaded.origins.of(key).to_string(), format!("option {option}"), "{key}");
        }
    }

    #[test]
    fn the_help_shows_each_variable_and_default() {
        let command = Args::command();
        let demo = command.find_subcommand("demo").expect("the demo");
        let help = |option: &str| {
            let found = demo.get_arguments().find(|arg| arg.get_long() == Some(option)).expect("an option");
            found.get_help().expect("its help").to_string().replace('\n', " ")
        };
        let Config { hub, http, sip, media, .. } = Config::demo();
        for (option, variable, default) in [
            ("data", "CENTRALITA_HUB__DATA_DIR", hub.data_dir.display().to_string()),
            ("http", "CENTRALITA_HTTP__LISTEN", http.listen.to_string()),
            ("sip", "CENTRALITA_SIP__LISTEN", sip.listen[0].to_string()),
            ("rtp-ports", "CENTRALITA_MEDIA__RTP_PORTS", media.rtp_ports.to_string()),
        ] {
            let wanted = format!("[env: {variable}] [default: {default}]");
            assert!(help(option).contains(&wanted), "{option}: {}", help(option));
        }
    }
}
