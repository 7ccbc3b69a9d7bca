//! Sound before the answer (RFC 3960): the network of the called speaks, and the agent hears it.

use media::{Direction, sdp};
use tracing::info;

use super::CallTask;
use super::legs::Place;
use crate::calls::flow::Side;

impl CallTask {
    /// The far end says where its sound goes while it still rings. False when that is of no use; the
    /// answer will say it anew.
    pub(super) fn described_early(&mut self, place: Place, body: &[u8]) -> bool {
        let session = self.session.clone();
        let Some(slot) = self.legs.at(place) else { return false };
        match sdp::parse(body).and_then(|answer| slot.sdp.accept(&answer)) {
            Ok(remote) => {
                slot.remote = Some(remote);
                session.connect(slot.media, remote);
                true
            }
            Err(failure) => {
                info!(side = ?place.side(), %failure, "early media not understood");
                false
            }
        }
    }

    /// 183 towards the leg that came in, with the description that the answer will repeat.
    pub(super) fn progress(&mut self, side: Side) {
        let session = self.session.clone();
        let prefer = self.legs.speaking_early(side.other()).and_then(|slot| slot.codec());
        let Some(slot) = self.slot(side).filter(|slot| slot.promised.is_none()) else { return };
        let Some(offered) = slot.offered.as_deref() else { return };
        let answered =
            sdp::parse(offered).and_then(|offer| slot.sdp.answer(&offer, prefer, Direction::SendRecv));
        match answered {
            Ok((body, remote)) => {
                slot.remote = Some(remote);
                slot.promised = Some(body.clone());
                session.connect(slot.media, remote);
                // A leg that is gone says so through its own event.
                let _ = slot.signalling.commands().progress(body);
            }
            // The answer will be refused for the same reason, and say it.
            Err(failure) => info!(?side, %failure, "no early media for this offer"),
        }
    }

    pub(super) fn hear_early(&mut self, side: Side) {
        let listens = self.legs.get(side.other()).map(|slot| slot.media);
        let speaks = self.legs.speaking_early(side).map(|slot| slot.media);
        if let (Some(listens), Some(speaks)) = (listens, speaks) {
            self.session.conference(&[listens, speaks]);
        }
    }
}
