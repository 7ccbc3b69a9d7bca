//! The way of a packet: judged, counted, recorded, and sent on to the other leg.
//!
//! No lock, no allocation: the payload stays where it was received, and our header is written
//! before it.

use std::time::Duration;

use super::call::Call;
use super::hub::Hub;
use super::leg::{Carried, LegState};
use super::routes::{Feed, LegSet};
use crate::codec::{Law, g711};
use crate::event::{Event, EventSink};
use crate::net::Way;
use crate::record::{Placed, Recording};
use crate::rtp::digits::Press;
use crate::rtp::packet::{self, Datagram, HEADER_BYTES, Header};
use crate::sound::Content;

/// Voice of ours waits this long after a packet of a key: they come every 20 to 50 ms.
const EVENT_HOLD: Duration = Duration::from_millis(60);

impl Call {
    /// A packet on the RTP port of the leg at `place`, opened if it was sealed.
    pub(super) fn rtp_came(&mut self, hub: &mut Hub, place: usize, from: Way, datagram: &mut [u8]) {
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
                let payload = &datagram[header.payload.clone()];
                if let (Some(recording), Some(law)) = (&self.recording, kind.law())
                    && !leg.is_recorded_by_ear(Some(recording.rate()))
                {
                    leg.keep(hub, recording, &header, payload, law);
                }
                leg.listen(hub, &header, Content::Voice(kind), payload);
            }
            Carried::Event => {
                let payload = &datagram[header.payload.clone()];
                let presses = leg.digits.packet(hub.now, header.timestamp, payload);
                for press in presses.into_iter().flatten() {
                    report_digit(&self.events, leg, press);
                }
            }
            Carried::ComfortNoise => {
                leg.listen(hub, &header, Content::ComfortNoise, &datagram[header.payload.clone()]);
            }
        }
        if carried == Carried::Event {
            self.pass_event(hub, place, &header, &datagram[header.payload.clone()]);
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
        let peer = self.legs[place].as_ref().and_then(|leg| leg.plan.relays_to);
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
                match (kind.law(), remote.codec.kind.law()) {
                    (Some(from), Some(to)) => {
                        g711::convert(&mut datagram[header.payload.clone()], from, to);
                    }
                    _ if kind == remote.codec.kind => {}
                    _ => return,
                }
                remote.codec.payload_type
            }
            Carried::Event => match remote.telephone_event {
                Some(payload_type) => payload_type,
                None => return,
            },
            Carried::ComfortNoise => match remote.comfort_noise {
                Some(payload_type) => payload_type,
                None => return,
            },
        };
        let Some(stamp) = peer.sender.relay(hub.now, header) else {
            return;
        };
        let start = header.payload.start - HEADER_BYTES;
        let packet = &mut datagram[start..header.payload.end];
        peer.send(hub, stamp, payload_type, packet);
    }
}

impl Call {
    /// Passes a key on to a leg for which the voice of this one alone is encoded anew, in its own
    /// numbers and clock. In a conference keys are nobody else's business.
    fn pass_event(&mut self, hub: &mut Hub, place: usize, header: &Header, payload: &[u8]) {
        let Some(from_hz) =
            self.legs[place].as_ref().and_then(|leg| Some(leg.far.as_ref()?.remote.event_clock_hz))
        else {
            return;
        };
        let Some(event) = payload.first_chunk::<4>().copied() else {
            return;
        };
        let mut alone = LegSet::default();
        alone.insert(place);
        for leg in self.legs.iter_mut().flatten() {
            let Some(remote) = leg.far.as_ref().map(|far| far.remote) else {
                continue;
            };
            let hears = matches!(leg.plan.feed, Feed::Mixed { speakers, .. } if speakers == alone);
            let (Some(payload_type), true) = (remote.telephone_event, hears && !leg.is_taken()) else {
                continue;
            };
            if !remote.direction.sends() {
                continue;
            }
            let ticks = u64::from(u16::from_be_bytes([event[2], event[3]]));
            let ticks = ticks * u64::from(remote.event_clock_hz) / u64::from(from_hz.max(1));
            let [high, low] = u16::try_from(ticks).unwrap_or(u16::MAX).to_be_bytes();
            let begins = leg
                .event_passed
                .is_none_or(|(ssrc, stamp, _)| (ssrc, stamp) != (header.ssrc, header.timestamp));
            leg.event_passed = Some((header.ssrc, header.timestamp, hub.now + EVENT_HOLD));
            let mut datagram = [0; HEADER_BYTES + 4];
            datagram[HEADER_BYTES..].copy_from_slice(&[event[0], event[1], high, low]);
            let stamp = leg.sender.event(hub.now, begins);
            leg.send(hub, stamp, payload_type, &mut datagram);
        }
    }
}

impl LegState {
    /// Judges and counts a packet; says what it carries if it may pass.
    fn admit(&mut self, hub: &mut Hub, events: &EventSink, from: Way, header: &Header) -> Option<Carried> {
        let carried = self.far.as_ref().and_then(|far| far.carried(header.payload_type));
        let Some(carried) = carried else {
            self.refuse(hub);
            return None;
        };
        if !self.admit_source(hub, events, from) {
            self.refuse(hub);
            return None;
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

    /// Keeps a packet for those who want to hear it.
    fn listen(&mut self, hub: &Hub, header: &Header, content: Content, payload: &[u8]) {
        if self.plan.is_decoded()
            && let Some(voice) = &mut self.voice
        {
            voice.packet(hub.now, header, content, payload);
        }
    }

    /// Puts voice into the recording.
    fn keep(&mut self, hub: &mut Hub, recording: &Recording, header: &Header, codes: &[u8], law: Law) {
        if let Some(track) = &mut self.track {
            let now = recording.frame_at(hub.now);
            let placed = track.place(now, recording.taken(), header, codes, law.linear());
            hub.tally.late_frames += u64::from(placed == Placed::Late);
        }
    }
}

/// Tells the owner of a key that went up.
pub(super) fn report_digit(events: &EventSink, leg: &LegState, press: Press) {
    events.send(match leg.hides_keys {
        true => Event::DigitHidden { leg: leg.id },
        false => Event::Digit { leg: leg.id, digit: press.digit, duration_ms: press.duration_ms },
    });
}
