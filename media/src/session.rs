//! The handle of one call's media.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::browser::{BrowserEnd, Route};
use crate::error::MediaError;
use crate::media::Inner;
use crate::prompt::Prompt;
use crate::remote::Remote;
use crate::rtp::digit_sender::DigitSequence;
use crate::sdp::{LocalSdp, Security, Side};
use crate::sealed::RecordingKey;
use crate::secure::ice::IceCredentials;
use crate::worker::{Command, LEGS_LIMIT, NewLeg, NewWire, Order};

/// A worker answers in its next turn; one that takes this long has ended.
const ADOPTION_LIMIT: Duration = Duration::from_secs(1);

/// The channel of the recording that a leg's voice goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The customer.
    Left,
    /// The agent.
    Right,
}

/// A leg within its session; never used again in the same session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegId(pub(crate) u32);

/// One `play`; unique within the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlayId(pub(crate) u64);

/// A leg as it was added.
#[derive(Clone, Debug)]
pub struct Leg {
    /// Its name in further commands and in events.
    pub id: LegId,
    /// Where the far end shall send RTP: the advertised address and the bound port. RTCP is one
    /// port above.
    pub local: SocketAddr,
    side: Side,
}

impl Leg {
    /// The leg as a far end reaches it that knows us by another address, such as the one before a
    /// NAT that forwards each port to the same port. A browser is told it besides the others.
    #[must_use]
    pub fn reached_at(mut self, ip: IpAddr) -> Leg {
        self.local.set_ip(ip);
        self.side.reached_at(self.local);
        self
    }

    /// What the leg offers and answers, from its first description to its last.
    pub fn sdp(&self) -> LocalSdp {
        LocalSdp::with_side(self.local, self.side.clone())
    }
}

/// How often a prompt plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Once, then [`crate::Event::PlayFinished`].
    Once,
    /// Until it is stopped or replaced.
    Forever,
}

/// The handle of one call's media, cheap to clone. Commands are carried out in the order they were
/// given; one for a leg that is gone does nothing. Dropping the last handle closes the session.
#[derive(Clone)]
pub struct Session {
    handle: Arc<Handle>,
}

struct Handle {
    id: u64,
    worker: usize,
    media: Arc<Inner>,
    next_leg: AtomicU32,
    /// Legs open, so that the bound holds before a socket is made.
    legs: Mutex<Vec<LegId>>,
}

impl Session {
    pub(crate) fn new(id: u64, worker: usize, media: Arc<Inner>) -> Session {
        Session {
            handle: Arc::new(Handle {
                id,
                worker,
                media,
                next_leg: AtomicU32::new(1),
                legs: Mutex::new(Vec::new()),
            }),
        }
    }

    /// A number for logs, unique within the process.
    pub fn id(&self) -> u64 {
        self.handle.id
    }

    /// Adds a party that talks plainly; as [`Session::add_leg_as`].
    pub fn add_leg(&self, channel: Channel) -> Result<Leg, MediaError> {
        self.add_leg_as(channel, Security::Plain)
    }

    /// Adds a browser, on the port of all browsers; as [`Session::add_leg_as`].
    pub fn add_browser_leg(&self, channel: Channel) -> Result<Leg, MediaError> {
        self.add_leg_as(channel, Security::Browser)
    }

    /// Adds a party: binds its RTP and RTCP sockets here and now, or gives it a place on the
    /// browsers' port, and hands them to the worker. [`Leg::sdp`] speaks for it. Nothing is
    /// accepted or sent before [`Session::connect`], except that a browser's checks are answered.
    pub fn add_leg_as(&self, channel: Channel, security: Security) -> Result<Leg, MediaError> {
        let mut legs = self.handle.legs();
        if legs.len() >= LEGS_LIMIT {
            return Err(MediaError::TooManyLegs { limit: LEGS_LIMIT });
        }
        let media = &self.handle.media;
        let id = LegId(self.handle.next_leg.fetch_add(1, Relaxed));
        let ssrc = rand::random();
        let fingerprint = media.identity().fingerprint;
        let (wire, local, side) = match security {
            Security::Browser => {
                let (port, credentials) = (media.browsers(), IceCredentials::random());
                let route = Route { worker: self.handle.worker, session: self.handle.id, leg: id };
                let end = BrowserEnd::new(port.door.clone(), route, &credentials);
                let side =
                    Side::browser(fingerprint, credentials, port.candidates.clone(), port.takes_tcp, ssrc);
                (NewWire::Browser(end, credentials), port.local(), side)
            }
            security => {
                let pair = media.ports().bind_pair()?;
                let local = SocketAddr::new(media.config().public_ip(), pair.rtp_port);
                (NewWire::Own(pair), local, Side::new(security, fingerprint))
            }
        };
        self.order(Order::AddLeg(Box::new(NewLeg { id, channel, ssrc, wire })));
        legs.push(id);
        Ok(Leg { id, local, side })
    }

    /// Tells where the far end is and what it speaks; again after a re-INVITE. The latch stays on
    /// an address that did not change. The inactivity clock starts here, so connect a leg when it
    /// is answered, or take [`crate::Event::Inactive`] as news only then.
    pub fn connect(&self, leg: LegId, remote: Remote) {
        self.order(Order::Connect { leg, remote });
    }

    /// Lets `a` and `b` hear each other, instead of whoever was bridged before.
    pub fn bridge(&self, a: LegId, b: LegId) {
        self.route(vec![(a, b), (b, a)]);
    }

    /// Lets each of these hear all the others, instead of what was routed before.
    pub fn conference(&self, legs: &[LegId]) {
        let others = |from: LegId| legs.iter().filter(move |to| **to != from).map(move |to| (from, *to));
        self.route(legs.iter().flat_map(|from| others(*from)).collect());
    }

