//! A colleague takes a call that rings at another's phone, or that is parked (RFC 3891), or is sent
//! it by that phone (302).

use callcenter::{AgentId, OfferId};

use super::action::Action;
use super::event::Side;
use super::talk::Talk;
use super::{Flow, State};

/// What the floor has to be asked before somebody else takes the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pickable {
    /// A queue's call: for those who serve the queue.
    Offer { offer: OfferId, agent: AgentId },
    /// A call for one colleague, or one that is parked: for everybody at work.
    Direct,
}

impl Flow {
    /// Whether the phone that rings for this side may be answered by another.
    pub fn pickable(&self, side: Side) -> Option<Pickable> {
        match (&self.state, side) {
            (&State::Offering { offer, agent, .. }, Side::Party) => Some(Pickable::Offer { offer, agent }),
            (State::Forwarding { .. } | State::Transferring { .. } | State::Parked, Side::Party)
            | (State::CustomerNext { unanswered: true, .. }, Side::Customer) => Some(Pickable::Direct),
            _ => None,
        }
    }

    /// The floor has bound this one, whose leg has the seat; whoever was rung missed nothing.
    pub(super) fn picked_up(&mut self, side: Side, by: AgentId) -> Vec<Action> {
        let answer = Action::Answer(side);
        let done = |agent: Option<AgentId>| agent.map(|agent| Action::AgentDone { agent });
        match (&self.state, side) {
            (State::Offering { .. }, Side::Party) => {
                self.state = State::Talking(Talk::with(Some(by)));
                vec![answer, Action::StopPlaying(Side::Customer), Action::Connect { agent: Some(by) }]
            }
            (&State::Forwarding { agent }, Side::Party) => {
                self.state = State::Forwarding { agent: Some(by) };
                let connected = self.answered(side);
                std::iter::once(answer).chain(done(agent)).chain(connected).collect()
            }
            (&State::Transferring { agent }, Side::Party) => {
                let connected = self.transferred(Some(by));
                std::iter::once(answer).chain(done(agent)).chain(connected).collect()
            }
            (State::Parked, Side::Party) => {
                let connected = self.transferred(Some(by));
                std::iter::once(answer).chain(connected).collect()
            }
            (State::CustomerNext { unanswered: true, .. }, Side::Customer) => {
                let before = self.callee.replace(by);
                let connected = self.answered(side);
                std::iter::once(answer).chain(done(before)).chain(connected).collect()
            }
            // [`Flow::pickable`] has said no.
            _ => vec![Action::AgentDone { agent: by }],
        }
    }

    /// Whether the phone that rings may send the call to a colleague: a call that is the called one's
    /// own. A queue's is for those who serve the queue.
    pub fn may_hand_to(&self, side: Side) -> bool {
        self.pickable(side) == Some(Pickable::Direct)
    }

