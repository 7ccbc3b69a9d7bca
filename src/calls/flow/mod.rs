//! What happens in one call, decided: a pure state machine without legs, sockets or clock.
//!
//! The task that owns the call (`task.rs`) turns what its legs, its media session and the floor
//! say into [`Event`]s, and carries out the [`Action`]s that come back, in order. Every event is
//! understood in every state; one that comes too late (an answer that crossed a cancel, say)
//! changes nothing. [`Action::Finish`] is said exactly once, and nothing follows it.

mod action;
mod away;
mod course;
mod during;
mod event;
mod join;
mod phase;
mod pickup;
mod talk;
#[cfg(test)]
mod tests;

use callcenter::{AgentId, OfferId};

pub use action::{Action, Wait};
pub use event::{Callee, Event, Miss, Plan, Side, Sound, Wish};
pub use phase::Phase;
pub use pickup::Pickable;
use talk::Talk;

use super::end::{Cause, End, EndedBy, cause_of_ended_talk, cause_of_failed_ring, cause_of_lost_caller};

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    New,
    Greeting,
    Waiting,
    Offering {
        offer: OfferId,
        agent: AgentId,
        ringing: bool,
    },
    /// A call for one phone or outside number rings there.
    Forwarding {
        agent: Option<AgentId>,
    },
    AgentFirst {
        agent: AgentId,
    },
    /// The agent is there and the customer's phone is being rung. `waiting_leg` tells whether the
    /// agent's leg came in and still wants its answer.
    CustomerNext {
        /// None for a second call beside another.
        agent: Option<AgentId>,
        unanswered: bool,
    },
    Talking(Talk),
    /// The customer hears music while the next party's phone rings; whoever was there has left.
    Transferring {
        agent: Option<AgentId>,
    },
    Parked,
    Overflow,
    /// Somebody hears that it could not be done, then the call ends.
    Apologising {
        agent: Option<AgentId>,
        end: End,
    },
    Over,
}

/// One call's course.
#[derive(Debug)]
pub struct Flow {
    state: State,
    /// There is a queue to go back to when a transfer fails.
    queued: bool,
    /// The colleague on the customer's side of a call between two of the company.
    callee: Option<AgentId>,
}

impl Default for Flow {
    fn default() -> Self {
        Flow { state: State::New, queued: false, callee: None }
    }
}

impl Flow {
    pub fn phase(&self) -> Phase {
        match self.state {
            State::New | State::Greeting => Phase::Greeting,
            State::Waiting => Phase::Waiting,
            State::Offering { .. } | State::Forwarding { .. } | State::Transferring { .. } => Phase::Ringing,
            State::AgentFirst { .. } | State::CustomerNext { .. } | State::Apologising { .. } => {
                Phase::Dialling
            }
            State::Talking(ref talk) if talk.customer_waits() => Phase::Held,
            State::Talking(_) => Phase::Talking,
            State::Parked => Phase::Parked,
            State::Overflow => Phase::Overflow,
            State::Over => Phase::Ended,
        }
    }

    /// The agent who has this call now, be it only at a ringing phone.
    pub fn agent(&self) -> Option<AgentId> {
        match &self.state {
            State::Offering { agent, .. } | State::AgentFirst { agent } => Some(*agent),
            State::Forwarding { agent }
            | State::CustomerNext { agent, .. }
            | State::Transferring { agent }
            | State::Apologising { agent, .. } => *agent,
            State::Talking(talk) => talk.agent,
            _ => None,
        }
    }

    /// The floor wants an agent's phone rung, and withdraws that itself.
    pub fn is_offering(&self) -> bool {
        matches!(self.state, State::Offering { .. })
    }

    /// The agent has asked somebody else while the customer hears music.
    pub fn is_consulting(&self) -> bool {
        matches!(&self.state, State::Talking(talk) if talk.consulted().is_some())
    }

    /// Takes one event and says what to do, in order.
    pub fn on(&mut self, event: Event) -> Vec<Action> {
        let actions = self.take(event);
        self.with_callee(actions)
    }

