//! What goes in and out of the core.

use bytes::Bytes;

use super::flow::Flow;
use crate::{
    Binding, LegEvent, LegId, Origin, Party, RegistrationChange, SubscriptionId, api::subscription::Asked,
};

/// Names a question to the directory, so that its answer finds the request that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ticket(pub u64);

/// What the core wants done.
#[derive(Debug)]
pub(crate) enum Output {
    /// Send a message.
    Send { flow: Flow, bytes: Bytes },
    /// Tell the user of a leg.
    Event { leg: LegId, event: LegEvent },
    /// A new call.
    Incoming(Box<NewCall>),
    /// Ask the directory for a device.
    Lookup { ticket: Ticket, username: String },
    /// Have the directory keep the bindings of a user.
    Save { ticket: Ticket, username: String, bindings: Vec<Binding> },
    /// A user became reachable or unreachable.
    Registration(RegistrationChange),
    /// A device wants to be told about the state of a user.
    Subscription { id: SubscriptionId, asked: Asked },
    /// A subscription is over. Exactly once.
    SubscriptionEnded(SubscriptionId),
    /// A registration of ours with another registrar now stands, or no longer does.
    Registered { client: u64, granted: bool },
}

/// A call that passed the identity check.
#[derive(Debug)]
pub(crate) struct NewCall {
    pub leg: LegId,
    pub from: Origin,
    pub caller: Party,
    pub called: String,
    pub to_user: String,
    pub replaces: Option<LegId>,
    pub flow: Flow,
    /// The registration it comes from, of a device.
    pub binding: Option<Binding>,
    pub body: Bytes,
    pub sip_call_id: String,
    pub headers: Vec<(String, String)>,
}
