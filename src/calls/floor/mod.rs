//! The floor: the one owner of the queue engine.
//!
//! Everything that changes an agent or a queue comes in here as a message, is given to the pure
//! engine of `callcenter` with the time of day, and what the engine answers is carried out: calls
//! are told of offers, the board of every new state. A running call registers its mailbox; one
//! that cannot be reached any more is taken out of the engine as if its caller had gone, so that
//! no agent waits for it.

mod task;
mod translate;

use callcenter::{AgentId, CallId, Input, OfferId, QueueId};
use tokio::sync::{mpsc, oneshot};

use super::flow::Wish;
use super::media_security::Demand;
use super::task::LegSlot;
use crate::calls_port::RecordCommand;

pub use task::{FloorParts, PARKING_SLOTS, start};

/// Messages that wait for the floor; a full queue slows the senders.
pub const FLOOR_LIMIT: usize = 8192;

/// What the floor, and the console through it, say to a call.
#[derive(Debug)]
pub enum CallMessage {
    Offered {
        offer: OfferId,
        agent: AgentId,
    },
    Withdrawn {
        offer: OfferId,
    },
    Accepted {
        offer: OfferId,
        agent: AgentId,
    },
    Stale {
        offer: OfferId,
    },
    Overflowed,
    /// Nobody answered the agent's own call in the longest time there is for it.
    DiallingExpired {
        agent: AgentId,
    },
    /// From the console: the agent's buttons.
    HangUp {
        by: AgentId,
    },
    Reject {
        by: AgentId,
    },
    /// Another of the agent's buttons; the reply says whether it was done.
    Wish {
        by: AgentId,
        wish: Wish,
        reply: WishReply,
    },
    /// Keys for the customer's end (RFC 4733).
    Digits {
        by: AgentId,
        digits: String,
        reply: WishReply,
    },
    /// *Pick up*, for what rings at a colleague's phone.
    Take {
        by: AgentId,
        reply: WishReply,
    },
    /// A phone takes over what rings here, or who is parked.
    PickUp(Box<PickUp>),
    /// A phone that is in this call and in another joins the two: this one gives its far end up.
    GiveUp(Box<GiveUp>),
    /// The same, asked for in the call that is given up: this one fetches its far end.
    Fetch(Box<Fetch>),
    /// Of the recording; who asks has been judged.
    Record {
        command: RecordCommand,
        reply: WishReply,
    },
    /// The hub stops and the running calls' time is over.
    Shutdown,
}

/// A phone that wants to be in the call.
pub struct PickUp {
    pub by: AgentId,
    /// The leg that rings; none for a parked call.
    pub leg: Option<sip::LegId>,
    /// The name that the phone registers with.
    pub phone: String,
    pub incoming: sip::Leg,
    /// Where its INVITE came from.
    pub source: std::net::SocketAddr,
    pub offered: bytes::Bytes,
    /// How its sound has to be encrypted; what it offers meets that.
    pub demand: Demand,
    pub reply: oneshot::Sender<Result<(), Left>>,
}

/// A leg that the call would not have.
pub struct Left {
    pub leg: sip::Leg,
    pub offered: bytes::Bytes,
    /// The SIP code of the refusal.
    pub code: u16,
}

impl std::fmt::Debug for PickUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PickUp").field("by", &self.by).field("leg", &self.leg).finish_non_exhaustive()
    }
}

/// What a call is asked for whose far end goes over into another.
pub struct GiveUp {
    pub by: AgentId,
    /// The phone's leg in this call.
    pub leg: sip::LegId,
    pub to: CallId,
    /// Who is told that it is done, before either leg of the phone ends.
    pub asked_on: sip::LegControl,
    pub refer: sip::ReferId,
    pub session: media::Session,
    pub reply: oneshot::Sender<Result<Given, WishRefusal>>,
}

/// A far end that has left its call. Its sound belongs to the other call already.
pub struct Given {
    pub slot: LegSlot,
    /// The colleague whose phone it is, bound to the other call already.
    pub agent: Option<AgentId>,
    /// It was put on hold and waits to hear somebody again.
    pub was_held: bool,
    /// Its call kept nothing just now, for a secret.
    pub paused: bool,
}

impl std::fmt::Debug for GiveUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GiveUp").field("leg", &self.leg).field("to", &self.to).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Given").field("row", &self.slot.row).finish_non_exhaustive()
    }
}

/// A phone's wish to join two of its calls, passed on to the one that stays.
#[derive(Debug)]
pub struct Fetch {
    pub by: AgentId,
    /// The phone's leg in this call.
    pub mine: sip::LegId,
    /// The call that is given up, and the phone's leg in it.
    pub from: CallId,
    pub theirs: sip::LegId,
    /// Who has to be answered.
    pub asked_on: sip::LegControl,
    pub refer: sip::ReferId,
}

/// Why a call does not do what an agent wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishRefusal {
    /// It does not fit what the call is doing now.
    NotNow,
    /// The agent who was asked for is busy or logged out.
    AgentBusy,
    PhoneNotReachable,
    /// No trunk takes calls to the outside.
    OutboundRefused,
    /// The far end takes no keys, or these are none.
    NoDigits,
    /// The house wants the recording as it is.
    RecordingPolicy,
    /// The customer does not want to be recorded.
    RecordingRefused,
    /// A queue's call is for those who serve the queue.
    NotInQueue,
}

