//! A call leg: one dialog with one peer, driven by commands and told by events.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{
    error::LegGone,
    transfer::{ReferId, ReferTo},
};

/// A leg's number, unique within the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegId(pub u64);

/// Who or what ended a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndedBy {
    /// A command of ours.
    Local,
    /// The peer: BYE, CANCEL or a final answer other than 2xx.
    Remote,
    /// Nobody answered in time.
    Timeout,
    /// The network refused to carry a message.
    Transport,
}

/// How a leg ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// By whom.
    pub by: EndedBy,
    /// The SIP code of the ending: 200 for a BYE, 487 for a cancelled call, otherwise the
    /// final answer.
    pub code: u16,
    /// The reason phrase or Reason header; may be empty. Comes from the peer: not trusted.
    pub reason: String,
    /// Outgoing, refused with 3xx: the first URI that the peer names instead. Not followed here, and
    /// not trusted.
    pub redirect_to: Option<String>,
}

/// What happened on a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegEvent {
    /// Outgoing: a provisional answer above 100.
    Ringing {
        /// 101 to 199.
        code: u16,
        /// Early media, if the peer described it.
        body: Option<Bytes>,
    },
    /// Outgoing: a 2xx. It has been acknowledged already.
    Answered {
        /// The answer.
        body: Bytes,
    },
    /// Incoming: the ACK to our 2xx came.
    Confirmed,
    /// A re-INVITE or UPDATE of the peer, to be answered with `accept_reoffer` or
    /// `refuse_reoffer` within 10 s.
    Reoffer {
        /// The new offer; `None` when the peer wants ours.
        body: Option<Bytes>,
    },
    /// The peer accepted our `reoffer`.
    ReofferAnswered {
        /// Its answer.
        body: Bytes,
    },
    /// The peer refused our `reoffer`; the call goes on as before.
    ReofferRefused {
        /// The final answer; 491 when the peer had an offer of its own each time, or when the call
        /// was not answered yet.
        code: u16,
    },
    /// An INFO (RFC 6086), such as a relayed key press. It has been answered 200.
    Info {
        /// Content-Type header.
        content_type: String,
        /// Body.
        body: Bytes,
    },
    /// The peer wants to be transferred, or its party to be: to be answered with `accept_refer` or
    /// `refuse_refer` within 10 s.
    Refer {
        /// For the answer.
        id: ReferId,
        /// To whom.
        refer_to: ReferTo,
        /// The Referred-By header as written (RFC 3892); not trusted.
        referred_by: Option<String>,
    },
    /// The connection to a device was lost: its page is reloading, or its network is away. The
    /// leg goes on, without a way to the peer for now; ending it is up to the user. Told once
    /// for each loss.
    FlowLost,
    /// The device that was lost has registered again.
    FlowBack {
        /// Whether it still knows this call: then the leg's requests reach it again. Otherwise
        /// it began a new life (another Contact), and only a new call will reach it.
        resumed: bool,
    },
    /// The leg is over. Exactly once, and last.
    Ended(Ended),
}

/// What the user of a leg asks for.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    Ring,
    Progress(Bytes),
    Answer(Bytes),
    Reject(u16, String),
    Reoffer(Bytes),
    AcceptReoffer(Bytes),
    RefuseReoffer(u16),
    AcceptRefer(ReferId),
    RefuseRefer(ReferId, u16),
    Info(String, Bytes),
    NotifyRefer { id: ReferId, code: u16, reason: String, last: bool },
    End(Option<String>),
}

/// Commands of one leg that wait for the core at a time. A user who is this far ahead is
/// broken; together with the limit of calls it bounds the command queue.
const LEG_COMMANDS_WAITING_MAX: usize = 64;

/// A command on its way to the core.
#[derive(Debug)]
pub(crate) struct Order {
    pub leg: LegId,
    pub command: Command,
    waiting: Arc<AtomicUsize>,
}

impl Drop for Order {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

#[derive(Debug)]
struct Handle {
    id: LegId,
    orders: mpsc::UnboundedSender<Order>,
    waiting: Arc<AtomicUsize>,
}

impl Handle {
    fn post(&self, command: Command) -> Result<(), LegGone> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let order = Order { leg: self.id, command, waiting: Arc::clone(&self.waiting) };
        self.orders.send(order).map_err(|_| LegGone)
    }
}

impl Drop for Handle {
    /// Nobody can command the leg any more, so the call must not stay up.
    fn drop(&mut self) {
        let _already_down = self.post(Command::End(None));
    }
}

