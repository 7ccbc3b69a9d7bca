//! Whether a call is recorded, and who may change that. Pure.

use crm::words::RecordingPolicy;

use crate::calls_port::RecordCommand;

/// What the house wants of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Recorded as soon as there is a conversation.
    pub begins: bool,
    pub may_start: bool,
    pub may_stop: bool,
}

impl Rule {
    /// The queue's wish goes before the house's, `calls.record`.
    pub fn of(house_records: bool, queue: Option<RecordingPolicy>) -> Rule {
        match queue {
            Some(RecordingPolicy::Always) => Rule { begins: true, may_start: true, may_stop: false },
            Some(RecordingPolicy::Never) => Rule { begins: false, may_start: false, may_stop: true },
            Some(RecordingPolicy::OnDemand) => Rule { begins: false, may_start: true, may_stop: true },
            None => Rule { begins: house_records, may_start: true, may_stop: true },
        }
    }

    /// A pause is always allowed: a card's number must not be kept, whoever wants the rest.
    pub fn allows(self, command: RecordCommand) -> bool {
        match command {
            RecordCommand::Start => self.may_start,
            RecordCommand::Stop => self.may_stop,
            RecordCommand::Pause | RecordCommand::Resume => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_goes_before_the_house() {
        for house in [true, false] {
            assert!(Rule::of(house, Some(RecordingPolicy::Always)).begins);
            assert!(!Rule::of(house, Some(RecordingPolicy::Never)).begins);
            assert!(!Rule::of(house, Some(RecordingPolicy::OnDemand)).begins);
            assert_eq!(Rule::of(house, None).begins, house);
        }
    }

    #[test]
    fn what_must_be_is_not_undone_but_a_secret_is_always_kept() {
        use RecordCommand::{Pause, Resume, Start, Stop};
        for (policy, allowed) in [
            (Some(RecordingPolicy::Always), &[Start, Pause, Resume][..]),
            (Some(RecordingPolicy::Never), &[Stop, Pause, Resume]),
            (Some(RecordingPolicy::OnDemand), &[Start, Stop, Pause, Resume]),
            (None, &[Start, Stop, Pause, Resume]),
        ] {
            for command in [Start, Stop, Pause, Resume] {
                let is_allowed = Rule::of(true, policy).allows(command);
                assert_eq!(is_allowed, allowed.contains(&command), "{policy:?} {command:?}");
            }
        }
    }
}
