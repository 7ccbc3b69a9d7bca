//! A small Internet of network namespaces: the hub on a private network behind a NAT, a desk phone
//! behind another, a carrier in the open. Nothing leaves this machine; all goes with the handle.

use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// What the hub's NAT has outside.
pub const HUB_PUBLIC: &str = "203.0.113.1";
/// Where the hub stands.
pub const HUB: &str = "10.77.0.2";
/// A phone beside it.
pub const INSIDE: &str = "10.77.0.3";
/// A phone behind a NAT of its own.
pub const DESK: &str = "192.168.5.2";
/// The carrier, and the STUN server.
pub const OUTSIDE: &str = "203.0.113.10";

/// The namespaces, each named after what stands there.
pub struct Internet {
    tag: String,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

const PLACES: [&str; 7] = ["wan", "hubnat", "hub", "inside", "desknat", "desk", "outside"];

/// Tells a test that it stands beside the hub.
const STAGE: &str = "END_TO_END_INTERNET";

/// Names the namespaces of the Internet that this test stands in; `None` outside of it.
#[must_use]
pub fn beside_the_hub() -> Option<impl Fn(&str) -> String> {
    let tag = std::env::var(STAGE).ok()?;
    Some(move |place: &str| name(&tag, place))
}

fn name(tag: &str, place: &str) -> String {
    format!("{tag}-{place}")
}

/// Why there can be none here; `None` when there can.
#[must_use]
pub fn missing() -> Option<String> {
    for (program, arguments) in [("nft", vec!["--version"]), ("unshare", vec!["--net", "true"])] {
        match Command::new(program).args(arguments).output() {
            Ok(Output { status, .. }) if status.success() => {}
            Ok(Output { stderr, .. }) => {
                return Some(format!("{program}: {}", String::from_utf8_lossy(&stderr).trim()));
            }
            Err(error) => return Some(format!("{program}: {error}")),
        }
    }
    None
}

impl Internet {
    /// Makes it; the hub's NAT forwards SIP and these ports of sound.
    ///
    /// # Panics
    /// When a namespace, a link or a rule cannot be made.
    #[must_use]
    pub fn new(sip_port: u16, rtp_ports: (u16, u16)) -> Self {
        let net = Self { tag: format!("c{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)) };
        for place in PLACES {
            run("ip", &["netns", "add", &net.name(place)]);
            net.at(place, &["ip", "link", "set", "lo", "up"]);
        }
        for place in ["wan", "hubnat"] {
            net.at(place, &["ip", "link", "add", "br0", "type", "bridge"]);
            net.at(place, &["ip", "link", "set", "br0", "up"]);
        }
        net.link("wan", "hubnat", "up0", &format!("{HUB_PUBLIC}/24"));
        net.link("wan", "desknat", "up0", "203.0.113.2/24");
        net.link("wan", "outside", "eth0", &format!("{OUTSIDE}/24"));
        net.link("hubnat", "hub", "eth0", &format!("{HUB}/24"));
        net.link("hubnat", "inside", "eth0", &format!("{INSIDE}/24"));
        net.at("hubnat", &["ip", "addr", "add", "10.77.0.1/24", "dev", "br0"]);
        net.at("desknat", &["ip", "link", "add", "br0", "type", "bridge"]);
        net.at("desknat", &["ip", "link", "set", "br0", "up"]);
        net.at("desknat", &["ip", "addr", "add", "192.168.5.1/24", "dev", "br0"]);
        net.link("desknat", "desk", "eth0", &format!("{DESK}/24"));
        for (place, gateway) in [("hub", "10.77.0.1"), ("inside", "10.77.0.1"), ("desk", "192.168.5.1")] {
            net.at(place, &["ip", "route", "add", "default", "via", gateway]);
        }
        let (first, last) = rtp_ports;
        let forwards = format!(
            "add chain ip nat pre {{ type nat hook prerouting priority -100; }}\n\
             add rule ip nat pre iifname up0 udp dport {{ {sip_port}, {first}-{last} }} dnat to {HUB}\n"
        );
        for (nat, forwards) in [("hubnat", forwards.as_str()), ("desknat", "")] {
            net.at(nat, &["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
            let rules = format!(
                "add table ip nat\n\
                 add chain ip nat post {{ type nat hook postrouting priority 100; }}\n\
                 add rule ip nat post oifname up0 masquerade\n{forwards}"
            );
            net.at(nat, &["nft", &rules]);
        }
        net
    }

    /// Runs the test of this name once more, beside the hub, and returns whether it went well. It
    /// finds what it is to do by [`beside_the_hub`].
    #[must_use]
    pub fn play(&self, test: &str) -> bool {
        let own = std::env::current_exe().expect("a test program has a path");
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name("hub")]).arg(own);
        command.args(["--exact", test, "--nocapture"]).env(STAGE, &self.tag);
        command.status().expect("ip is there").success()
    }

    /// The namespace of a place.
    #[must_use]
    pub fn name(&self, place: &str) -> String {
        name(&self.tag, place)
    }

    /// Runs a command at a place.
    fn at(&self, place: &str, command: &[&str]) {
        let name = self.name(place);
        run("ip", &[&["netns", "exec", &name], command].concat());
    }

    /// A cable from the bridge of `hub` to a new device at `place`.
    fn link(&self, hub: &str, place: &str, device: &str, address: &str) {
        let (hub_name, name) = (self.name(hub), self.name(place));
        let port = format!("to-{place}");
        self.at(hub, &["ip", "link", "add", &port, "type", "veth", "peer", "name", device, "netns", &name]);
        run("ip", &["-n", &hub_name, "link", "set", &port, "master", "br0", "up"]);
        self.at(place, &["ip", "addr", "add", address, "dev", device]);
        self.at(place, &["ip", "link", "set", device, "up"]);
    }
}

impl Drop for Internet {
    fn drop(&mut self) {
        for place in PLACES {
            // One that was never made cannot be removed.
            let _ = Command::new("ip").args(["netns", "del", &self.name(place)]).output();
        }
    }
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {complaint}");
}
