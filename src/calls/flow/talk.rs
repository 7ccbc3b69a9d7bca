//! What goes on while customer and agent are in a conversation: hold, consultation, conference.
//!
//! Everybody who has answered hears everybody, but for a customer who was put aside: that one hears
//! music while the others speak. A hold is that with nobody else there, a consultation with one.

use callcenter::AgentId;

use super::action::Action;
use super::event::{Callee, Side, Sound};

/// Customer, agent and fourteen more: what one session mixes.
const GUESTS_LIMIT: usize = 14;

/// Where somebody's phone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// It rings for the first time.
    Rings,
    Here,
    /// It was lost in mid-call; `ringing`: it came back without the call and is rung again.
    Away {
        ringing: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guest {
    pub seat: u8,
    /// None for an outside number.
    pub agent: Option<AgentId>,
    pub presence: Presence,
}

impl Guest {
    pub fn side(&self) -> Side {
        Side::Guest(self.seat)
    }

    pub fn has_answered(&self) -> bool {
        self.presence != Presence::Rings
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
    party: Presence,
    seats_taken: u8,
}

impl Talk {
    pub fn with(agent: Option<AgentId>) -> Talk {
        Talk { agent, aside: false, guests: Vec::new(), party: Presence::Here, seats_taken: 0 }
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

    /// Where the phone of this side is; none for the customer and for seats that are empty.
    pub fn presence(&self, side: Side) -> Option<Presence> {
        match side {
            Side::Customer => None,
            Side::Party => Some(self.party),
            Side::Guest(seat) => {
                self.guests.iter().find(|guest| guest.seat == seat).map(|guest| guest.presence)
            }
        }
    }

    pub fn is_away(&self, side: Side) -> bool {
        matches!(self.presence(side), Some(Presence::Away { .. }))
    }

    pub fn agent_at(&self, side: Side) -> Option<AgentId> {
        match side {
            Side::Customer => None,
            Side::Party => self.agent,
            Side::Guest(seat) => self.guests.iter().find(|guest| guest.seat == seat)?.agent,
        }
    }

    pub fn set(&mut self, side: Side, presence: Presence) -> Vec<Action> {
        self.change(|talk| match side {
            Side::Customer => {}
            Side::Party => talk.party = presence,
            Side::Guest(seat) => {
                if let Some(guest) = talk.guests.iter_mut().find(|guest| guest.seat == seat) {
                    guest.presence = presence;
                }
            }
        })
    }

    pub fn come_back(&mut self, side: Side) -> Vec<Action> {
        self.set(side, Presence::Here)
    }

    pub fn hold(&mut self) -> Vec<Action> {
        self.change(|talk| talk.aside = true)
    }

    /// The customer comes back to whoever is there: out of a hold, or into a conference.
    pub fn together(&mut self) -> Vec<Action> {
        self.change(|talk| talk.aside = false)
    }

    /// Makes the change, and says what each hears after it.
    fn change(&mut self, make: impl FnOnce(&mut Talk)) -> Vec<Action> {
        let before = self.on_music();
        make(self);
        let after = self.on_music();
        let is_over = before.iter().filter(|side| !after.contains(side)).copied().map(Action::StopPlaying);
        let begins = after.iter().filter(|side| !before.contains(side)).copied().map(music_to);
        is_over.chain([self.mix()]).chain(begins).collect()
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
        let guest = Guest { seat: self.seats_taken, agent: callee.agent(), presence: Presence::Rings };
        self.seats_taken += 1;
        let ring = Action::Ring { side: guest.side(), callee };
        self.guests.push(guest);
        vec![ring]
    }

    /// Somebody who talks already has come from another call. The seat.
    pub fn bring(&mut self, agent: Option<AgentId>) -> u8 {
        let seat = self.seats_taken;
        // A seat's number is given again only after 255 others in one call.
        self.seats_taken = self.seats_taken.wrapping_add(1);
        self.guests.push(Guest { seat, agent, presence: Presence::Here });
        seat
    }

    pub fn guest_answered(&mut self, seat: u8) -> Vec<Action> {
        let side = Side::Guest(seat);
        if self.presence(side) != Some(Presence::Rings) {
            return Vec::new();
        }
        let agent = self.agent_at(side);
        let mut actions = vec![Action::StopPlaying(Side::Party)];
        actions.extend(agent.map(|agent| Action::OutboundAnswered { agent }));
        actions.extend(self.set(side, Presence::Here));
        actions
    }

    /// The guest's leg is gone.
    pub fn guest_gone(&mut self, seat: u8) -> Vec<Action> {
        let Some(place) = self.guests.iter().position(|guest| guest.seat == seat) else {
            return Vec::new();
        };
        let gone = self.guests[place].clone();
        let mut actions: Vec<Action> =
            gone.agent.map(|agent| Action::AgentDone { agent }).into_iter().collect();
        actions.extend(self.change(|talk| {
            talk.guests.remove(place);
        }));
        if !gone.has_answered() {
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

    /// The one who takes the party's place when that one leaves: the first guest who is there.
    pub fn promote(&mut self) -> Option<Guest> {
        let place = self.guests.iter().position(|guest| guest.presence == Presence::Here)?;
        let guest = self.guests.remove(place);
        self.agent = guest.agent;
        self.party = Presence::Here;
        Some(guest)
    }

    /// The first guest whose phone rings for the first time.
    pub fn take_ringing(&mut self) -> Option<Guest> {
        let place = self.guests.iter().position(|guest| guest.presence == Presence::Rings)?;
        Some(self.guests.remove(place))
    }

    /// Who hears whom now.
    pub fn mix(&self) -> Action {
        Action::Mix(self.mixed())
    }

    /// Those who hear one another.
    pub fn mixed(&self) -> Vec<Side> {
        let customer = (!self.aside).then_some(Side::Customer);
        let party = (self.party == Presence::Here).then_some(Side::Party);
        let here = self.guests.iter().filter(|guest| guest.presence == Presence::Here).map(Guest::side);
        customer.into_iter().chain(party).chain(here).collect()
    }

    /// Who hears music: a customer who was put aside, and one whom all the others were lost to.
    pub fn on_music(&self) -> Vec<Side> {
        let aside = self.aside.then_some(Side::Customer);
        let away = |presence: &Presence| matches!(presence, Presence::Away { .. });
        let somebody_is_away = away(&self.party) || self.guests.iter().any(|guest| away(&guest.presence));
        let alone = match self.mixed()[..] {
            [side] if somebody_is_away => Some(side),
            _ => None,
        };
        aside.into_iter().chain(alone).collect()
    }

    pub fn customer_waits(&self) -> bool {
        self.on_music().contains(&Side::Customer)
    }
}

fn dismissed(guest: &Guest) -> impl Iterator<Item = Action> + use<> {
    [Action::Drop(guest.side())].into_iter().chain(guest.agent.map(|agent| Action::AgentDone { agent }))
}

/// What a customer hears who is kept waiting.
pub(super) fn music() -> Action {
    music_to(Side::Customer)
}

fn music_to(side: Side) -> Action {
    Action::Play { to: side, sound: Sound::HoldMusic, forever: true }
}
