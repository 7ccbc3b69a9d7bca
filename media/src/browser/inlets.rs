//! The ways to the workers, as the port's thread uses them.

use std::sync::Arc;
use std::sync::mpsc::TrySendError;

use super::{ARRIVED_LIMIT_BYTES, Arrival, Arrived, Inlet, Route};
use crate::net::Way;
use crate::stats::Shared;

/// The ways to the workers.
pub(super) struct Inlets {
    inlets: Vec<Inlet>,
    /// Which workers this turn has something for.
    touched: Vec<bool>,
    shared: Arc<Shared>,
}

impl Inlets {
    pub(super) fn new(inlets: Vec<Inlet>, shared: Arc<Shared>) -> Inlets {
        Inlets { touched: vec![false; inlets.len()], inlets, shared }
    }

    /// Gives a datagram to its worker.
    pub(super) fn give(&mut self, route: Route, from: Way, datagram: &[u8]) {
        let mut bytes = [0; ARRIVED_LIMIT_BYTES];
        let Some(room) = bytes.get_mut(..datagram.len()) else {
            return self.shared.count_browser_refused();
        };
        room.copy_from_slice(datagram);
        let arrived = Arrived { session: route.session, leg: route.leg, from, length: datagram.len(), bytes };
        self.send(route, Arrival::Datagram(arrived));
    }

    /// Tells the worker that a connection is closed.
    pub(super) fn gone(&mut self, route: Route, way: Way) {
        self.send(route, Arrival::Gone { session: route.session, leg: route.leg, way });
    }

    /// Wakes the workers for whom there is something.
    pub(super) fn wake(&mut self) {
        for (inlet, touched) in self.inlets.iter().zip(&mut self.touched) {
            if std::mem::take(touched)
                && let Err(e) = inlet.waker.wake()
            {
                tracing::warn!(error = %e, "media worker not woken");
            }
        }
    }

    fn send(&mut self, route: Route, arrival: Arrival) {
        let (Some(inlet), Some(touched)) =
            (self.inlets.get(route.worker), self.touched.get_mut(route.worker))
        else {
            return;
        };
        *touched = true;
        // A worker that has ended takes nothing; its sessions are gone with it.
        if let Err(TrySendError::Full(_)) = inlet.arrivals.try_send(arrival) {
            self.shared.count_browser_dropped();
        }
    }
}
