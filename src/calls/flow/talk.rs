//! What goes on while customer and agent are in a conversation: hold, consultation, conference.
//!
//! Everybody who has answered hears everybody, but for a customer who was put aside: that one hears
//! music while the others speak. A hold is that with nobody else there, a consultation with one.

use callcenter::AgentId;

use super::action::Action;
use super::event::{Callee, Side, Sound};

/// Customer, agent and fourteen more: what one session mixes.
const GUESTS_LIMIT: usize = 14;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guest {
    pub seat: u8,
    /// None for an outside number.
    pub agent: Option<AgentId>,
    pub answered: bool,
}

impl Guest {
    pub fn side(&self) -> Side {
        Side::Guest(self.seat)
    }
}

/// A conversation. The customer and the other party have both answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Talk {
    /// None where the other party is an outside number.
    pub agent: Option<AgentId>,
    /// The customer hears music.
    pub aside: bool,
    pub guests: Vec<Guest>,
    seats_taken: u8,
}

impl Talk {
    pub fn with(agent: Option<AgentId>) -> Talk {
        Talk { agent, aside: false, guests: Vec::new(), seats_taken: 0 }
    }

    /// A consultation: one guest, and the customer put aside.
    pub fn consulted(&self) -> Option<&Guest> {
        match &self.guests[..] {
            [guest] if self.aside => Some(guest),
            _ => None,
        }
    }

    pub fn has_room(&self) -> bool {
        self.guests.len() < GUESTS_LIMIT && self.seats_taken < u8::MAX
    }

    pub fn hold(&mut self) -> Vec<Action> {
        self.aside = true;
        vec![self.mix(), music()]
    }

    /// The customer comes back to whoever is there: out of a hold, or into a conference.
    pub fn together(&mut self) -> Vec<Action> {
        self.aside = false;
        vec![Action::StopPlaying(Side::Customer), self.mix()]
    }

    /// Asks somebody to speak with the agent alone.
    pub fn consult(&mut self, callee: Callee) -> Vec<Action> {
        let mut actions = if self.aside { Vec::new() } else { self.hold() };
        actions.push(Action::Play { to: Side::Party, sound: Sound::Ringback, forever: true });
        actions.extend(self.invite(callee));
        actions
    }

    /// Rings somebody who joins when answering.
    pub fn invite(&mut self, callee: Callee) -> Vec<Action> {
        let guest = Guest { seat: self.seats_taken, agent: callee.agent(), answered: false };
        self.seats_taken += 1;
        let ring = Action::Ring { side: guest.side(), callee };
        self.guests.push(guest);
        vec![ring]
    }

    pub fn guest_answered(&mut self, seat: u8) -> Vec<Action> {
        let Some(guest) = self.guests.iter_mut().find(|guest| guest.seat == seat && !guest.answered) else {
            return Vec::new();
        };
        guest.answered = true;
        let agent = guest.agent;
        let mut actions = vec![Action::StopPlaying(Side::Party)];
        actions.extend(agent.map(|agent| Action::OutboundAnswered { agent }));
        actions.push(self.mix());
        actions
    }

    /// The guest's leg is gone.
    pub fn guest_gone(&mut self, seat: u8) -> Vec<Action> {
        let Some(place) = self.guests.iter().position(|guest| guest.seat == seat) else {
            return Vec::new();
        };
        let guest = self.guests.remove(place);
        let mut actions: Vec<Action> =
            guest.agent.map(|agent| Action::AgentDone { agent }).into_iter().collect();
        if guest.answered {
            actions.push(self.mix());
        } else {
            // The agent hears that it failed, and still has the customer.
            let sound = Sound::CouldNotConnect;
            actions.push(Action::Play { to: Side::Party, sound, forever: false });
        }
        actions
    }

    /// Sends every guest away.
    pub fn dismiss(&mut self) -> Vec<Action> {
        let guests = std::mem::take(&mut self.guests);
        guests.iter().flat_map(dismissed).collect()
    }

    /// The one who takes the party's place when that one leaves: the first guest who has answered.
    pub fn promote(&mut self) -> Option<Guest> {
        let place = self.guests.iter().position(|guest| guest.answered)?;
        let guest = self.guests.remove(place);
        self.agent = guest.agent;
        Some(guest)
    }

    /// Who hears whom now.
    pub fn mix(&self) -> Action {
        let customer = (!self.aside).then_some(Side::Customer);
        let guests = self.guests.iter().filter(|guest| guest.answered).map(Guest::side);
        Action::Mix(customer.into_iter().chain([Side::Party]).chain(guests).collect())
    }
}

fn dismissed(guest: &Guest) -> impl Iterator<Item = Action> + use<> {
    [Action::Drop(guest.side())].into_iter().chain(guest.agent.map(|agent| Action::AgentDone { agent }))
}

/// What a customer hears who is kept waiting.
pub(super) fn music() -> Action {
    Action::Play { to: Side::Customer, sound: Sound::HoldMusic, forever: true }
}
