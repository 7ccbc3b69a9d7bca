//! How many lines to dial now.

use callcenter::QueueView;

/// The most lines begun at one tick. A floor of hundreds that becomes ready at once (start of the
/// shift) is dialled over some ticks, so that trunks see a ramp and not a wall.
pub const MAX_LINES_PER_TICK: usize = 50;

/// What counts for pacing at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// Agents who could take a call now.
    pub ready: usize,
    /// Callers in the queue for whom no phone rings yet: each takes one of the ready agents.
    pub waiting: usize,
    /// Lines that the dialer has begun and nobody has answered, refused or given up yet.
    pub dialling: usize,
}

impl Floor {
    pub fn new(queue: &QueueView, dialling: usize) -> Floor {
        Floor {
            ready: queue.ready,
            waiting: queue.waiting.iter().filter(|call| call.offered_to.is_none()).count(),
            dialling,
        }
    }
}

/// Progressive dialling: one line for each agent who is free for it, never more. A person who
/// answers is met by an agent, so nobody is called and abandoned for want of one, except when an
/// agent leaves during the ringing: the dialer must then give up lines by [`Progressive::surplus`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progressive {
    /// Lines that this campaign may have unanswered at a time: its share of the trunk.
    pub max_lines: usize,
}

impl Progressive {
    /// Lines to begin now: agents ready, less those whom waiting callers and lines already begun
    /// will take; at most [`MAX_LINES_PER_TICK`], and never above `max_lines` in all.
    pub fn lines_to_dial(&self, floor: Floor) -> usize {
        spare_agents(floor)
            .saturating_sub(floor.dialling)
            .min(self.max_lines.saturating_sub(floor.dialling))
            .min(MAX_LINES_PER_TICK)
    }

    /// Unanswered lines for which no agent is left: to be given up, the youngest first.
    pub fn surplus(&self, floor: Floor) -> usize {
        floor.dialling.saturating_sub(spare_agents(floor).min(self.max_lines))
    }
}

fn spare_agents(floor: Floor) -> usize {
    floor.ready.saturating_sub(floor.waiting)
}

#[cfg(test)]
mod tests {
    use callcenter::{AgentId, CallId, Engine, Input, QueueId, QueueSettings, Time};

    use super::*;

    const PACING: Progressive = Progressive { max_lines: 30 };

    fn floor(ready: usize, waiting: usize, dialling: usize) -> Floor {
        Floor { ready, waiting, dialling }
    }

    #[test]
    fn one_line_for_each_free_agent() {
        assert_eq!(PACING.lines_to_dial(floor(5, 0, 0)), 5);
        assert_eq!(PACING.lines_to_dial(floor(5, 0, 3)), 2);
        assert_eq!(PACING.lines_to_dial(floor(5, 2, 3)), 0);
        assert_eq!(PACING.lines_to_dial(floor(0, 9, 9)), 0);
    }

    #[test]
    fn the_trunks_share_and_the_ramp_bound_it() {
        assert_eq!(PACING.lines_to_dial(floor(40, 0, 10)), 20);
        assert_eq!(PACING.lines_to_dial(floor(40, 0, 31)), 0);
        let large = Progressive { max_lines: 1_000 };
        assert_eq!(large.lines_to_dial(floor(300, 0, 0)), MAX_LINES_PER_TICK);
    }

    #[test]
    fn agents_who_left_leave_lines_to_give_up() {
        assert_eq!(PACING.surplus(floor(5, 0, 5)), 0);
        assert_eq!(PACING.surplus(floor(3, 1, 5)), 3);
        assert_eq!(PACING.surplus(floor(40, 0, 31)), 1);
    }

    #[test]
    fn dialling_what_is_asked_never_makes_a_surplus() {
        for ready in 0..40 {
            for waiting in 0..10 {
                for dialling in 0..40 {
                    let before = floor(ready, waiting, dialling);
                    let begun = PACING.lines_to_dial(before);
                    let after = floor(ready, waiting, dialling + begun);
                    assert!(begun == 0 || PACING.surplus(after) == 0, "{before:?}");
                }
            }
        }
    }

    #[test]
    fn a_queue_of_the_call_centre_is_a_floor() {
        let queue = QueueId::from(uuid::Uuid::from_u128(1));
        let now = Time::from_unix_ms(0);
        let mut engine = Engine::new();
        engine.handle(now, Input::SetQueues(vec![QueueSettings::new(queue, "sales")]));
        for number in 1..=3 {
            let agent = AgentId::from(uuid::Uuid::from_u128(number));
            for input in [
                Input::SetMembers { agent, queues: vec![queue] },
                Input::AgentPhone { agent, reachable: true },
                Input::AgentReady { agent },
            ] {
                engine.handle(now, input);
            }
        }
        // Rings at one of the three at once, so it waits for nobody.
        engine.handle(
            now,
            Input::CallArrived { call: CallId::from(uuid::Uuid::from_u128(9)), queue, priority: 0 },
        );
        let view = engine.queue_view(queue).expect("the queue");
        assert_eq!(Floor::new(&view, 1), floor(2, 0, 1));
    }
}
