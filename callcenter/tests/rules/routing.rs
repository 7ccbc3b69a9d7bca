//! Who is offered which call.

use callcenter::{Input, NotReadyReason, OfferFailure, Output};

use crate::floor::{Floor, agent, call, lunch, queue, said, settings};

/// Agents 1 and 2 in queue 1; 1 became Ready at second 0 and 2 at second 10. Now is second 10.
fn two_agents() -> Floor {
    let mut floor = Floor::with_one_ready();
    floor.seat(2, [1]);
    floor.at(10);
    floor.ready(2);
    floor
}

#[test]
fn a_caller_goes_to_the_longest_idle_and_the_record_says_why() {
    let mut floor = two_agents();
    floor.at(15);
    let out = floor.arrive(1, 1);
    assert_eq!(said(&out), ["queued 1 at 1", "offer 1 to 1"]);
    let Some(Output::Offer { why, .. }) = out.last() else {
        panic!("no offer in {out:?}");
    };
    assert_eq!((why.candidates, why.idle_ms, why.waited_ms), (2, 15_000, 0));
    assert_eq!(said(&floor.arrive(2, 1)), ["queued 2 at 2", "offer 2 to 2"]);
    assert_eq!(said(&floor.arrive(3, 1)), ["queued 3 at 3"]);
}

#[test]
fn a_waiting_caller_is_offered_the_moment_an_agent_is_ready() {
    let mut floor = Floor::new([settings(1)]);
    floor.seat(1, [1]);
    assert_eq!(said(&floor.arrive(1, 1)), ["queued 1 at 1"]);
    floor.tell(Input::AgentLoggedIn { agent: agent(1) });
    assert_eq!(floor.reason(1), Some(NotReadyReason::LoggedIn));
    floor.at(9);
    assert_eq!(said(&floor.ready(1)), ["offer 1 to 1"]);
}

#[test]
fn a_short_break_costs_no_place_and_a_long_one_earns_none() {
    let mut floor = two_agents();
    floor.at(20);
    floor.tell(Input::AgentNotReady { agent: agent(1), reason: lunch() });
    floor.at(25);
    floor.ready(1);
    // 1 was Ready for 20 s, 2 for 15 s.
    assert_eq!(said(&floor.arrive(1, 1))[1], "offer 1 to 1");

    let mut floor = two_agents();
    floor.at(11);
    floor.tell(Input::AgentNotReady { agent: agent(1), reason: lunch() });
    floor.at(1_000);
    floor.ready(1);
    // 1 was Ready for 11 s, 2 for 990 s: an hour at lunch is not idle time.
    assert_eq!(said(&floor.arrive(1, 1))[1], "offer 1 to 2");
}

#[test]
fn a_missed_call_sends_to_the_back_and_a_caller_who_leaves_does_not() {
    let mut floor = two_agents();
    floor.at(15);
    floor.arrive(1, 1);
    floor.hang_up(1);
    assert_eq!(said(&floor.arrive(2, 1))[1], "offer 2 to 1");
    let offer = floor.offer_of(1);
    let out = floor.tell(Input::OfferFailed { agent: agent(1), offer, why: OfferFailure::NoAnswer });
    assert_eq!(said(&out), ["offer 2 to 2"]);
    floor.hang_up(2);
    floor.ready(1);
    assert_eq!(said(&floor.arrive(3, 1))[1], "offer 3 to 2");
}

#[test]
fn heavier_queue_then_higher_priority_then_longer_wait() {
    let mut heavy = settings(2);
    heavy.weight = 5;
    let mut floor = Floor::new([settings(1), heavy]);
    floor.seat(1, [1, 2]);
    floor.arrive(1, 1);
    floor.arrive(2, 1);
    let out = floor.tell(Input::CallArrived { call: call(3), queue: queue(1), priority: 1 });
    assert_eq!(said(&out), ["queued 3 at 1"]);
    floor.at(5);
    floor.arrive(4, 2);
    let mut served = Vec::new();
    for _ in 0..4 {
        served.extend(said(&floor.ready(1)));
        floor.accept(1);
        let talking = floor.state(1).call().expect("a call");
        floor.hang_up(talking.0.as_u128());
    }
    assert_eq!(served, ["offer 4 to 1", "offer 3 to 1", "offer 1 to 1", "offer 2 to 1"]);
}

#[test]
fn an_agent_whose_phone_is_unreachable_is_not_offered() {
    let mut floor = Floor::with_one_ready();
    floor.tell(Input::AgentPhone { agent: agent(1), reachable: false });
    assert_eq!(said(&floor.arrive(1, 1)), ["queued 1 at 1"]);
    assert_eq!(floor.word(1), "ready");
    let out = floor.tell(Input::AgentPhone { agent: agent(1), reachable: true });
    assert_eq!(said(&out), ["offer 1 to 1"]);
}

#[test]
fn joining_a_queue_brings_its_callers_and_leaving_it_does_not_stop_the_ringing() {
    let mut floor = Floor::new([settings(1), settings(2)]);
    floor.seat(1, [1]);
    floor.ready(1);
    floor.arrive(1, 2);
    let members = |queues: &[u128]| Input::SetMembers {
        agent: agent(1),
        queues: queues.iter().map(|number| queue(*number)).collect(),
    };
    assert_eq!(said(&floor.tell(members(&[1, 2]))), ["offer 1 to 1"]);
    assert!(floor.tell(members(&[])).is_empty());
    assert_eq!(said(&floor.accept(1)), ["connect 1 with 1"]);
}
