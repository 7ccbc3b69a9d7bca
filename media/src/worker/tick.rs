//! A call's turn every 20 ms: prompts and digits sent, silence noticed, the recording mixed.

use super::call::Call;
use super::hub::Hub;
use super::leg::LegState;
use super::player::FRAME_SAMPLES;
use super::relay::report_digit;
use super::voice::Voice;
use crate::codec::{FRAME_SAMPLES_LIMIT, SampleRate};
use crate::event::{Event, EventSink};
use crate::rtp::digit_sender::Turn;
use crate::rtp::packet::HEADER_BYTES;

impl Call {
    /// One turn.
    pub(super) fn tick(&mut self, hub: &mut Hub) {
        self.hear_turn(hub);
        for leg in self.legs.iter_mut().flatten() {
            if leg.digits_out.is_some() {
                leg.digits_turn(hub, self.session);
            } else if leg.player.is_some() {
                leg.prompt_turn(hub, &self.events);
            }
            if let Some(press) = leg.digits.poll(hub.now) {
                report_digit(&self.events, leg, press);
            }
            if let Some(silent) = leg.watch.poll(hub.now) {
                self.events.send(Event::Inactive { leg: leg.id, silent_ms: silent.as_millis() as u64 });
            }
            leg.wire_turn(hub, self.session, &self.events);
            leg.quality_turn(hub.now, &self.events);
        }
        self.speak_turn(hub);
        self.privacy_turn(hub);
        self.advance_recording(hub);
        self.reports_turn(hub);
    }

    /// Packets lost by its legs so far.
    pub(super) fn lost(&self) -> u64 {
        self.legs.iter().flatten().map(|leg| leg.source.lost()).sum()
    }
}

impl LegState {
    /// Sends the next packet of the prompt. It waits until the leg is connected; on hold it runs
    /// on unheard, so that whoever waits for its end does not wait for ever.
    fn prompt_turn(&mut self, hub: &mut Hub, events: &EventSink) {
        let (Some(player), Some(far)) = (&mut self.player, &self.far) else {
            return;
        };
        let remote = far.remote;
        let sends = remote.direction.sends();
        let begins = std::mem::replace(&mut player.begins, !sends);
        let finished = if let Some(law) = remote.codec.kind.law() {
            let mut datagram = [0; HEADER_BYTES + FRAME_SAMPLES];
            let Some(frame) = datagram[HEADER_BYTES..].first_chunk_mut() else {
                return;
            };
            let finished = player.fill(law, frame);
            if sends {
                let stamp = self.sender.own(hub.now, begins);
                self.send(hub, stamp, remote.codec.payload_type, &mut datagram);
            }
            finished
        } else {
            let mut frame = [0; FRAME_SAMPLES_LIMIT];
            let finished = player.fill_wide(&mut frame);
            if sends {
                let new = || Box::new(Voice::new(hub.now, SampleRate::Wide));
                let mut voice = self.voice.take().unwrap_or_else(new);
                self.pauses = begins;
                self.say(hub, &mut voice, SampleRate::Wide, &frame);
                self.voice = Some(voice);
            }
            finished
        };
        if let Some(play) = finished {
            self.player = None;
            events.send(Event::PlayFinished { leg: self.id, play });
        }
    }

    /// Sends the next packet of our digits; a prompt waits meanwhile.
    fn digits_turn(&mut self, hub: &mut Hub, session: u64) {
        let (Some(digits), Some(far)) = (&mut self.digits_out, &self.far) else {
            return;
        };
        let remote = far.remote;
        let Some(payload_type) = remote.telephone_event else {
            tracing::warn!(session, leg = self.id.0, "digits not sent: far end takes none");
            self.digits_out = None;
            return;
        };
        match digits.tick() {
            Turn::Event { begins, payload } => {
                let mut datagram = [0; HEADER_BYTES + 4];
                datagram[HEADER_BYTES..].copy_from_slice(&payload);
                if remote.direction.sends() {
                    let stamp = self.sender.event(hub.now, begins);
                    self.send(hub, stamp, payload_type, &mut datagram);
                }
            }
            Turn::Silence => {}
            Turn::Done => {
                self.digits_out = None;
                if let Some(player) = &mut self.player {
                    player.begins = true;
                }
            }
        }
    }
}
