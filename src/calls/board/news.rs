//! What the floor and the calls tell the board, and what others ask of it.

use callcenter::{AgentId, QueueId};
use chrono::{DateTime, Utc};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::views::{AgentState, LiveCall, MyAgent, PendingState, ScreenPop, Team, Wall};

/// An agent as the engine has it, with what the day's history needs.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentNews {
    pub id: AgentId,
    pub state: AgentState,
    pub reason: Option<String>,
    pub since: DateTime<Utc>,
    pub until: Option<DateTime<Utc>>,
    pub call_id: Option<Uuid>,
    pub queue_id: Option<Uuid>,
    pub pending: Option<PendingState>,
    pub queues: Vec<Uuid>,
}

/// A queue's numbers of this moment.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueNews {
    pub id: QueueId,
    pub waiting: u32,
    pub longest_wait_since: Option<DateTime<Utc>>,
    pub ready: u32,
    pub offered: u32,
    pub talking: u32,
    pub wrap_up: u32,
    pub not_ready: u32,
}

/// How a finished call counts for its queue's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    Answered,
    Abandoned,
    Neither,
}

/// One thing that happened, or one question. Answered strictly in the order received.
#[derive(Debug)]
pub enum News {
    /// `entered`: the state is a new one, so that the history gets a row.
    Agent {
        news: AgentNews,
        entered: bool,
    },
    Queue(QueueNews),
    Call(LiveCall),
    Pop(ScreenPop),
    /// The call's record is closed and committed.
    CallFinished {
        call: Uuid,
        agent: Option<Uuid>,
        contact: Option<Uuid>,
        queue: Option<Uuid>,
        tally: Tally,
    },
    /// What is noted on the call changed and is committed.
    Annotated(Uuid),
    /// A phone came or went, or the agent chose another.
    Phones(AgentId),
    /// Queues, members or users are to be read anew.
    Reread,
    AskWall(oneshot::Sender<Wall>),
    AskTeam(oneshot::Sender<Team>),
    AskAgent(AgentId, oneshot::Sender<Option<MyAgent>>),
    AskCall(Uuid, oneshot::Sender<Option<LiveCall>>),
    AskPop(Uuid, oneshot::Sender<Option<ScreenPop>>),
}
