//! Aurora's customers as real SIP user agents: some call the hub, some are called by it.
//!
//! They stand for the public telephone network: the demo's carrier in both directions. One task owns
//! them; each call is a task of its own, and there are never more than the limits below.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::assets::Speech;
use super::aurora::{BUSY_SUFFIX, Book, NO_ANSWER_SUFFIX};
use super::behaviour::{Manner, Pickup};
use super::callers::{Caller, Callers};
use super::chance::Chance;
use super::endpoint;
use super::error::DemoError;
use super::talk::{Heard, ORDERS_LIMIT, Talk, Voice};
use crate::views::{TestCall, TestCallScenario};

/// Test calls at once: more than the demo's agents can take, so that a queue is seen.
pub const TEST_CALLS_LIMIT: usize = 24;
/// Customers that are called at once: each of Aurora's agents can call one; the rest is room for tests.
const CALLED_LIMIT: usize = 32;
/// Requests for test calls that wait for the owner task.
const REQUESTS_LIMIT: usize = 32;
/// A caller's patience with the whole call, in seconds from the hub's answer.
const CALLER_STAYS_S: (usize, usize) = (60, 90);
/// How long a called customer lets it ring, in ms.
const CALLED_RINGS_MS: (usize, usize) = (1_000, 2_000);
/// How long a called customer talks, in seconds.
const CALLED_TALKS_S: (usize, usize) = (20, 45);
/// Time for the customers' calls to end when the demo stops.
const STOP_LIMIT: Duration = Duration::from_secs(2);
/// Any seed would do: it spreads who calls and for how long.
const CUSTOMER_SEED: u64 = 0xC057_0AE5;

/// Aurora's customers. Dropping it ends their calls.
#[derive(Debug)]
pub struct DemoCustomers {
    requests: mpsc::Sender<Request>,
    stop: watch::Sender<bool>,
    owner: JoinHandle<()>,
    addr: SocketAddr,
}

#[derive(Debug)]
struct Request {
    scenario: TestCallScenario,
    hub: SocketAddr,
    to_number: String,
    done: oneshot::Sender<Result<TestCall, DemoError>>,
}

impl DemoCustomers {
    /// Opens the customers' port; from now on they can be called at [`DemoCustomers::addr`].
    pub async fn open(media: media::Media, loopback: IpAddr, book: Arc<Book>) -> Result<Self, DemoError> {
        let (sip, incoming) =
            endpoint::open(loopback, "customer", TEST_CALLS_LIMIT + CALLED_LIMIT + 1).await?;
        let addr = endpoint::udp_addr(&sip)?;
        let (requests, requested) = mpsc::channel(REQUESTS_LIMIT);
        let (stop, stopped) = watch::channel(false);
        let owner = Owner {
            sip,
            media,
            callers: Callers::of(&book),
            book,
            chance: Chance::new(CUSTOMER_SEED),
            calling: JoinSet::new(),
            called: JoinSet::new(),
            stop: stopped,
        };
        Ok(Self { requests, stop, owner: tokio::spawn(owner.run(incoming, requested)), addr })
    }

    /// Where the customers are called over UDP: the target of the hub's outbound trunk. Their own calls
    /// come from there as well.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Lets a customer call `to_number` at the hub. Answers once the INVITE is on its way; the call then
    /// goes on by itself until the hub ends it or the caller has had enough.
    pub async fn call(
        &self,
        scenario: TestCallScenario,
        hub: SocketAddr,
        to_number: String,
    ) -> Result<TestCall, DemoError> {
        let (done, answer) = oneshot::channel();
        let request = Request { scenario, hub, to_number, done };
        self.requests.send(request).await.map_err(|_| DemoError::Stopping)?;
        answer.await.map_err(|_| DemoError::Stopping)?
    }

    /// Ends the customers' calls and closes their port.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if let Err(err) = self.owner.await {
            tracing::warn!(%err, "demo customers did not stop cleanly");
        }
    }
}

/// The task that owns the customers.
struct Owner {
    sip: sip::Sip,
    media: media::Media,
    callers: Callers,
    book: Arc<Book>,
    chance: Chance,
    calling: JoinSet<Heard>,
    called: JoinSet<Heard>,
    stop: watch::Receiver<bool>,
}

