//! A media room and a call in it.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use media::{Channel, CodecKind, Config, Event, Leg, Media, Session};
use tokio::sync::mpsc::{Receiver, error::TryRecvError};

use crate::phone::{PATIENCE, Phone};

pub struct Room {
    pub media: Media,
    pub session: Session,
    pub events: Receiver<Event>,
}

impl Room {
    pub fn new() -> Room {
        Room::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Room {
        let mut config = Config::on(IpAddr::V4(Ipv4Addr::LOCALHOST));
        config.workers = 1;
        change(&mut config);
        let media = Media::start(config).expect("media starts");
        let (session, events) = media.open().expect("a session");
        Room { media, session, events }
    }

    /// A leg for this phone, connected.
    pub fn join(&mut self, phone: &Phone, channel: Channel, kind: CodecKind) -> Leg {
        let leg = self.session.add_leg(channel).expect("a leg");
        self.session.connect(leg.id, phone.remote(kind));
        self.settle();
        leg
    }

    /// Waits until the commands so far are carried out: they are, in order, and the last of these
    /// answers.
    pub fn settle(&mut self) {
        let leg = self.session.add_leg(Channel::Left).expect("a leg");
        self.session.remove_leg(leg.id);
        self.expect(|event| matches!(event, Event::LegClosed { leg: id, .. } if *id == leg.id));
    }

    /// Two phones, bridged, each latched: both have said one packet, which the other may have
    /// heard or not.
    pub fn talk(&mut self, left: (&mut Phone, CodecKind), right: (&mut Phone, CodecKind)) -> (Leg, Leg) {
        let a = self.join(left.0, Channel::Left, left.1);
        let b = self.join(right.0, Channel::Right, right.1);
        for ((phone, kind), leg) in [(left, &a), (right, &b)] {
            phone.say(leg.local, kind, &[0xd5; 160]);
            self.expect(|event| matches!(event, Event::Latched { leg: l, .. } if *l == leg.id));
        }
        self.session.bridge(a.id, b.id);
        self.settle();
        (a, b)
    }

    /// The next event that fits; others are passed over.
    pub fn expect(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        let deadline = Instant::now() + PATIENCE;
        let mut passed = Vec::new();
        while Instant::now() < deadline {
            match self.events.try_recv() {
                Ok(event) if fits(&event) => return event,
                Ok(event) => passed.push(event),
                Err(TryRecvError::Empty) => std::thread::sleep(Duration::from_millis(2)),
                Err(TryRecvError::Disconnected) => break,
            }
        }
        panic!("the event never came; others did: {passed:?}");
    }

    /// Waits until the counters say so.
    pub fn wait(&self, what: &str, holds: impl Fn(&media::Stats) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(&self.media.stats()) {
            assert!(Instant::now() < deadline, "{what}: {:?}", self.media.stats());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A folder of its own, removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("media-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a writable temporary folder");
        Folder(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A test that failed may have removed it already.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
