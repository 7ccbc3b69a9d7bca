//! The channels to who takes subscriptions.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    Subscription, SubscriptionId,
    api::subscription::{Asked, SubscriptionOrder},
};

/// New subscriptions that wait for the program: a panel of keys for each of a few phones that
/// start together.
const WAITING: usize = 256;

/// Where the program takes them: there once, until it is taken.
pub(super) type Intake = Arc<Mutex<Option<mpsc::Receiver<Subscription>>>>;

/// Who hears about which subscription.
pub(super) struct Desk {
    ends: HashMap<SubscriptionId, oneshot::Sender<()>>,
    new: mpsc::Sender<Subscription>,
    intake: Intake,
    /// Unbounded, but each subscription limits what it puts there.
    orders: mpsc::UnboundedSender<SubscriptionOrder>,
}

impl Desk {
    pub fn new(orders: mpsc::UnboundedSender<SubscriptionOrder>) -> (Self, Intake) {
        let (new, receiver) = mpsc::channel(WAITING);
        let intake = Arc::new(Mutex::new(Some(receiver)));
        (Self { ends: HashMap::new(), new, intake: Arc::clone(&intake), orders }, intake)
    }

    /// Hands it over. The code of its refusal where nobody takes it.
    pub fn open(&mut self, id: SubscriptionId, asked: Asked) -> Result<(), u16> {
        if self.intake.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            // The program wants none: there is nothing to subscribe to.
            return Err(489);
        }
        let (end, ended) = oneshot::channel();
        let subscription = Subscription::new(id, asked, self.orders.clone(), ended);
        // What cannot be handed over is dropped, and ends by that.
        self.new.try_send(subscription).map_err(|_| 503_u16)?;
        self.ends.insert(id, end);
        Ok(())
    }

    pub fn ended(&mut self, id: SubscriptionId) {
        if let Some(end) = self.ends.remove(&id) {
            let _nobody_waits = end.send(());
        }
    }
}
