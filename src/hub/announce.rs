//! What the hub says of itself: to the console in public, and to whoever started the demo.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};
use sip::Transport;

use super::rooms::addr_of;
use super::{HubError, storage};
use crate::config::{Config, Media, PortRange};
use crate::demo::Demo;
use crate::http::Doors;
use crate::views::{Hub, InboundNumber, PhoneKind};

/// The file that tells programs where the demo can be reached, below the data folder. Written
/// when everything is open; it holds the invented company's secrets, nobody else's.
const READY_FILE: &str = "ready.json";

/// Where the console can be had.
#[derive(Clone, Copy)]
pub struct Opened {
    pub http: SocketAddr,
    pub https: Option<SocketAddr>,
}

impl Opened {
    /// # Errors
    /// The system's.
    pub fn of(doors: &Doors) -> std::io::Result<Self> {
        let https = doors.encrypted.as_ref().map(|door| door.listener.local_addr()).transpose()?;
        Ok(Self { http: doors.plain.local_addr()?, https })
    }
}

/// The hub as the sign-in page shows it.
///
/// # Errors
/// When the database does not answer.
pub async fn public(config: &Config, db: &crm::Db, demo: Option<&Demo>) -> Result<Hub, HubError> {
    let numbers = crm::routes::list(db).await?;
    Ok(Hub {
        name: config.hub.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: demo.is_some(),
        inbound_numbers: numbers
            .into_iter()
            .map(|route| InboundNumber { number: route.pattern, label: route.label })
            .collect(),
        demo_logins: demo.map(|demo| demo.logins.clone()),
    })
}

/// Everything is open: the demo's banner and file.
///
/// # Errors
/// When the file cannot be written.
pub async fn ready(
    config: &Config,
    opened: Opened,
    sip: &sip::Sip,
    demo: Option<&Demo>,
) -> Result<(), HubError> {
    for (transport, address) in sip.local_addrs() {
        // A configured port 0 is a port of the system's choice: here it is said.
        tracing::info!(?transport, %address, "open for phones and carriers");
    }
    let Media { bind, advertised, rtp_ports, .. } = &config.media;
    let told = advertised.unwrap_or(*bind);
    tracing::info!(address = %bind, %told, ports = %ports(*rtp_ports), "open for sound");
    let Some(demo) = demo else {
        let console = match opened {
            Opened { https: Some(https), .. } => format!("https://{https}"),
            Opened { http, https: None } => format!("http://{http}"),
        };
        tracing::info!(%console, "ready");
        return Ok(());
    };
    let folder = &config.hub.data_dir;
    let content = file(opened, sip, demo);
    write_whole(folder, &content).map_err(|source| storage::unwritable(folder, &source))?;
    print!("{}", banner(config, opened, sip, demo));
    Ok(())
}

/// For people: which ports a firewall must let through.
fn ports(range: PortRange) -> String {
    // Each call then has its own from the system: there is no number to say beforehand.
    if range == PortRange::ANY { "any free".to_owned() } else { range.to_string() }
}

fn file(opened: Opened, sip: &sip::Sip, demo: &Demo) -> Value {
    let desk_phones: Vec<Value> = demo
        .devices
        .iter()
        .filter(|device| device.kind == PhoneKind::Desk)
        .map(|device| {
            json!({
                "email": device.email,
                "username": device.username,
                "password": device.secret,
            })
        })
        .collect();
    json!({
        "http": opened.http.to_string(),
        "https": opened.https.map(|address| address.to_string()),
        "sip_udp": addr_of(sip, Transport::Udp).map(|addr| addr.to_string()),
        "sip_tcp": addr_of(sip, Transport::Tcp).map(|addr| addr.to_string()),
        "sip_tls": addr_of(sip, Transport::Tls).map(|addr| addr.to_string()),
        "logins": demo.logins,
        "devices": desk_phones,
    })
}

/// Under another name first, so that nobody reads half of it.
fn write_whole(folder: &Path, content: &Value) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;

    let unfinished = folder.join(format!("{READY_FILE}.new"));
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(content.to_string().as_bytes())?;
    std::fs::rename(unfinished, folder.join(READY_FILE))
}

fn banner(config: &Config, opened: Opened, sip: &sip::Sip, demo: &Demo) -> String {
    let mut text = format!(
        "\n  Centralita {} · the demo company {}\n\n  Console   http://{}\n",
        env!("CARGO_PKG_VERSION"),
        config.hub.name,
        opened.http,
    );
    if let Some(https) = opened.https {
        // Nobody vouches for it: a browser asks before it goes on.
        text.push_str(&format!("            https://{https} (a certificate of its own)\n"));
    }
    text.push_str("\n  Log in with\n");
    for login in &demo.logins {
        text.push_str(&format!("    {:<12} {:<36} {}\n", login.role, login.email, login.password));
    }
    text.push_str("\n  Numbers to call (or press \"Place a test call\" in the console)\n");
    text.push_str("    +34910000100 Support · +34910000101 Sales · +34910000102 Billing\n");
    for transport in [Transport::Udp, Transport::Tcp, Transport::Tls] {
        if let Some(addr) = addr_of(sip, transport) {
            text.push_str(&format!(
                "    sip:+34910000100@{addr};transport={}\n",
                transport.token().to_ascii_lowercase(),
            ));
        }
    }
    text.push_str(
        "\n  A call from this machine without a password counts as the demo carrier's: it reaches\n  \
         these numbers and nothing else. Whoever claims to be one of our phones is challenged.\n",
    );
    text.push_str(&format!(
        "\n  Data      {} (delete it for a fresh start)\n  Stop      Ctrl+C\n\n",
        config.hub.data_dir.display()
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::{PortRange, ports};

    #[test]
    fn ports_for_sound_are_said_also_when_any_will_do() {
        assert_eq!(ports(PortRange { first: 20000, last: 23999 }), "20000-23999");
        assert_eq!(ports(PortRange::ANY), "any free");
    }
}