    fn take(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::Begin(plan) => self.begin(plan),
            Event::SoundOver(sound) => self.sound_over(sound),
            Event::Offered { offer, agent } => self.offered(offer, agent),
            Event::Withdrawn { offer } => self.withdrawn(offer),
            Event::Accepted { offer, agent } => self.accepted(offer, agent),
            Event::Stale { offer } => self.withdrawn(offer),
            Event::Overflowed => self.overflowed(),
            Event::DiallingExpired { agent } => self.dialling_expired(agent),
            Event::Asked(wish) => self.asked(wish),
            Event::PhoneLost(side) => self.phone_lost(side),
            Event::PhoneBack { side, resumed } => self.phone_back(side, resumed),
            Event::WaitOver(wait) => self.wait_over(wait),
            Event::Brought { agent } => self.brought(agent),
            Event::HandedTo { side, agent } => self.handed_to(side, agent),
            Event::PickedUp { side, by } => self.picked_up(side, by),
            Event::GivenUp => self.given_up_to_another(),
            Event::Ringing(side) => self.ringing(side),
            Event::EarlyMedia(side) => self.early_media(side),
            Event::Answered(side) => self.answered(side),
            Event::LegEnded { side, code } => self.leg_ended(side, code),
            Event::MediaDead(side) if self.bears_silence_of(side) => Vec::new(),
            Event::MediaDead(Side::Guest(seat)) => self.guest_lost(seat),
            Event::MediaDead(Side::Party) if self.has_guests() => self.party_dropped(),
            Event::MediaDead(_) => self.end_all(End::new(Cause::MediaTimeout, EndedBy::System)),
            Event::HangUpAsked { by } => self.hang_up_asked(by),
            Event::RejectAsked { by } => self.reject_asked_by(by),
            Event::Shutdown => self.end_all(End::new(Cause::Shutdown, EndedBy::System)),
        }
    }

    fn begin(&mut self, plan: Plan) -> Vec<Action> {
        if self.state != State::New {
            return Vec::new();
        }
        match plan {
            Plan::Queue => {
                self.queued = true;
                self.state = State::Greeting;
                vec![
                    Action::Answer(Side::Customer),
                    Action::Play { to: Side::Customer, sound: Sound::Greeting, forever: false },
                ]
            }
            Plan::Forward { agent } => {
                self.state = State::Forwarding { agent };
                vec![Action::Ring { side: Side::Party, callee: Callee::Planned }]
            }
            Plan::AgentFirst { agent } => {
                self.state = State::AgentFirst { agent };
                vec![Action::Ring { side: Side::Party, callee: Callee::Own(agent) }]
            }
            Plan::PhoneDialled { agent, callee } => {
                self.callee = callee;
                self.state = State::CustomerNext { agent, unanswered: true };
                vec![Action::Ring { side: Side::Customer, callee: Callee::Planned }]
            }
            Plan::Refuse { code, cause } => {
                self.state = State::Over;
                vec![
                    // Whichever of them came in.
                    Action::Reject { side: Side::Customer, code },
                    Action::Reject { side: Side::Party, code },
                    Action::Finish(End::new(cause, EndedBy::System)),
                ]
            }
        }
    }

    fn sound_over(&mut self, sound: Sound) -> Vec<Action> {
        match (&self.state, sound) {
            (State::Greeting, Sound::Greeting) => {
                self.state = State::Waiting;
                vec![talk::music(), Action::JoinQueue(None)]
            }
            (State::Overflow, Sound::Overflow) => self.end_all(End::new(Cause::Overflow, EndedBy::System)),
            (State::Apologising { end, .. }, Sound::CouldNotConnect) => {
                let end = *end;
                self.end_all(end)
            }
            _ => Vec::new(),
        }
    }

    fn offered(&mut self, offer: OfferId, agent: AgentId) -> Vec<Action> {
        if self.state == State::Waiting {
            self.state = State::Offering { offer, agent, ringing: false };
            return vec![Action::Ring { side: Side::Party, callee: Callee::Agent(agent) }];
        }
        // The call moved on while the offer was on its way; the agent must not wait for its end.
        vec![Action::FailOffer { agent, offer, why: Miss::Error }]
    }

    fn withdrawn(&mut self, withdrawn: OfferId) -> Vec<Action> {
        match self.state {
            State::Offering { offer, .. } if offer == withdrawn => {
                self.state = State::Waiting;
                vec![Action::Drop(Side::Party)]
            }
            _ => Vec::new(),
        }
    }

    fn accepted(&mut self, accepted: OfferId, bound: AgentId) -> Vec<Action> {
        match self.state {
            State::Offering { offer, agent, .. } if offer == accepted => {
                self.state = State::Talking(Talk::with(Some(agent)));
                vec![Action::StopPlaying(Side::Customer), Action::Connect { agent: Some(agent) }]
            }
            // The call's end has freed everybody.
            State::Over => Vec::new(),
            // The phone was gone again before the floor's word came: the agent is let go, and the
            // caller, whom the floor took out of the line, goes back into it.
            State::Waiting => vec![Action::AgentDone { agent: bound }, Action::JoinQueue(None)],
            _ => vec![Action::AgentDone { agent: bound }],
        }
    }

    fn overflowed(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        match self.state {
            State::Waiting => {}
            State::Offering { .. } => actions.push(Action::Drop(Side::Party)),
            _ => return Vec::new(),
        }
        self.state = State::Overflow;
        actions.push(Action::Play { to: Side::Customer, sound: Sound::Overflow, forever: false });
        actions
    }

    fn ringing(&mut self, side: Side) -> Vec<Action> {
        match (&mut self.state, side) {
            (State::Offering { ringing, .. }, Side::Party) => {
                *ringing = true;
                Vec::new()
            }
            (State::Forwarding { .. }, Side::Party) => vec![Action::LetRing(Side::Customer)],
            (State::CustomerNext { unanswered: true, .. }, Side::Customer) => {
                vec![Action::LetRing(Side::Party)]
            }
            _ => Vec::new(),
        }
    }

    /// RFC 3960 section 3.2: what the network says, be it that the number is wrong, goes before a
    /// ringing tone of our own.
    fn early_media(&mut self, side: Side) -> Vec<Action> {
        match (&self.state, side) {
            (State::CustomerNext { unanswered: true, .. }, Side::Customer) => {
                vec![Action::Progress(Side::Party), Action::HearEarly(side)]
            }
            (State::CustomerNext { .. }, Side::Customer) => {
                vec![Action::StopPlaying(Side::Party), Action::HearEarly(side)]
            }
            _ => self.ringing(side),
        }
    }

    fn answered(&mut self, side: Side) -> Vec<Action> {
        match (&mut self.state, side) {
            (State::Talking(talk), side) if talk.is_away(side) => return talk.come_back(side),
            (State::Talking(talk), Side::Guest(seat)) => return talk.guest_answered(seat),
            (&mut State::Transferring { agent }, Side::Party) => return self.transferred(agent),
            _ => {}
        }
        match (&self.state, side) {
            (&State::Offering { offer, agent, .. }, Side::Party) => {
                vec![Action::AcceptOffer { agent, offer }]
            }
            (&State::Forwarding { agent }, Side::Party) => {
                self.state = State::Talking(Talk::with(agent));
                let mut actions = vec![Action::Answer(Side::Customer)];
                actions.extend(agent.map(|agent| Action::OutboundAnswered { agent }));
                actions.push(Action::Connect { agent });
                actions
            }
            (&State::AgentFirst { agent }, Side::Party) => {
                self.state = State::CustomerNext { agent: Some(agent), unanswered: false };
                vec![
                    Action::Play { to: Side::Party, sound: Sound::Ringback, forever: true },
                    Action::Ring { side: Side::Customer, callee: Callee::Planned },
                ]
            }
            (&State::CustomerNext { agent, unanswered }, Side::Customer) => {
                self.state = State::Talking(Talk::with(agent));
                let first =
                    if unanswered { Action::Answer(Side::Party) } else { Action::StopPlaying(Side::Party) };
                let talk = agent.into_iter().chain(self.callee);
                let talk = talk.map(|agent| Action::OutboundAnswered { agent });
                std::iter::once(first).chain(talk).chain([Action::Connect { agent }]).collect()
            }
            _ => Vec::new(),
        }
    }

    fn leg_ended(&mut self, side: Side, code: u16) -> Vec<Action> {
        match (&mut self.state, side) {
            (State::Talking(talk), side) if talk.is_away(side) => return self.left_while_away(side, code),
            (State::Talking(talk), Side::Guest(seat)) => return talk.guest_gone(seat),
            (State::Talking(talk), Side::Party) if !talk.guests.is_empty() => return self.party_left(),
            (State::Transferring { .. }, Side::Party) => return self.transfer_failed(code),
            _ => {}
        }
        match (&self.state, side) {
            (&State::Offering { offer, agent, .. }, Side::Party) => {
                self.state = State::Waiting;
                vec![Action::FailOffer { agent, offer, why: Miss::from_code(code) }]
            }
            (State::Forwarding { .. }, Side::Party) => self.forward_failed(code),
            (&State::AgentFirst { .. }, Side::Party) => {
                self.end_all(End::new(Cause::NoAnswer, EndedBy::Agent))
            }
            (&State::CustomerNext { agent, unanswered }, Side::Customer) => {
                let end = End::new(cause_of_failed_ring(code), EndedBy::Customer);
                if unanswered {
                    self.state = State::Over;
                    let reject = std::iter::once(Action::Reject { side: Side::Party, code });
                    let done = agent.map(|agent| Action::AgentDone { agent });
                    return reject.chain(done).chain([Action::Finish(end)]).collect();
                }
                self.state = State::Apologising { agent, end };
                vec![Action::Play { to: Side::Party, sound: Sound::CouldNotConnect, forever: false }]
            }
            (State::CustomerNext { .. }, Side::Party) => {
                self.end_all(End::new(Cause::Cancelled, EndedBy::Agent))
            }
            // Whoever hears it is the last one there.
            (&State::Apologising { end, .. }, Side::Party | Side::Customer) => self.end_all(end),
            (State::Talking(_), side) => {
                let by = if side == Side::Customer { EndedBy::Customer } else { EndedBy::Agent };
                self.end_all(End::new(cause_of_ended_talk(code), by))
            }
            (State::Transferring { .. } | State::Parked, Side::Customer) => {
                self.end_all(End::new(cause_of_ended_talk(code), EndedBy::Customer))
            }
            (State::Overflow, Side::Customer) => self.end_all(End::new(Cause::Overflow, EndedBy::Customer)),
            (
                State::New
                | State::Greeting
                | State::Waiting
                | State::Offering { .. }
                | State::Forwarding { .. },
                Side::Customer,
            ) => self.end_all(End::new(cause_of_lost_caller(code), EndedBy::Customer)),
            _ => Vec::new(),
        }
    }

    fn hang_up_asked(&mut self, by: AgentId) -> Vec<Action> {
        if let Some(seat) = self.seat_of(by) {
            return self.guest_lost(seat);
        }
        if self.callee == Some(by) {
            return self.callee_leaves();
        }
        // Who handed the call on has no say in it any more.
        if self.agent() != Some(by) {
            return Vec::new();
        }
        match self.state {
            // Hanging up while somebody is consulted hands the customer on, as hanging up the phone does.
            State::Talking(ref talk) if !talk.guests.is_empty() => self.party_dropped(),
            State::Talking(_) => self.end_all(End::new(Cause::Completed, EndedBy::Agent)),
            State::Transferring { agent: Some(_) } => self.reject_asked(),
            State::AgentFirst { .. } | State::CustomerNext { .. } => {
                self.end_all(End::new(Cause::Cancelled, EndedBy::Agent))
            }
            State::Apologising { end, .. } => self.end_all(end),
            State::Offering { .. } | State::Forwarding { .. } => self.reject_asked(),
            _ => Vec::new(),
        }
    }

    fn reject_asked_by(&mut self, by: AgentId) -> Vec<Action> {
        match self.seat_of(by) {
            Some(seat) => self.guest_lost(seat),
            None if self.callee == Some(by) => self.callee_leaves(),
            None if self.agent() == Some(by) => self.reject_asked(),
            None => Vec::new(),
        }
    }

    fn reject_asked(&mut self) -> Vec<Action> {
        match self.state {
            State::Offering { offer, agent, .. } => {
                self.state = State::Waiting;
                vec![Action::Drop(Side::Party), Action::FailOffer { agent, offer, why: Miss::Rejected }]
            }
            State::AgentFirst { .. } => self.end_all(End::new(Cause::Cancelled, EndedBy::Agent)),
            State::Forwarding { .. } => self.forward_dropped(603),
            State::Transferring { agent: Some(_) } => {
                let mut actions = vec![Action::Drop(Side::Party)];
                actions.extend(self.transfer_failed(603));
                actions
            }
            _ => Vec::new(),
        }
    }

    /// Ends whatever there is, once: both legs go, the floor is told, the record is closed.
    fn end_all(&mut self, end: End) -> Vec<Action> {
        let was = std::mem::replace(&mut self.state, State::Over);
        let mut actions = Vec::new();
        match was {
            State::Over => return Vec::new(),
            State::Waiting | State::Offering { .. } | State::Overflow => {
                actions.push(Action::LeaveFloor);
            }
            State::AgentFirst { agent } => actions.push(Action::AgentDone { agent }),
            State::Forwarding { agent }
            | State::CustomerNext { agent, .. }
            | State::Transferring { agent }
            | State::Apologising { agent, .. } => {
                actions.extend(agent.map(|agent| Action::AgentDone { agent }));
            }
            State::Talking(mut talk) => {
                actions.extend(talk.dismiss());
                actions.extend(talk.agent.map(|agent| Action::AgentDone { agent }));
            }
            State::New | State::Greeting | State::Parked => {}
        }
        // Dropping a side that has no leg is nothing.
        actions.push(Action::Drop(Side::Customer));
        actions.push(Action::Drop(Side::Party));
        actions.push(Action::Finish(end));
        actions
    }
}