    pub(super) fn handed_to(&mut self, side: Side, to: Option<AgentId>) -> Vec<Action> {
        let before = match (&mut self.state, side) {
            (State::Forwarding { agent } | State::Transferring { agent }, Side::Party) => {
                std::mem::replace(agent, to)
            }
            (State::CustomerNext { unanswered: true, .. }, Side::Customer) => {
                std::mem::replace(&mut self.callee, to)
            }
            // It moved on: whoever was reserved is let go.
            _ => to,
        };
        before.map(|agent| Action::AgentDone { agent }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use callcenter::{AgentId, OfferId};
    use uuid::Uuid;

    use super::super::{Action, Event, Flow, Phase, Plan, Side, Sound, Wish};
    use super::Pickable;

    const ANA: AgentId = AgentId(Uuid::from_u128(1));
    const BEN: AgentId = AgentId(Uuid::from_u128(2));
    const CLEO: AgentId = AgentId(Uuid::from_u128(3));

    fn picked_up(flow: &mut Flow, side: Side) -> Vec<Action> {
        flow.on(Event::PickedUp { side, by: BEN })
    }

    #[test]
    fn a_queues_call_that_rings_is_bens_and_ana_has_no_part_in_it() {
        let mut flow = Flow::default();
        flow.on(Event::Begin(Plan::Queue));
        flow.on(Event::SoundOver(Sound::Greeting));
        assert_eq!(flow.pickable(Side::Party), None, "it rings nowhere");
        let offer = OfferId(1);
        flow.on(Event::Offered { offer, agent: ANA });
        assert_eq!(flow.pickable(Side::Party), Some(Pickable::Offer { offer, agent: ANA }));
        assert_eq!(
            picked_up(&mut flow, Side::Party),
            [
                Action::Answer(Side::Party),
                Action::StopPlaying(Side::Customer),
                Action::Connect { agent: Some(BEN) }
            ]
        );
        assert_eq!((flow.phase(), flow.agent()), (Phase::Talking, Some(BEN)));
        assert_eq!(flow.on(Event::Withdrawn { offer }), [], "it crossed");
        assert_eq!(flow.pickable(Side::Party), None, "nobody takes a conversation");
    }

    #[test]
    fn a_call_for_ana_is_answered_to_the_caller_when_ben_takes_it() {
        let mut flow = Flow::default();
        flow.on(Event::Begin(Plan::Forward { agent: Some(ANA) }));
        assert_eq!(
            picked_up(&mut flow, Side::Party),
            [
                Action::Answer(Side::Party),
                Action::AgentDone { agent: ANA },
                Action::Answer(Side::Customer),
                Action::OutboundAnswered { agent: BEN },
                Action::Connect { agent: Some(BEN) }
            ]
        );
    }

    #[test]
    fn a_colleagues_call_for_ana_is_bens_to_its_end() {
        let mut flow = Flow::default();
        flow.on(Event::Begin(Plan::PhoneDialled { agent: Some(CLEO), callee: Some(ANA) }));
        let taken = picked_up(&mut flow, Side::Customer);
        assert_eq!(taken[..2], [Action::Answer(Side::Customer), Action::AgentDone { agent: ANA }]);
        assert!(taken.contains(&Action::OutboundAnswered { agent: BEN }), "{taken:?}");
        assert!(taken.contains(&Action::Connect { agent: Some(CLEO) }), "{taken:?}");
        let last = flow.on(Event::LegEnded { side: Side::Party, code: 200 });
        assert!(last.contains(&Action::AgentDone { agent: BEN }), "{last:?}");
        assert!(!last.contains(&Action::AgentDone { agent: ANA }), "{last:?}");
    }

    #[test]
    fn a_call_for_ana_that_her_phone_sends_to_ben_is_bens() {
        let mut flow = Flow::default();
        flow.on(Event::Begin(Plan::Forward { agent: Some(ANA) }));
        assert!(flow.may_hand_to(Side::Party));
        let handed = flow.on(Event::HandedTo { side: Side::Party, agent: Some(BEN) });
        assert_eq!(handed, [Action::AgentDone { agent: ANA }]);
        let answered = flow.on(Event::Answered(Side::Party));
        assert!(answered.contains(&Action::OutboundAnswered { agent: BEN }), "{answered:?}");
        assert!(!flow.may_hand_to(Side::Party));
        let late = flow.on(Event::HandedTo { side: Side::Party, agent: Some(CLEO) });
        assert_eq!(late, [Action::AgentDone { agent: CLEO }]);
        assert_eq!(flow.agent(), Some(BEN));
    }

    #[test]
    fn a_parked_call_is_taken_by_who_dials_its_place() {
        let mut flow = Flow::default();
        flow.on(Event::Begin(Plan::Forward { agent: Some(ANA) }));
        flow.on(Event::Answered(Side::Party));
        assert_eq!(flow.pickable(Side::Party), None);
        flow.on(Event::Asked(Wish::Park));
        assert_eq!(flow.pickable(Side::Party), Some(Pickable::Direct));
        let taken = picked_up(&mut flow, Side::Party);
        assert_eq!(taken[0], Action::Answer(Side::Party));
        assert!(taken.contains(&Action::StopPlaying(Side::Customer)), "{taken:?}");
        assert_eq!((flow.phase(), flow.agent()), (Phase::Talking, Some(BEN)));
        let late = picked_up(&mut flow, Side::Party);
        assert_eq!(late, [Action::AgentDone { agent: BEN }]);
    }
}
