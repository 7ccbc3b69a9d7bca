//! Setting legs up: the one that came in, and those that the call rings.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use callcenter::{AgentId, CallId};
use crm::words::LegRole;
use media::sdp::Security;
use media::{Channel, CodecKind, Direction, sdp};
use sip::{OutboundCall, Target};
use tracing::{info, warn};
use uuid::Uuid;

use super::legs::Place;
use super::{Arrived, CallTask, Destination, LegSlot};
use crate::calls::flow::{Callee, Event, Side};
use crate::calls::journal::NewLeg;
use crate::calls::media_security::Demand;

/// An offer's phone rings until the floor withdraws it; this is only the net under it.
const OFFER_RING_LIMIT: Duration = Duration::from_secs(180);

/// Tells the console's own phone that its agent is waiting for this call: it answers by itself.
const ANSWER_HEADER: &str = "X-Centralita-Answer";

/// One way to ring somebody. The call still lacks its description.
pub(super) struct Way {
    call: OutboundCall,
    demand: Demand,
    /// What is offered, as is demanded.
    security: Security,
    user: Option<Uuid>,
    /// The number or the phone's name.
    peer: String,
    /// The user whose phone has sent the call there.
    redirected: Option<Uuid>,
    picks_up: bool,
}

impl Way {
    /// The same on behalf of the user whose phone named it.
    pub(super) fn named_by(self, user: Uuid) -> Way {
        Way { redirected: Some(user), ..self }
    }

    /// The same for the phone of one who picks up what rings elsewhere.
    pub(super) fn picking_up(self) -> Way {
        Way { picks_up: true, ..self }
    }
}

/// A leg could not be set up; the code says why in the words of RFC 3261 section 21.
pub(super) struct NotRung(u16);

impl CallTask {
    /// Takes the leg that came in: its media, its row. What it offers is answered later.
    pub(super) async fn take_incoming(&mut self, arrived: Arrived) {
        let Arrived { side, leg, source, offered, demand } = arrived;
        let security = sdp::parse(&offered).map_or(Security::Plain, |offer| offer.security());
        // A call whose sound may not be has been refused before; it gets a row, and no answer.
        let security = demand.takes(security).unwrap_or(Security::Plain);
        let media = match self.session.add_leg_as(channel(side), security) {
            Ok(media) => self.shared.told.leg(media, security, source.ip()),
            Err(failure) => {
                warn!(%failure, "no media for the leg that came in");
                let _ = leg.commands().reject(503, "Service Unavailable");
                self.own_events.push_back(Event::LegEnded { side, code: 503 });
                return;
            }
        };
        let row = Uuid::now_v7();
        let user = self.facts.agent.filter(|_| side == Side::Party);
        // The leg that came in is the caller's, be that a customer or a phone of ours.
        let peer = self.facts.caller.clone();
        let slot = LegSlot {
            row,
            user,
            peer,
            signalling: leg,
            media: media.id,
            sdp: media.sdp(),
            offered: Some(offered),
            promised: None,
            remote: None,
            demand,
            answered: false,
            dialled: true,
            redirected: false,
            picks_up: false,
            ringing_at: None,
        };
        self.sit_incoming(side, slot).await;
    }

    /// Gives a leg that came in its row and its seat.
    pub(super) async fn sit_incoming(&mut self, side: Side, slot: LegSlot) {
        self.journal.leg_added(NewLeg {
            id: slot.row,
            role: role(side),
            user: slot.user,
            peer: slot.peer.clone(),
            sip_call_id: slot.signalling.sip_call_id.clone(),
            at: self.shared.clock.now_utc(),
        });
        self.shared.trace.belongs(&slot.signalling.sip_call_id, self.facts.id).await;
        self.hearing.begin(slot.media, slot.row);
        self.shared.floor.seat(slot.signalling.id, CallId(self.facts.id)).await;
        self.legs.sit(side, slot);
    }

    /// Rings the phone or number that this side asks for. A failure is the flow's to hear.
    pub(super) async fn ring(&mut self, side: Side, callee: Callee) {
        if let Err(NotRung(code)) = self.try_ring(side, callee).await {
            info!(?side, code, "cannot be rung");
            self.own_events.push_back(Event::LegEnded { side, code });
        }
    }

    /// Rings every phone that may answer for the seat; one that can be rung is enough.
    async fn try_ring(&mut self, side: Side, callee: Callee) -> Result<(), NotRung> {
        let mut outcome = Err(NotRung(480));
        for way in self.ways(side, callee).await? {
            let rung = self.ring_by(side, way).await;
            if rung.is_ok() || outcome.is_err() {
                outcome = rung;
            }
        }
        outcome
    }

