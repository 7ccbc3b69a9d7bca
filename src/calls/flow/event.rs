//! What a call's flow is told.

use callcenter::{AgentId, OfferId, QueueId};

use super::action::Wait;
use crate::calls::end::Cause;

/// Those in a call. The customer is recorded left, everybody else right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Who is not of the company.
    Customer,
    /// The agent, or the outside number that a call was forwarded to.
    Party,
    /// Whom the agent asked in, by seat: one to consult, or more for a conference.
    Guest(u8),
}

impl Side {
    /// Whose codec and direction this side's should follow.
    pub fn other(self) -> Side {
        match self {
            Side::Customer => Side::Party,
            Side::Party | Side::Guest(_) => Side::Customer,
        }
    }
}

/// Who is rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callee {
    /// The phone that this agent has chosen.
    Agent(AgentId),
    /// The same for an agent who waits for this call: the console's phone answers by itself.
    Own(AgentId),
    /// The very phone that this agent had in this seat, and lost: it answers by itself.
    Back(AgentId),
    /// An outside number, E.164.
    Number(String),
    /// Where the call was to go from its beginning.
    Planned,
}

impl Callee {
    pub fn agent(&self) -> Option<AgentId> {
        match self {
            Callee::Agent(agent) | Callee::Own(agent) | Callee::Back(agent) => Some(*agent),
            Callee::Number(_) | Callee::Planned => None,
        }
    }
}

/// What the agent asks for during the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    Hold,
    /// Back to the customer out of a hold, or all together out of a consultation.
    Together,
    /// The customer goes on to somebody else at once.
    Transfer(Callee),
    TransferToQueue(QueueId),
    /// Somebody is rung to speak with the agent while the customer hears music.
    Consult(Callee),
    /// Customer and the one consulted stay, the agent leaves.
    CompleteTransfer,
    /// The one consulted is sent away; the agent is back with the customer.
    CancelConsult,
    /// One more joins the conversation.
    Add(Callee),
    Park,
    /// Another agent takes a parked call.
    PickUp(AgentId),
}

impl Wish {
    /// For logs: without numbers.
    pub fn name(&self) -> &'static str {
        match self {
            Wish::Hold => "hold",
            Wish::Together => "together",
            Wish::Transfer(_) => "transfer",
            Wish::TransferToQueue(_) => "transfer_to_queue",
            Wish::Consult(_) => "consult",
            Wish::CompleteTransfer => "complete_transfer",
            Wish::CancelConsult => "cancel_consult",
            Wish::Add(_) => "add",
            Wish::Park => "park",
            Wish::PickUp(_) => "pick_up",
        }
    }
}

/// What the hub means to do with a new call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// A customer called a number that leads to a queue.
    Queue,
    /// A customer called a number that leads to one phone or to an outside number. The agent whose
    /// phone it is has been reserved.
    Forward { agent: Option<AgentId> },
    /// An agent clicked a number: the agent's phone rings first, then the customer's.
    AgentFirst { agent: AgentId },
    /// An agent dialled a number on a phone of the company: that leg exists, the customer's does not.
    /// `agent`: none for a second call of one who has a call already. `callee`: the colleague who was
    /// reserved for it.
    PhoneDialled { agent: Option<AgentId>, callee: Option<AgentId> },
    /// Nothing can be done for this call.
    Refuse { code: u16, cause: Cause },
}

impl Plan {
    /// The agents who are reserved for it.
    pub fn reserved(&self) -> Vec<AgentId> {
        match self {
            Plan::AgentFirst { agent } => vec![*agent],
            Plan::Forward { agent } => agent.iter().copied().collect(),
            Plan::PhoneDialled { agent, callee } => agent.iter().chain(callee).copied().collect(),
            Plan::Queue | Plan::Refuse { .. } => Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    Greeting,
    HoldMusic,
    Overflow,
    Ringback,
    CouldNotConnect,
    /// That the call is recorded.
    RecordingNotice,
    /// Whether it may be: 1 yes, 2 no.
    RecordingConsent,
}

impl Sound {
    pub const ALL: [Sound; 7] = [
        Sound::Greeting,
        Sound::HoldMusic,
        Sound::Overflow,
        Sound::Ringback,
        Sound::CouldNotConnect,
        Sound::RecordingNotice,
        Sound::RecordingConsent,
    ];
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
        agent: AgentId,
    },
    /// The phone answered an offer that no longer stood.
    Stale {
        offer: OfferId,
    },
    /// The caller waited as long as the queue allows.
    Overflowed,
    /// Setting up the agent's own call, or inviting that agent, took longer than the floor allows.
    DiallingExpired {
        agent: AgentId,
    },
    /// The agent pressed one of the buttons; [`super::Flow::may`] has said that it fits.
    Asked(Wish),
    /// A phone that is reached over a connection of its own making has lost it: a page reloads.
    PhoneLost(Side),
    /// It is there again; whether it still knows this call.
    PhoneBack {
        side: Side,
        resumed: bool,
    },
    /// The time for what the call waited for is over; the reason may be gone.
    WaitOver(Wait),
    /// A phone that is in this call and in another has joined the two: the far end of the other one is
    /// here, and the phone leaves.
    Brought {
        agent: Option<AgentId>,
    },
    /// The same, in the call whose far end is gone.
    GivenUp,
    /// The phone that rang sends the call to a colleague, who rings now; `agent`: none who is not at work.
    HandedTo {
        side: Side,
        agent: Option<AgentId>,
    },
    /// Another's phone has the seat of the one that rang; the floor has bound its agent.
    PickedUp {
        side: Side,
        by: AgentId,
    },
    Ringing(Side),
    /// It rings, and the network there speaks already (183 with a description).
    EarlyMedia(Side),
    Answered(Side),
    /// The leg is gone, or could not be set up: SIP final code, 200 for an ordinary hang-up.
    LegEnded {
        side: Side,
        code: u16,
    },
    /// No sound came from this side for so long that it counts as dead.
    MediaDead(Side),
    /// The agent pressed *Hang up* in the console.
    HangUpAsked {
        by: AgentId,
    },
    /// The agent pressed *Reject* in the console.
    RejectAsked {
        by: AgentId,
    },
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
            // A phone that sends its calls elsewhere (RFC 3261 section 21.3) without leave is not followed:
            // the customer would land, on the company's bill, where nobody here chose. Its agent has missed
            // the call.
            300..=399 | 408 | 487 => Miss::NoAnswer,
            404 | 410 | 480 => Miss::Unregistered,
            _ => Miss::Error,
        }
    }
}
