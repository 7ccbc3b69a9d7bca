//! The words of the websocket.

use axum::extract::ws::Utf8Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::event::Event;
use super::topic::Topic;
use crate::views::{MyAgent, Team, Wall};

/// A beat is sent so often; a console that misses two takes the connection for lost. Seconds.
pub const HEARTBEAT_S: u64 = 20;

/// What a console says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ClientMessage {
    Subscribe {
        topic: String,
        /// With `after`: go on from there, if this is still the hub's epoch.
        #[serde(default)]
        epoch: Option<String>,
        #[serde(default)]
        after: Option<u64>,
    },
    Unsubscribe {
        topic: String,
    },
    Ping,
}

/// What the hub says.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ServerMessage<'a> {
    Hello {
        epoch: &'a str,
        now: DateTime<Utc>,
        heartbeat_s: u64,
    },
    /// The state of a topic at or after number `seq`; events numbered above follow.
    Snapshot {
        topic: &'a str,
        epoch: &'a str,
        seq: u64,
        now: DateTime<Utc>,
        data: Snapshot,
    },
    /// The console is taken up from `seq`; the missed events follow.
    Resumed {
        topic: &'a str,
        epoch: &'a str,
        seq: u64,
    },
    Event {
        topic: &'a str,
        seq: u64,
        now: DateTime<Utc>,
        event: &'a Event,
    },
    Refused {
        topic: &'a str,
        code: Refusal,
    },
    Pong,
    Bye {
        code: Bye,
    },
}

/// What a topic's snapshot holds: `agent`, `wall` and `team` have a state, the others are told of news.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Snapshot {
    Agent(Box<MyAgent>),
    Wall(Box<Wall>),
    Team(Box<Team>),
    News {},
}

/// Why a topic is not, or no longer, sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    NotAllowed,
    UnknownTopic,
    TooMany,
    /// The snapshot could not be taken; ask again.
    Unavailable,
}

/// Why the hub closes the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bye {
    SessionEnded,
    SlowConsumer,
    ShuttingDown,
}

/// An event's frame, encoded once for all who get it.
pub fn event_frame(topic: Topic, seq: u64, now: DateTime<Utc>, event: &Event) -> Utf8Bytes {
    ServerMessage::Event { topic: &topic.to_string(), seq, now, event }.encode()
}

impl ServerMessage<'_> {
    pub fn encode(&self) -> Utf8Bytes {
        let mut text = serde_json::to_string(self)
            .unwrap_or_else(|error| unreachable!("plain structs with text keys encode: {error}"));
        // The ring keeps thousands of these; as they were written, up to half of each is room to grow.
        text.shrink_to_fit();
        text.into()
    }
}