    pub(super) async fn ring_by(&mut self, side: Side, way: Way) -> Result<(), NotRung> {
        let media = self.session.add_leg_as(channel(side), way.security).map_err(|failure| {
            warn!(%failure, "no media for a leg");
            NotRung(503)
        })?;
        let media = match self.reached_through(&way.call.target).await {
            Some(peer) => self.shared.told.leg(media, way.security, peer),
            None => media,
        };
        let mut sdp = media.sdp();
        let body = sdp.offer(&self.codecs_for(side, way.security), Direction::SendRecv);
        let call = OutboundCall { body, ..way.call };
        let signalling = match self.shared.sip.call(call).await {
            Ok(leg) => leg,
            Err(failure) => {
                info!(%failure, "leg refused");
                self.session.remove_leg(media.id);
                return Err(NotRung(480));
            }
        };
        let row = Uuid::now_v7();
        self.journal.leg_added(NewLeg {
            id: row,
            role: role(side),
            // Time at an outside telephone is the agent's who wanted to be reached there.
            user: way.user.or(way.redirected),
            peer: way.peer.clone(),
            sip_call_id: signalling.sip_call_id.clone(),
            at: self.shared.clock.now_utc(),
        });
        let slot = LegSlot {
            row,
            user: way.user,
            peer: way.peer,
            signalling,
            media: media.id,
            sdp,
            offered: None,
            promised: None,
            remote: None,
            demand: way.demand,
            answered: false,
            dialled: false,
            redirected: way.redirected.is_some(),
            picks_up: way.picks_up,
            ringing_at: None,
        };
        self.shared.trace.belongs(&slot.signalling.sip_call_id, self.facts.id).await;
        self.hearing.begin(slot.media, row);
        self.shared.floor.seat(slot.signalling.id, CallId(self.facts.id)).await;
        self.legs.fork(side, slot);
        Ok(())
    }

    /// Where an INVITE to this target goes first.
    async fn reached_through(&self, target: &Target) -> Option<IpAddr> {
        match target {
            Target::Peer { addr, .. } | Target::TlsPeer { addr, .. } => Some(addr.ip()),
            Target::Device(username) => {
                self.shared.sip.bindings(username).await.first().map(|binding| binding.source.ip())
            }
            Target::Binding { username, contact_uri } => {
                let bindings = self.shared.sip.bindings(username).await;
                let binding = bindings.iter().find(|binding| binding.contact_uri == *contact_uri);
                binding.map(|binding| binding.source.ip())
            }
        }
    }

    async fn ways(&self, side: Side, callee: Callee) -> Result<Vec<Way>, NotRung> {
        match callee {
            Callee::Agent(agent) => self.ways_to(agent.0, self.rings(agent)?, false).await,
            Callee::Own(agent) => self.ways_to(agent.0, self.rings(agent)?, true).await,
            // The book of phones may not know yet that this one is back, and would name another.
            Callee::Back(agent) => match self.legs.phone_of(side) {
                Some(username) => self.ways_to(agent.0, username.to_owned(), true).await,
                None => self.ways_to(agent.0, self.rings(agent)?, true).await,
            },
            Callee::Number(number) => self.way_out(&number).map(|way| vec![way]),
            Callee::Planned => match self.facts.destination.clone().ok_or(NotRung(404))? {
                Destination::User(user) => self.ways_to(user, self.rings(AgentId(user))?, false).await,
                Destination::Number(number) => self.way_out(&number).map(|way| vec![way]),
            },
        }
    }

    /// The phone that rings for this agent.
    pub(super) fn rings(&self, agent: AgentId) -> Result<String, NotRung> {
        self.shared.phones.rings(agent).map(|phone| phone.username).ok_or(NotRung(480))
    }

    /// Wherever this phone is registered: all of them ring.
    pub(super) async fn ways_to(
        &self,
        user: Uuid,
        username: String,
        by_itself: bool,
    ) -> Result<Vec<Way>, NotRung> {
        let headers =
            if by_itself { vec![(ANSWER_HEADER.to_owned(), "auto".to_owned())] } else { Vec::new() };
        let dial_ring = Duration::from_secs(self.shared.config.calls.dial_ring_s);
        let bindings = self.shared.sip.bindings(&username).await;
        let mut ways = Vec::with_capacity(bindings.len());
        for binding in bindings {
            let demand = self.shared.phones.demand(&username, binding.transport);
            let security = match demand.offers() {
                Ok(security) => security,
                Err(unmet) => {
                    warn!(phone = username, transport = ?binding.transport, %unmet, "phone is not rung");
                    continue;
                }
            };
            ways.push(Way {
                demand,
                security,
                call: OutboundCall {
                    target: Target::Binding { username: username.clone(), contact_uri: binding.contact_uri },
                    from_user: self.facts.far_number().to_owned(),
                    from_display: self.facts.far_name(),
                    to_user: username.clone(),
                    body: Bytes::new(),
                    headers: headers.clone(),
                    ring_timeout: if self.flow.is_offering() { OFFER_RING_LIMIT } else { dial_ring },
                    credentials: None,
                },
                user: Some(user),
                peer: username.clone(),
                redirected: None,
                picks_up: false,
            });
        }
        Ok(ways)
    }

