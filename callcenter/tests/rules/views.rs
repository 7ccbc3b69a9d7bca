//! The pictures of the floor.

use callcenter::Input;

use crate::floor::{Floor, agent, call, queue, seconds, settings};

#[test]
fn a_queue_shows_its_line_and_its_agents() {
    let mut floor = Floor::new([settings(1), settings(2)]);
    for number in 1..=5 {
        floor.seat(number, [1]);
    }
    floor.seat(6, [2]);
    floor.ready(6);
    floor.ready(1);
    floor.arrive(1, 1);
    floor.accept(1);
    floor.ready(2);
    floor.at(1);
    floor.arrive(2, 1);
    floor.tell(Input::AgentPhone { agent: agent(3), reachable: false });
    floor.ready(3);
    floor.tell(Input::AgentLoggedIn { agent: agent(4) });
    floor.at(2);
    floor.arrive(3, 1);
    floor.tell(Input::CallArrived { call: call(4), queue: queue(1), priority: 1 });

    let view = floor.engine.queue_view(queue(1)).expect("queue 1");
    let line: Vec<_> = view.waiting.iter().map(|waiting| (waiting.call, waiting.offered_to)).collect();
    assert_eq!(line, [(call(4), None), (call(2), Some(agent(2))), (call(3), None)]);
    assert_eq!(view.longest_wait_since, Some(seconds(1)));
    assert_eq!((view.talking, view.offered, view.wrap_up), (1, 1, 0));
    assert_eq!((view.ready, view.ready_unreachable, view.not_ready), (0, 1, 1));
    assert_eq!(view.logged_in, 4);
    let other = floor.engine.queue_view(queue(2)).expect("queue 2");
    assert_eq!((other.ready, other.logged_in), (1, 1));
}

#[test]
fn idle_time_is_the_time_ready_since_the_last_call() {
    let mut floor = Floor::with_one_ready();
    floor.at(4);
    let idle_ms = |floor: &Floor| floor.engine.agent(agent(1)).expect("agent 1").idle_ms;
    assert_eq!(idle_ms(&floor), 4_000);
    floor.tell(Input::AgentLoggedOut { agent: agent(1) });
    assert_eq!(idle_ms(&floor), 0);
    assert_eq!(floor.engine.agents().count(), 1);
    assert_eq!(floor.engine.queue_ids().count(), 1);
}
