//! An offer's life.

use callcenter::{Input, NotReadyReason, OfferFailure, PhoneTrouble};

use crate::floor::{Floor, agent, call, lunch, said, seconds};

#[test]
fn an_answered_offer_connects_and_wrap_up_follows_until_its_deadline() {
    let mut floor = Floor::with_one_ready();
    floor.arrive(1, 1);
    assert_eq!(floor.state(1).until(), Some(seconds(20)));
    floor.at(3);
    assert_eq!(said(&floor.accept(1)), ["connect 1 with 1"]);
    assert_eq!(floor.engine.next_deadline(), None);
    floor.at(100);
    floor.tell(Input::CallFinished { agent: agent(1), call: call(1) });
    assert_eq!(floor.word(1), "wrap_up");
    assert_eq!(floor.state(1).call(), Some(call(1)));
    assert_eq!(floor.engine.next_deadline(), Some(seconds(130)));
    floor.at(129);
    assert_eq!(floor.word(1), "wrap_up");
    floor.at(130);
    assert_eq!(floor.word(1), "ready");
}

#[test]
fn the_ring_time_ends_and_the_next_agent_rings() {
    let mut floor = Floor::with_one_ready();
    floor.seat(2, [1]);
    floor.ready(2);
    floor.arrive(1, 1);
    floor.at(19);
    assert_eq!(floor.word(1), "offered");
    assert_eq!(said(&floor.at(20)), ["withdraw 1 from 1: RingTimeout", "offer 1 to 2"]);
    assert_eq!(floor.reason(1), Some(NotReadyReason::MissedCall));
}

#[test]
fn an_answer_after_the_ring_time_is_stale_even_if_no_tick_came_between() {
    let mut floor = Floor::with_one_ready();
    floor.arrive(1, 1);
    floor.now = seconds(20);
    assert_eq!(
        said(&floor.accept(1)),
        ["withdraw 1 from 1: RingTimeout", "refused offer_accepted: the offer no longer stands"]
    );
    assert_eq!(floor.reason(1), Some(NotReadyReason::MissedCall));
}

#[test]
fn a_caller_who_hangs_up_stops_the_ringing_and_a_late_answer_is_stale() {
    let mut floor = Floor::with_one_ready();
    floor.arrive(1, 1);
    let offer = floor.offer_of(1);
    assert_eq!(said(&floor.hang_up(1)), ["withdraw 1 from 1: CallerGone"]);
    assert_eq!(floor.word(1), "ready");
    let late = floor.tell(Input::OfferAccepted { agent: agent(1), offer });
    assert_eq!(said(&late), ["refused offer_accepted: the offer no longer stands"]);
    assert_eq!(floor.word(1), "ready");
}

#[test]
fn a_late_answer_to_an_old_offer_does_not_take_the_new_one() {
    let mut floor = Floor::with_one_ready();
    floor.arrive(1, 1);
    let old = floor.offer_of(1);
    floor.hang_up(1);
    floor.arrive(2, 1);
    let late = floor.tell(Input::OfferAccepted { agent: agent(1), offer: old });
    assert_eq!(said(&late), ["refused offer_accepted: the offer no longer stands"]);
    assert_eq!(said(&floor.accept(1)), ["connect 2 with 1"]);
}

#[test]
fn each_failure_has_its_reason_and_the_caller_keeps_the_place() {
    for (why, reason) in [
        (OfferFailure::NoAnswer, NotReadyReason::MissedCall),
        (OfferFailure::Rejected, NotReadyReason::Rejected),
        (OfferFailure::Busy, NotReadyReason::PhoneUnavailable(PhoneTrouble::Busy)),
        (OfferFailure::Unregistered, NotReadyReason::PhoneUnavailable(PhoneTrouble::Unregistered)),
        (OfferFailure::Error, NotReadyReason::PhoneUnavailable(PhoneTrouble::Error)),
    ] {
        let mut floor = Floor::with_one_ready();
        floor.arrive(1, 1);
        floor.arrive(2, 1);
        let offer = floor.offer_of(1);
        let out = floor.tell(Input::OfferFailed { agent: agent(1), offer, why });
        assert!(said(&out).is_empty(), "{out:?}");
        assert_eq!(floor.reason(1), Some(reason));
        assert_eq!(said(&floor.ready(1)), ["offer 1 to 1"]);
    }
}

