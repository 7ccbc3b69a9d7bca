//! The live websocket, as the console uses it.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use crate::api::Api;
use crate::wait::PATIENCE;

const READ_SLICE: Duration = Duration::from_millis(200);

pub struct Live {
    socket: WebSocket<TcpStream>,
    /// Everything that came, oldest first.
    pub seen: Vec<Value>,
}

impl Live {
    /// Opens the socket with the session of `api`.
    ///
    /// # Panics
    /// When the hub refuses the upgrade.
    #[must_use]
    pub fn open(api: &Api) -> Self {
        let mut request = format!("ws://{}/ws", api.address).into_client_request().expect("an address");
        let headers = request.headers_mut();
        if let Some(cookie) = &api.cookie {
            headers.insert("Cookie", cookie.parse().expect("a cookie is a header"));
        }
        headers.insert("Origin", api.origin().parse().expect("an origin is a header"));
        let stream = TcpStream::connect(&api.address).expect("the hub listens");
        stream.set_read_timeout(Some(READ_SLICE)).expect("a timeout can be set");
        let (socket, _) = tungstenite::client(request, stream)
            .unwrap_or_else(|error| panic!("the websocket was refused: {error}"));
        let mut live = Self { socket, seen: Vec::new() };
        live.wait_for("hello", |message| message["op"] == "hello");
        live
    }

    /// Subscribes and returns the snapshot, whole.
    pub fn subscribe(&mut self, topic: &str) -> Value {
        self.send(&json!({"op": "subscribe", "topic": topic}));
        let what = format!("the snapshot of {topic}");
        self.wait_for(&what, |m| m["op"] == "snapshot" && m["topic"] == topic)
    }

    /// Subscribes from a number on; the first answer, `resumed` or `snapshot`.
    pub fn resume(&mut self, topic: &str, epoch: &Value, after: &Value) -> Value {
        self.send(&json!({"op": "subscribe", "topic": topic, "epoch": epoch, "after": after}));
        let what = format!("an answer about {topic}");
        self.wait_for(&what, |m| m["topic"] == topic && m["op"] != "event")
    }

    pub fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.socket.send(Message::text(text)).expect("the websocket takes a message");
    }

    /// The first message not looked at before that fits.
    ///
    /// # Panics
    /// When it does not come, with everything that did.
    pub fn wait_for(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(message) = self.read() {
                self.seen.push(message.clone());
                if fits(&message) {
                    return message;
                }
            }
        }
        panic!("never came over the websocket: {what}; seen: {:#?}", self.seen);
    }

    fn read(&mut self) -> Option<Value> {
        match self.socket.read() {
            Ok(Message::Text(text)) => Some(serde_json::from_str(&text).expect("the hub sends JSON")),
            Ok(_) => None,
            Err(tungstenite::Error::Io(error))
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) =>
            {
                None
            }
            Err(error) => panic!("the websocket broke: {error}; seen: {:#?}", self.seen),
        }
    }
}
