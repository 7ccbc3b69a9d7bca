//! `/ws`: the task that carries one connection's words between its socket and the hub.

use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::Utc;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, Sleep, interval, sleep_until, timeout};

use super::connection::{Connection, Subscribed, Viewer};
use super::message::{Bye, ClientMessage, HEARTBEAT_S, Refusal, ServerMessage, Snapshot};
use super::topic::Topic;
use crate::http::{Caller, HttpState, check_origin};

/// The largest message that a console may send: its own are below 200 bytes.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// Wall events are put together for this long: 20 frames a second look like motion.
const WALL_FRAME: Duration = Duration::from_millis(50);
/// A peer that takes no bytes for this long is a slow consumer.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// The owner of calls answers within milliseconds; if it does not, the console asks again.
const SNAPSHOT_TIMEOUT: Duration = Duration::from_secs(5);
/// Messages from a console within one heartbeat, enough for every topic several times over.
const MESSAGES_PER_BEAT: u32 = 400;

pub fn routes() -> Router<HttpState> {
    Router::new().route("/ws", get(upgrade))
}

async fn upgrade(
    State(state): State<HttpState>,
    caller: Caller,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    // Browsers send cookies along from anywhere, and know no CSRF token here.
    if let Err(problem) = check_origin(&headers) {
        return problem.into_response();
    }
    upgrade.max_message_size(MAX_MESSAGE_BYTES).max_frame_size(MAX_MESSAGE_BYTES).on_upgrade(
        move |socket| async move {
            let user = caller.user.id;
            tracing::debug!(%user, "live connection opened");
            let bye = Task::new(socket, state, caller).run().await;
            tracing::debug!(%user, ?bye, "live connection closed");
        },
    )
}

/// How a connection ended.
#[derive(Debug)]
enum End {
    /// The peer closed, or its network did.
    Gone,
    Bye(Bye),
}

struct Task {
    sink: SplitSink<WebSocket, Message>,
    stream: SplitStream<WebSocket>,
    state: HttpState,
    caller: Caller,
    connection: Connection,
    messages_this_beat: u32,
}

impl Task {
    fn new(socket: WebSocket, state: HttpState, caller: Caller) -> Self {
        let (sink, stream) = socket.split();
        let connection = Connection::new(viewer(&caller), state.live.head());
        Self { sink, stream, state, caller, connection, messages_this_beat: 0 }
    }

    async fn run(mut self) -> End {
        let end = match self.talk().await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        if let End::Bye(code) = end {
            let close = CloseFrame { code: close_code::AWAY, reason: Utf8Bytes::from_static("") };
            // Best effort: the peer may be the reason for the good-bye.
            let _ = self.say(&ServerMessage::Bye { code }).await;
            let _ = timeout(SEND_TIMEOUT, self.sink.send(Message::Close(Some(close)))).await;
        }
        end
    }

    async fn talk(&mut self) -> Result<std::convert::Infallible, End> {
        let live = self.state.live.clone();
        let mut head = live.inner.head.subscribe();
        let mut access = live.inner.access.subscribe();
        let mut closing = live.inner.closing.subscribe();
        let mut beat = interval(Duration::from_secs(HEARTBEAT_S));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat.reset();
        let mut wall: Option<Pin<Box<Sleep>>> = None;
        self.say(&ServerMessage::Hello { epoch: live.epoch(), now: Utc::now(), heartbeat_s: HEARTBEAT_S })
            .await?;
        loop {
            tokio::select! {
                // Rights before events: what was revoked is not sent any more.
                biased;
                () = closed(&mut closing) => return Err(End::Bye(Bye::ShuttingDown)),
                _ = access.changed() => self.renew().await?,
                _ = beat.tick() => {
                    self.messages_this_beat = 0;
                    // Also finds sessions that ended elsewhere: expired, or by another process.
                    self.renew().await?;
                    self.say(&ServerMessage::Pong).await?;
                }
                () = frame(&mut wall) => {
                    wall = None;
                    let frames = self.connection.overview_frame();
                    self.send(frames).await?;
                }
                message = self.stream.next() => self.hear(message).await?,
                _ = head.changed() => {
                    let due = self.connection.collect(&live.ring());
                    let frames = due.map_err(|_| End::Bye(Bye::SlowConsumer))?;
                    if self.connection.overview_waits() && wall.is_none() {
                        wall = Some(Box::pin(sleep_until(Instant::now() + WALL_FRAME)));
                    }
                    self.send(frames).await?;
                }
            }
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            // Nothing of ours is binary; too large and malformed frames are errors here.
            Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => {
                return Err(End::Gone);
            }
        };
        self.messages_this_beat += 1;
        if self.messages_this_beat > MESSAGES_PER_BEAT {
            return Err(End::Gone);
        }
        match serde_json::from_str(&text) {
            Ok(ClientMessage::Ping) => self.say(&ServerMessage::Pong).await,
            Ok(ClientMessage::Unsubscribe { topic }) => {
                self.connection.unsubscribe(&topic);
                Ok(())
            }
            Ok(ClientMessage::Subscribe { topic, epoch, after }) => {
                let ours = epoch.is_some_and(|epoch| epoch == self.state.live.epoch());
                self.subscribe(&topic, after.filter(|_| ours)).await
            }
            // A newer console may know more words: it is told nothing, and loses nothing.
            Err(_) => Ok(()),
        }
    }

