//! A recording's pause: what is said and keyed in it is nobody's business, and never reaches the
//! writer.
//!
//! A paused call has no tracks: there is nothing that voice could be put into, and the recording
//! mixes silence of the same length. What was still in the tracks when the pause began goes with
//! them. After the pause they stay away a little longer, because what comes then may have been said
//! before it ended.

use std::time::{Duration, Instant};

use super::call::Call;
use super::hub::Hub;
use crate::event::{Event, Mark};
use crate::record::Track;

/// What was said in the pause may come this much after it: the longest that our jitter buffer holds
/// voice back (its longest target and what it is let off it, 1105 ms), with some to spare.
const FADE: Duration = Duration::from_millis(1_200);

/// Whether a call's sound and keys may be kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Privacy {
    #[default]
    Open,
    Paused,
    /// The pause is over, but not all that was said in it has come.
    Fading {
        until: Instant,
    },
}

impl Call {
    /// Whether voice is put into tracks now.
    pub(super) fn keeps(&self) -> bool {
        self.recording.is_some() && self.privacy == Privacy::Open
    }

    /// From now on nothing is kept, not even what waits to be mixed.
    pub(super) fn pause_recording(&mut self, hub: &Hub) {
        if self.privacy == Privacy::Paused {
            return;
        }
        self.privacy = Privacy::Paused;
        for leg in self.legs.iter_mut().flatten() {
            leg.track = None;
            leg.hides_keys = true;
        }
        self.mark(hub, Mark::Paused);
    }

    /// The pause is over.
    pub(super) fn resume_recording(&mut self, hub: &Hub) {
        if self.privacy != Privacy::Paused {
            return;
        }
        self.privacy = Privacy::Fading { until: hub.now + FADE };
    }

    /// Ends what was left of a pause.
    pub(super) fn privacy_turn(&mut self, hub: &Hub) {
        let Privacy::Fading { until } = self.privacy else {
            return;
        };
        if hub.now < until {
            return;
        }
        self.privacy = Privacy::Open;
        let is_recorded = self.recording.is_some();
        for leg in self.legs.iter_mut().flatten() {
            leg.track = is_recorded.then(Track::new);
            leg.hides_keys = false;
        }
        self.mark(hub, Mark::Resumed);
    }

    /// Tells where in the recording this moment lies.
    pub(super) fn mark(&self, hub: &Hub, mark: Mark) {
        if let Some(recording) = &self.recording {
            let offset_ms = recording.offset_ms(hub.now);
            self.events.send(Event::RecordingMarked { mark, offset_ms });
        }
    }
}
