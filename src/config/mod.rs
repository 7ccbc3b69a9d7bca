//! The configuration: one TOML file, every key documented in `centralita.example.toml`, every key
//! overridable by an environment variable `CENTRALITA_SECTION__KEY`.
//!
//! An unknown key or a bad value stops start-up, naming where it stands, the key and the reason.

mod check;
mod env;
mod error;
mod load;
mod model;
mod origin;
mod ports;
mod setting;
#[cfg(test)]
mod tests;

pub use error::{ConfigError, Unusable};
pub use load::{ENV_PREFIX, Loaded, load, load_demo};
pub use model::{
    Acme, Calls, Config, Database, Http, Hub, LogFormat, Logging, Media, Public, Sip, SipTransport, Tls,
    Trunk, TrunkPeer, TrunkTransport, Turn,
};
pub use origin::{Origin, Origins};
pub use ports::PortRange;
pub use setting::Setting;

use std::path::{Path, PathBuf};

use crm::phone::Region;

/// How the program was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A company's own hub.
    Serve,
    /// The invented company. `staffed`: all its agents are ready at phones that answer by themselves.
    Demo { staffed: bool },
}

impl Mode {
    #[must_use]
    pub fn is_demo(self) -> bool {
        matches!(self, Self::Demo { .. })
    }
}

impl Config {
    /// The demo's configuration where nobody says otherwise: the usual one, on loopback, with the
    /// invented company's names and a data folder of its own.
    #[must_use]
    pub fn demo() -> Self {
        let mut config = Self::default();
        "Aurora".clone_into(&mut config.hub.name);
        config.hub.data_dir = PathBuf::from("data/demo");
        "aurora.example".clone_into(&mut config.sip.realm);
        // Several demos run side by side.
        config.media.browser_port = 0;
        config.http.listen_tls = Some(std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 8443)));
        config.sip.listen_tls = vec![std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 5061))];
        config
    }

    /// Makes the data folder, for its owner alone: it holds everything that customers said.
    ///
    /// # Errors
    /// The system's.
    pub fn make_data_dir(&self) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(&self.hub.data_dir)
    }

    /// Where the recordings lie; their paths in the database are relative to the data folder.
    #[must_use]
    pub fn recordings_dir(&self) -> PathBuf {
        self.hub.data_dir.join("recordings")
    }

    /// Whose national numbers are written without a country. Checked when it was loaded.
    #[must_use]
    pub fn region(&self) -> Region {
        self.hub.default_region.parse().unwrap_or(Region::SPAIN)
    }

    /// The database's address: the configured one, else SQLite in the data folder.
    #[must_use]
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite:{}", self.hub.data_dir.join("centralita.db").display())
        } else {
            self.database.url.clone()
        }
    }

    /// The file with the key that seals others' secrets. Outside the database on purpose; inside
    /// the data folder unless configured elsewhere.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        if self.hub.key_file == Path::new("") {
            self.hub.data_dir.join("centralita.key")
        } else {
            self.hub.key_file.clone()
        }
    }
}
