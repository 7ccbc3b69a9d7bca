//! Subscriptions of devices to the state of others (RFC 6665): busy lamps and waiting messages.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

/// A subscription's number, unique within the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubscriptionId(pub u64);

/// What is subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventPackage {
    /// `dialog` (RFC 4235): whether a phone is ringing or talking. The state is an
    /// `application/dialog-info+xml` document, always the full one.
    Dialog,
    /// `message-summary` (RFC 3842): whether messages wait, `application/simple-message-summary`.
    MessageSummary,
}

impl EventPackage {
    pub(crate) const ALLOWED: &str = "dialog, message-summary";

    pub(crate) fn of(token: &str) -> Option<Self> {
        [Self::Dialog, Self::MessageSummary].into_iter().find(|p| p.token().eq_ignore_ascii_case(token))
    }

    /// The token of the Event header.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Dialog => "dialog",
            Self::MessageSummary => "message-summary",
        }
    }

    /// The media type of the state.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Dialog => "application/dialog-info+xml",
            Self::MessageSummary => "application/simple-message-summary",
        }
    }
}

/// The subscription has ended, or its orders have been left unread for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the subscription has ended")]
pub struct SubscriptionGone;

#[derive(Clone, Debug)]
pub(crate) enum SubscriptionCommand {
    Accept(Bytes),
    Refuse(u16),
    Notify(Bytes),
    End,
}

/// Orders of one subscription that wait for the core at a time. Together with the limit of
/// subscriptions it bounds the queue.
const ORDERS_WAITING_MAX: usize = 64;

/// A command on its way to the core.
#[derive(Debug)]
pub(crate) struct SubscriptionOrder {
    pub id: SubscriptionId,
    pub command: SubscriptionCommand,
    waiting: Arc<AtomicUsize>,
}

impl Drop for SubscriptionOrder {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A device that wants to be told about the state of a user. Dropping it ends it.
///
/// Refreshes are answered inside, with the state that was told last; so are the end of its time
/// and the wish to unsubscribe, which [`Self::ended`] tells.
#[derive(Debug)]
pub struct Subscription {
    /// Its number.
    pub id: SubscriptionId,
    /// To what.
    pub event: EventPackage,
    /// The device that wants to know, known by its password.
    pub subscriber: String,
    /// User part of the request URI: whose state.
    pub target: String,
    /// How long it stands unless it is refreshed, seconds; 0 for a device that asks once.
    pub expires_s: u32,
    orders: mpsc::UnboundedSender<SubscriptionOrder>,
    waiting: Arc<AtomicUsize>,
    end: oneshot::Receiver<()>,
}

impl Subscription {
    pub(crate) fn new(
        id: SubscriptionId,
        asked: Asked,
        orders: mpsc::UnboundedSender<SubscriptionOrder>,
        end: oneshot::Receiver<()>,
    ) -> Self {
        let Asked { event, subscriber, target, expires_s } = asked;
        Self { id, event, subscriber, target, expires_s, orders, waiting: Arc::default(), end }
    }

    fn post(&self, command: SubscriptionCommand) -> Result<(), SubscriptionGone> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let order = SubscriptionOrder { id: self.id, command, waiting: Arc::clone(&self.waiting) };
        self.orders.send(order).map_err(|_| SubscriptionGone)
    }

    fn order(&self, command: SubscriptionCommand) -> Result<(), SubscriptionGone> {
        if self.waiting.load(Ordering::Acquire) >= ORDERS_WAITING_MAX {
            return Err(SubscriptionGone);
        }
        self.post(command)
    }

    /// 200 OK, and at once the state as it is (RFC 6665 section 4.2.1.2). Within 10 s, or it is
    /// refused with 480.
    pub fn accept(&self, state: Bytes) -> Result<(), SubscriptionGone> {
        self.order(SubscriptionCommand::Accept(state))
    }

    /// Refuses with a code from 400 to 699, such as 404 for a user that nobody knows.
    pub fn refuse(&self, code: u16) -> Result<(), SubscriptionGone> {
        self.order(SubscriptionCommand::Refuse(code))
    }

    /// Tells a new state. While the one before is under way, only the newest waits.
    pub fn notify(&self, state: Bytes) -> Result<(), SubscriptionGone> {
        self.order(SubscriptionCommand::Notify(state))
    }

    /// Returns when it is over: unsubscribed, expired, refused, or the device cannot be reached.
    pub async fn ended(&mut self) {
        let _either_way = (&mut self.end).await;
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let _over_already = self.post(SubscriptionCommand::End);
    }
}

/// What a SUBSCRIBE asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub event: EventPackage,
    pub subscriber: String,
    pub target: String,
    pub expires_s: u32,
}
