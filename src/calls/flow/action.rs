//! What a call's flow asks for.

use callcenter::{AgentId, OfferId};

use super::event::{Miss, Side, Sound};
use crate::calls::end::End;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Answer the leg that came in.
    Answer(Side),
    /// Let the leg that came in hear that it rings elsewhere (180).
    LetRing(Side),
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
    JoinQueue,
    /// The call is gone; the floor forgets it in whatever state it was.
    LeaveFloor,
    /// Set up a leg: to the agent's phone, to the number that was asked for, to the forward target.
    Ring {
        side: Side,
        agent: Option<AgentId>,
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
    /// The customer answered the agent's own call: the agent talks from now on.
    OutboundAnswered {
        agent: AgentId,
    },
    /// The agent's part is over: wrap-up begins.
    AgentDone {
        agent: AgentId,
    },
    Finish(End),
}
