//! The websocket over a real connection.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::header;
use crm::words::Role;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

use super::site::{Site, Visitor, on_both};
use crate::http::{Doors, serve};

/// What is to come comes; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn start(site: &Site) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let doors = Doors { plain: listener, encrypted: None };
    let served = tokio::spawn(serve(doors, site.state.clone(), async move {
        stopped.await.ok();
    }));
    Server { address, stop, served }
}

struct Console(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Server {
    async fn open(&self, visitor: &Visitor<'_>) -> Result<Console, tungstenite::Error> {
        let mut request = format!("ws://{}/ws", self.address).into_client_request()?;
        for (name, value) in visitor.headers() {
            if name != header::HOST {
                request.headers_mut().insert(name, value.clone());
            }
        }
        let host = request.headers()[header::HOST].clone();
        if visitor.headers().get(header::ORIGIN).is_some_and(|origin| origin != "http://evil") {
            let origin = format!("http://{}", host.to_str().expect("text"));
            request.headers_mut().insert(header::ORIGIN, origin.parse().expect("a value"));
        }
        connect_async(request).await.map(|(socket, _)| Console(socket))
    }
}

impl Console {
    async fn hear(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("in time")?;
            match message {
                Ok(Message::Text(text)) => {
                    return Some(serde_json::from_str(&text).expect("JSON"));
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    async fn expect(&mut self, op: &str) -> Value {
        let message = self.hear().await.expect("a message");
        assert_eq!(message["op"], op, "{message}");
        message
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::Text(message.to_string().into())).await.expect("sent");
    }
}

fn refused_with(result: Result<Console, tungstenite::Error>) -> u16 {
    match result {
        Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("was let in"),
    }
}

#[test]
fn strangers_and_foreign_pages_are_not_let_in() {
    on_both(async |site| {
        let server = start(&site).await;
        assert_eq!(refused_with(server.open(&site.stranger()).await), 401);
        let browser = site.browser("ana", Role::Agent).await;
        let foreign = browser.with("origin", "http://evil");
        assert_eq!(refused_with(server.open(&foreign).await), 403);
        assert!(server.open(&browser).await.is_ok());
    });
}

#[test]
fn a_console_follows_and_resumes() {
    on_both(async |site| {
        let server = start(&site).await;
        let browser = site.browser("ana", Role::Agent).await;
        let mut console = server.open(&browser).await.expect("let in");
        let hello = console.expect("hello").await;
        assert_eq!(hello["epoch"], site.live.epoch());
        console.say(json!({ "op": "ping" })).await;
        console.expect("pong").await;
        console.say(json!({ "op": "subscribe", "topic": "agent" })).await;
        let snapshot = console.expect("snapshot").await;
        assert_eq!(snapshot["data"]["agent"]["state"], "logged_out", "{snapshot}");
        let contact = Uuid::now_v7();
        let topic = format!("contact:{contact}");
        console.say(json!({ "op": "subscribe", "topic": topic })).await;
        let snapshot = console.expect("snapshot").await;
        assert_eq!(snapshot["data"], json!({}));
        site.live.timeline_changed(contact);
        let event = console.expect("event").await;
        assert_eq!(event["event"]["contact_id"], contact.to_string());
        let seen = event["seq"].clone();
        drop(console);

        site.live.timeline_changed(contact);
        site.live.timeline_changed(Uuid::nil());
        let mut console = server.open(&browser).await.expect("let in");
        console.expect("hello").await;
        let epoch = site.live.epoch();
        let resume = json!({ "op": "subscribe", "topic": topic, "epoch": epoch, "after": seen });
        console.say(resume).await;
        assert_eq!(console.expect("resumed").await["seq"], seen);
        let missed = console.expect("event").await;
        assert_eq!(missed["seq"].as_u64(), seen.as_u64().map(|seen| seen + 1), "{missed}");
        let stale = json!({ "op": "subscribe", "topic": topic, "epoch": "another", "after": seen });
        console.say(stale).await;
        console.expect("snapshot").await;
        console.say(json!({ "op": "subscribe", "topic": "wall" })).await;
        assert_eq!(console.expect("refused").await["code"], "not_allowed");
    });
}

#[test]
fn what_is_revoked_ends_at_once() {
    on_both(async |site| {
        let server = start(&site).await;
        let admin = site.browser("root", Role::Admin).await;
        let boss = site.user("ben", Role::Supervisor).await;
        let browser = site.sign_in(&boss.email).await;
        let mut console = server.open(&browser).await.expect("let in");
        console.expect("hello").await;
        console.say(json!({ "op": "subscribe", "topic": "wall" })).await;
        let wall = console.expect("snapshot").await;
        assert_eq!(wall["data"]["queues"][0]["name"], "Support", "{wall}");
        let path = format!("/api/v1/users/{}", boss.id);
        assert_eq!(admin.patch(&path, json!({ "role": "agent" })).await.status, 200);
        let refused = console.expect("refused").await;
        assert_eq!((&refused["topic"], &refused["code"]), (&json!("wall"), &json!("not_allowed")));
        site.live.call_ended(Uuid::nil());
        console.say(json!({ "op": "ping" })).await;
        console.expect("pong").await;
        assert_eq!(browser.delete("/api/v1/session").await.status, 204);
        assert_eq!(console.expect("bye").await["code"], "session_ended");
        assert!(console.hear().await.is_none(), "closed");
    });
}

#[test]
fn messages_have_their_bounds() {
    on_both(async |site| {
        let server = start(&site).await;
        let browser = site.browser("ana", Role::Agent).await;
        let mut console = server.open(&browser).await.expect("let in");
        console.expect("hello").await;
        console.say(json!({ "op": "dance" })).await;
        console.say(json!({ "op": "subscribe", "topic": "x".repeat(70_000) })).await;
        assert!(console.hear().await.is_none(), "closed without an answer");
    });
}

#[test]
fn the_stop_says_good_bye() {
    on_both(async |site| {
        let server = start(&site).await;
        let browser = site.browser("ana", Role::Agent).await;
        let mut console = server.open(&browser).await.expect("let in");
        console.expect("hello").await;
        server.stop.send(()).expect("still serving");
        assert_eq!(console.expect("bye").await["code"], "shutting_down");
        assert!(console.hear().await.is_none(), "closed");
        server.served.await.expect("no panic").expect("no error");
        assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
    });
}
