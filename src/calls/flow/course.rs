//! What a recording of the call holds at this moment, in the word that its segments are marked with.

use callcenter::AgentId;
use crm::words::SegmentKind;

use super::{Flow, State, Talk};

/// What goes on, and who has the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    pub kind: SegmentKind,
    pub agent: Option<AgentId>,
}

impl Flow {
    /// Before a conversation and after one it is what the next is waited for with.
    pub fn course(&self) -> Course {
        let kind = match &self.state {
            State::Talking(talk) => of_talk(talk),
            State::Parked => SegmentKind::Park,
            State::New
            | State::Greeting
            | State::Waiting
            | State::Offering { .. }
            | State::Overflow
            | State::Over => SegmentKind::Queue,
            State::Forwarding { .. }
            | State::AgentFirst { .. }
            | State::CustomerNext { .. }
            | State::Transferring { .. }
            | State::Apologising { .. } => SegmentKind::Transfer,
        };
        let agent = match &self.state {
            State::Talking(talk) => talk.agent,
            _ => None,
        };
        Course { kind, agent }
    }
}

fn of_talk(talk: &Talk) -> SegmentKind {
    // Whose phone is lost hears nobody, and is not heard.
    let is_joined = talk.mixed().len() > 2;
    match (talk.customer_waits(), is_joined) {
        // Somebody who is asked in is spoken of before the phone is answered: it rings that long.
        (true, _) if !talk.guests.is_empty() => SegmentKind::Consult,
        (true, _) => SegmentKind::Hold,
        (false, true) => SegmentKind::Conference,
        (false, false) => SegmentKind::Talk,
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::{Callee, Side};
    use super::super::talk::Presence;
    use super::*;

    #[test]
    fn a_conversation_is_named_by_who_hears_whom() {
        let mut talk = Talk::with(None);
        assert_eq!(of_talk(&talk), SegmentKind::Talk);
        talk.hold();
        assert_eq!(of_talk(&talk), SegmentKind::Hold);
        talk.consult(Callee::Planned);
        assert_eq!(of_talk(&talk), SegmentKind::Consult, "it rings there");
        talk.guest_answered(0);
        assert_eq!(of_talk(&talk), SegmentKind::Consult);
        talk.together();
        assert_eq!(of_talk(&talk), SegmentKind::Conference);
        talk.guest_gone(0);
        assert_eq!(of_talk(&talk), SegmentKind::Talk);
        talk.invite(Callee::Planned);
        assert_eq!(of_talk(&talk), SegmentKind::Talk, "who is asked in does not hear yet");
        talk.guest_answered(1);
        assert_eq!(of_talk(&talk), SegmentKind::Conference);
        talk.set(Side::Party, Presence::Away { ringing: false });
        assert_eq!(of_talk(&talk), SegmentKind::Talk, "the guest speaks with the customer alone");
        talk.come_back(Side::Party);
        assert_eq!(of_talk(&talk), SegmentKind::Conference);
    }
}
