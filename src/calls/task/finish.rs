//! The end of the call: legs gone, sound on disk, the record closed in one
//! transaction, then announced.

use std::time::Duration;

use callcenter::CallId;
use tracing::{info, warn};

use super::legs::Place;
use super::{CallTask, LegSlot};
use crate::calls::board::{News, Tally};
use crate::calls::end::{Cause, End, EndedBy};
use crate::calls::flow::Event;
use crate::calls::journal::{FinishRow, LegEnd};
use crate::views::Direction;

/// How long the end of a call waits for its recording to be on disk, and for the last figures of
/// its legs. The file is whole without it; only its length would be read at the next start.
const MEDIA_CLOSE_LIMIT: Duration = Duration::from_secs(5);

impl CallTask {
    /// The far end is gone and has said how. Of several phones that rang the last one counts.
    pub(super) async fn leg_gone(&mut self, place: Place, ended: &sip::Ended) -> Option<Event> {
        let now = self.shared.clock.now_utc();
        let side = place.side();
        let gone = self.legs.take(place);
        if let Some(slot) = &gone {
            self.session.remove_leg(slot.media);
            self.journal.leg_ended(slot.row, LegEnd::of(now, ended));
        }
        match (place, gone, &ended.redirect_to) {
            (Place::Fork(..), _, _) if self.legs.rings_for(side) => None,
            (
                Place::Fork(..),
                Some(LegSlot { user: Some(user), redirected: false, peer, .. }),
                Some(contact),
            ) if self.follow(side, user, &peer, contact).await => None,
            _ => Some(Event::LegEnded { side, code: ended.code }),
        }
    }

    /// Signalling has stopped without a word: the leg counts as lost.
    pub(super) fn leg_lost(&mut self, place: Place) -> Option<Event> {
        if let Some(slot) = self.legs.take(place) {
            self.end_leg(slot, "");
        }
        Some(Event::LegEnded { side: place.side(), code: 408 })
    }

    pub(super) async fn finish(mut self) {
        let end = self.ended.unwrap_or(End::new(Cause::Failed, EndedBy::System));
        let ended_at = self.shared.clock.now_utc();
        for side in self.legs.sides() {
            self.hang_up_leg(side, "");
        }
        self.let_takers_go().await;
        self.light_lamps().await;
        self.await_media().await;
        self.session.close();
        self.journal.finish(FinishRow { end, at: ended_at });
        self.journal.flush().await;
        self.shared.trace.over(self.facts.id).await;
        info!(cause = end.cause.as_str(), by = end.by.as_str(), "call ended");
        let talked = self.live.answered_at.is_some();
        self.shared
            .board
            .tell(News::CallFinished {
                call: self.facts.id,
                agent: self.live.agent_id.filter(|_| talked || self.facts.direction == Direction::Outbound),
                contact: self.facts.contact.as_ref().map(|contact| contact.id),
                queue: self.facts.queue,
                tally: match end.cause {
                    _ if talked => Tally::Answered,
                    Cause::Abandoned => Tally::Abandoned,
                    _ => Tally::Neither,
                },
            })
            .await;
        self.shared.floor.forget(CallId(self.facts.id)).await;
    }

    /// Until the recording is closed and each leg has said its last.
    async fn await_media(&mut self) {
        if self.recorder.is_writing() {
            self.session.stop_recording();
        }
        let closing = async {
            while self.hearing.is_waited_for() || self.recorder.is_writing() {
                match self.media_events.recv().await {
                    Some(media::Event::LegClosed { leg, stats }) => self.heard_to_the_end(leg, &stats),
                    Some(media::Event::RecordingMarked { mark, offset_ms }) => {
                        self.recording_marked_late(mark, offset_ms);
                    }
                    Some(event) => self.recording_closed(event).await,
                    None => break,
                }
            }
        };
        if tokio::time::timeout(MEDIA_CLOSE_LIMIT, closing).await.is_err() {
            warn!("media not closed in time: the recording's length is read at the next start");
        }
    }
}
