//! The longest wait.

use callcenter::{Input, OfferFailure};

use crate::floor::{Floor, agent, said, seconds, settings};

fn impatient(max_wait_ms: u64) -> Floor {
    let mut queue = settings(1);
    queue.max_wait_ms = Some(max_wait_ms);
    let mut floor = Floor::new([queue]);
    floor.seat(1, [1]);
    floor
}

#[test]
fn the_longest_wait_passes_and_the_caller_overflows() {
    let mut floor = impatient(60_000);
    floor.arrive(1, 1);
    assert_eq!(floor.engine.next_deadline(), Some(seconds(60)));
    assert!(floor.at(59).is_empty());
    assert_eq!(said(&floor.at(60)), ["overflow 1 after 60000"]);
    assert_eq!(said(&floor.hang_up(1)), ["refused call_gone: no such call"]);
}

#[test]
fn a_phone_that_rings_when_it_passes_rings_on() {
    let mut floor = impatient(60_000);
    floor.arrive(1, 1);
    floor.at(55);
    floor.ready(1);
    assert!(floor.at(60).is_empty());
    assert_eq!(said(&floor.accept(1)), ["connect 1 with 1"]);
}

#[test]
fn the_caller_overflows_when_that_offer_fails_and_no_other_agent_is_rung() {
    let mut floor = impatient(60_000);
    floor.seat(2, [1]);
    floor.arrive(1, 1);
    floor.at(55);
    floor.ready(1);
    floor.at(61);
    floor.ready(2);
    let offer = floor.offer_of(1);
    let out = floor.tell(Input::OfferFailed { agent: agent(1), offer, why: OfferFailure::Busy });
    assert_eq!(said(&out), ["overflow 1 after 61000"]);
    assert_eq!(floor.word(2), "ready");
}

#[test]
fn the_caller_overflows_when_the_ring_time_ends_after_it() {
    let mut floor = impatient(60_000);
    floor.arrive(1, 1);
    floor.at(55);
    floor.ready(1);
    assert_eq!(said(&floor.at(75)), ["withdraw 1 from 1: RingTimeout", "overflow 1 after 75000"]);
}

#[test]
fn a_queue_without_patience_offers_at_once_or_overflows() {
    let mut floor = impatient(0);
    assert_eq!(said(&floor.arrive(1, 1)), ["queued 1 at 1", "overflow 1 after 0"]);
    floor.ready(1);
    assert_eq!(said(&floor.arrive(2, 1)), ["queued 2 at 1", "offer 2 to 1"]);
}

#[test]
fn a_shorter_wait_counts_for_those_who_wait_already() {
    let mut floor = impatient(60_000);
    floor.arrive(1, 1);
    floor.at(10);
    let mut queue = settings(1);
    queue.max_wait_ms = Some(15_000);
    assert!(floor.tell(Input::SetQueues(vec![queue])).is_empty());
    assert_eq!(said(&floor.at(15)), ["overflow 1 after 15000"]);
}

#[test]
fn callers_of_a_queue_that_is_gone_overflow_but_a_ringing_phone_rings_on() {
    let mut floor = impatient(60_000);
    floor.ready(1);
    floor.arrive(1, 1);
    floor.arrive(2, 1);
    floor.at(5);
    assert_eq!(said(&floor.tell(Input::SetQueues(Vec::new()))), ["overflow 2 after 5000"]);
    assert_eq!(said(&floor.accept(1)), ["connect 1 with 1"]);
    floor.hang_up(1);
    assert_eq!(floor.state(1).until(), Some(seconds(35)));
}
