//! Orders to one session, carried out.

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, TrySendError};

use super::call::Call;
use super::hub::Hub;
use super::leg::{Far, LegState};
use super::player::Player;
use super::privacy::Privacy;
use super::routes::Plan;
use super::{Moving, NewLeg, Order};
use crate::browser::Route;
use crate::codec::SampleRate;
use crate::event::{Event, LegStats, Mark};
use crate::record::{Recording, RecordingPlan, Track};
use crate::remote::Remote;
use crate::rtp::CLOCK_HZ;
use crate::rtp::digit_sender::DigitSender;
use crate::rtp::latch::Latch;
use crate::sealed::RecordingKey;
use crate::session::{Channel, LegId};

/// Whether a session goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Open,
    Closed,
}

impl Call {
    /// Carries out one order. One for a leg that is gone does nothing.
    pub(super) fn order(&mut self, hub: &mut Hub, order: Order) -> Fate {
        match order {
            Order::AddLeg(new) => self.add_leg(hub, *new),
            Order::Connect { leg, remote } => self.connect(hub, leg, remote),
            Order::Route { pairs } => self.route(hub, &pairs),
            Order::Play { leg, play, prompt, repeat } => {
                if let Some(leg) = self.leg_mut(leg) {
                    leg.player = Some(Player::new(play, prompt, repeat));
                }
            }
            Order::StopPlaying { leg } => {
                if let Some(leg) = self.leg_mut(leg) {
                    leg.player = None;
                }
            }
            Order::SendDigits { leg, digits } => {
                let session = self.session;
                if let Some(leg) = self.leg_mut(leg) {
                    let clock_hz = leg.far.as_ref().map_or(CLOCK_HZ, |far| far.remote.event_clock_hz);
                    let sender = leg.digits_out.get_or_insert_with(|| DigitSender::new(clock_hz));
                    let refused = sender.push(digits);
                    if refused > 0 {
                        tracing::warn!(session, refused, "digits not sent: too many waiting");
                    }
                }
            }
            Order::Record { path, key } => self.record(hub, path, key),
            Order::StopRecording => {
                self.finish_recording(hub);
                self.replan(hub);
            }
            Order::PauseRecording => self.pause_recording(hub),
            Order::ResumeRecording => self.resume_recording(hub),
            Order::MarkRecording { label } => self.mark(hub, Mark::Label(label)),
            Order::RemoveLeg { leg } => {
                if let Some(place) = self.place_of(leg) {
                    self.remove_leg(hub, place);
                }
            }
            Order::Give { leg, to } => self.give(hub, leg, &to),
            Order::Take { leg, id, channel, end } => self.take(hub, leg, id, channel, end),
            Order::Close => {
                self.close(hub);
                return Fate::Closed;
            }
        }
        Fate::Open
    }

    /// Ends the recording and removes the legs.
    pub(super) fn close(&mut self, hub: &mut Hub) {
        self.finish_recording(hub);
        for place in 0..self.legs.len() {
            self.remove_leg(hub, place);
        }
    }

    fn add_leg(&mut self, hub: &mut Hub, new: NewLeg) {
        let id = new.id;
        let mut leg = LegState::new(new, self.keeps(), hub);
        leg.hides_keys = self.privacy != Privacy::Open;
        // The handle keeps to the same bound, so there is room unless it has lost count.
        let Some(place) = self.legs.iter().position(Option::is_none) else {
            tracing::error!(session = self.session, leg = id.0, "no room for a leg");
            return self.refuse_leg(id);
        };
        if let Err(e) = leg.wire.register(hub, self.place, place) {
            tracing::error!(session = self.session, leg = id.0, error = %e, "leg not polled");
            return self.refuse_leg(id);
        }
        leg.wire.watch_drops(hub);
        hub.tally.legs += 1;
        self.legs[place] = Some(Box::new(leg));
    }

    /// Hands a leg to another session. What waits in its sockets waits for the other worker.
    fn give(&mut self, hub: &mut Hub, leg: LegId, to: &SyncSender<Moving>) {
        let Some(mut leg) = self.place_of(leg).and_then(|place| self.let_go(hub, place)) else {
            // Whoever waits sees the way closed.
            return;
        };
        leg.wire.deregister(hub);
        hub.tally.legs -= 1;
        if let Err(TrySendError::Full(Moving(leg)) | TrySendError::Disconnected(Moving(leg))) =
            to.try_send(Moving(leg))
        {
            // Nobody waits any longer.
            tracing::warn!(session = self.session, leg = leg.id.0, "leg on its way to nobody");
            hub.tally.legs += 1;
            self.end_leg(hub, *leg);
        }
    }

