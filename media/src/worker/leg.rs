//! One party of a call, as its worker keeps it.

use std::time::Instant;

use super::hub::Hub;
use super::player::Player;
use super::reports::Reports;
use super::routes::{Plan, Spoken};
use super::voice::Voice;
use super::wire::{Sent, Wire};
use super::{NewLeg, NewWire};
use crate::codec::CodecKind;
use crate::event::{Event, EventSink, LegStats};
use crate::net::Way;
use crate::record::Track;
use crate::remote::Remote;
use crate::rtp::digit_sender::DigitSender;
use crate::rtp::digits::DigitCollector;
use crate::rtp::inactivity::Inactivity;
use crate::rtp::latch::Latch;
use crate::rtp::packet::{HEADER_BYTES, Stamp};
use crate::rtp::quality::{self, Quality};
use crate::rtp::sender::Sender;
use crate::rtp::source::Source;
use crate::session::{Channel, LegId};

/// One party of a call.
pub(super) struct LegState {
    pub id: LegId,
    pub channel: Channel,
    pub wire: Wire,
    /// None until connected.
    pub far: Option<Far>,
    /// Who hears its packets or its sound, and what it hears.
    pub plan: Plan,
    /// Only while its sound is decoded or encoded.
    pub voice: Option<Box<Voice>>,
    /// Nothing of ours was sent in the last turn: the next packet begins a talkspurt.
    pub pauses: bool,
    /// The event that is being passed on to it: SSRC and timestamp at its sender, and until when
    /// voice waits.
    pub event_passed: Option<(u32, u32, Instant)>,
    pub source: Source,
    pub sender: Sender,
    pub digits: DigitCollector,
    pub digits_out: Option<DigitSender>,
    pub player: Option<Player>,
    pub watch: Inactivity,
    /// Only while the call is recorded.
    pub track: Option<Track>,
    /// Its keys are told of without their names.
    pub hides_keys: bool,
    pub reports: Reports,
    pub quality: Quality,
    /// How the far end was heard when the owner was last told.
    mos_lately: Option<f32>,
    pub packets_out: u64,
    pub octets_out: u64,
    pub refused: u64,
}

/// The far end: what signalling says, and where it really is.
pub(super) struct Far {
    pub remote: Remote,
    pub latch: Latch,
    /// Where RTP goes, in the socket's own address family; none if nothing can be sent there.
    pub target: Option<Way>,
}

/// What a payload type means on this leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carried {
    Voice(CodecKind),
    Event,
    ComfortNoise,
}

/// RFC 3551 table 4.
const COMFORT_NOISE_PAYLOAD_TYPE: u8 = 13;

impl Far {
    /// What a payload type means. Where one law was agreed both are taken at any time: an end that
    /// was offered both may change over without a word (RFC 3264 section 7).
    pub(super) fn carried(&self, payload_type: u8) -> Option<Carried> {
        let codec = self.remote.codec;
        // What our own description says comes first; an end that sends as it wants to receive is
        // understood all the same.
        if payload_type == self.remote.voice_in {
            return Some(Carried::Voice(codec.kind));
        }
        if Some(payload_type) == self.remote.event_in {
            return Some(Carried::Event);
        }
        if payload_type == codec.payload_type {
            return Some(Carried::Voice(codec.kind));
        }
        if Some(payload_type) == self.remote.telephone_event {
            return Some(Carried::Event);
        }
        if payload_type == COMFORT_NOISE_PAYLOAD_TYPE || Some(payload_type) == self.remote.comfort_noise {
            return Some(Carried::ComfortNoise);
        }
        codec.kind.law()?;
        [CodecKind::Pcmu, CodecKind::Pcma]
            .into_iter()
            .find(|kind| kind.static_payload_type() == Some(payload_type))
            .map(Carried::Voice)
    }
}

impl LegState {
    pub(super) fn new(new: NewLeg, recorded: bool, hub: &Hub) -> Self {
        let now: Instant = hub.now;
        LegState {
            id: new.id,
            channel: new.channel,
            wire: match new.wire {
                NewWire::Own(pair) => Wire::own(pair),
                NewWire::Browser(end, credentials) => Wire::browser(end, credentials, &hub.identity),
            },
            far: None,
            plan: Plan::default(),
            voice: None,
            pauses: true,
            event_passed: None,
            source: Source::default(),
            // RFC 3550 section 5.1: all three random.
            sender: Sender::new(new.ssrc, rand::random(), rand::random()),
            digits: DigitCollector::default(),
            digits_out: None,
            player: None,
            watch: Inactivity::new(hub.rtp_inactivity),
            track: recorded.then(Track::new),
            hides_keys: false,
            reports: Reports::new(now),
            quality: Quality::new(now),
            mos_lately: None,
            packets_out: 0,
            octets_out: 0,
            refused: 0,
        }
    }

