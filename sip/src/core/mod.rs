//! The protocol without sockets and clocks: messages, commands and time go in, and what to
//! do about them comes out of [`Core::poll`].

mod alarms;
mod auth;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod challenged;
#[cfg(test)]
mod crossing;
#[cfg(test)]
mod desk;
mod dialog;
mod dice;
mod flow;
#[cfg(test)]
mod forked;
#[cfg(test)]
mod full;
#[cfg(test)]
mod hostile;
mod inbound;
mod io;
mod leg;
mod outbound;
#[cfg(test)]
mod pair;
#[cfg(test)]
mod pracked;
mod reach;
#[cfg(test)]
mod reached;
mod record;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod referred;
#[cfg(test)]
mod refreshing;
#[cfg(test)]
mod registered;
mod registering;
mod registrar;
mod replaced;
mod room;
#[cfg(test)]
mod routed;
#[cfg(test)]
mod simulation;
mod stateless;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod subscribed;
mod subscription;
mod tick;
mod time;
mod transaction;

use std::collections::{HashMap, VecDeque};

use alarms::Alarms;
use dice::Dice;
use leg::LegState;
use transaction::{ClientKey, ClientTransaction, ServerKey, ServerTransaction};

pub(crate) use flow::Flow;
pub(crate) use io::{NewCall, Output, Ticket};
pub(crate) use leg::CallSpec;
pub(crate) use reach::Phone;
pub(crate) use time::Time;

use crate::{Config, LegId, SubscriptionId};

/// Who waits for the answer to a request of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Leg(LegId),
    /// A registration of ours.
    Registering(u64),
    /// A NOTIFY of a subscription.
    Subscription(SubscriptionId),
    /// Nobody: a CANCEL, or the BYE of a fork.
    Nobody,
}

#[derive(Debug)]
struct Client {
    transaction: ClientTransaction,
    owner: Owner,
    /// Tags of callees whose 2xx to this INVITE was seen to.
    forks: Vec<String>,
}

#[derive(Debug)]
struct Server {
    transaction: ServerTransaction,
    /// The leg that an INVITE created or belongs to.
    leg: Option<LegId>,
    /// Whether its refusal is kept until the peer has it, see [`Core::keeps_refusal`].
    kept: bool,
    /// When the request came.
    since: Time,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Alarm {
    Client(ClientKey),
    Server(ServerKey),
    Leg(LegId),
    /// A binding of this user expires.
    User(String),
    /// A registration of ours is to be refreshed.
    Registering(u64),
    /// A subscription ends.
    Subscription(SubscriptionId),
}

/// What tells two copies of a request that came over different ways (RFC 3261 section
/// 8.2.2.2): Call-ID, From tag, CSeq and method.
type MergeKey = (String, String, u32, String);

/// The protocol machine. One task owns it.
#[derive(Debug)]
pub(crate) struct Core {
    config: Config,
    dice: Dice,
    /// For the observer, if there is one.
    record: Option<record::Record>,
    alarms: Alarms<Alarm>,
    out: VecDeque<Output>,
    clients: HashMap<ClientKey, Client>,
    servers: HashMap<ServerKey, Server>,
    merged: HashMap<MergeKey, ServerKey>,
    legs: HashMap<LegId, LegState>,
    /// Call-ID and local tag to leg.
    dialogs: HashMap<(String, String), LegId>,
    next_leg: u64,
    nonces: auth::Nonces,
    /// For the To tags of answers outside any dialog.
    tag_key: [u8; 32],
    flood: auth::Flood,
    registrar: registrar::Registrar,
    registering: HashMap<u64, registering::Registering>,
    subscriptions: subscription::Subscriptions,
    /// Requests that wait for the directory; each holds an open server transaction.
    questions: HashMap<Ticket, (ServerKey, auth::Question)>,
    /// CANCELs of INVITEs that wait for the directory; each goes with its question.
    early_cancels: HashMap<ServerKey, crate::wire::Request>,
    next_ticket: u64,
    /// Whether new INVITEs are taken.
    accepting: bool,
}

/// Server transactions at a time, for each call allowed: one for its INVITE, one for its BYE
/// and a few more, all of which live on for 32 s.
const TRANSACTIONS_PER_CALL: usize = 16;

/// Room for registrations and for OPTIONS beside the calls.
const TRANSACTIONS_BASE: usize = 16_384;

impl Core {
    /// An empty core. `seed` is the only source of chance.
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut dice = Dice::new(seed);
        let nonces = auth::Nonces::new(&mut dice);
        let tag_key = dice.key();
        let record = config.observer.clone().map(record::Record::new);
        Self {
            config,
            dice,
            record,
            alarms: Alarms::new(),
            out: VecDeque::new(),
            clients: HashMap::new(),
            servers: HashMap::new(),
            merged: HashMap::new(),
            legs: HashMap::new(),
            dialogs: HashMap::new(),
            next_leg: 1,
            nonces,
            tag_key,
            flood: auth::Flood::default(),
            registrar: registrar::Registrar::default(),
            registering: HashMap::new(),
            subscriptions: subscription::Subscriptions::default(),
            questions: HashMap::new(),
            early_cancels: HashMap::new(),
            next_ticket: 0,
            accepting: true,
        }
    }

    /// What to do next; `None` when all is done for now.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When to call [`Self::tick`] at the latest.
    pub fn next_timeout(&mut self) -> Option<Time> {
        self.alarms.next()
    }

    /// From now on new calls are refused with 503.
    pub fn refuse_new_calls(&mut self) {
        self.accepting = false;
    }

    /// Whether no request of ours waits for an answer.
    pub fn is_quiet(&self) -> bool {
        self.legs.is_empty() && !self.clients.values().any(|c| c.transaction.is_waiting())
    }

    /// Legs that are not over, ours to end at a shutdown.
    pub fn leg_ids(&self) -> Vec<LegId> {
        self.legs.keys().copied().collect()
    }

    fn transactions_max(&self) -> usize {
        TRANSACTIONS_BASE + self.config.max_calls.saturating_mul(TRANSACTIONS_PER_CALL)
    }

    fn new_leg_id(&mut self) -> LegId {
        let id = LegId(self.next_leg);
        self.next_leg += 1;
        id
    }
}