    /// Says who hears whom: pairs of a speaker and a listener, instead of what was routed before.
    /// A supervisor who listens to two that talk: `(a, b), (b, a), (a, s), (b, s)`; who also
    /// whispers to `b`: `(s, b)` as well. Where a leg hears one other of the same codec its packets
    /// are passed on as they come; all else is decoded, mixed and encoded anew.
    pub fn route(&self, pairs: Vec<(LegId, LegId)>) {
        self.order(Order::Route { pairs });
    }

    /// Nobody hears anybody; the legs stay.
    pub fn unbridge(&self) {
        self.route(Vec::new());
    }

    /// Plays to `leg`, instead of what was playing there; the bridge is not heard meanwhile.
    /// Begins when the leg is connected.
    pub fn play(&self, leg: LegId, prompt: Arc<Prompt>, repeat: Repeat) -> PlayId {
        let play = self.handle.media.next_play();
        self.order(Order::Play { leg, play, prompt, repeat });
        play
    }

    /// Stops what is playing to `leg`, without an event.
    pub fn stop_playing(&self, leg: LegId) {
        self.order(Order::StopPlaying { leg });
    }

    /// Sends RFC 4733 events, 100 ms each, after those still being sent. Voice to the leg waits
    /// meanwhile. A far end that takes no events gets none, and the log says so.
    pub fn send_digits(&self, leg: LegId, digits: &str) -> Result<(), MediaError> {
        let digits = DigitSequence::parse(digits)?;
        self.order(Order::SendDigits { leg, digits });
        Ok(())
    }

    /// Records both channels into a new WAV file: stereo, 16 bit, left and right as the legs'
    /// [`Channel`]s say, from now on, silence where nothing comes; at 8000 Hz, or at 16000 if a leg
    /// that is connected now speaks more than the telephone's band. Folders are made as needed. Ends with [`crate::Event::RecordingClosed`]. A second recording ends the first.
    pub fn record(&self, path: PathBuf) {
        self.order(Order::Record { path, key: None });
    }

    /// The same, sealed with this key as it is written: nothing plain is ever on the disk. Read
    /// with [`crate::SealedReader`].
    pub fn record_sealed(&self, path: PathBuf, key: RecordingKey) {
        self.order(Order::Record { path, key: Some(key) });
    }

    /// Nothing that is said from now on reaches the recording, nor what waits to be mixed (the last
    /// 100 ms): silence of the same length stands there. Keys are told of as
    /// [`crate::Event::DigitHidden`]. Told as [`crate::Mark::Paused`] if there is a recording; one
    /// that is begun in the pause begins silent.
    pub fn pause_recording(&self) {
        self.order(Order::PauseRecording);
    }

    /// Ends the pause, which takes 1.2 s: what was said in it may come that late. Told as
    /// [`crate::Mark::Resumed`].
    pub fn resume_recording(&self) {
        self.order(Order::ResumeRecording);
    }

    /// Asks where the recording stands: [`crate::Event::RecordingMarked`] says so, with `label`. No
    /// recording, no answer.
    pub fn mark_recording(&self, label: u64) {
        self.order(Order::MarkRecording { label });
    }

    /// Ends the recording.
    pub fn stop_recording(&self) {
        self.order(Order::StopRecording);
    }

    /// Takes over a leg of another session of the same room, with its sockets, keys and numbers,
    /// and what it plays: the far end notices nothing. Its name is new; the other session hears no
    /// more of it. Waits for the other worker, which takes well under a tick (20 ms).
    pub fn adopt(&self, from: &Session, leg: LegId, channel: Channel) -> Result<LegId, MediaError> {
        if Arc::ptr_eq(&self.handle, &from.handle) || !Arc::ptr_eq(&self.handle.media, &from.handle.media) {
            return Err(MediaError::NoSuchLeg);
        }
        {
            let legs = self.handle.legs();
            if legs.len() >= LEGS_LIMIT {
                return Err(MediaError::TooManyLegs { limit: LEGS_LIMIT });
            }
        }
        let mut theirs = from.handle.legs();
        let Some(at) = theirs.iter().position(|open| *open == leg) else {
            return Err(MediaError::NoSuchLeg);
        };
        theirs.remove(at);
        drop(theirs);
        let (to, moved) = sync_channel(1);
        from.order(Order::Give { leg, to });
        let leg = moved.recv_timeout(ADOPTION_LIMIT).map_err(|_| MediaError::NoSuchLeg)?;
        let id = LegId(self.handle.next_leg.fetch_add(1, Relaxed));
        self.handle.legs().push(id);
        let end = Route { worker: self.handle.worker, session: self.handle.id, leg: id };
        self.order(Order::Take { leg, id, channel, end });
        Ok(id)
    }

    /// Removes a party and closes its sockets.
    pub fn remove_leg(&self, leg: LegId) {
        self.handle.legs().retain(|open| *open != leg);
        self.order(Order::RemoveLeg { leg });
    }

    /// Ends everything: legs, recording, events. Later commands do nothing.
    pub fn close(&self) {
        self.handle.legs().clear();
        self.order(Order::Close);
    }

    fn order(&self, order: Order) {
        self.handle.order(order);
    }
}

impl Handle {
    fn order(&self, order: Order) {
        let session = self.id;
        self.media.command(self.worker, Command::Order { session, order });
    }

    fn legs(&self) -> std::sync::MutexGuard<'_, Vec<LegId>> {
        // The list is whole after every statement, so a panic elsewhere does not spoil it.
        self.legs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.order(Order::Close);
    }
}
