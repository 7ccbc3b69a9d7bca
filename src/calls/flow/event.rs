//! What a call's flow is told.

use callcenter::{AgentId, OfferId};

use crate::calls::end::Cause;

/// The two sides of a call. The customer is recorded left, the other party right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who is not of the company.
    Customer,
    /// The agent, or the outside number that a call was forwarded to.
    Party,
}

impl Side {
    pub fn other(self) -> Side {
        match self {
            Side::Customer => Side::Party,
            Side::Party => Side::Customer,
        }
    }
}

/// What the hub means to do with a new call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// A customer called a number that leads to a queue.
    Queue,
    /// A customer called a number that leads to one phone or to an outside number.
    Forward,
    /// An agent clicked a number: the agent's phone rings first, then the customer's.
    AgentFirst { agent: AgentId },
    /// An agent dialled a number on a phone of the company: that leg exists, the customer's does not.
    PhoneDialled { agent: AgentId },
    /// Nothing can be done for this call.
    Refuse { code: u16, cause: Cause },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    Greeting,
    HoldMusic,
    Overflow,
    Ringback,
    CouldNotConnect,
}

impl Sound {
    pub const ALL: [Sound; 5] =
        [Sound::Greeting, Sound::HoldMusic, Sound::Overflow, Sound::Ringback, Sound::CouldNotConnect];
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Begin(Plan),
    /// A sound that was to be played once is over.
    SoundOver(Sound),
    /// The floor wants this agent's phone to ring.
    Offered {
        offer: OfferId,
        agent: AgentId,
    },
    /// The floor takes the offer back: ring time over, logged out.
    Withdrawn {
        offer: OfferId,
    },
    /// The floor has bound agent and call.
    Accepted {
        offer: OfferId,
    },
    /// The phone answered an offer that no longer stood.
    Stale {
        offer: OfferId,
    },
    /// The caller waited as long as the queue allows.
    Overflowed,
    /// Setting up the agent's own call took longer than the floor allows.
    DiallingExpired,
    Ringing(Side),
    Answered(Side),
    /// The leg is gone, or could not be set up: SIP final code, 200 for an ordinary hang-up.
    LegEnded {
        side: Side,
        code: u16,
    },
    /// No sound came from this side for so long that it counts as dead.
    MediaDead(Side),
    /// The agent pressed *Hang up* in the console.
    HangUpAsked,
    /// The agent pressed *Reject* in the console.
    RejectAsked,
    /// The hub stops and the time given to running calls is over.
    Shutdown,
}

/// Why an agent's phone did not take the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    NoAnswer,
    Busy,
    Rejected,
    Unregistered,
    Error,
}

impl Miss {
    /// RFC 3261 section 21: what a final code says of the phone that sent it.
    pub(super) fn from_code(code: u16) -> Miss {
        match code {
            486 | 600 => Miss::Busy,
            603 | 403 => Miss::Rejected,
            408 | 487 => Miss::NoAnswer,
            404 | 410 | 480 => Miss::Unregistered,
            _ => Miss::Error,
        }
    }
}
