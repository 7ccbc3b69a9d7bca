//! The way of a packet: judged, counted, recorded, and sent on to the other leg.
//!
//! No lock, no allocation: the payload stays where it was received, and our header is written
//! before it.

use std::net::SocketAddr;

use super::call::Call;
use super::hub::Hub;
use super::leg::{Carried, LegState};
use crate::codec::{CodecKind, g711};
use crate::event::{Event, EventSink};
use crate::record::{Placed, Recording};
use crate::rtp::digits::Press;
use crate::rtp::latch::Verdict;
use crate::rtp::packet::{self, Datagram, HEADER_BYTES, Header};

impl Call {
    /// A datagram on the RTP port of the leg at `place`.
    pub(super) fn rtp_came(&mut self, hub: &mut Hub, place: usize, from: SocketAddr, datagram: &mut [u8]) {
        let Some(leg) = self.legs[place].as_deref_mut() else {
            return;
        };
        let header = match packet::read(datagram) {
            Datagram::Rtp(header) => header,
            // RFC 5761: an end that multiplexes although we did not agree to.
            Datagram::Rtcp => return self.rtcp_came(hub, place, from, datagram),
            Datagram::Neither => return leg.refuse(hub),
        };
        let Some(carried) = leg.admit(hub, &self.events, from, &header) else {
            return;
        };
        match carried {
            Carried::Voice(kind) => {
                if let Some(recording) = &self.recording {
                    leg.keep(hub, recording, &header, &datagram[header.payload.clone()], kind);
                }
            }
            Carried::Event => {
                let payload = &datagram[header.payload.clone()];
                let presses = leg.digits.packet(hub.now, header.timestamp, payload);
                for press in presses.into_iter().flatten() {
                    report_digit(&self.events, leg, press);
                }
            }
            Carried::ComfortNoise => return,
        }
        self.send_on(hub, place, &header, carried, datagram);
    }

    /// Sends the packet to the peer of the leg at `place`.
    fn send_on(
        &mut self,
        hub: &mut Hub,
        place: usize,
        header: &Header,
        carried: Carried,
        datagram: &mut [u8],
    ) {
        let peer = self.legs[place].as_ref().and_then(|leg| leg.peer);
        let Some(peer) = peer.and_then(|peer| self.legs[peer].as_deref_mut()) else {
            return;
        };
        if peer.is_taken() || header.payload.is_empty() {
            return;
        }
        let Some(remote) = peer.far.as_ref().map(|far| far.remote) else {
            return;
        };
        if !remote.direction.sends() {
            return;
        }
        let payload_type = match carried {
            Carried::Voice(kind) => {
                let payload = &mut datagram[header.payload.clone()];
                g711::convert(payload, kind, remote.codec.kind);
                remote.codec.payload_type
            }
            Carried::Event => match remote.telephone_event {
                Some(payload_type) => payload_type,
                None => return,
            },
            Carried::ComfortNoise => return,
        };
        let Some(stamp) = peer.sender.relay(hub.now, header) else {
            return;
        };
        let start = header.payload.start - HEADER_BYTES;
        let packet = &mut datagram[start..header.payload.end];
        peer.send(hub, stamp, payload_type, packet);
    }
}

impl LegState {
    /// Judges and counts a packet; says what it carries if it may pass.
    fn admit(
        &mut self,
        hub: &mut Hub,
        events: &EventSink,
        from: SocketAddr,
        header: &Header,
    ) -> Option<Carried> {
        let carried = self.far.as_ref().and_then(|far| far.carried(header.payload_type));
        let (Some(carried), Some(far)) = (carried, &mut self.far) else {
            self.refuse(hub);
            return None;
        };
        match far.latch.judge(hub.now, from) {
            Verdict::Accept => {}
            Verdict::Refuse => {
                self.refuse(hub);
                return None;
            }
            Verdict::Latched => {
                far.target = self.sockets.reachable(from);
                self.reports.latched(far.remote, from, &self.sockets);
                events.send(Event::Latched { leg: self.id, addr: from });
            }
        }
        self.watch.heard(hub.now);
        hub.tally.packets_in += 1;
        let known = self.source.ssrc();
        let skipped = self.source.received(hub.now, header);
        hub.tally.gaps += u64::from(skipped > 0);
        if known.is_some_and(|known| known != header.ssrc)
            && let Some(press) = self.digits.restart()
        {
            report_digit(events, self, press);
        }
        // On hold the far end may go on sending; nobody listens.
        let receives = self.far.as_ref().is_some_and(|far| far.remote.direction.receives());
        receives.then_some(carried)
    }

    /// Puts voice into the recording.
    fn keep(&mut self, hub: &mut Hub, recording: &Recording, header: &Header, codes: &[u8], kind: CodecKind) {
        if let Some(track) = &mut self.track {
            let now = recording.frame_at(hub.now);
            let placed = track.place(now, recording.taken(), header, codes, kind.linear());
            hub.tally.late_frames += u64::from(placed == Placed::Late);
        }
    }
}

/// Tells the owner of a key that went up.
pub(super) fn report_digit(events: &EventSink, leg: &LegState, press: Press) {
    events.send(Event::Digit { leg: leg.id, digit: press.digit, duration_ms: press.duration_ms });
}
