//! During the call: what the agent asks for, and what becomes of a customer who is handed on.

use callcenter::AgentId;

use super::event::{Callee, Side, Sound, Wish};
use super::talk::{Talk, music};
use super::{Action, Flow, State, Wait};
use crate::calls::end::{Cause, End, EndedBy, cause_of_failed_ring};

impl Flow {
    /// Whether what is wished fits what the call is doing now.
    pub fn may(&self, wish: &Wish) -> bool {
        match (&self.state, wish) {
            (State::Talking(talk), Wish::Hold) => !talk.aside,
            (State::Talking(talk), Wish::Together) => {
                talk.aside && talk.guests.iter().all(|guest| guest.answered)
            }
            (State::Talking(talk), Wish::Transfer(_) | Wish::TransferToQueue(_) | Wish::Park) => {
                talk.guests.is_empty()
            }
            (State::Talking(talk), Wish::Consult(_)) => talk.guests.is_empty(),
            (State::Talking(talk), Wish::CompleteTransfer | Wish::CancelConsult) => {
                talk.consulted().is_some()
            }
            (State::Talking(talk), Wish::Add(_)) => !talk.aside && talk.has_room(),
            (State::Parked, Wish::PickUp(_)) => true,
            _ => false,
        }
    }

    pub(super) fn asked(&mut self, wish: Wish) -> Vec<Action> {
        if !self.may(&wish) {
            return Vec::new();
        }
        match (&mut self.state, wish) {
            (State::Talking(talk), Wish::Hold) => talk.hold(),
            (State::Talking(talk), Wish::Together) => talk.together(),
            (State::Talking(talk), Wish::Consult(callee)) => talk.consult(callee),
            (State::Talking(talk), Wish::Add(callee)) => talk.invite(callee),
            (State::Talking(talk), Wish::CancelConsult) => {
                let mut actions = talk.dismiss();
                actions.push(Action::StopPlaying(Side::Party));
                actions.extend(talk.together());
                actions
            }
            (State::Talking(_), Wish::CompleteTransfer) => self.party_dropped(),
            (State::Talking(_), Wish::Transfer(callee)) => {
                let agent = callee.agent();
                let mut actions = self.agent_leaves();
                actions.push(Action::Ring { side: Side::Party, callee });
                self.state = State::Transferring { agent };
                actions
            }
            (State::Talking(_), Wish::TransferToQueue(queue)) => {
                let mut actions = self.agent_goes();
                self.queued = true;
                self.state = State::Waiting;
                // The music is the new queue's own, which is known once it is joined.
                actions.extend([Action::JoinQueue(Some(queue)), music()]);
                actions
            }
            (State::Talking(_), Wish::Park) => {
                let mut actions = self.agent_leaves();
                self.state = State::Parked;
                actions.push(Action::Wait(Wait::Parked));
                actions
            }
            (State::Parked, Wish::PickUp(agent)) => {
                self.state = State::Transferring { agent: Some(agent) };
                let callee = Callee::Own(agent);
                vec![Action::StopWaiting, Action::Ring { side: Side::Party, callee }]
            }
            _ => Vec::new(),
        }
    }

    /// The agent is done with the call; the customer, who goes on, hears music.
    fn agent_leaves(&mut self) -> Vec<Action> {
        std::iter::once(music()).chain(self.agent_goes()).collect()
    }

    fn agent_goes(&self) -> Vec<Action> {
        let done = self.agent().map(|agent| Action::AgentDone { agent });
        std::iter::once(Action::Drop(Side::Party)).chain(done).collect()
    }

    /// The phone that the call came for did not take it: the caller hears why.
    pub(super) fn forward_failed(&mut self, code: u16) -> Vec<Action> {
        let done = self.agent().map(|agent| Action::AgentDone { agent });
        self.state = State::Over;
        let end = End::new(cause_of_failed_ring(code), EndedBy::Agent);
        let reject = Action::Reject { side: Side::Customer, code };
        done.into_iter().chain([reject, Action::Finish(end)]).collect()
    }

    /// The same while it still rings.
    pub(super) fn forward_dropped(&mut self, code: u16) -> Vec<Action> {
        let mut actions = vec![Action::Drop(Side::Party)];
        actions.extend(self.forward_failed(code));
        actions
    }

    /// The party's leg is gone and somebody else is still there: the one consulted takes the
    /// customer over, a conference goes on, a phone that rings rings on.
    pub(super) fn party_left(&mut self) -> Vec<Action> {
        let State::Talking(talk) = &mut self.state else { return Vec::new() };
        let mut actions: Vec<Action> =
            talk.agent.map(|agent| Action::AgentDone { agent }).into_iter().collect();
        let was_aside = talk.aside;
        if let Some(guest) = talk.promote() {
            talk.aside = false;
            actions.push(Action::Seat(guest.side()));
            if was_aside {
                actions.push(Action::StopPlaying(Side::Customer));
            }
            actions.push(Action::Connect { agent: guest.agent });
            actions.push(talk.mix());
            return actions;
        }
        // Nobody has answered yet: the first of those who ring becomes a plain transfer.
        let rings = talk.guests.remove(0);
        actions.extend(talk.dismiss());
        if !was_aside {
            actions.push(music());
        }
        actions.push(Action::Mix(Vec::new()));
        actions.push(Action::Seat(rings.side()));
        self.state = State::Transferring { agent: rings.agent };
        actions
    }

