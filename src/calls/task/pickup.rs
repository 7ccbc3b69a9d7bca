//! A phone takes over the leg that rings in this call, or the parked customer (RFC 3891).

use std::net::IpAddr;

use bytes::Bytes;
use callcenter::{AgentId, CallId, Input, Refusal};
use media::sdp::{self, Security};
use media::{Direction, Remote};
use tracing::{info, warn};
use uuid::Uuid;

use super::listen::COMPLETED_ELSEWHERE;
use super::ring::channel;
use super::{CallTask, LegSlot};
use crate::calls::floor::{Answer, Left, PickUp};
use crate::calls::flow::{Event, Pickable, Side};
use crate::calls::media_security::Demand;

/// The newcomer's sound, ready before anybody else is let go.
struct Ready {
    media: media::LegId,
    sdp: sdp::LocalSdp,
    remote: Remote,
    answer: Bytes,
}

impl CallTask {
    pub(super) async fn pick_up(&mut self, asked: PickUp) -> Option<Event> {
        let PickUp { by, leg, phone, incoming, source, offered, demand, reply } = asked;
        let (side, ready) = match self.prepare_pick_up(by, leg, source.ip(), &offered, demand).await {
            Ok(prepared) => prepared,
            Err(code) => {
                info!(code, "not picked up");
                // Who asked waits for it; if not, the leg is dropped, which refuses it.
                let _ = reply.send(Err(Left { leg: incoming, offered, code }));
                return None;
            }
        };
        for loser in self.legs.take_all(side) {
            self.end_leg(loser, COMPLETED_ELSEWHERE);
        }
        let slot = LegSlot {
            row: Uuid::now_v7(),
            user: Some(by.0),
            peer: phone,
            signalling: incoming,
            media: ready.media,
            sdp: ready.sdp,
            offered: Some(offered),
            promised: Some(ready.answer),
            remote: Some(ready.remote),
            demand,
            answered: false,
            dialled: true,
            redirected: false,
            picks_up: false,
            ringing_at: None,
        };
        self.session.connect(ready.media, ready.remote);
        self.sit_incoming(side, slot).await;
        info!(agent = %by, "picked up");
        let _ = reply.send(Ok(()));
        Some(Event::PickedUp { side, by })
    }

    async fn prepare_pick_up(
        &mut self,
        by: AgentId,
        leg: Option<sip::LegId>,
        peer: IpAddr,
        offered: &[u8],
        demand: Demand,
    ) -> Result<(Side, Ready), u16> {
        let side = match leg {
            Some(leg) => self.rings_at(leg)?,
            None => Side::Party,
        };
        let pickable = self.flow.pickable(side).ok_or(DECLINED)?;
        let ready = self.ready_for(side, peer, offered, demand)?;
        let call = CallId(self.facts.id);
        let input = match pickable {
            Pickable::Offer { offer, agent } => Input::PickedUp { offer, from: agent, by },
            Pickable::Direct => Input::Invited { agent: by, call },
        };
        match self.shared.floor.ask(input).await {
            Answer::Done => Ok((side, ready)),
            Answer::Refused(refusal) => {
                self.session.remove_leg(ready.media);
                Err(code_of(&refusal))
            }
            Answer::Gone => Err(503),
        }
    }

    /// RFC 3891 section 3: only what we rang and nobody has answered is given away.
    fn rings_at(&self, leg: sip::LegId) -> Result<Side, u16> {
        let mut legs = self.legs.everybody();
        let (side, slot) = legs.find(|(_, slot)| slot.signalling.id == leg).ok_or(481_u16)?;
        let is_colleague = slot.user.is_some() && !slot.dialled;
        if is_colleague && !slot.answered { Ok(side) } else { Err(DECLINED) }
    }

    fn ready_for(&mut self, side: Side, peer: IpAddr, offered: &[u8], demand: Demand) -> Result<Ready, u16> {
        let offer = sdp::parse(offered).map_err(|_| NOT_ACCEPTABLE)?;
        let security = if offered.is_empty() { Security::Plain } else { offer.security() };
        let security = demand.takes(security).map_err(|_| NOT_ACCEPTABLE)?;
        let media = self.session.add_leg_as(channel(side), security).map_err(|failure| {
            warn!(%failure, "no media for the leg that picks up");
            503_u16
        })?;
        let media = self.shared.told.leg(media, security, peer);
        let prefer = self.slot(side.other()).and_then(|slot| slot.codec());
        let mut local = media.sdp();
        match local.answer(&offer, prefer, Direction::SendRecv) {
            Ok((answer, remote)) => Ok(Ready { media: media.id, sdp: local, remote, answer }),
            Err(failure) => {
                info!(%failure, "media not supported");
                self.session.remove_leg(media.id);
                Err(NOT_ACCEPTABLE)
            }
        }
    }
}

/// RFC 3261 section 21.6.2: it is there, and not for this one.
const DECLINED: u16 = 603;
/// RFC 3261 section 21.4.26.
const NOT_ACCEPTABLE: u16 = 488;

fn code_of(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::AgentBusy => 486,
        Refusal::LoggedOut | Refusal::UnknownAgent => 480,
        // Answered, or over, a moment ago.
        Refusal::StaleOffer => 481,
        Refusal::Full { .. } => 503,
        _ => DECLINED,
    }
}