/// The commands of a leg. Cheap to clone; none of them waits.
///
/// A command that does not fit the leg's state (an answer to a call that was cancelled a
/// moment ago) is ignored: the event that explains it is on its way.
#[derive(Clone, Debug)]
pub struct LegControl {
    handle: Arc<Handle>,
}

impl LegControl {
    fn post(&self, command: Command) -> Result<(), LegGone> {
        if self.handle.waiting.load(Ordering::Acquire) >= LEG_COMMANDS_WAITING_MAX {
            return Err(LegGone);
        }
        self.handle.post(command)
    }

    /// Incoming: 180 Ringing.
    pub fn ring(&self) -> Result<(), LegGone> {
        self.post(Command::Ring)
    }

    /// Incoming: 183 Session Progress with early media.
    pub fn progress(&self, body: Bytes) -> Result<(), LegGone> {
        self.post(Command::Progress(body))
    }

    /// Incoming: 200 OK with the answer. It is repeated until the ACK comes.
    pub fn answer(&self, body: Bytes) -> Result<(), LegGone> {
        self.post(Command::Answer(body))
    }

    /// Incoming: a final answer from 300 to 699; any other code counts as 480.
    pub fn reject(&self, code: u16, reason: &str) -> Result<(), LegGone> {
        self.post(Command::Reject(code, reason.to_owned()))
    }

    /// Re-INVITE with a new offer. Ends in `ReofferAnswered` or `ReofferRefused`. While another
    /// change is under way, either side's, it waits for its turn; a further one replaces the one
    /// that waits, and only the last is answered. When it meets an offer of the peer (491), it is
    /// tried again a few times, within seconds.
    pub fn reoffer(&self, body: Bytes) -> Result<(), LegGone> {
        self.post(Command::Reoffer(body))
    }

    /// Answers the peer's `Reoffer`.
    pub fn accept_reoffer(&self, body: Bytes) -> Result<(), LegGone> {
        self.post(Command::AcceptReoffer(body))
    }

    /// Refuses the peer's `Reoffer` with a code from 400 to 699, such as 488.
    pub fn refuse_reoffer(&self, code: u16) -> Result<(), LegGone> {
        self.post(Command::RefuseReoffer(code))
    }

    /// Accepts a `Refer` with 202. The peer hears how it goes by `notify_refer`, for three minutes
    /// at most.
    pub fn accept_refer(&self, id: ReferId) -> Result<(), LegGone> {
        self.post(Command::AcceptRefer(id))
    }

    /// Refuses a `Refer` with a code from 300 to 699; any other counts as 603.
    pub fn refuse_refer(&self, id: ReferId, code: u16) -> Result<(), LegGone> {
        self.post(Command::RefuseRefer(id, code))
    }

    /// Tells the peer what became of its accepted `Refer`: code and phrase of the new call's
    /// answer. `last` ends the subscription. Ignored when the peer did not want to know.
    pub fn notify_refer(&self, id: ReferId, code: u16, reason: &str, last: bool) -> Result<(), LegGone> {
        self.post(Command::NotifyRefer { id, code, reason: reason.to_owned(), last })
    }

    /// INFO (RFC 6086) in a call that stands, such as a relayed key press. Whether the peer
    /// understands it is not told. Ignored when the body is longer than 4 KiB.
    pub fn info(&self, content_type: &str, body: Bytes) -> Result<(), LegGone> {
        self.post(Command::Info(content_type.to_owned(), body))
    }

    /// Ends the leg in whatever state it is: CANCEL, BYE or a final answer. `reason` becomes
    /// a Reason header (RFC 3326), such as `Q.850;cause=16`.
    pub fn end(&self, reason: Option<String>) -> Result<(), LegGone> {
        self.post(Command::End(reason))
    }
}

/// One side of a call. Dropping the leg and all its controls ends the call.
#[derive(Debug)]
pub struct Leg {
    /// Its number.
    pub id: LegId,
    /// The Call-ID header, for logs and for matching with a peer's records.
    pub sip_call_id: String,
    control: LegControl,
    events: mpsc::Receiver<LegEvent>,
}

impl Leg {
    pub(crate) fn new(
        id: LegId,
        sip_call_id: String,
        orders: mpsc::UnboundedSender<Order>,
        events: mpsc::Receiver<LegEvent>,
    ) -> Self {
        let handle = Handle { id, orders, waiting: Arc::default() };
        Self { id, sip_call_id, control: LegControl { handle: Arc::new(handle) }, events }
    }

    /// The next event; `None` after `Ended`, or when the signalling was shut down.
    pub async fn event(&mut self) -> Option<LegEvent> {
        self.events.recv().await
    }

    /// The commands of this leg, to be used apart from its events.
    #[must_use]
    pub fn commands(&self) -> LegControl {
        self.control.clone()
    }
}