    /// The same where the party's leg is still there.
    pub(super) fn party_dropped(&mut self) -> Vec<Action> {
        let mut actions = vec![Action::Drop(Side::Party)];
        actions.extend(self.party_left());
        actions
    }

    pub(super) fn has_guests(&self) -> bool {
        matches!(&self.state, State::Talking(talk) if !talk.guests.is_empty())
    }

    /// A lost phone is silent until it is back; how long that is borne is decided elsewhere.
    pub(super) fn bears_silence_of(&self, side: Side) -> bool {
        side == Side::Party && matches!(self.state, State::Rejoining { .. })
    }

    /// Where the agent sits who was asked in by another.
    pub(super) fn seat_of(&self, agent: AgentId) -> Option<u8> {
        let State::Talking(talk) = &self.state else { return None };
        talk.guests.iter().find(|guest| guest.agent == Some(agent)).map(|guest| guest.seat)
    }

    pub(super) fn guest_lost(&mut self, seat: u8) -> Vec<Action> {
        let State::Talking(talk) = &mut self.state else { return Vec::new() };
        let mut actions = vec![Action::Drop(Side::Guest(seat))];
        actions.extend(talk.guest_gone(seat));
        actions
    }

    /// The party that the customer was handed to has answered.
    pub(super) fn transferred(&mut self, agent: Option<AgentId>) -> Vec<Action> {
        self.state = State::Talking(Talk::with(agent));
        let mut actions = vec![Action::StopPlaying(Side::Customer)];
        actions.extend(agent.map(|agent| Action::OutboundAnswered { agent }));
        actions.push(Action::Connect { agent });
        actions
    }

    /// The party that the customer was handed to did not take it.
    pub(super) fn transfer_failed(&mut self, code: u16) -> Vec<Action> {
        let mut actions: Vec<Action> =
            self.agent().map(|agent| Action::AgentDone { agent }).into_iter().collect();
        actions.extend(self.nobody_there(cause_of_failed_ring(code)));
        actions
    }

    /// The customer was promised somebody: back into the queue, or an apology.
    fn nobody_there(&mut self, cause: Cause) -> Vec<Action> {
        if self.queued {
            self.state = State::Waiting;
            return vec![music(), Action::JoinQueue(None)];
        }
        let end = End::new(cause, EndedBy::System);
        self.state = State::Apologising { agent: None, end };
        vec![Action::Play { to: Side::Customer, sound: Sound::CouldNotConnect, forever: false }]
    }

    /// A page is being loaded anew, a cable was out: the customer is kept for a while.
    pub(super) fn phone_lost(&mut self, side: Side) -> Vec<Action> {
        let State::Talking(talk) = &self.state else { return Vec::new() };
        match (side, talk.agent) {
            (Side::Party, Some(agent)) if talk.guests.is_empty() => {
                let aside = talk.aside;
                self.state = State::Rejoining { agent, ringing: false, aside };
                vec![Action::Mix(Vec::new()), music(), Action::Wait(Wait::Rejoin)]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn phone_back(&mut self, resumed: bool) -> Vec<Action> {
        match &mut self.state {
            State::Rejoining { agent, ringing: false, .. } if resumed => {
                let agent = *agent;
                self.rejoined(agent)
            }
            State::Rejoining { agent, ringing, .. } if !*ringing => {
                *ringing = true;
                let callee = Callee::Own(*agent);
                vec![Action::Drop(Side::Party), Action::Ring { side: Side::Party, callee }]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn rejoined(&mut self, agent: AgentId) -> Vec<Action> {
        let aside = matches!(self.state, State::Rejoining { aside: true, .. });
        let mut talk = Talk::with(Some(agent));
        // A customer who was on hold stays there until the agent says otherwise.
        let again = if aside { talk.hold() } else { talk.together() };
        self.state = State::Talking(talk);
        std::iter::once(Action::StopWaiting).chain(again).collect()
    }

    /// The phone hung up after all; or it was there again and lost again, and may still come back in
    /// the time that is left.
    pub(super) fn rejoin_failed(&mut self, code: u16) -> Vec<Action> {
        match &mut self.state {
            State::Rejoining { ringing, .. } if *ringing => {
                *ringing = false;
                Vec::new()
            }
            State::Rejoining { .. } if code == 200 => {
                self.end_all(End::new(Cause::Completed, EndedBy::Agent))
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn wait_over(&mut self) -> Vec<Action> {
        match self.state {
            State::Parked => self.nobody_there(Cause::NoAnswer),
            State::Rejoining { agent, .. } => {
                let mut actions = vec![Action::Drop(Side::Party), Action::AgentDone { agent }];
                actions.extend(self.nobody_there(Cause::Failed));
                actions
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn dialling_expired(&mut self, whose: AgentId) -> Vec<Action> {
        match &self.state {
            State::Talking(talk) => {
                let rings = talk.guests.iter().find(|guest| guest.agent == Some(whose) && !guest.answered);
                rings.map(|guest| guest.seat).map_or_else(Vec::new, |seat| self.guest_lost(seat))
            }
            State::Forwarding { agent: Some(agent) } if *agent == whose => self.forward_dropped(480),
            State::Transferring { agent: Some(agent) } if *agent == whose => {
                let mut actions = vec![Action::Drop(Side::Party)];
                actions.extend(self.transfer_failed(408));
                actions
            }
            State::AgentFirst { .. } | State::CustomerNext { .. } | State::Apologising { .. } => {
                self.end_all(End::new(Cause::NoAnswer, EndedBy::System))
            }
            _ => Vec::new(),
        }
    }
}
