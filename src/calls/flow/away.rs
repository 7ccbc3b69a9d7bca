//! A phone that is lost in mid-call: a page is loaded anew, a cable was out. Its seat is kept for a
//! while, whoever would be alone hears music, and everybody else talks on.

use super::event::{Callee, Side};
use super::talk::Presence;
use super::{Action, Flow, State, Wait};
use crate::calls::end::{Cause, End, EndedBy};

/// RFC 3261 section 21.6.2: the person was rung again and does not want the call.
const DECLINED: u16 = 603;

impl Flow {
    /// A lost phone is silent until it is back; how long that is borne is decided elsewhere.
    pub(super) fn bears_silence_of(&self, side: Side) -> bool {
        matches!(&self.state, State::Talking(talk) if talk.is_away(side))
    }

    pub(super) fn phone_lost(&mut self, side: Side) -> Vec<Action> {
        let State::Talking(talk) = &mut self.state else { return Vec::new() };
        if talk.agent_at(side).is_none() || talk.presence(side) != Some(Presence::Here) {
            return Vec::new();
        }
        let mut actions = talk.set(side, Presence::Away { ringing: false });
        actions.push(Action::Wait(Wait::Rejoin(side)));
        actions
    }

    pub(super) fn phone_back(&mut self, side: Side, resumed: bool) -> Vec<Action> {
        let State::Talking(talk) = &mut self.state else { return Vec::new() };
        match talk.presence(side) {
            Some(Presence::Away { ringing: false }) if resumed => talk.come_back(side),
            Some(Presence::Away { ringing: false }) => {
                let mut actions = vec![Action::Drop(side)];
                actions.extend(self.ring_back(side));
                actions
            }
            // It was lost before the conversation began: an outbound call whose customer was rung.
            Some(Presence::Here) if !resumed => {
                let mut actions = self.phone_lost(side);
                if !actions.is_empty() {
                    actions.push(Action::Drop(side));
                    actions.extend(self.ring_back(side));
                }
                actions
            }
            _ => Vec::new(),
        }
    }

    fn ring_back(&mut self, side: Side) -> Vec<Action> {
        let State::Talking(talk) = &mut self.state else { return Vec::new() };
        let Some(agent) = talk.agent_at(side) else { return Vec::new() };
        let mut actions = talk.set(side, Presence::Away { ringing: true });
        actions.push(Action::Ring { side, callee: Callee::Back(agent) });
        actions
    }

    /// The leg of one who is away has ended. Who hung up or declined is gone; everything else (a page
    /// that is loaded anew while it is being rung again, a phone not registered yet) is tried again in
    /// the time that is left.
    pub(super) fn left_while_away(&mut self, side: Side, code: u16) -> Vec<Action> {
        let State::Talking(talk) = &mut self.state else { return Vec::new() };
        let rang = talk.presence(side) == Some(Presence::Away { ringing: true });
        match (side, code) {
            (_, DECLINED) => self.given_up(side),
            (Side::Guest(seat), 200) if !rang => talk.guest_gone(seat),
            (_, 200) if !rang && talk.guests.is_empty() => {
                self.end_all(End::new(Cause::Completed, EndedBy::Agent))
            }
            (_, 200) if !rang => self.party_left(),
            _ => {
                let mut actions = talk.set(side, Presence::Away { ringing: false });
                actions.push(Action::Wait(Wait::Again(side)));
                actions
            }
        }
    }

    pub(super) fn wait_over(&mut self, wait: Wait) -> Vec<Action> {
        match (&self.state, wait) {
            (State::Parked, Wait::Parked) => self.nobody_there(Cause::NoAnswer),
            (State::Talking(talk), Wait::Rejoin(side)) if talk.is_away(side) => self.given_up(side),
            (State::Talking(talk), Wait::Again(side))
                if talk.presence(side) == Some(Presence::Away { ringing: false }) =>
            {
                self.ring_back(side)
            }
            _ => Vec::new(),
        }
    }

    /// One who was away does not come back: the others go on without.
    fn given_up(&mut self, side: Side) -> Vec<Action> {
        if let Side::Guest(seat) = side {
            return self.guest_lost(seat);
        }
        if self.has_guests() {
            return self.party_dropped();
        }
        let mut actions = vec![Action::Drop(side)];
        actions.extend(self.agent().map(|agent| Action::AgentDone { agent }));
        actions.extend(self.nobody_there(Cause::Failed));
        actions
    }
}
