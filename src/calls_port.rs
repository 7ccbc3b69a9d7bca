//! What the HTTP API and the live topics need from the calls supervisor, and nothing more.
//!
//! The supervisor (`src/calls`) implements it; tests of the API bring a small one of their own.
//! Change what `my_agent` and `wall` answer *before* telling [`crate::live::Live`]: a snapshot is
//! taken after its number was read, so an announced change must already be visible in it.

use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::views::{
    AgentView, LiveCall, MyAgent, ScreenPop, Team, TestCall, TestCallScenario, Wall, WantedState,
};

/// Commands to, and questions for, the owner of calls and agents.
///
/// Every future resolves within a second or so, or with an error: none waits for a person.
pub trait CallControl: Send + Sync + 'static {
    /// The agent's whole own view. Users without `handle_calls` never get here.
    fn my_agent(&self, user: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>>;

    /// `by` asked (for itself or, as supervisor, for another) that `user` be in `wanted`.
    fn set_state(
        &self,
        by: Uuid,
        user: Uuid,
        wanted: WantedState,
    ) -> BoxFuture<'_, Result<MyAgent, CallError>>;

    fn choose_phone(&self, user: Uuid, phone_id: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>>;

    fn finish_wrap_up(&self, user: Uuid) -> BoxFuture<'_, Result<MyAgent, CallError>>;

    /// Click-to-dial: rings the user's own phone first. `number` is E.164, already normalised.
    fn dial(
        &self,
        user: Uuid,
        number: String,
        contact: Option<Uuid>,
    ) -> BoxFuture<'_, Result<LiveCall, CallError>>;

    /// Presses Answer on the user's demo phone.
    fn answer(&self, user: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>>;

    fn reject(&self, user: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>>;

    fn hang_up(&self, user: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>>;

    /// One of the buttons during a call; answers with the call as it is after it.
    fn command(
        &self,
        user: Uuid,
        call: Uuid,
        command: CallCommand,
    ) -> BoxFuture<'_, Result<LiveCall, CallError>>;

    /// Steers the recording; answers with the call as it is after it. `own`: the call must be the
    /// user's, be it as a guest; else whoever asks has the right to any call's.
    fn record(
        &self,
        user: Uuid,
        own: bool,
        call: Uuid,
        command: RecordCommand,
    ) -> BoxFuture<'_, Result<LiveCall, CallError>>;

    /// Rings the user's phone for the call parked there.
    fn pick_up(&self, user: Uuid, slot: u16) -> BoxFuture<'_, Result<(), CallError>>;

    /// Rings the user's phone for a call that rings at a colleague's, which it takes when it is answered.
    fn take_ringing(&self, user: Uuid, call: Uuid) -> BoxFuture<'_, Result<(), CallError>>;

    /// Who is calling, for a running call; [`CallError::CallGone`] for others.
    fn screen_pop(&self, call: Uuid) -> BoxFuture<'_, Result<ScreenPop, CallError>>;

    /// The call's disposition, note or links changed (committed): wrap-up in topic `agent` follows.
    fn call_annotated(&self, call: Uuid);

    /// Everything on the wall at this moment.
    fn wall(&self) -> BoxFuture<'_, Wall>;

    /// Colleagues, queues and parked calls at this moment.
    fn team(&self) -> BoxFuture<'_, Team>;

    /// Queue settings or members changed (committed): read them anew.
    fn queues_changed(&self);

    /// A telephone was made, changed or removed (committed): read them anew.
    fn phones_changed(&self);

    /// Hands a websocket of subprotocol `sip` over to signalling.
    fn sip_websocket(&self, peer: sip::WebSocketPeer) -> Result<sip::WebSocketDoor, sip::WebSocketError>;

    /// Names of the sounds that a queue may play, in order.
    fn sounds(&self) -> Vec<String>;

    /// A user was created, renamed, deactivated or given another role (committed).
    fn users_changed(&self);

    /// Demo hub only, else [`CallError::DemoOnly`].
    fn place_test_call(
        &self,
        scenario: TestCallScenario,
        queue: Option<Uuid>,
    ) -> BoxFuture<'_, Result<TestCall, CallError>>;
}

/// What an agent asks for during a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallCommand {
    Hold,
    /// Out of a hold; out of a consultation, into a conference.
    Resume,
    Transfer(CallTarget),
    Consult(CallTarget),
    CompleteTransfer,
    CancelConsult,
    Add(CallTarget),
    Digits(String),
    Park,
}

/// What is asked of a call's recording. Asking for what is so already is no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordCommand {
    Start,
    /// Ends the file; a later start begins another.
    Stop,
    /// Nothing is kept, neither sound nor keys, once this is answered.
    Pause,
    Resume,
}

/// Whom a call goes on to; checked by HTTP to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallTarget {
    /// E.164.
    Number(String),
    Agent(Uuid),
    Queue(Uuid),
}

/// Why the calls supervisor did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("no such {what}")]
    NotFound { what: &'static str },
    /// The call has ended, or is not (any more) this agent's.
    #[error("the call is gone")]
    CallGone,
    /// The agent's phone is not registered.
    #[error("the agent's phone is not reachable")]
    PhoneNotReachable,
    /// The agent has a call, an offer or wrap-up.
    #[error("the agent is busy")]
    AgentBusy,
    /// It does not fit what the call is doing now.
    #[error("the call cannot do that now")]
    NotNow,
    /// The queue's calls are always, or never, recorded.
    #[error("the recording is not to be changed")]
    RecordingPolicy,
    /// A queue's call is picked up by those who serve the queue.
    #[error("the call is for those who serve its queue")]
    NotInQueue,
    /// The customer was asked and does not want to be recorded.
    #[error("the customer has refused to be recorded")]
    RecordingRefused,
    /// The colleague who was asked for is busy or logged out.
    #[error("the colleague is busy")]
    ColleagueBusy,
    /// The agent is logged out, or in a state in which this cannot be asked.
    #[error("the agent is not ready for calls")]
    NotReadyForCalls,
    #[error("the number is not valid")]
    NumberInvalid,
    /// No outbound trunk takes the number.
    #[error("outbound calls to this number are refused")]
    OutboundRefused,
    /// The field's value is refused; `code` is stable, e.g. `unknown`.
    #[error("{field} is not valid: {code}")]
    Invalid { field: &'static str, code: &'static str },
    #[error("only a demo hub does this")]
    DemoOnly,
    #[error(transparent)]
    Crm(#[from] crm::Error),
    /// The supervisor is stopping, or something broke: logged there, shown as `internal`.
    #[error("{0}")]
    Internal(String),
}

/// A view of one agent, for callers that need only the wall's part of [`MyAgent`].
impl From<MyAgent> for AgentView {
    fn from(mine: MyAgent) -> Self {
        mine.agent
    }
}
