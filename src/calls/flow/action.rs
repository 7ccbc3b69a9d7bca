//! What a call's flow asks for.

use callcenter::{AgentId, OfferId, QueueId};

use super::event::{Callee, Miss, Side, Sound};
use crate::calls::end::End;

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// Parked: somebody picks it up.
    Parked,
    /// This one's page is being loaded anew: its phone comes back.
    Rejoin(Side),
    /// Ringing a phone that had come back failed: the next try.
    Again(Side),
    /// The customer was asked something and answers by key.
    Key,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Answer the leg that came in.
    Answer(Side),
    /// Let the leg that came in hear that it rings elsewhere (180).
    LetRing(Side),
    /// The same with a way for sound, before it is answered (183).
    Progress(Side),
    /// The other side hears what comes from this one, which has not answered yet.
    HearEarly(Side),
    /// Refuse the leg that came in.
    Reject {
        side: Side,
        code: u16,
    },
    Play {
        to: Side,
        sound: Sound,
        forever: bool,
    },
    StopPlaying(Side),
    /// `None`: the queue that the call came for.
    JoinQueue(Option<QueueId>),
    /// The call is gone; the floor forgets it in whatever state it was.
    LeaveFloor,
    /// Set up a leg.
    Ring {
        side: Side,
        callee: Callee,
    },
    /// Ask the floor whether the offer still stands; it says [`Event::Accepted`] or [`Event::Stale`].
    AcceptOffer {
        agent: AgentId,
        offer: OfferId,
    },
    FailOffer {
        agent: AgentId,
        offer: OfferId,
        why: Miss,
    },
    /// End the leg of this side in whatever way its state asks for: CANCEL, BYE or a final answer.
    Drop(Side),
    /// Both sides hear one another and are recorded.
    Connect {
        agent: Option<AgentId>,
    },
    /// These hear one another; everybody else hears at most what is played.
    Mix(Vec<Side>),
    /// The leg that was brought from another call sits here.
    Sit(Side),
    /// The leg of this guest takes the place of the party, whose leg is gone.
    Seat(Side),
    /// Say [`super::Event::WaitOver`] after its time; begun again, it lasts anew. One whose reason is
    /// gone is let run out.
    Wait(Wait),
    /// The agent talks from now on: the customer answered the agent's own call, or the agent
    /// answered an invitation.
    OutboundAnswered {
        agent: AgentId,
    },
    /// The agent's part is over: wrap-up begins.
    AgentDone {
        agent: AgentId,
    },
    Finish(End),
}
