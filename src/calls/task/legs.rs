//! The legs of one call: those that have a place in it, and those that still ring for one.

use std::collections::BTreeMap;

use callcenter::AgentId;
use futures_util::future::select_all;
use sip::LegEvent;

use super::LegSlot;
use crate::calls::flow::Side;

/// Where a leg is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Seat(Side),
    /// One of several phones that ring for the same seat.
    Fork(Side, sip::LegId),
}

impl Place {
    pub fn side(self) -> Side {
        match self {
            Place::Seat(side) | Place::Fork(side, _) => side,
        }
    }
}

/// All legs of a call.
#[derive(Default)]
pub struct Legs {
    seats: BTreeMap<Side, LegSlot>,
    forks: Vec<(Side, LegSlot)>,
    /// The phone of ours that last sat there, by the name that it registers with; at most one a seat.
    phones: BTreeMap<Side, String>,
}

impl Legs {
    pub fn get(&self, side: Side) -> Option<&LegSlot> {
        self.seats.get(&side)
    }

    pub fn get_mut(&mut self, side: Side) -> Option<&mut LegSlot> {
        self.seats.get_mut(&side)
    }

    pub fn at(&mut self, place: Place) -> Option<&mut LegSlot> {
        match place {
            Place::Seat(side) => self.seats.get_mut(&side),
            Place::Fork(side, id) => self
                .forks
                .iter_mut()
                .find(|(of, slot)| *of == side && slot.signalling.id == id)
                .map(|(_, slot)| slot),
        }
    }

    pub fn sit(&mut self, side: Side, slot: LegSlot) {
        // A leg that came in is named by its number instead, and is answered only later.
        if slot.answered && slot.user.is_some() {
            self.phones.insert(side, slot.peer.clone());
        }
        self.seats.insert(side, slot);
    }

    /// The phone that sits in this seat, or sat there last.
    pub fn phone_of(&self, side: Side) -> Option<&str> {
        self.phones.get(&side).map(String::as_str)
    }

    /// Rings for the seat beside others, until one of them answers.
    pub fn fork(&mut self, side: Side, slot: LegSlot) {
        self.forks.push((side, slot));
    }

    pub fn take(&mut self, place: Place) -> Option<LegSlot> {
        match place {
            Place::Seat(side) => self.seats.remove(&side),
            Place::Fork(side, id) => {
                let found =
                    self.forks.iter().position(|(of, slot)| *of == side && slot.signalling.id == id)?;
                Some(self.forks.remove(found).1)
            }
        }
    }

    /// Every leg of this side, out of the call.
    pub fn take_all(&mut self, side: Side) -> Vec<LegSlot> {
        let mut taken: Vec<LegSlot> = self.seats.remove(&side).into_iter().collect();
        taken.extend(self.take_forks(side));
        taken
    }

    /// Those that still ring for this seat.
    pub fn take_forks(&mut self, side: Side) -> Vec<LegSlot> {
        let (taken, left) = std::mem::take(&mut self.forks).into_iter().partition(|(of, _)| *of == side);
        self.forks = left;
        let taken: Vec<(Side, LegSlot)> = taken;
        taken.into_iter().map(|(_, slot)| slot).collect()
    }

    /// The phones of this one that ring to pick the call up.
    pub fn take_takers(&mut self, by: AgentId) -> Vec<LegSlot> {
        let is_theirs = |slot: &LegSlot| slot.picks_up && slot.user == Some(by.0);
        let (taken, left) =
            std::mem::take(&mut self.forks).into_iter().partition(|(_, slot)| is_theirs(slot));
        self.forks = left;
        let taken: Vec<(Side, LegSlot)> = taken;
        taken.into_iter().map(|(_, slot)| slot).collect()
    }

    pub fn rings_for(&self, side: Side) -> bool {
        self.forks.iter().any(|(of, _)| *of == side)
    }

    /// One that rings for this seat and has said already where its sound goes.
    pub fn speaking_early(&self, side: Side) -> Option<&LegSlot> {
        self.forks
            .iter()
            .filter(|(of, _)| *of == side)
            .map(|(_, slot)| slot)
            .find(|slot| slot.remote.is_some())
    }

    /// From one side to another, whether it sits or still rings. What was there is returned.
    pub fn reseat(&mut self, from: Side, to: Side) -> Vec<LegSlot> {
        let before = self.take_all(to);
        if let Some(slot) = self.seats.remove(&from) {
            self.seats.insert(to, slot);
        }
        match self.phones.remove(&from) {
            Some(phone) => self.phones.insert(to, phone),
            None => self.phones.remove(&to),
        };
        for (side, _) in self.forks.iter_mut().filter(|(side, _)| *side == from) {
            *side = to;
        }
        before
    }

    pub fn sides(&self) -> Vec<Side> {
        let mut sides: Vec<Side> = self.seats.keys().copied().collect();
        sides.extend(self.forks.iter().map(|(side, _)| *side));
        sides.sort_unstable();
        sides.dedup();
        sides
    }

    pub fn seated(&self) -> impl Iterator<Item = (Side, &LegSlot)> {
        self.seats.iter().map(|(side, slot)| (*side, slot))
    }

    /// Everybody, seated first; whoever rings has not answered.
    pub fn everybody(&self) -> impl Iterator<Item = (Side, &LegSlot)> {
        self.seated().chain(self.forks.iter().map(|(side, slot)| (*side, slot)))
    }

    pub fn place_of(&self, leg: media::LegId) -> Option<Place> {
        let seat = self.seats.iter().find(|(_, slot)| slot.media == leg);
        let fork = || self.forks.iter().find(|(_, slot)| slot.media == leg);
        seat.map(|(side, _)| Place::Seat(*side))
            .or_else(|| fork().map(|(side, slot)| Place::Fork(*side, slot.signalling.id)))
    }

    /// The next event of any leg; waits for ever while there is none. Safe to be dropped.
    pub async fn next(&mut self) -> (Place, Option<LegEvent>) {
        let seats = self.seats.iter_mut().map(|(side, slot)| (Place::Seat(*side), slot));
        let forks = self.forks.iter_mut().map(|(side, slot)| {
            let id = slot.signalling.id;
            (Place::Fork(*side, id), slot)
        });
        let waiting: Vec<_> = seats
            .chain(forks)
            .map(|(place, slot)| Box::pin(async move { (place, slot.signalling.event().await) }))
            .collect();
        if waiting.is_empty() {
            return std::future::pending().await;
        }
        select_all(waiting).await.0
    }
}
