//! The board: what is known to all about agents, queues and running calls.
//!
//! One task owns it. The floor and the calls report to it in order; it writes the agents' day to
//! the database first, in one transaction for all that has come in meanwhile, and only then
//! changes what it shows and announces it. Whoever asks (a page that loads, a websocket that
//! subscribes) is answered from the same truth. When the database refuses, the change is shown all
//! the same, with an error in the log: an agent must see the call that rings.
//!
//! If the process dies, the next start closes the open rows of the history (`recovery.rs`).

mod day;
mod mine;
mod news;
mod roster;
mod task;
mod team;

use callcenter::AgentId;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

pub use day::Day;
pub use news::{AgentNews, News, QueueNews, Tally};
pub use roster::{Roster, ms};
pub use task::{BoardParts, start};

use crate::views::{LiveCall, MyAgent, ScreenPop, Team, Wall};

/// Reports that wait for the board. At 100 calls a second some 1,500 come in; the board writes
/// them in batches, and a full queue slows the reporters rather than losing anything.
pub const NEWS_LIMIT: usize = 8192;

/// The board's door; cheap to clone.
#[derive(Clone, Debug)]
pub struct Board {
    news: mpsc::Sender<News>,
}

impl Board {
    /// Reports one thing. Waits while the board is behind; says nothing when it has stopped.
    pub async fn tell(&self, news: News) {
        // The board outlives its reporters; after it only the process's end comes.
        let _ = self.news.send(news).await;
    }

    pub async fn wall(&self) -> Wall {
        self.ask(News::AskWall).await.unwrap_or_default()
    }

    pub async fn team(&self) -> Team {
        self.ask(News::AskTeam).await.unwrap_or_default()
    }

    pub async fn my_agent(&self, agent: AgentId) -> Option<MyAgent> {
        self.ask(|reply| News::AskAgent(agent, reply)).await.flatten()
    }

    pub async fn call(&self, call: Uuid) -> Option<LiveCall> {
        self.ask(|reply| News::AskCall(call, reply)).await.flatten()
    }

    pub async fn pop(&self, call: Uuid) -> Option<ScreenPop> {
        self.ask(|reply| News::AskPop(call, reply)).await.flatten()
    }

    async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> News) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.news.send(question(reply)).await.ok()?;
        answer.await.ok()
    }
}
