//! Calls that agents dial.

use callcenter::{After, Input, MAX_DIALLING_MS};

use crate::floor::{Floor, agent, call, lunch, said, seconds};

fn dial(number: u128) -> Input {
    Input::OutboundStarted { agent: agent(1), call: call(number) }
}

fn answered(number: u128) -> Input {
    Input::OutboundAnswered { agent: agent(1), call: call(number) }
}

fn finished(number: u128) -> Input {
    Input::CallFinished { agent: agent(1), call: call(number) }
}

fn at_lunch() -> Floor {
    let mut floor = Floor::with_one_ready();
    floor.tell(Input::AgentNotReady { agent: agent(1), reason: lunch() });
    floor
}

#[test]
fn an_agent_who_dials_is_not_offered_and_wraps_up_after_talking() {
    let mut floor = Floor::with_one_ready();
    floor.tell(dial(9));
    assert_eq!(floor.word(1), "dialling");
    assert_eq!(said(&floor.arrive(1, 1)), ["queued 1 at 1"]);
    floor.at(8);
    floor.tell(answered(9));
    assert_eq!((floor.word(1), floor.state(1).queue()), ("talking", None));
    floor.tell(finished(9));
    assert_eq!(floor.word(1), "wrap_up");
    assert_eq!(said(&floor.at(38)), ["offer 1 to 1"]);
}

#[test]
fn an_agent_who_was_not_ready_goes_back_to_that() {
    let mut floor = at_lunch();
    floor.tell(dial(9));
    assert_eq!(floor.state(1).after(), Some(&After::NotReady(lunch())));
    floor.tell(answered(9));
    floor.tell(finished(9));
    floor.tell(Input::WrapUpFinished { agent: agent(1) });
    assert_eq!(floor.reason(1), Some(lunch()));
}

#[test]
fn nobody_answered_is_no_wrap_up() {
    let mut floor = Floor::with_one_ready();
    floor.tell(dial(9));
    floor.tell(finished(9));
    assert_eq!(floor.word(1), "ready");
}

#[test]
fn the_customer_may_be_reported_gone_instead() {
    let mut floor = Floor::with_one_ready();
    floor.tell(dial(9));
    floor.tell(answered(9));
    floor.hang_up(9);
    assert_eq!(floor.word(1), "wrap_up");
    assert_eq!(said(&floor.tell(finished(9))), ["refused call_finished: the agent is not in this call"]);
}

#[test]
fn dialling_has_a_deadline() {
    let mut floor = at_lunch();
    floor.tell(dial(9));
    let end_s = MAX_DIALLING_MS / 1_000;
    assert_eq!(floor.engine.next_deadline(), Some(seconds(end_s)));
    assert_eq!(said(&floor.at(end_s)), ["dialling 9 expired"]);
    assert_eq!(floor.reason(1), Some(lunch()));
    assert_eq!(said(&floor.tell(answered(9))), ["refused outbound_answered: the agent is not in this call"]);
}

#[test]
fn only_ready_and_not_ready_agents_may_dial() {
    let mut floor = Floor::with_one_ready();
    floor.arrive(1, 1);
    let busy = ["refused outbound_started: the agent is busy"];
    assert_eq!(said(&floor.tell(dial(9))), busy);
    floor.accept(1);
    assert_eq!(said(&floor.tell(dial(9))), busy);
    floor.hang_up(1);
    assert_eq!(said(&floor.tell(dial(9))), busy);
    floor.ready(1);
    floor.tell(dial(9));
    assert_eq!(said(&floor.tell(dial(10))), busy);
    floor.tell(finished(9));
    floor.tell(Input::AgentLoggedOut { agent: agent(1) });
    assert_eq!(said(&floor.tell(dial(9))), ["refused outbound_started: the agent is logged out"]);
}

#[test]
fn an_agent_whose_phone_goes_over_into_another_call_talks_on_there() {
    let mut floor = Floor::with_one_ready();
    floor.tell(Input::Invited { agent: agent(1), call: call(9) });
    let moved = Input::Moved { agent: agent(1), from: call(9), to: call(7) };
    assert_eq!(
        said(&floor.tell(moved.clone())),
        ["refused moved: the agent is not in this call"],
        "nobody has answered yet"
    );
    floor.tell(answered(9));
    floor.at(5);
    floor.tell(moved);
    assert_eq!((floor.word(1), floor.state(1).call()), ("talking", Some(call(7))));
    assert_eq!(floor.state(1).since(), seconds(5));
    floor.tell(finished(9));
    assert_eq!(floor.word(1), "talking", "the call that was left has no say any more");
    floor.tell(finished(7));
    assert_eq!(floor.word(1), "wrap_up");
}