    fn take(&mut self, hub: &mut Hub, leg: Moving, id: LegId, channel: Channel, end: Route) {
        let Moving(mut leg) = leg;
        hub.tally.legs += 1;
        (leg.id, leg.channel, leg.plan) = (id, channel, Plan::default());
        leg.track = self.keeps().then(Track::new);
        leg.hides_keys = self.privacy != Privacy::Open;
        leg.wire.move_to(end);
        let Some(place) = self.legs.iter().position(Option::is_none) else {
            tracing::error!(session = self.session, leg = id.0, "no room for a leg");
            return self.end_leg(hub, *leg);
        };
        if let Err(e) = leg.wire.register(hub, self.place, place) {
            tracing::error!(session = self.session, leg = id.0, error = %e, "leg not polled");
            return self.end_leg(hub, *leg);
        }
        self.legs[place] = Some(leg);
        self.replan(hub);
    }

    /// Takes a leg out of the call.
    fn let_go(&mut self, hub: &mut Hub, place: usize) -> Option<Box<LegState>> {
        let leg = self.legs[place].take()?;
        self.routes.remove(place);
        self.replan(hub);
        Some(leg)
    }

    fn refuse_leg(&self, leg: LegId) {
        self.events.send(Event::LegClosed { leg, stats: LegStats::default() });
    }

    fn connect(&mut self, hub: &mut Hub, leg: LegId, remote: Remote) {
        let session = self.session;
        let Some(leg) = self.leg_mut(leg) else {
            return;
        };
        let mut latch = match leg.far.take() {
            Some(far) => far.latch,
            None => Latch::new(remote.addr),
        };
        latch.signalled(remote.addr);
        leg.wire.protect(&hub.identity, remote.protection, remote.mux);
        leg.watch.expect(hub.now, remote.direction.receives());
        leg.reports.connected(leg.wire.reachable(remote.rtcp));
        leg.far = Some(Far { remote, latch, target: None });
        leg.aim();
        let unreachable = leg.far.as_ref().is_some_and(|far| far.target.is_none());
        if unreachable && remote.direction.sends() && !leg.wire.has_ice() {
            tracing::warn!(session, leg = leg.id.0, addr = %remote.addr, "leg cannot be reached");
        }
        leg.sender.set_clock(hub.now, remote.codec.kind.clock_hz());
        leg.source.set_clock(remote.codec.kind.clock_hz());
        leg.digits.set_clock(remote.event_clock_hz);
        leg.begin_handshake(hub, session);
        self.replan(hub);
    }

    fn route(&mut self, hub: &Hub, pairs: &[(LegId, LegId)]) {
        self.routes.clear();
        for (from, to) in pairs {
            if let (Some(from), Some(to)) = (self.place_of(*from), self.place_of(*to)) {
                self.routes.connect(from, to);
            }
        }
        self.replan(hub);
    }

    fn record(&mut self, hub: &mut Hub, path: PathBuf, key: Option<RecordingKey>) {
        self.finish_recording(hub);
        for leg in self.legs.iter_mut().flatten() {
            leg.track = (self.privacy == Privacy::Open).then(Track::new);
        }
        let events = self.events.clone();
        let wide = |leg: &LegState| leg.spoken().is_some_and(|spoken| spoken.kind.is_wideband());
        let rate = match self.legs.iter().flatten().any(|leg| wide(leg)) {
            true => SampleRate::Wide,
            false => SampleRate::Narrow,
        };
        let plan = RecordingPlan { path, rate, key };
        self.recording = Some(Recording::start(hub.now, plan, events, &mut hub.writer));
        self.replan(hub);
    }

    fn remove_leg(&mut self, hub: &mut Hub, place: usize) {
        if let Some(leg) = self.let_go(hub, place) {
            self.end_leg(hub, *leg);
        }
    }

    fn end_leg(&self, hub: &mut Hub, leg: LegState) {
        let stats = leg.stats();
        hub.lost_by_gone += stats.lost;
        hub.tally.legs -= 1;
        leg.wire.close(hub);
        self.events.send(Event::LegClosed { leg: leg.id, stats });
    }
}
