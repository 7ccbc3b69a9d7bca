//! Transcripts of calls: what the flow is told, and what it asks for.

use callcenter::{AgentId, OfferId};
use uuid::Uuid;

use super::*;

fn agent() -> AgentId {
    AgentId(Uuid::from_u128(7))
}

fn finish_of(actions: &[Action]) -> Option<End> {
    actions.iter().find_map(|action| match action {
        Action::Finish(end) => Some(*end),
        _ => None,
    })
}

fn waiting() -> Flow {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::Queue));
    let joined = flow.on(Event::SoundOver(Sound::Greeting));
    assert!(joined.contains(&Action::JoinQueue));
    flow
}

fn offering(offer: OfferId) -> Flow {
    let mut flow = waiting();
    let rung = flow.on(Event::Offered { offer, agent: agent() });
    assert_eq!(rung, vec![Action::Ring { side: Side::Party, agent: Some(agent()) }]);
    flow
}

fn talking() -> Flow {
    let offer = OfferId(1);
    let mut flow = offering(offer);
    flow.on(Event::Answered(Side::Party));
    flow.on(Event::Accepted { offer });
    assert_eq!(flow.phase(), Phase::Talking);
    flow
}

#[test]
fn a_call_is_greeted_queued_offered_answered_and_hung_up_by_the_customer() {
    let mut flow = talking();
    let last = flow.on(Event::LegEnded { side: Side::Customer, code: 200 });
    assert!(last.contains(&Action::AgentDone { agent: agent() }));
    assert!(last.contains(&Action::Drop(Side::Party)));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Completed, EndedBy::Customer)));
}

#[test]
fn an_agent_who_hangs_up_first_ends_the_call() {
    let last = talking().on(Event::LegEnded { side: Side::Party, code: 200 });
    assert_eq!(finish_of(&last), Some(End::new(Cause::Completed, EndedBy::Agent)));
}

#[test]
fn a_caller_who_leaves_while_it_rings_stops_the_ringing() {
    let last = offering(OfferId(1)).on(Event::LegEnded { side: Side::Customer, code: 200 });
    assert_eq!(last[0], Action::LeaveFloor);
    assert!(last.contains(&Action::Drop(Side::Party)));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Abandoned, EndedBy::Customer)));
}

#[test]
fn a_busy_phone_gives_the_call_back_and_the_next_agent_is_rung() {
    let mut flow = offering(OfferId(1));
    let back = flow.on(Event::LegEnded { side: Side::Party, code: 486 });
    assert_eq!(back, vec![Action::FailOffer { agent: agent(), offer: OfferId(1), why: Miss::Busy }]);
    let next = flow.on(Event::Offered { offer: OfferId(2), agent: agent() });
    assert_eq!(next.len(), 1);
}

#[test]
fn an_answer_that_crossed_the_withdrawal_is_dropped_and_the_caller_waits_on() {
    let mut flow = offering(OfferId(1));
    assert_eq!(
        flow.on(Event::Answered(Side::Party)),
        vec![Action::AcceptOffer { agent: agent(), offer: OfferId(1) }]
    );
    assert_eq!(flow.on(Event::Stale { offer: OfferId(1) }), vec![Action::Drop(Side::Party)]);
    assert_eq!(flow.phase(), Phase::Waiting);
    assert!(flow.on(Event::Accepted { offer: OfferId(1) }).is_empty());
}

#[test]
fn overflow_plays_its_message_to_the_end_and_hangs_up() {
    let mut flow = offering(OfferId(1));
    let message = flow.on(Event::Overflowed);
    assert_eq!(message[0], Action::Drop(Side::Party));
    let last = flow.on(Event::SoundOver(Sound::Overflow));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Overflow, EndedBy::System)));
}

#[test]
fn click_to_dial_rings_the_agent_then_the_customer() {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::AgentFirst { agent: agent() }));
    let second = flow.on(Event::Answered(Side::Party));
    assert!(second.contains(&Action::Ring { side: Side::Customer, agent: None }));
    let both = flow.on(Event::Answered(Side::Customer));
    assert_eq!(both[0], Action::StopPlaying(Side::Party));
    assert_eq!(flow.phase(), Phase::Talking);
}

#[test]
fn a_busy_customer_is_announced_to_the_agent_and_the_cause_kept() {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::AgentFirst { agent: agent() }));
    flow.on(Event::Answered(Side::Party));
    flow.on(Event::LegEnded { side: Side::Customer, code: 486 });
    let last = flow.on(Event::SoundOver(Sound::CouldNotConnect));
    assert!(last.contains(&Action::AgentDone { agent: agent() }));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Busy, EndedBy::Customer)));
}

#[test]
fn a_forwarded_call_is_answered_only_when_the_target_answers() {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::Forward));
    assert_eq!(flow.on(Event::Ringing(Side::Party)), vec![Action::LetRing(Side::Customer)]);
    let both = flow.on(Event::Answered(Side::Party));
    assert_eq!(both[0], Action::Answer(Side::Customer));
}

/// Every event in every order the dice give: a call finishes once, says nothing after that, and
/// always tells the floor when an agent was bound.
#[test]
fn any_order_of_events_finishes_a_call_exactly_once() {
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    for seed in 0..4_000_u64 {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut flow = Flow::default();
        let plan = match dice.random_range(0..4) {
            0 => Plan::Queue,
            1 => Plan::Forward,
            2 => Plan::AgentFirst { agent: agent() },
            _ => Plan::PhoneDialled { agent: agent() },
        };
        let mut said = flow.on(Event::Begin(plan));
        for step in 0..60 {
            let offer = OfferId(dice.random_range(0..3));
            let side = if dice.random_bool(0.5) { Side::Customer } else { Side::Party };
            let event = match dice.random_range(0..12) {
                0 | 1 => Event::SoundOver(
                    [Sound::Greeting, Sound::Overflow, Sound::CouldNotConnect][dice.random_range(0..3)],
                ),
                2 | 3 => Event::Offered { offer, agent: agent() },
                4 => Event::Withdrawn { offer },
                5 => Event::Accepted { offer },
                6 => Event::Ringing(side),
                7 | 8 => Event::Answered(side),
                9 if step > 10 => {
                    Event::LegEnded { side, code: [200, 408, 486, 603][dice.random_range(0..4)] }
                }
                10 if step > 20 => Event::Overflowed,
                11 if step > 20 => Event::HangUpAsked,
                _ => Event::Stale { offer },
            };
            let over = flow.phase() == Phase::Ended;
            let bound = flow.agent();
            let phase = flow.phase();
            let actions = flow.on(event);
            if over {
                assert!(finish_of(&actions).is_none(), "seed {seed}: finished twice");
            }
            if finish_of(&actions).is_some() && phase == Phase::Talking {
                assert_eq!(
                    bound.is_some(),
                    actions.iter().any(|a| matches!(a, Action::AgentDone { .. })),
                    "seed {seed}: an agent stays bound to a finished call"
                );
            }
            said.extend(actions);
        }
        said.extend(flow.on(Event::Shutdown));
        assert_eq!(
            said.iter().filter(|action| matches!(action, Action::Finish(_))).count(),
            1,
            "seed {seed}"
        );
    }
}
