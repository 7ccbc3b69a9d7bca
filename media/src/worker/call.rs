//! One session, as its worker keeps it.

use super::LEGS_LIMIT;
use super::hub::Hub;
use super::leg::LegState;
use super::privacy::Privacy;
use super::routes::Routes;
use crate::event::EventSink;
use crate::record::Recording;
use crate::session::{Channel, LegId};

/// One session.
pub(super) struct Call {
    pub session: u64,
    /// Its place in the worker, for the names of its sockets.
    pub place: usize,
    pub events: EventSink,
    pub legs: [Option<Box<LegState>>; LEGS_LIMIT],
    pub recording: Option<Recording>,
    pub privacy: Privacy,
    pub routes: Routes,
    /// Whether any leg is decoded or mixed for: most calls are only passed on.
    pub decodes: bool,
}

impl Call {
    pub(super) fn new(session: u64, place: usize, events: EventSink) -> Call {
        Call {
            session,
            place,
            events,
            legs: Default::default(),
            recording: None,
            privacy: Privacy::default(),
            routes: Routes::default(),
            decodes: false,
        }
    }

    /// A leg's place, if it is still there.
    pub(super) fn place_of(&self, leg: LegId) -> Option<usize> {
        self.legs.iter().position(|state| state.as_ref().is_some_and(|state| state.id == leg))
    }

    pub(super) fn leg_mut(&mut self, leg: LegId) -> Option<&mut LegState> {
        let place = self.place_of(leg)?;
        self.legs[place].as_deref_mut()
    }

    /// Mixes what is due of the recording.
    pub(super) fn advance_recording(&mut self, hub: &mut Hub) {
        if let Some(recording) = &mut self.recording {
            let legs = &mut self.legs;
            let frames = recording.rate().frame_samples();
            let dropped = recording.advance(hub.now, &mut hub.writer, |at, sides| {
                mix(legs, at, frames, sides);
            });
            hub.tally.recording_dropped_ms += dropped;
        }
    }

    /// Ends the recording, if there is one.
    pub(super) fn finish_recording(&mut self, hub: &mut Hub) {
        if let Some(recording) = self.recording.take() {
            let legs = &mut self.legs;
            let frames = recording.rate().frame_samples();
            let dropped = recording.finish(hub.now, &mut hub.writer, |at, sides| {
                mix(legs, at, frames, sides);
            });
            hub.tally.recording_dropped_ms += dropped;
            for leg in self.legs.iter_mut().flatten() {
                leg.track = None;
            }
        }
    }
}

/// Adds every leg's slice to its side.
fn mix(
    legs: &mut [Option<Box<LegState>>; LEGS_LIMIT],
    at: u64,
    frames: usize,
    [left, right]: &mut crate::record::Mix,
) {
    for leg in legs.iter_mut().flatten() {
        if let Some(track) = &mut leg.track {
            let side = match leg.channel {
                Channel::Left => &mut *left,
                Channel::Right => &mut *right,
            };
            track.take(at, &mut side[..frames]);
        }
    }
}