#[test]
fn not_ready_or_logout_while_the_phone_rings_withdraws_at_once() {
    let mut floor = Floor::with_one_ready();
    floor.seat(2, [1]);
    floor.ready(2);
    floor.arrive(1, 1);
    let out = floor.tell(Input::AgentNotReady { agent: agent(1), reason: lunch() });
    assert_eq!(said(&out), ["withdraw 1 from 1: AgentNotReady", "offer 1 to 2"]);
    assert_eq!(floor.reason(1), Some(lunch()));
    let out = floor.tell(Input::AgentLoggedOut { agent: agent(2) });
    assert_eq!(said(&out), ["withdraw 1 from 2: AgentLoggedOut"]);
    assert_eq!(floor.word(2), "logged_out");
}

#[test]
fn a_phone_lost_while_it_rings_may_still_answer() {
    let mut floor = Floor::with_one_ready();
    floor.arrive(1, 1);
    floor.tell(Input::AgentPhone { agent: agent(1), reachable: false });
    assert_eq!(said(&floor.accept(1)), ["connect 1 with 1"]);
}

fn pick_up(floor: &mut Floor, from: u128, by: u128) -> Vec<String> {
    let offer = floor.offer_of(from);
    said(&floor.tell(Input::PickedUp { offer, from: agent(from), by: agent(by) }))
}

#[test]
fn a_colleague_who_picks_up_has_the_call_and_the_other_missed_nothing() {
    let mut floor = Floor::with_one_ready();
    floor.seat(2, [1]);
    floor.tell(Input::AgentNotReady { agent: agent(2), reason: lunch() });
    floor.arrive(1, 1);
    floor.arrive(2, 1);
    let offer = floor.offer_of(1);
    assert_eq!(pick_up(&mut floor, 1, 2), ["offer 2 to 1"], "Ready, and next in turn at once");
    assert_eq!((floor.word(2), floor.state(2).call()), ("talking", Some(call(1))));
    assert_eq!(floor.word(1), "offered");
    let late = Input::OfferAccepted { agent: agent(1), offer };
    assert_eq!(said(&floor.tell(late)), ["refused offer_accepted: the offer no longer stands"]);
    floor.hang_up(1);
    assert_eq!((floor.word(2), floor.state(2).queue()), ("wrap_up", Some(crate::floor::queue(1))));
    floor.tell(Input::WrapUpFinished { agent: agent(2) });
    assert_eq!(floor.reason(2), Some(lunch()));
}

#[test]
fn whose_own_phone_rings_for_it_gets_no_offer_and_picks_up() {
    let mut floor = Floor::with_one_ready();
    floor.seat(2, [1]);
    floor.arrive(1, 1);
    floor.tell(Input::AgentReady { agent: agent(2) });
    floor.tell(Input::Invited { agent: agent(2), call: call(1) });
    assert_eq!(floor.word(2), "dialling");
    floor.arrive(2, 1);
    assert_eq!(floor.word(2), "dialling", "no offer on top");
    assert_eq!(pick_up(&mut floor, 1, 2), ["offer 2 to 1"]);
    assert_eq!((floor.word(2), floor.state(2).call()), ("talking", Some(call(1))));
    floor.hang_up(1);
    assert_eq!(floor.word(2), "wrap_up", "as one who has the call, not as a guest");
    floor.tell(Input::WrapUpFinished { agent: agent(2) });
    assert_eq!(floor.word(2), "ready");
}

#[test]
fn whose_phone_rang_for_a_pick_up_in_vain_is_as_before() {
    let mut floor = Floor::with_one_ready();
    floor.seat(2, [1]);
    floor.tell(Input::AgentNotReady { agent: agent(2), reason: lunch() });
    floor.arrive(1, 1);
    floor.tell(Input::Invited { agent: agent(2), call: call(1) });
    floor.accept(1);
    floor.tell(Input::CallFinished { agent: agent(2), call: call(1) });
    assert_eq!((floor.reason(2), floor.word(1)), (Some(lunch()), "talking"));
}

#[test]
fn only_who_serves_the_queue_and_is_free_picks_up() {
    let mut floor = Floor::with_one_ready();
    floor.seat(2, []);
    floor.tell(Input::AgentNotReady { agent: agent(2), reason: lunch() });
    floor.arrive(1, 1);
    assert_eq!(pick_up(&mut floor, 1, 2), ["refused picked_up: the agent does not serve this queue"]);
    assert_eq!(pick_up(&mut floor, 1, 1), ["refused picked_up: the agent is busy"]);
    floor.seat(3, [1]);
    assert_eq!(pick_up(&mut floor, 1, 3), ["refused picked_up: the agent is logged out"]);
    assert_eq!(floor.word(1), "offered");
    floor.accept(1);
    assert_eq!(floor.word(1), "talking");
}