    /// Whether something of our own is heard on the leg, instead of its peer.
    pub(super) fn is_taken(&self) -> bool {
        self.player.is_some() || self.digits_out.is_some()
    }

    /// What it speaks; none before it is connected.
    pub(super) fn spoken(&self) -> Option<Spoken> {
        let remote = self.far.as_ref()?.remote;
        Some(Spoken { kind: remote.codec.kind, comfort_noise: remote.comfort_noise.is_some() })
    }

    /// Whether sound may be sent to it now.
    pub(super) fn can_be_told(&self, now: Instant) -> bool {
        self.event_passed.is_none_or(|(_, _, until)| now >= until)
            && self.far.as_ref().is_some_and(|far| far.remote.direction.sends())
    }

    /// Sends the payload that lies behind [`HEADER_BYTES`] of `datagram`.
    pub(super) fn send(&mut self, hub: &mut Hub, stamp: Stamp, payload_type: u8, datagram: &mut [u8]) {
        let Some(target) = self.far.as_ref().and_then(|far| far.target) else {
            return;
        };
        if let Some(header) = datagram.first_chunk_mut() {
            *header = stamp.header(payload_type);
        }
        match self.wire.send_rtp(&mut hub.seal, datagram, target) {
            Sent::Yes => {
                self.packets_out += 1;
                self.octets_out += (datagram.len() - HEADER_BYTES) as u64;
                hub.tally.packets_out += 1;
            }
            Sent::Withheld => {}
            // A full send buffer or a net that is down: this packet is late for ever.
            Sent::Failed => hub.tally.send_errors += 1,
        }
    }

    /// Sets where packets go by what is known now.
    pub(super) fn aim(&mut self) {
        let Some(far) = &mut self.far else {
            return;
        };
        let way = match self.wire.has_ice() {
            true => self.wire.nominated(),
            false => Some(far.latch.target().into()),
        };
        far.target = way.and_then(|way| self.wire.reachable(way));
        if self.wire.has_ice() {
            self.reports.connected(far.target);
        }
    }

    pub(super) fn refuse(&mut self, hub: &mut Hub) {
        self.refused += 1;
        hub.tally.refused += 1;
    }

    /// How the far end is heard.
    fn mos(&self) -> Option<f32> {
        self.mos_of((self.source.packets(), self.source.lost()))
    }

    /// The same, by these packets that came and were lost.
    fn mos_of(&self, (came, lost): (u64, u64)) -> Option<f32> {
        let kind = self.far.as_ref()?.remote.codec.kind;
        let loss_pct = share_pct(lost, came + lost);
        let jitter_ms = self.quality.mean_jitter_ms();
        (came > 0).then(|| quality::mos(kind, loss_pct, jitter_ms, self.reports.rtt_ms()))
    }

    /// How the far end hears us.
    fn mos_at_remote(&self) -> Option<f32> {
        let kind = self.far.as_ref()?.remote.codec.kind;
        let loss_pct = share_pct(self.reports.lost_at_remote(), self.packets_out);
        let jitter_ms = self.reports.jitter_at_remote_ms();
        self.reports.was_reported_on().then(|| quality::mos(kind, loss_pct, jitter_ms, self.reports.rtt_ms()))
    }

    /// Tells the owner how the leg fares, when it is time.
    pub(super) fn quality_turn(&mut self, now: Instant, events: &EventSink) {
        if self.quality.turn(now, self.source.jitter_ms()) && self.far.is_some() {
            let since = self.quality.since_told(self.source.packets(), self.source.lost());
            self.mos_lately = self.mos_of(since);
            events.send(Event::Quality { leg: self.id, stats: self.stats() });
        }
    }

    pub(super) fn stats(&self) -> LegStats {
        let ear = self.voice.as_deref().map(Voice::stats).unwrap_or_default();
        LegStats {
            late: ear.late,
            concealed_ms: ear.concealed_ms,
            packets_in: self.source.packets(),
            packets_out: self.packets_out,
            lost: self.source.lost(),
            gaps: self.source.gaps(),
            refused: self.refused,
            jitter_ms: self.source.jitter_ms(),
            jitter_mean_ms: self.quality.mean_jitter_ms(),
            jitter_max_ms: self.quality.max_jitter_ms(),
            lost_at_remote: self.reports.lost_at_remote(),
            jitter_at_remote_ms: self.reports.jitter_at_remote_ms(),
            rtt_ms: self.reports.rtt_ms(),
            mos: self.mos(),
            mos_lately: self.mos_lately,
            mos_at_remote: self.mos_at_remote(),
            codec: self.far.as_ref().map(|far| far.remote.codec.kind),
            remote: match self.wire.has_ice() {
                true => self.wire.nominated().map(|way| way.addr),
                false => self.far.as_ref().and_then(|far| far.latch.latched()),
            },
        }
    }
}

fn share_pct(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 * 100.0 / whole as f32 }
}
