//! What the kernel dropped from our sockets because their receive buffers were full.
//!
//! Linux counts it per socket and shows it in `/proc/net/udp`. A thread of its own reads that once
//! a second, and once more before it closes the sockets of a removed leg, so that no drop goes
//! uncounted and no worker waits. Elsewhere than on Linux the count stays 0.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::stats::Shared;

/// How often the kernel's table is read while sockets are open.
const SCAN_INTERVAL: Duration = Duration::from_secs(1);
/// Closing waits this long for company: a scan costs the kernel a walk through all its sockets.
const GATHER: Duration = Duration::from_millis(100);
/// Sockets on their way to be watched or closed. The thread takes them all before each scan; a
/// worker that finds the queue full closes its sockets itself, uncounted.
const REQUESTS_LIMIT: usize = 4_096;
/// Where Linux lists UDP sockets.
const TABLES: [&str; 2] = ["/proc/net/udp", "/proc/net/udp6"];

/// The door to the thread that counts drops; cheap to clone.
#[derive(Clone)]
pub(crate) struct SocketDrops {
    requests: SyncSender<Request>,
}

enum Request {
    Watch { port: u16 },
    Close(Box<dyn Closing>),
}

/// Sockets to be closed after their last count.
pub(crate) trait Closing: Send {
    fn ports(&self) -> [u16; 2];
}

impl SocketDrops {
    /// Ends when the last door is gone.
    pub(crate) fn start(shared: Arc<Shared>) -> std::io::Result<(SocketDrops, JoinHandle<()>)> {
        let (requests, inbox) = sync_channel(REQUESTS_LIMIT);
        let thread =
            std::thread::Builder::new().name("media-drops".to_owned()).spawn(move || run(&inbox, &shared))?;
        Ok((SocketDrops { requests }, thread))
    }

    /// Counts drops of these ports from now on.
    pub(crate) fn watch(&self, ports: [u16; 2]) {
        for port in ports {
            // A full queue costs the count of one socket, nothing else.
            if self.requests.try_send(Request::Watch { port }).is_err() {
                tracing::debug!(port, "socket drops not counted");
            }
        }
    }

    /// Counts once more, then closes.
    pub(crate) fn close(&self, sockets: Box<dyn Closing>) {
        // If the queue is full the request comes back and is dropped here, which closes.
        drop(self.requests.try_send(Request::Close(sockets)));
    }
}

fn run(inbox: &Receiver<Request>, shared: &Shared) {
    let mut seen: HashMap<u16, u64> = HashMap::new();
    loop {
        let first = match inbox.recv_timeout(SCAN_INTERVAL) {
            Ok(request) => Some(request),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if matches!(first, Some(Request::Close(_))) {
            std::thread::sleep(GATHER);
        }
        let mut closing = Vec::new();
        for request in first.into_iter().chain(inbox.try_iter().take(REQUESTS_LIMIT)) {
            match request {
                Request::Watch { port } => {
                    seen.insert(port, 0);
                }
                Request::Close(sockets) => closing.push(sockets),
            }
        }
        if !seen.is_empty() {
            shared.count_socket_drops(scan(&mut seen));
        }
        for sockets in closing {
            for port in sockets.ports() {
                seen.remove(&port);
            }
        }
    }
}

/// Drops since the last scan, over all watched ports.
fn scan(seen: &mut HashMap<u16, u64>) -> u64 {
    let mut new = 0;
    for table in TABLES {
        let Ok(file) = File::open(table) else {
            continue;
        };
        for line in BufReader::new(file).lines().map_while(Result::ok) {
            let Some((port, drops)) = parse_line(&line) else {
                continue;
            };
            if let Some(before) = seen.get_mut(&port) {
                // A foreign socket may share the port on another address; never count backwards.
                new += drops.saturating_sub(*before);
                *before = drops.max(*before);
            }
        }
    }
    new
}

/// Port and drops of one line: `sl local_address … drops`, the address as `hex:hex`.
fn parse_line(line: &str) -> Option<(u16, u64)> {
    let mut words = line.split_ascii_whitespace();
    let (_, port) = words.nth(1)?.rsplit_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let drops = words.last()?.parse().ok()?;
    Some((port, drops))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_kernel_is_read() {
        let line = "  347: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000  \
                    1000        0 31337 2 0000000000000000 42";
        assert_eq!(parse_line(line), Some((0x1f90, 42)));
        assert_eq!(parse_line("  sl  local_address rem_address   st tx_queue"), None);
        assert_eq!(parse_line(""), None);
    }
}
