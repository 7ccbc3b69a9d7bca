//! During the call: what the agent asks for, and what becomes of a customer who is handed on.

use callcenter::AgentId;

use super::event::{Callee, Side, Sound, Wish};
use super::talk::{Guest, Talk, music};
use super::{Action, Flow, State, Wait};
use crate::calls::end::{Cause, End, EndedBy, cause_of_failed_ring};

impl Flow {
    /// Whether what is wished fits what the call is doing now.
    pub fn may(&self, wish: &Wish) -> bool {
        match (&self.state, wish) {
            // Nobody steers a call whose agent's phone is being loaded anew.
            (State::Talking(talk), _) if talk.is_away(Side::Party) => false,
            (State::Talking(talk), Wish::Hold) => !talk.aside,
            (State::Talking(talk), Wish::Together) => {
                talk.aside && talk.guests.iter().all(Guest::has_answered)
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
                vec![Action::Ring { side: Side::Party, callee }]
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
        let on_music = talk.on_music();
        if let Some(guest) = talk.promote() {
            talk.aside = false;
            actions.extend(on_music.into_iter().map(Action::StopPlaying));
            actions.push(Action::Seat(guest.side()));
            actions.push(Action::Connect { agent: guest.agent });
            actions.push(talk.mix());
            return actions;
        }
        // Nobody is there yet: the first of those who ring becomes a plain transfer.
        let rings = talk.take_ringing();
        actions.extend(talk.dismiss());
        actions.push(Action::Mix(Vec::new()));
        let Some(rings) = rings else {
            actions.extend(self.nobody_there(Cause::Failed));
            return actions;
        };
        if !on_music.contains(&Side::Customer) {
            actions.push(music());
        }
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
    pub(super) fn nobody_there(&mut self, cause: Cause) -> Vec<Action> {
        if self.queued {
            self.state = State::Waiting;
            return vec![music(), Action::JoinQueue(None)];
        }
        let end = End::new(cause, EndedBy::System);
        self.state = State::Apologising { agent: None, end };
        vec![Action::Play { to: Side::Customer, sound: Sound::CouldNotConnect, forever: false }]
    }

    pub(super) fn dialling_expired(&mut self, whose: AgentId) -> Vec<Action> {
        match &self.state {
            State::Talking(talk) => {
                let rings =
                    talk.guests.iter().find(|guest| guest.agent == Some(whose) && !guest.has_answered());
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
