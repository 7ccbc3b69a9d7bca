//! The channels to the users of legs.

use std::collections::HashMap;

use tokio::sync::mpsc;

use crate::{Leg, LegEvent, LegId, api::leg::Order};

/// Events that a leg's user may leave unread. A call has a dozen in its whole life; a user
/// this far behind does not listen, and the call is ended.
const LEG_EVENTS_WAITING: usize = 64;

struct Channel {
    events: mpsc::Sender<LegEvent>,
    /// A place that is kept for the end, so that it is always told.
    last: Option<mpsc::OwnedPermit<LegEvent>>,
}

/// Who listens to which leg.
pub(super) struct Legs {
    channels: HashMap<LegId, Channel>,
    orders: mpsc::UnboundedSender<Order>,
}

impl Legs {
    /// `orders` is where the legs' commands go. It is unbounded, but each leg limits what
    /// it puts there.
    pub fn new(orders: mpsc::UnboundedSender<Order>) -> Self {
        Self { channels: HashMap::new(), orders }
    }

    /// The user's side of a new leg.
    pub fn open(&mut self, id: LegId, sip_call_id: String) -> Leg {
        let (events, receiver) = mpsc::channel(LEG_EVENTS_WAITING + 1);
        let last = events.clone().try_reserve_owned().ok();
        self.channels.insert(id, Channel { events, last });
        Leg::new(id, sip_call_id, self.orders.clone(), receiver)
    }

    /// Hands an event over; false when the user does not listen.
    pub fn tell(&mut self, id: LegId, event: LegEvent) -> bool {
        if let LegEvent::Ended(_) = event {
            if let Some(last) = self.channels.remove(&id).and_then(|channel| channel.last) {
                last.send(event);
            }
            return true;
        }
        match self.channels.get(&id) {
            Some(channel) => channel.events.try_send(event).is_ok(),
            None => true,
        }
    }
}