    pub(super) fn way_out(&self, number: &str) -> Result<Way, NotRung> {
        let trunk = self.shared.outbound_trunk().ok_or(NotRung(403))?;
        Ok(Way {
            demand: Demand::Carrier,
            security: Security::Plain,
            call: OutboundCall {
                target: trunk.target.clone(),
                from_user: trunk.caller_id.clone(),
                from_display: None,
                to_user: number.to_owned(),
                body: Bytes::new(),
                headers: Vec::new(),
                ring_timeout: Duration::from_secs(self.shared.config.calls.dial_ring_s),
                credentials: trunk.credentials.clone(),
            },
            user: None,
            peer: number.to_owned(),
            redirected: None,
            picks_up: false,
        })
    }

    /// What the other side speaks comes first, so that nothing need be converted; then the laws of
    /// the telephone network, then what carries more of the voice. A browser's network loses
    /// packets, which Opus bears best (RFC 6716 section 2.1.7).
    fn codecs_for(&mut self, side: Side, security: Security) -> Vec<CodecKind> {
        let spoken = self.slot(side.other()).and_then(|slot| {
            slot.codec().or_else(|| {
                let offered = slot.offered.as_deref()?;
                let offer = sdp::parse(offered).ok()?;
                offer.codecs().first().map(|codec| codec.kind)
            })
        });
        let robust = (security == Security::Browser).then_some(CodecKind::Opus);
        let mut codecs: Vec<CodecKind> = robust.into_iter().collect();
        codecs.extend(spoken.filter(|kind| Some(*kind) != robust));
        for kind in [CodecKind::Pcmu, CodecKind::Pcma, CodecKind::G722, CodecKind::Opus] {
            if !codecs.contains(&kind) {
                codecs.push(kind);
            }
        }
        codecs
    }

    /// Answers the leg that came in.
    pub(super) async fn answer(&mut self, side: Side) {
        let session = self.session.clone();
        let prefer = self.slot(side.other()).and_then(|slot| slot.codec());
        let Some(slot) = self.slot(side) else { return };
        let Some(offered) = slot.offered.take() else {
            return;
        };
        if let Some(promised) = slot.promised.take() {
            slot.answered = true;
            let _ = slot.signalling.commands().answer(promised);
            return;
        }
        let answered =
            sdp::parse(&offered).and_then(|offer| slot.sdp.answer(&offer, prefer, Direction::SendRecv));
        let (body, remote) = match answered {
            Ok(answered) => answered,
            Err(failure) => {
                // RFC 3261 section 21.4.26.
                info!(?side, %failure, "media not supported");
                let _ = slot.signalling.commands().reject(488, "Not Acceptable Here");
                self.own_events.push_back(Event::LegEnded { side, code: 488 });
                return;
            }
        };
        slot.remote = Some(remote);
        slot.answered = true;
        session.connect(slot.media, remote);
        // A leg that is gone says so through its own event.
        let _ = slot.signalling.commands().answer(body);
    }

    /// 180 towards the leg that came in.
    pub(super) fn let_ring(&mut self, side: Side) {
        if let Some(slot) = self.slot(side) {
            let _ = slot.signalling.commands().ring();
        }
    }

    pub(super) async fn leg_rings(&mut self, place: Place) {
        let now = self.shared.clock.now_utc();
        let Some(slot) = self.legs.at(place) else { return };
        if slot.ringing_at.is_none() {
            slot.ringing_at = Some(now);
            let row = slot.row;
            self.journal.leg_ringing(row, now);
            self.light_lamps().await;
        }
    }
}

pub(super) fn channel(side: Side) -> Channel {
    match side {
        Side::Customer => Channel::Left,
        Side::Party | Side::Guest(_) => Channel::Right,
    }
}

pub(super) fn role(side: Side) -> LegRole {
    match side {
        Side::Customer => LegRole::Customer,
        Side::Party | Side::Guest(_) => LegRole::Agent,
    }
}