pub type WishReply = oneshot::Sender<Result<(), WishRefusal>>;

/// Messages that wait for one call. A call that leaves 32 unread is stuck, and counts as gone.
pub const CALL_MAILBOX_LIMIT: usize = 32;

pub type CallMailbox = mpsc::Sender<CallMessage>;

#[derive(Debug)]
pub(super) enum FloorMessage {
    /// From now on the floor can speak to this call.
    Register {
        call: CallId,
        mailbox: CallMailbox,
    },
    Forget(CallId),
    Feed(Input),
    Ask(Input, oneshot::Sender<Answer>),
    Accept {
        call: CallId,
        agent: AgentId,
        offer: OfferId,
    },
    Tell {
        call: CallId,
        message: CallMessage,
        reply: oneshot::Sender<bool>,
    },
    EndAll,
    /// The leg is in this call.
    Leg(sip::LegId, CallId),
    CallOf(sip::LegId, oneshot::Sender<Option<CallId>>),
    /// A second call beside the one that the agent has; false when there is one already.
    Beside(AgentId, CallId, oneshot::Sender<bool>),
    TakeSlot(CallId, oneshot::Sender<Option<u16>>),
    FreeSlot(CallId),
    ParkedIn(u16, oneshot::Sender<Option<CallId>>),
    Running(oneshot::Sender<usize>),
}

/// Whether the engine took what it was asked; the board already knows the outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    Refused(callcenter::Refusal),
    /// The floor has stopped.
    Gone,
}

/// The floor's door; cheap to clone.
#[derive(Clone, Debug)]
pub struct Floor {
    messages: mpsc::Sender<FloorMessage>,
}

impl Floor {
    async fn send(&self, message: FloorMessage) {
        // The floor stops after all calls have; what is said to it then has nobody to matter to.
        let _ = self.messages.send(message).await;
    }

    pub async fn register(&self, call: CallId, mailbox: CallMailbox) {
        self.send(FloorMessage::Register { call, mailbox }).await;
    }

    /// The call is over: nobody speaks to it any more.
    pub async fn forget(&self, call: CallId) {
        self.send(FloorMessage::Forget(call)).await;
    }

    pub async fn feed(&self, input: Input) {
        self.send(FloorMessage::Feed(input)).await;
    }

    /// Feeds and waits for the outcome.
    pub async fn ask(&self, input: Input) -> Answer {
        let (reply, answer) = oneshot::channel();
        self.send(FloorMessage::Ask(input, reply)).await;
        answer.await.unwrap_or(Answer::Gone)
    }

    pub async fn join_queue(&self, call: CallId, queue: QueueId) {
        self.feed(Input::CallArrived { call, queue, priority: 0 }).await;
    }

    /// The agent's phone answered; the call is told [`CallMessage::Accepted`] or `Stale`.
    pub async fn accept(&self, call: CallId, agent: AgentId, offer: OfferId) {
        self.send(FloorMessage::Accept { call, agent, offer }).await;
    }

    /// Says something to a running call; false when there is none of that id.
    pub async fn tell(&self, call: CallId, message: CallMessage) -> bool {
        let (reply, answer) = oneshot::channel();
        self.send(FloorMessage::Tell { call, message, reply }).await;
        answer.await.unwrap_or(false)
    }

    /// The hub stops and the running calls' time is over.
    pub async fn end_all(&self) {
        self.send(FloorMessage::EndAll).await;
    }

    /// A place to park the call in; `None` when all are taken.
    pub async fn take_slot(&self, call: CallId) -> Option<u16> {
        let (reply, answer) = oneshot::channel();
        self.send(FloorMessage::TakeSlot(call, reply)).await;
        answer.await.ok().flatten()
    }

    pub async fn free_slot(&self, call: CallId) {
        self.send(FloorMessage::FreeSlot(call)).await;
    }

    pub async fn parked_in(&self, slot: u16) -> Option<CallId> {
        let (reply, answer) = oneshot::channel();
        self.send(FloorMessage::ParkedIn(slot, reply)).await;
        answer.await.ok().flatten()
    }

    /// Asks a running call for something; `None` when there is no such call.
    pub async fn ask_call(
        &self,
        call: CallId,
        message: impl FnOnce(WishReply) -> CallMessage,
    ) -> Option<Result<(), WishRefusal>> {
        let (reply, answer) = oneshot::channel();
        if !self.tell(call, message(reply)).await {
            return None;
        }
        answer.await.ok()
    }

    /// The leg is in this call from now on, until the call is over.
    pub async fn seat(&self, leg: sip::LegId, call: CallId) {
        self.send(FloorMessage::Leg(leg, call)).await;
    }

    pub async fn call_of(&self, leg: sip::LegId) -> Option<CallId> {
        let (reply, answer) = oneshot::channel();
        self.send(FloorMessage::CallOf(leg, reply)).await;
        answer.await.ok().flatten()
    }

    /// A second call of an agent who has one: from the phone, for a consultation. One at a time.
    pub async fn beside(&self, agent: AgentId, call: CallId) -> bool {
        let (reply, answer) = oneshot::channel();
        self.send(FloorMessage::Beside(agent, call, reply)).await;
        answer.await.unwrap_or(false)
    }

    /// How many calls are running.
    pub async fn running(&self) -> usize {
        let (reply, answer) = oneshot::channel();
        self.send(FloorMessage::Running(reply)).await;
        answer.await.unwrap_or(0)
    }
}