impl Owner {
    async fn run(
        mut self,
        mut incoming: mpsc::Receiver<sip::Incoming>,
        mut requested: mpsc::Receiver<Request>,
    ) {
        let mut stop = self.stop.clone();
        loop {
            tokio::select! {
                () = endpoint::told(&mut stop) => break,
                call = incoming.recv() => match call {
                    Some(call) => self.take(call),
                    None => break,
                },
                Some(request) = requested.recv() => {
                    let placed = self.place(request.scenario, request.hub, request.to_number).await;
                    // Whoever asked may have gone away; the call goes on.
                    let _ = request.done.send(placed);
                }
                Some(ended) = self.calling.join_next() => note_broken(ended),
                Some(ended) = self.called.join_next() => note_broken(ended),
            }
        }
        endpoint::finish(&mut self.calling, STOP_LIMIT).await;
        endpoint::finish(&mut self.called, STOP_LIMIT).await;
        self.sip.shutdown().await;
    }

    /// The hub calls a customer.
    fn take(&mut self, incoming: sip::Incoming) {
        if self.called.len() >= CALLED_LIMIT {
            endpoint::refuse(&incoming, 503, "Service Unavailable");
            return;
        }
        let language = self.book.by_number(&incoming.called).next().map_or("en", |contact| contact.language);
        let voice = match Voice::open(&self.media, Speech::of_customer(language).prompt()) {
            Ok(voice) => voice,
            Err(err) => {
                tracing::warn!(%err, "demo customer has no sound");
                endpoint::refuse(&incoming, 500, "Server Internal Error");
                return;
            }
        };
        let manner = manner_of(&incoming.called, &mut self.chance);
        let talk = Talk::called(incoming, voice, manner);
        let stop = self.stop.clone();
        self.called.spawn(async move {
            // Nobody presses a customer's buttons.
            let (_orders, ordered) = mpsc::channel(ORDERS_LIMIT);
            talk.run(ordered, stop).await
        });
    }

    /// A customer calls the hub.
    async fn place(
        &mut self,
        scenario: TestCallScenario,
        hub: SocketAddr,
        to_number: String,
    ) -> Result<TestCall, DemoError> {
        if self.calling.len() >= TEST_CALLS_LIMIT {
            return Err(DemoError::TooManyCalls { limit: TEST_CALLS_LIMIT });
        }
        let Caller { number, name, language } = self.callers.choose(scenario, &mut self.chance);
        let not_placed = |err: &dyn std::fmt::Display| DemoError::NotPlaced(err.to_string());
        let mut voice = Voice::open(&self.media, Speech::of_customer(language).prompt())
            .map_err(|err| not_placed(&err))?;
        let call = sip::OutboundCall {
            target: sip::Target::Peer { addr: hub, transport: sip::Transport::Udp },
            from_user: number.clone(),
            from_display: None,
            to_user: to_number,
            body: voice.offer(),
            headers: Vec::new(),
            ring_timeout: endpoint::RING_TIMEOUT,
            credentials: None,
        };
        let leg = self.sip.call(call).await.map_err(|err| not_placed(&err))?;
        let stays = self.chance.seconds(CALLER_STAYS_S);
        let talk = Talk::calling(leg, voice, Manner { pickup: Pickup::Never, talk: Some(stays) });
        let stop = self.stop.clone();
        self.calling.spawn(async move {
            let (_orders, ordered) = mpsc::channel(ORDERS_LIMIT);
            talk.run(ordered, stop).await
        });
        Ok(TestCall { caller: number, name })
    }
}

/// Numbers that end in 86 are busy, in 80 ring for ever; all others answer after a moment.
fn manner_of(number: &str, chance: &mut Chance) -> Manner {
    let pickup = if number.ends_with(BUSY_SUFFIX) {
        Pickup::Busy
    } else if number.ends_with(NO_ANSWER_SUFFIX) {
        Pickup::Never
    } else {
        Pickup::After(chance.milliseconds(CALLED_RINGS_MS))
    };
    Manner { pickup, talk: Some(chance.seconds(CALLED_TALKS_S)) }
}

fn note_broken(ended: Result<Heard, tokio::task::JoinError>) {
    if let Err(err) = ended {
        tracing::error!(%err, "a demo customer's call broke");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_who_is_busy_and_who_is_out() {
        let mut chance = Chance::new(1);
        assert_eq!(manner_of("+34910001286", &mut chance).pickup, Pickup::Busy);
        assert_eq!(manner_of("+34910001280", &mut chance).pickup, Pickup::Never);
        let Pickup::After(rings) = manner_of("+34910001281", &mut chance).pickup else {
            panic!("answers");
        };
        assert!((1_000..=2_000).contains(&rings.as_millis()));
    }
}
