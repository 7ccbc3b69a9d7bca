//! One leg of a call, as the call's task holds it: signalling, its media, and its row.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use media::sdp::LocalSdp;
use media::{CodecKind, Direction, Remote};
use uuid::Uuid;

use crate::calls::media_security::Demand;

/// A leg that is being set up or that talks.
pub struct LegSlot {
    /// The leg's row.
    pub row: Uuid,
    /// The user whose phone it is.
    pub user: Option<Uuid>,
    /// The number or the phone's name.
    pub peer: String,
    pub signalling: sip::Leg,
    pub media: media::LegId,
    pub sdp: LocalSdp,
    /// What the far end of a leg that came in has offered, until it is answered.
    pub offered: Option<Bytes>,
    /// What it was answered before it was answered: our 200 says the same as our 183.
    pub promised: Option<Bytes>,
    pub remote: Option<Remote>,
    /// How its sound has to be encrypted.
    pub demand: Demand,
    pub answered: bool,
    /// The phone dialled; otherwise it was rung.
    pub dialled: bool,
    /// Rung because another phone had sent the call there: it sends it no further.
    pub redirected: bool,
    /// The phone of one who wants to pick the call up: it rings beside the one that was rung.
    pub picks_up: bool,
    pub ringing_at: Option<DateTime<Utc>>,
}

impl LegSlot {
    /// The codec that the far end speaks, once that is known.
    pub fn codec(&self) -> Option<CodecKind> {
        self.remote.map(|remote| remote.codec.kind)
    }

    /// Whether the far end listens and speaks.
    pub fn is_held(&self) -> bool {
        self.remote.is_some_and(|remote| remote.direction != Direction::SendRecv)
    }
}
