//! The handle of the running signalling.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::{broadcast, mpsc, oneshot};

use super::{ask::Ask, subscriptions::Intake, websocket::Doors};
use crate::{
    Binding, CallError, Leg, LegId, OutboundCall, RegisterClient, RegistrationChange, Replaces, Subscription,
    Transport, WebSocketDoor, WebSocketError, WebSocketPeer,
};

/// The running signalling. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sip {
    pub(super) asks: mpsc::Sender<Ask>,
    pub(super) leaving: mpsc::UnboundedSender<u64>,
    pub(super) addrs: Arc<[(Transport, SocketAddr)]>,
    pub(super) registered: Arc<RwLock<HashSet<String>>>,
    pub(super) changes: broadcast::Sender<RegistrationChange>,
    pub(super) doors: Doors,
    pub(super) subscriptions: Intake,
}

/// A registration of ours with another registrar: refreshed while this lives, given back
/// when it is dropped.
#[derive(Debug)]
pub struct RegistrationHandle {
    id: u64,
    leaving: mpsc::UnboundedSender<u64>,
}

impl Drop for RegistrationHandle {
    fn drop(&mut self) {
        let _task_gone = self.leaving.send(self.id);
    }
}

impl Sip {
    /// The addresses that are listened on, with their real ports.
    #[must_use]
    pub fn local_addrs(&self) -> Vec<(Transport, SocketAddr)> {
        self.addrs.to_vec()
    }

    /// Places a call. Returns as soon as the INVITE is on its way; the leg's events tell the
    /// rest.
    pub async fn call(&self, call: OutboundCall) -> Result<Leg, CallError> {
        let (reply, answer) = oneshot::channel();
        let call = Box::new(call);
        let sent = self.asks.send(Ask::Call { call, reply }).await;
        sent.map_err(|_| CallError::Closed)?;
        answer.await.map_err(|_| CallError::Closed)?
    }

    /// The running leg of ours that a Replaces means; `None` when there is none.
    pub async fn leg_of(&self, replaces: &Replaces) -> Option<LegId> {
        let (reply, answer) = oneshot::channel();
        let replaces = replaces.clone();
        self.asks.send(Ask::LegOf { replaces, reply }).await.ok()?;
        answer.await.ok()?
    }

    /// What a Replaces has to say to mean this leg, for a watcher that may pick it up; `None` while
    /// its peer has not answered at all, and when it is over.
    pub async fn name_of(&self, leg: LegId) -> Option<Replaces> {
        let (reply, answer) = oneshot::channel();
        self.asks.send(Ask::NameOf { leg, reply }).await.ok()?;
        answer.await.ok()?
    }

    /// Whether the user has a fresh binding.
    #[must_use]
    pub fn is_registered(&self, username: &str) -> bool {
        self.registered.read().unwrap_or_else(PoisonError::into_inner).contains(username)
    }

    /// The ways to call a user, the preferred first; empty after a shutdown. Each is a phone of
    /// its own and can be called by itself, see `Target::Binding`.
    pub async fn bindings(&self, username: &str) -> Vec<Binding> {
        let (reply, answer) = oneshot::channel();
        let username = username.to_owned();
        if self.asks.send(Ask::Bindings { username, reply }).await.is_err() {
            return Vec::new();
        }
        answer.await.unwrap_or_default()
    }

    /// Takes a websocket of subprotocol `sip` (RFC 7118) that an HTTP server has accepted. Must be
    /// called within a tokio runtime.
    ///
    /// # Errors
    /// When there are too many, or the signalling has been shut down.
    pub fn websocket(&self, peer: WebSocketPeer) -> Result<WebSocketDoor, WebSocketError> {
        self.doors.open(peer)
    }

    /// The subscriptions of devices (RFC 6665), for whoever asks first; `None` after that. Until
    /// somebody does, every SUBSCRIBE is refused with 489.
    #[must_use]
    pub fn subscriptions(&self) -> Option<mpsc::Receiver<Subscription>> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Users that become reachable or unreachable from now on. A receiver that lags loses
    /// the oldest changes and must look at [`Self::is_registered`].
    #[must_use]
    pub fn registrations(&self) -> broadcast::Receiver<RegistrationChange> {
        self.changes.subscribe()
    }

    /// Registers with another registrar and keeps the registration fresh. Returns when the
    /// registrar has granted or refused it for the first time.
    pub async fn register(&self, client: RegisterClient) -> Result<RegistrationHandle, CallError> {
        let (reply, answer) = oneshot::channel();
        let client = Box::new(client);
        let sent = self.asks.send(Ask::Register { client, reply }).await;
        sent.map_err(|_| CallError::Closed)?;
        let id = answer.await.map_err(|_| CallError::Closed)??;
        Ok(RegistrationHandle { id, leaving: self.leaving.clone() })
    }

    /// Refuses new incoming and outgoing calls from now on; running ones go on.
    pub fn refuse_new_calls(&self) {
        let asks = self.asks.clone();
        if asks.try_send(Ask::RefuseNewCalls).is_err() {
            // The queue is full: wait for room elsewhere, this function does not wait.
            tokio::spawn(async move {
                let _task_gone = asks.send(Ask::RefuseNewCalls).await;
            });
        }
    }

    /// Ends every call, gives our registrations back and closes the sockets. Takes at most
    /// a few seconds.
    pub async fn shutdown(self) {
        let (reply, done) = oneshot::channel();
        if self.asks.send(Ask::Shutdown { reply }).await.is_ok() {
            let _stopped = done.await;
        }
    }
}
