//! The turn of the legs whose sound is decoded: each is heard, then each is spoken to.

use super::LEGS_LIMIT;
use super::call::Call;
use super::hub::Hub;
use super::leg::LegState;
use super::routes::{Feed, LegSet};
use super::voice::Voice;
use crate::codec::{CodecKind, FRAME_SAMPLES_LIMIT, PACKET_LIMIT_BYTES, SampleRate};
use crate::record::{Placed, Recording};
use crate::rtp::packet::HEADER_BYTES;
use crate::sound::Heard;

/// With more speakers than this only those who speak are mixed: two backgrounds are company, more
/// are noise.
const ALWAYS_MIXED_LIMIT: usize = 2;

impl Call {
    /// Works out anew who reaches whom, after any change of legs, routes or recording.
    pub(super) fn replan(&mut self, hub: &Hub) {
        let spoken = std::array::from_fn(|place| self.legs[place].as_deref().and_then(LegState::spoken));
        let recorded = self.recording.as_ref().map(Recording::rate);
        let plans = self.routes.plan(&spoken);
        self.decodes = false;
        for (leg, mut plan) in self.legs.iter_mut().zip(plans) {
            let Some(leg) = leg.as_deref_mut() else {
                continue;
            };
            if leg.is_recorded_by_ear(recorded) {
                plan.narrow |= recorded == Some(SampleRate::Narrow);
                plan.wide |= recorded == Some(SampleRate::Wide);
            }
            leg.plan = plan;
            if plan.is_decoded() || matches!(plan.feed, Feed::Mixed { .. }) {
                let wanted = if plan.wide { SampleRate::Wide } else { SampleRate::Narrow };
                match &mut leg.voice {
                    Some(voice) if plan.is_decoded() => voice.want(hub.now, wanted),
                    Some(_) => {}
                    None => leg.voice = Some(Box::new(Voice::new(hub.now, wanted))),
                }
                self.decodes = true;
            } else if leg.player.is_none() {
                leg.voice = None;
            }
        }
    }

    /// Decodes what was said, for those who want it.
    pub(super) fn hear_turn(&mut self, hub: &mut Hub) {
        if !self.decodes {
            return;
        }
        let recorded = self.recording.as_ref().map(Recording::rate);
        for leg in self.legs.iter_mut().flatten() {
            let is_by_ear = leg.is_recorded_by_ear(recorded);
            let Some(voice) = leg.voice.as_mut().filter(|_| leg.plan.is_decoded()) else {
                continue;
            };
            voice.hear(hub.now, leg.plan);
            let Some((recording, track)) = self.recording.as_ref().zip(leg.track.as_mut()) else {
                continue;
            };
            if is_by_ear && voice.frame.heard != Heard::Silence {
                let now = recording.frame_at(hub.now);
                let placed = track.place_heard(now, recording.taken(), voice.frame.at(recording.rate()));
                hub.tally.late_frames += u64::from(placed == Placed::Late);
            }
        }
    }

    /// Mixes for each leg what it hears, and sends it.
    pub(super) fn speak_turn(&mut self, hub: &mut Hub) {
        if !self.decodes {
            return;
        }
        for place in 0..LEGS_LIMIT {
            let Some(leg) = self.legs[place].as_deref_mut() else {
                continue;
            };
            let Feed::Mixed { speakers, rate } = leg.plan.feed else {
                continue;
            };
            if leg.is_taken() || !leg.can_be_told(hub.now) {
                leg.pauses = true;
                continue;
            }
            let Some(mut voice) = leg.voice.take() else {
                continue;
            };
            let mut mix = [0; FRAME_SAMPLES_LIMIT];
            let mix = &mut mix[..rate.frame_samples()];
            self.mix(speakers, rate, &mut voice, mix);
            if let Some(leg) = self.legs[place].as_deref_mut() {
                leg.say(hub, &mut voice, rate, mix);
                leg.voice = Some(voice);
            }
        }
    }

    fn mix(&self, speakers: LegSet, rate: SampleRate, listener: &mut Voice, mix: &mut [i16]) {
        listener.mixer.begin();
        let mut voices = LegSet::default();
        for from in speakers.iter() {
            let Some(voice) = self.legs[from].as_ref().and_then(|leg| leg.voice.as_deref()) else {
                continue;
            };
            if voice.frame.active || speakers.len() <= ALWAYS_MIXED_LIMIT {
                listener.mixer.add(voice.frame.at(rate));
                voices.insert(from);
            }
        }
        listener.mixer.finish(voices.bits(), mix);
    }
}

impl LegState {
    /// Whether a recording at that rate takes what is decoded of it. G.711 is put into one at
    /// 8000 Hz as it comes, by its timestamps.
    pub(super) fn is_recorded_by_ear(&self, recorded: Option<SampleRate>) -> bool {
        match (recorded, self.spoken().map(|spoken| spoken.kind)) {
            (None, _) | (_, None | Some(CodecKind::G729)) => false,
            (Some(SampleRate::Narrow), Some(kind)) => kind.law().is_none(),
            (Some(SampleRate::Wide), Some(_)) => true,
        }
    }

    /// Encodes 20 ms of sound and sends it.
    pub(super) fn say(&mut self, hub: &mut Hub, voice: &mut Voice, rate: SampleRate, sound: &[i16]) {
        let Some(codec) = self.far.as_ref().map(|far| far.remote.codec) else {
            return;
        };
        let mut packet = [0; HEADER_BYTES + PACKET_LIMIT_BYTES];
        let Some(length) = voice.encode(codec.kind, rate, sound, &mut packet) else {
            return;
        };
        let begins = std::mem::replace(&mut self.pauses, false);
        let stamp = self.sender.own(hub.now, begins);
        self.send(hub, stamp, codec.payload_type, &mut packet[..length]);
    }
}
