//! A datagram's first steps: whose it is and what it is, before it is voice.

use super::call::Call;
use super::hub::Hub;
use super::leg::LegState;
use super::wire::Came;
use crate::event::{Event, EventSink};
use crate::net::Way;
use crate::rtp::latch::Verdict;

/// The socket a datagram came in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// RTP, and whatever shares its port.
    Rtp,
    Rtcp,
}

impl Call {
    /// A datagram for the leg at `place`.
    pub(super) fn came(&mut self, hub: &mut Hub, place: usize, door: Door, from: Way, datagram: &mut [u8]) {
        let Some(leg) = self.legs[place].as_deref_mut() else {
            return;
        };
        match leg.wire.came(hub, from, datagram) {
            Came::Media(length) => match door {
                Door::Rtp => self.rtp_came(hub, place, from, &mut datagram[..length]),
                Door::Rtcp => self.rtcp_came(hub, place, from, &datagram[..length]),
            },
            // A handshake for RTCP alone is for ends that do not share a port; we do.
            Came::Record if door == Door::Rtcp => leg.refuse(hub),
            Came::Record => leg.record_came(hub, self.session, &self.events, from, datagram),
            Came::Check(None) => {}
            Came::Check(Some(way)) => leg.moved(hub, self.session, &self.events, way),
            Came::Stranger => leg.refuse(hub),
            // Voice that overtook the handshake's last record: nobody can read it.
            Came::Early => {}
        }
    }

    /// A connection of the leg at `place` is closed.
    pub(super) fn way_lost(&mut self, place: usize, way: Way) {
        if let Some(leg) = self.legs[place].as_deref_mut()
            && leg.wire.way_lost(way)
        {
            leg.aim();
        }
    }
}

impl LegState {
    /// A browser checks from a better address.
    fn moved(&mut self, hub: &mut Hub, session: u64, events: &EventSink, way: Way) {
        if self.far.is_none() {
            // Signalling will find it there.
            return;
        }
        self.aim();
        events.send(Event::Latched { leg: self.id, addr: way.addr });
        self.begin_handshake(hub, session);
    }

    /// Our part of the handshake, if it is ours to begin.
    pub(super) fn begin_handshake(&mut self, hub: &mut Hub, session: u64) {
        let to = self.far.as_ref().and_then(|far| far.target);
        if self.wire.shake(hub, None, to) {
            tracing::info!(session, leg = self.id.0, "voice is encrypted");
        }
    }

    fn record_came(&mut self, hub: &mut Hub, session: u64, events: &EventSink, from: Way, record: &[u8]) {
        // Before signalling has spoken there is nobody to trust; the far end repeats itself.
        if self.far.is_none() {
            return;
        }
        if !self.admit_source(hub, events, from) {
            return self.refuse(hub);
        }
        let back = self.wire.reachable(from);
        if self.wire.shake(hub, Some(record), back) {
            tracing::info!(session, leg = self.id.0, "voice is encrypted");
        }
    }

    /// Whether a packet from there is the far end's.
    pub(super) fn admit_source(&mut self, hub: &mut Hub, events: &EventSink, from: Way) -> bool {
        if self.wire.has_ice() {
            // It proved itself by a check, or would not have come this far.
            return true;
        }
        let Some(far) = &mut self.far else {
            return false;
        };
        match far.latch.judge(hub.now, from.addr) {
            Verdict::Accept => true,
            Verdict::Refuse => false,
            Verdict::Latched => {
                far.target = self.wire.reachable(from);
                self.reports.latched(far.remote, from.addr, &self.wire);
                events.send(Event::Latched { leg: self.id, addr: from.addr });
                true
            }
        }
    }

    /// The handshake's clock, and a browser's consent.
    pub(super) fn wire_turn(&mut self, hub: &mut Hub, session: u64, events: &EventSink) {
        let to = self.far.as_ref().and_then(|far| far.target);
        if self.wire.poll(hub, to) {
            tracing::info!(session, leg = self.id.0, "voice is encrypted");
        }
        if let Some(silent) = self.wire.consent_lost(hub.now) {
            self.aim();
            // Where voice is expected, its own watch says so.
            if self.watch.is_off() {
                let silent_ms = silent.as_millis() as u64;
                events.send(Event::Inactive { leg: self.id, silent_ms });
            }
        }
    }
}
