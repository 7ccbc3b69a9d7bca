//! Whether a call is recorded, and who may change that. Pure.

use crm::words::{RecordingDecider, RecordingNotice, RecordingPolicy};

use crate::calls_port::RecordCommand;
use crate::config::Calls;
use crate::views::{Direction, RecordingRule};

/// Who has a wish whether a call is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// `calls.record`.
    pub house: bool,
    /// `calls.record_inbound`, `record_outbound` or `record_internal`, by [`direction`].
    pub direction: Option<RecordingPolicy>,
    /// Of the agent who has the customer.
    pub user: Option<RecordingPolicy>,
    pub queue: Option<RecordingPolicy>,
}

/// What the house wants of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Recorded as soon as there is a conversation.
    pub begins: bool,
    pub may_start: bool,
    pub may_stop: bool,
    pub decided_by: RecordingDecider,
}

impl Rule {
    /// `never` is overruled by nobody. Otherwise the queue goes before the user, the user before the
    /// direction, and the direction before the house.
    pub fn of(wishes: Wishes) -> Rule {
        let queue = wishes.queue.map(|policy| (policy, RecordingDecider::Queue));
        let user = wishes.user.map(|policy| (policy, RecordingDecider::User));
        let direction = wishes.direction.map(|policy| (policy, RecordingDecider::Direction));
        let never = |(policy, _): &(RecordingPolicy, RecordingDecider)| *policy == RecordingPolicy::Never;
        let forbidden = queue.filter(never).or(user.filter(never)).or(direction.filter(never));
        let wish = forbidden.or(queue).or(user).or(direction);
        let Some((policy, decided_by)) = wish else {
            let decided_by = RecordingDecider::House;
            return Rule { begins: wishes.house, may_start: true, may_stop: true, decided_by };
        };
        let (begins, may_start, may_stop) = match policy {
            RecordingPolicy::Always => (true, true, false),
            RecordingPolicy::Never => (false, false, true),
            RecordingPolicy::OnDemand => (false, true, true),
        };
        Rule { begins, may_start, may_stop, decided_by }
    }

    /// Who was asked and refused is not recorded, whoever wants it.
    pub fn refused() -> Rule {
        Rule { begins: false, may_start: false, may_stop: true, decided_by: RecordingDecider::Customer }
    }

    /// A pause is always allowed: a card's number must not be kept, whoever wants the rest.
    pub fn allows(self, command: RecordCommand) -> bool {
        match command {
            RecordCommand::Start => self.may_start,
            RecordCommand::Stop => self.may_stop,
            RecordCommand::Pause | RecordCommand::Resume => true,
        }
    }

    /// What is shown of it.
    pub fn view(self) -> RecordingRule {
        let Rule { may_start, may_stop, decided_by, .. } = self;
        RecordingRule { may_start, may_stop, decided_by }
    }
}

/// What the customer is told before a recording. Colleagues among themselves are told by their company.
pub fn notice(
    house: RecordingNotice,
    queue: Option<RecordingNotice>,
    among_colleagues: bool,
) -> RecordingNotice {
    if among_colleagues { RecordingNotice::Silent } else { queue.unwrap_or(house) }
}

/// What the configuration says of calls like this one.
pub fn direction(calls: &Calls, direction: Direction, among_colleagues: bool) -> Option<RecordingPolicy> {
    match direction {
        _ if among_colleagues => calls.record_internal,
        Direction::Inbound => calls.record_inbound,
        Direction::Outbound => calls.record_outbound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RecordingPolicy::{Always, Never, OnDemand};

    fn rule(house: bool, direction: Option<RecordingPolicy>, queue: Option<RecordingPolicy>) -> Rule {
        Rule::of(Wishes { house, direction, user: None, queue })
    }

    #[test]
    fn the_queue_goes_before_the_direction_and_that_before_the_house() {
        for (house, direction, queue, begins, decided_by) in [
            (true, None, None, true, RecordingDecider::House),
            (false, None, None, false, RecordingDecider::House),
            (false, Some(Always), None, true, RecordingDecider::Direction),
            (true, Some(OnDemand), None, false, RecordingDecider::Direction),
            (false, Some(OnDemand), Some(Always), true, RecordingDecider::Queue),
            (true, Some(Always), Some(OnDemand), false, RecordingDecider::Queue),
        ] {
            let rule = rule(house, direction, queue);
            assert_eq!((rule.begins, rule.decided_by), (begins, decided_by), "{direction:?} {queue:?}");
        }
    }

    #[test]
    fn never_is_overruled_by_nobody() {
        for house in [true, false] {
            for other in [None, Some(Always), Some(OnDemand), Some(Never)] {
                let by_queue = rule(house, other, Some(Never));
                assert!(!by_queue.begins && !by_queue.may_start);
                assert_eq!(by_queue.decided_by, RecordingDecider::Queue);
                let by_direction = rule(house, Some(Never), other);
                assert!(!by_direction.begins && !by_direction.may_start);
            }
        }
        assert_eq!(rule(true, Some(Never), Some(Always)).decided_by, RecordingDecider::Direction);
    }

    #[test]
    fn the_user_stands_between_queue_and_direction() {
        for (direction, user, queue, begins, decided_by) in [
            (None, Some(Always), None, true, RecordingDecider::User),
            (Some(OnDemand), Some(Always), None, true, RecordingDecider::User),
            (None, Some(Always), Some(OnDemand), false, RecordingDecider::Queue),
            (Some(Always), Some(Never), Some(Always), false, RecordingDecider::User),
            (Some(Never), Some(Always), None, false, RecordingDecider::Direction),
        ] {
            let rule = Rule::of(Wishes { house: false, direction, user, queue });
            assert_eq!(
                (rule.begins, rule.decided_by),
                (begins, decided_by),
                "{direction:?} {user:?} {queue:?}"
            );
        }
    }

    #[test]
    fn colleagues_among_themselves_have_a_wish_of_their_own() {
        let calls = Calls {
            record_inbound: Some(Always),
            record_outbound: Some(OnDemand),
            record_internal: Some(Never),
            ..Calls::default()
        };
        assert_eq!(direction(&calls, Direction::Inbound, false), Some(Always));
        assert_eq!(direction(&calls, Direction::Outbound, false), Some(OnDemand));
        assert_eq!(direction(&calls, Direction::Outbound, true), Some(Never));
    }

    #[test]
    fn the_queue_says_what_its_customers_are_told() {
        use RecordingNotice::{Announce, Consent, Silent};
        assert_eq!(notice(Announce, None, false), Announce);
        assert_eq!(notice(Announce, Some(Consent), false), Consent);
        assert_eq!(notice(Consent, Some(Silent), false), Silent);
        assert_eq!(notice(Consent, None, true), Silent, "no customer is there");
        assert!(!Rule::refused().begins && !Rule::refused().allows(RecordCommand::Start));
    }

    #[test]
    fn what_must_be_is_not_undone_but_a_secret_is_always_kept() {
        use RecordCommand::{Pause, Resume, Start, Stop};
        for (policy, allowed) in [
            (Some(Always), &[Start, Pause, Resume][..]),
            (Some(Never), &[Stop, Pause, Resume]),
            (Some(OnDemand), &[Start, Stop, Pause, Resume]),
            (None, &[Start, Stop, Pause, Resume]),
        ] {
            for command in [Start, Stop, Pause, Resume] {
                for rule in [rule(true, None, policy), rule(true, policy, None)] {
                    assert_eq!(rule.allows(command), allowed.contains(&command), "{policy:?} {command:?}");
                }
            }
        }
    }
}
