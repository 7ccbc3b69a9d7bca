//! What cannot be is refused, and time that goes wrong does no harm.

use callcenter::{
    Engine, Input, MAX_AGENTS, MAX_CALLS, MAX_QUEUES, MAX_REASON_BYTES, MAX_RING_MS, NotReadyReason,
    OfferFailure, OfferId, Output, Refusal, Time,
};

use crate::floor::{Floor, agent, call, queue, said, seconds, settings};

fn refusal(out: &[Output]) -> Option<&Refusal> {
    match out {
        [Output::Refused { reason, .. }] => Some(reason),
        _ => None,
    }
}

#[test]
fn strangers_are_refused() {
    let mut floor = Floor::new([settings(1)]);
    let (agent, call, offer) = (agent(7), call(7), OfferId(7));
    for (input, reason) in [
        (Input::AgentLoggedOut { agent }, Refusal::UnknownAgent),
        (Input::WrapUpFinished { agent }, Refusal::UnknownAgent),
        (Input::OfferAccepted { agent, offer }, Refusal::UnknownAgent),
        (Input::OfferFailed { agent, offer, why: OfferFailure::Busy }, Refusal::UnknownAgent),
        (Input::CallFinished { agent, call }, Refusal::UnknownAgent),
        (Input::OutboundStarted { agent, call }, Refusal::UnknownAgent),
        (Input::OutboundAnswered { agent, call }, Refusal::UnknownAgent),
        (Input::CallGone { call }, Refusal::UnknownCall),
        (Input::CallArrived { call, queue: queue(2), priority: 0 }, Refusal::UnknownQueue),
    ] {
        let out = floor.tell(input.clone());
        assert_eq!(refusal(&out), Some(&reason), "{input:?}");
    }
}

#[test]
fn a_call_cannot_be_here_twice() {
    let mut floor = Floor::with_one_ready();
    floor.arrive(1, 1);
    assert_eq!(said(&floor.arrive(1, 1)), ["refused call_arrived: the call is here already"]);
    floor.accept(1);
    assert_eq!(said(&floor.arrive(1, 1)), ["refused call_arrived: the call is here already"]);
}

#[test]
fn an_offer_is_only_its_own_agents() {
    let mut floor = Floor::with_one_ready();
    floor.seat(2, [1]);
    floor.ready(2);
    floor.arrive(1, 1);
    let offer = floor.offer_of(1);
    let out = floor.tell(Input::OfferAccepted { agent: agent(2), offer });
    assert_eq!(refusal(&out), Some(&Refusal::StaleOffer));
    assert_eq!(said(&floor.accept(1)), ["connect 1 with 1"]);
}

#[test]
fn a_wrong_queue_is_refused_by_itself_and_keeps_its_former_settings() {
    let mut floor = Floor::new([settings(1)]);
    floor.arrive(1, 1);
    let mut wrong = settings(1);
    wrong.ring_timeout_ms = MAX_RING_MS + 1;
    let out = floor.tell(Input::SetQueues(vec![wrong, settings(2), settings(2)]));
    assert_eq!(out.len(), 2, "{out:?}");
    assert!(
        out.iter()
            .all(|output| matches!(output, Output::Refused { reason: Refusal::InvalidQueue { .. }, .. })),
        "{out:?}"
    );
    let view = floor.engine.queue_view(queue(1)).expect("queue 1");
    assert_eq!(view.waiting.len(), 1);
    assert!(floor.engine.queue_view(queue(2)).is_some());
}

#[test]
fn tables_are_bounded() {
    let mut engine = Engine::new();
    let now = Time::from_unix_ms(0);
    let many = u128::try_from(MAX_QUEUES).expect("fits") + 1;
    let out = engine.handle(now, Input::SetQueues((0..many).map(settings).collect()));
    assert_eq!(refusal(&out), Some(&Refusal::Full { limit: MAX_QUEUES }));

    let many = u128::try_from(MAX_AGENTS).expect("fits");
    for number in 0..many {
        let out = engine.handle(now, Input::AgentLoggedIn { agent: agent(number) });
        assert!(refusal(&out).is_none());
    }
    let out = engine.handle(now, Input::AgentReady { agent: agent(many) });
    assert_eq!(refusal(&out), Some(&Refusal::Full { limit: MAX_AGENTS }));

    let many = u128::try_from(MAX_CALLS).expect("fits");
    let arrive =
        |number: u128| Input::CallArrived { call: call(number), queue: queue(number % 10), priority: 0 };
    for number in 0..many {
        assert!(refusal(&engine.handle(now, arrive(number))).is_none());
    }
    let out = engine.handle(now, arrive(many));
    assert_eq!(refusal(&out), Some(&Refusal::Full { limit: MAX_CALLS }));
    engine.check_invariants().expect("invariants");
}

#[test]
fn a_reason_is_short() {
    let mut floor = Floor::with_one_ready();
    let out = floor.tell(Input::AgentNotReady {
        agent: agent(1),
        reason: NotReadyReason::Chosen("x".repeat(MAX_REASON_BYTES + 1)),
    });
    assert_eq!(refusal(&out), Some(&Refusal::ReasonTooLong));
    assert_eq!(floor.word(1), "ready");
}

#[test]
fn a_clock_that_goes_back_stands_still_and_one_at_its_end_overflows_nothing() {
    let mut floor = Floor::with_one_ready();
    floor.at(100);
    floor.now = seconds(50);
    floor.arrive(1, 1);
    assert_eq!(floor.state(1).since(), seconds(100));
    assert_eq!(floor.state(1).until(), Some(seconds(120)));
    floor.now = Time::from_unix_ms(u64::MAX);
    assert_eq!(said(&floor.tell(Input::Tick)), ["withdraw 1 from 1: RingTimeout"]);
}