    async fn subscribe(&mut self, name: &str, resume: Option<u64>) -> Result<(), End> {
        let live = self.state.live.clone();
        let subscribed = self.connection.subscribe(name, resume, &live.ring());
        match subscribed {
            Subscribed::Refused(code) => self.say(&ServerMessage::Refused { topic: name, code }).await,
            Subscribed::Resumed { seq, missed } => {
                let resumed = ServerMessage::Resumed { topic: name, epoch: live.epoch(), seq };
                let mut frames = vec![resumed.encode()];
                frames.extend(missed);
                self.send(frames).await
            }
            // The number was read before the snapshot is taken: a change in between is in both,
            // and events are whole objects, so that doing one twice does no harm.
            Subscribed::Snapshot { topic, seq } => match self.snapshot(topic).await {
                Some(data) => {
                    self.say(&ServerMessage::Snapshot {
                        topic: name,
                        epoch: live.epoch(),
                        seq,
                        now: Utc::now(),
                        data,
                    })
                    .await
                }
                None => {
                    self.connection.unsubscribe(name);
                    let code = Refusal::Unavailable;
                    self.say(&ServerMessage::Refused { topic: name, code }).await
                }
            },
        }
    }

    async fn snapshot(&self, topic: Topic) -> Option<Snapshot> {
        let taken = timeout(SNAPSHOT_TIMEOUT, async {
            match topic {
                Topic::Agent(user) => match self.state.calls.my_agent(user).await {
                    Ok(mine) => Some(Snapshot::Agent(Box::new(mine))),
                    Err(error) => {
                        tracing::warn!(%user, %error, "no snapshot of the agent");
                        None
                    }
                },
                Topic::Wall => Some(Snapshot::Wall(Box::new(self.state.calls.wall().await))),
                Topic::Team => Some(Snapshot::Team(Box::new(self.state.calls.team().await))),
                Topic::Calls | Topic::Contact(_) => Some(Snapshot::News {}),
            }
        });
        taken.await.unwrap_or_else(|_| {
            tracing::error!(%topic, "a snapshot took too long and was given up");
            None
        })
    }

    /// Reads the session and the role anew, and takes away what is no longer allowed.
    async fn renew(&mut self) -> Result<(), End> {
        match self.caller.renewed(&self.state).await {
            Ok(Some(caller)) => {
                self.caller = caller;
                let lost = self.connection.renew(viewer(&self.caller));
                for topic in lost {
                    let topic = topic.to_string();
                    let code = Refusal::NotAllowed;
                    self.say(&ServerMessage::Refused { topic: &topic, code }).await?;
                }
                Ok(())
            }
            Ok(None) => Err(End::Bye(Bye::SessionEnded)),
            // Not knowing is not a right: the console comes back with a fresh connection.
            Err(error) => {
                tracing::error!(%error, "a live session could not be checked");
                Err(End::Gone)
            }
        }
    }

    async fn say(&mut self, message: &ServerMessage<'_>) -> Result<(), End> {
        self.send(vec![message.encode()]).await
    }

    /// All frames in one go: the socket is flushed once.
    async fn send(&mut self, frames: Vec<Utf8Bytes>) -> Result<(), End> {
        let sent = timeout(SEND_TIMEOUT, async {
            for frame in frames {
                self.sink.feed(Message::Text(frame)).await?;
            }
            self.sink.flush().await
        });
        match sent.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Bye(Bye::SlowConsumer)),
        }
    }
}

async fn frame(at: &mut Option<Pin<Box<Sleep>>>) {
    match at {
        Some(at) => at.as_mut().await,
        None => std::future::pending().await,
    }
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    // An error means that the hub itself is gone, which is closed enough.
    let _ = closing.wait_for(|closing| *closing).await;
}

fn viewer(caller: &Caller) -> Viewer {
    Viewer { user: caller.user.id, role: caller.user.role }
}
