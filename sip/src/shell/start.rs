//! Starting.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock, atomic::AtomicU64},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use tokio::sync::{broadcast, mpsc};

use super::{
    ask::ASKS_WAITING,
    handle::Sip,
    legs::Legs,
    sockets::Sockets,
    subscriptions::Desk,
    task::{Clock, Task},
    websocket::Doors,
};
use crate::{
    Binding, Config, Directory, Incoming, StartError,
    core::{Core, Output},
};

/// Messages that wait for the core: a burst of a thousand calls. Beyond, UDP is dropped and
/// TCP is slowed.
const PACKETS_WAITING: usize = 4096;

/// New calls that wait for the program; further ones are refused with 503.
const INCOMING_WAITING: usize = 256;

/// Registration changes that a listener may lag behind.
const CHANGES_KEPT: usize = 1024;

/// Starts the signalling: opens the sockets, takes over the bindings of an earlier life
/// (`restored`: user and bindings) and begins to answer.
pub async fn start(
    config: Config,
    directory: Arc<dyn Directory>,
    restored: Vec<(String, Vec<Binding>)>,
) -> Result<(Sip, mpsc::Receiver<Incoming>), StartError> {
    if config.listen.is_empty() {
        return Err(StartError::NoListener);
    }
    let dropped = Arc::new(AtomicU64::new(0));
    let (packet_sender, packets) = mpsc::channel(PACKETS_WAITING);
    let doors = Doors::new(packet_sender.clone());
    let sockets = Sockets::open(&config.listen, config.tls.clone(), packet_sender, &dropped).await?;
    let (asks_sender, asks) = mpsc::channel(ASKS_WAITING);
    let (order_sender, orders) = mpsc::unbounded_channel();
    let (subscription_sender, subscription_orders) = mpsc::unbounded_channel();
    let (desk, subscriptions) = Desk::new(subscription_sender);
    let (leaving_sender, leaving) = mpsc::unbounded_channel();
    let (answer_sender, answers) = mpsc::unbounded_channel();
    let (incoming_sender, incoming) = mpsc::channel(INCOMING_WAITING);
    let (changes, _) = broadcast::channel(CHANGES_KEPT);
    let registered = Arc::new(RwLock::new(HashSet::new()));
    let sip = Sip {
        asks: asks_sender,
        leaving: leaving_sender,
        addrs: sockets.addrs().into(),
        registered: Arc::clone(&registered),
        changes: changes.clone(),
        doors,
        subscriptions,
    };
    let clock = Clock::new(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(), Instant::now());
    let mut core = Core::new(config, rand::random());
    for (username, bindings) in restored {
        core.restore(clock.now(), username, bindings);
    }
    // Known before anybody can ask.
    while let Some(output) = core.poll() {
        if let Output::Registration(change) = output {
            registered.write().unwrap_or_else(PoisonError::into_inner).insert(change.username);
        }
    }
    let task = Task {
        core,
        clock,
        sockets,
        legs: Legs::new(order_sender),
        desk,
        directory,
        packets,
        asks,
        orders,
        subscription_orders,
        leaving,
        answers,
        answer_sender,
        incoming: incoming_sender,
        registered,
        changes,
        waiting_clients: Default::default(),
        dropped,
        complaints: Default::default(),
    };
    tokio::spawn(task.run());
    Ok((sip, incoming))
}
