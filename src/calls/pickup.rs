//! A phone that wants the place of another's (RFC 3891), or dials where a call is parked: its leg
//! goes over into that call.

use sip::{Incoming, Origin};
use tokio::sync::oneshot;

use super::Shared;
use super::floor::{CallMessage, Left, PARKING_SLOTS, PickUp};
use super::media_security::Demand;

/// What a phone of ours asks for.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// The call that rings at this leg.
    Ringing(sip::LegId),
    Parked(u16),
}

/// None for a call like any other.
pub fn wanted(shared: &Shared, incoming: &Incoming) -> Option<Wanted> {
    if !matches!(incoming.from, Origin::Device(_)) {
        return None;
    }
    match incoming.replaces {
        Some(leg) => Some(Wanted::Ringing(leg)),
        // An extension goes before a place.
        None if shared.phones.owner_of(&incoming.called).is_some() => None,
        None => parking_slot(&incoming.called).map(Wanted::Parked),
    }
}

pub fn parking_slot(dialled: &str) -> Option<u16> {
    dialled.parse().ok().filter(|slot| PARKING_SLOTS.contains(slot))
}

/// The leg is given to the call that is wanted; it comes back with a code when that will not have it.
pub async fn hand_over(
    shared: &Shared,
    wanted: Wanted,
    username: &str,
    demand: Demand,
    source: std::net::SocketAddr,
    leg: sip::Leg,
    offered: bytes::Bytes,
) -> Result<(), Left> {
    let left = |leg, offered, code| Err(Left { leg, offered, code });
    let Some(owner) = shared.phones.owner_of(username) else { return left(leg, offered, 403) };
    let (call, replaced) = match wanted {
        Wanted::Ringing(ringing) => (shared.floor.call_of(ringing).await, Some(ringing)),
        Wanted::Parked(slot) => (shared.floor.parked_in(slot).await, None),
    };
    let Some(call) = call else {
        // RFC 3891 section 3, and nobody is parked there.
        let code = if replaced.is_some() { 481 } else { 404 };
        return left(leg, offered, code);
    };
    let (reply, answer) = oneshot::channel();
    let phone = username.to_owned();
    let asked =
        PickUp { by: owner.agent, leg: replaced, phone, incoming: leg, source, offered, demand, reply };
    shared.floor.tell(call, CallMessage::PickUp(Box::new(asked))).await;
    // A call that is gone has dropped the leg, which refuses it.
    answer.await.unwrap_or(Ok(()))
}
