//! Events in any order.

use super::*;

/// Everything there is to wish, with an agent of its own where one is asked for.
fn any_wish(dice: &mut impl rand::Rng, next: AgentId) -> Wish {
    use rand::RngExt;

    let callee =
        if dice.random_bool(0.5) { Callee::Agent(next) } else { Callee::Number("+34910000199".to_owned()) };
    match dice.random_range(0..10) {
        0 => Wish::Hold,
        1 => Wish::Together,
        2 => Wish::Transfer(callee),
        3 => Wish::TransferToQueue(callcenter::QueueId(Uuid::nil())),
        4 | 5 => Wish::Consult(callee),
        6 => Wish::CompleteTransfer,
        7 => Wish::CancelConsult,
        8 => Wish::Add(callee),
        _ if dice.random_bool(0.5) => Wish::Park,
        _ => Wish::PickUp(next),
    }
}

fn asked_agent(wish: &Wish) -> Option<AgentId> {
    match wish {
        Wish::Transfer(callee) | Wish::Consult(callee) | Wish::Add(callee) => callee.agent(),
        Wish::PickUp(agent) => Some(*agent),
        _ => None,
    }
}

/// Every event in every order the dice give: a call finishes once, says nothing after that, and
/// lets go of every agent exactly once.
#[test]
fn any_order_of_events_finishes_a_call_exactly_once() {
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    for seed in 0..20_000_u64 {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut flow = Flow::default();
        let plan = match dice.random_range(0..4) {
            0 => Plan::Queue,
            1 => Plan::Forward { agent: Some(agent()).filter(|_| dice.random_bool(0.5)) },
            2 => Plan::AgentFirst { agent: agent() },
            _ => Plan::PhoneDialled {
                agent: Some(agent()).filter(|_| dice.random_bool(0.5)),
                callee: Some(other()).filter(|_| dice.random_bool(0.5)),
            },
        };
        let mut said = flow.on(Event::Begin(plan));
        let mut invited = Vec::new();
        for step in 0..80 {
            let offer = OfferId(dice.random_range(0..3));
            let side = match dice.random_range(0..6) {
                0 | 1 => Side::Customer,
                2 | 3 => Side::Party,
                _ => Side::Guest(dice.random_range(0..4)),
            };
            let event = match dice.random_range(0..20) {
                0 | 1 => Event::SoundOver(
                    [Sound::Greeting, Sound::Overflow, Sound::CouldNotConnect][dice.random_range(0..3)],
                ),
                2 | 3 => Event::Offered { offer, agent: agent() },
                4 => Event::Withdrawn { offer },
                5 => Event::Accepted { offer, agent: agent() },
                6 if dice.random_bool(0.5) => Event::EarlyMedia(side),
                6 => Event::Ringing(side),
                7 | 8 => Event::Answered(side),
                9 if step > 10 => {
                    Event::LegEnded { side, code: [200, 408, 486, 603][dice.random_range(0..4)] }
                }
                10 if step > 20 => Event::Overflowed,
                11 if step > 20 => Event::HangUpAsked { by: invited.last().copied().unwrap_or(agent()) },
                12 => Event::PhoneLost(side),
                13 => Event::PhoneBack { side, resumed: dice.random_bool(0.5) },
                14 if step > 30 => Event::WaitOver(
                    [Wait::Parked, Wait::Rejoin(side), Wait::Again(side)][dice.random_range(0..3)],
                ),
                15 => Event::DiallingExpired { agent: invited.last().copied().unwrap_or(agent()) },
                16..=18 => {
                    let next = AgentId(Uuid::from_u128(1_000 + step));
                    let wish = any_wish(&mut dice, next);
                    if !flow.may(&wish) {
                        continue;
                    }
                    invited.extend(asked_agent(&wish));
                    Event::Asked(wish)
                }
                _ => Event::Stale { offer },
            };
            let over = flow.phase() == Phase::Ended;
            let (bound, phase) = (flow.agent(), flow.phase());
            let actions = flow.on(event);
            if over {
                assert!(actions.iter().all(|a| matches!(a, Action::FailOffer { .. })), "seed {seed}");
            }
            if let Some(agent) = bound.filter(|_| matches!(phase, Phase::Talking | Phase::Held))
                && finish_of(&actions).is_some()
            {
                let done = actions.contains(&Action::AgentDone { agent });
                assert!(done, "seed {seed}: an agent stays bound to a finished call");
            }
            said.extend(actions);
        }
        said.extend(flow.on(Event::Shutdown));
        let count = |wanted: &dyn Fn(&Action) -> bool| said.iter().filter(|action| wanted(action)).count();
        assert_eq!(count(&|action| matches!(action, Action::Finish(_))), 1, "seed {seed}");
        for agent in invited {
            let done = count(&|action| *action == Action::AgentDone { agent });
            assert_eq!(done, 1, "seed {seed}: {agent} was asked in once and let go {done} times");
        }
    }
}
