//! What agents ask for, and when they get it.

use callcenter::{Input, Output};

use crate::floor::{Floor, agent, call, lunch, said, seconds, settings};

fn talking() -> Floor {
    let mut floor = Floor::with_one_ready();
    floor.arrive(1, 1);
    floor.accept(1);
    floor
}

fn lunch_please() -> Input {
    Input::AgentNotReady { agent: agent(1), reason: lunch() }
}

#[test]
fn not_ready_asked_during_a_call_comes_after_the_wrap_up() {
    let mut floor = talking();
    let out = floor.tell(lunch_please());
    assert_eq!(out.len(), 1, "{out:?}");
    assert!(matches!(out[0], Output::AfterChanged { .. }));
    floor.hang_up(1);
    assert_eq!(floor.word(1), "wrap_up");
    floor.at(30);
    assert_eq!(floor.reason(1), Some(lunch()));
}

#[test]
fn logout_asked_during_a_call_finishes_the_call_first() {
    let mut floor = talking();
    floor.tell(Input::AgentLoggedOut { agent: agent(1) });
    assert_eq!(floor.word(1), "talking");
    floor.hang_up(1);
    assert_eq!(floor.word(1), "wrap_up");
    floor.tell(Input::WrapUpFinished { agent: agent(1) });
    assert_eq!(floor.word(1), "logged_out");
}

#[test]
fn ready_takes_back_what_was_asked_for_during_the_call() {
    let mut floor = talking();
    floor.tell(lunch_please());
    floor.ready(1);
    floor.hang_up(1);
    floor.at(30);
    assert_eq!(floor.word(1), "ready");
}

#[test]
fn logging_in_again_takes_back_a_logout_but_not_a_lunch() {
    let mut floor = talking();
    floor.tell(Input::AgentLoggedOut { agent: agent(1) });
    assert_eq!(said(&floor.tell(Input::AgentLoggedIn { agent: agent(1) })), ["after 1: Ready"]);
    floor.tell(lunch_please());
    assert!(floor.tell(Input::AgentLoggedIn { agent: agent(1) }).is_empty());
}

#[test]
fn wrap_up_ends_by_the_agent_by_ready_or_by_its_deadline() {
    let mut floor = talking();
    floor.hang_up(1);
    floor.tell(Input::WrapUpFinished { agent: agent(1) });
    assert_eq!(floor.word(1), "ready");
    assert_eq!(
        said(&floor.tell(Input::WrapUpFinished { agent: agent(1) })),
        ["refused wrap_up_finished: the agent is not in wrap-up"]
    );

    let mut floor = talking();
    floor.hang_up(1);
    floor.tell(lunch_please());
    floor.ready(1);
    assert_eq!(floor.word(1), "ready");
}

#[test]
fn a_queue_without_wrap_up_leads_straight_on() {
    let mut queue = settings(1);
    queue.wrap_up_ms = 0;
    let mut floor = Floor::new([queue]);
    floor.seat(1, [1]);
    floor.ready(1);
    floor.arrive(1, 1);
    floor.accept(1);
    floor.arrive(2, 1);
    let out = floor.tell(Input::CallFinished { agent: agent(1), call: call(1) });
    assert_eq!(said(&out), ["offer 2 to 1"]);
}

#[test]
fn asking_for_what_is_already_so_changes_nothing() {
    let mut floor = Floor::with_one_ready();
    floor.at(5);
    assert!(floor.ready(1).is_empty());
    assert_eq!(floor.state(1).since(), seconds(0));
    floor.tell(lunch_please());
    floor.at(9);
    assert!(floor.tell(lunch_please()).is_empty());
    assert_eq!(floor.state(1).since(), seconds(5));
    floor.tell(Input::AgentLoggedOut { agent: agent(1) });
    assert!(floor.tell(Input::AgentLoggedOut { agent: agent(1) }).is_empty());
}

#[test]
fn a_change_tells_both_states_and_its_moment() {
    let mut floor = Floor::with_one_ready();
    let before = floor.state(1);
    floor.at(7);
    let out = floor.tell(lunch_please());
    assert_eq!(
        out,
        [Output::AgentChanged { agent: agent(1), from: before, to: floor.state(1), at: seconds(7) }]
    );
}
