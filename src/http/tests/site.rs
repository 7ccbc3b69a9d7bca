//! A site on a fresh database, and the browsers and programs that visit it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use crm::users::{NewUser, User};
use crm::words::Role;
use crm::{BoxFuture, Db, DbConfig, Keys, Lane, Tx, password, tokens, users};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use super::postgres;
use super::staff::Staff;
use crate::acme::Challenges;
use crate::config::Config;
use crate::http::{Door, HttpParts, HttpState, router};
use crate::live::Live;
use crate::ops::{Metrics, Readiness};
use crate::recordings::KeyRing;
use crate::trace::Trace;
use crate::views::{Hub, PhoneServer, PhoneTransport};

pub const PASSWORD: &str = "a long password";
pub const HOST: &str = "hub.example";
/// A neighbour on the network, not this machine.
pub const PEER: &str = "192.0.2.10:40000";

pub struct Site {
    pub db: Db,
    pub live: Live,
    pub staff: Arc<Staff>,
    pub state: HttpState,
    router: Router,
    folder: PathBuf,
}

/// Runs the test on SQLite, then on PostgreSQL.
pub fn on_both<F: Future<Output = ()>>(test: impl Fn(Site) -> F) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = folder();
        let url = format!("sqlite:{}", folder.join("test.db").display());
        run(&test, url, folder).await;
        run(&test, postgres::fresh_database().await, self::folder()).await;
    });
}

async fn run<F: Future<Output = ()>>(test: impl Fn(Site) -> F, url: String, folder: PathBuf) {
    let db = Db::open(&DbConfig { url, readers: 2 }).await.expect("a database");
    db.migrate().await.expect("its schema");
    println!("on {}", db.engine());
    let outcome =
        std::panic::AssertUnwindSafe(test(Site::new(db.clone(), folder.clone()))).catch_unwind().await;
    // What is left behind lies in the temporary folder.
    std::fs::remove_dir_all(folder).ok();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
    db.close().await.expect("closed");
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("centralita-http-{}", Uuid::now_v7()));
    std::fs::create_dir(&folder).expect("a temporary folder");
    folder
}

impl Site {
    fn new(db: Db, folder: PathBuf) -> Self {
        let live = Live::new();
        let staff = Arc::new(Staff::default());
        let mut config = Config::default();
        config.hub.data_dir.clone_from(&folder);
        let state = HttpState::new(HttpParts {
            db: db.clone(),
            keys: Keys::load_or_create(&folder.join("key")).expect("a key"),
            recording_keys: KeyRing::load(&folder.join("recordings.key"), Path::new("")).expect("a key"),
            live: live.clone(),
            trace: Trace::off(),
            calls: Arc::clone(&staff) as _,
            config: Arc::new(config),
            hub: Hub {
                name: "Aurora".to_owned(),
                version: "0".to_owned(),
                demo: false,
                inbound_numbers: Vec::new(),
                demo_logins: None,
            },
            metrics: Metrics::detached().expect("numbers"),
            readiness: Readiness::default(),
            phone_servers: vec![PhoneServer {
                transport: PhoneTransport::Tls,
                address: "192.0.2.1:5061".to_owned(),
            }],
            challenges: Challenges::default(),
            https_port: None,
        });
        Self { db, live, staff, router: router(state.clone()), state, folder }
    }

    /// As if https were spoken here at this port.
    pub fn speak_https(&mut self, port: u16) {
        self.state.https_port = Some(port);
        self.router = router(self.state.clone());
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub async fn write<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, crm::Result<T>> + Clone + Send + 'static,
    {
        self.db.write(Lane::Calls, work).await.expect("written")
    }

    pub async fn user(&self, name: &str, role: Role) -> User {
        let new = NewUser {
            email: format!("{name}@aurora.example"),
            display_name: name.to_owned(),
            password_hash: password::hash(PASSWORD).await.expect("hashed"),
            role,
            locale: None,
        };
        self.write(move |tx| Box::pin(async move { users::create(tx, &new).await })).await
    }

    /// A user with a session, as the browser has it after the sign-in page.
    pub async fn browser(&self, name: &str, role: Role) -> Visitor<'_> {
        let user = self.user(name, role).await;
        self.sign_in(&user.email).await
    }

    pub async fn sign_in(&self, email: &str) -> Visitor<'_> {
        let mut visitor = self.stranger();
        let login = json!({ "email": email, "password": PASSWORD });
        let reply = visitor.post("/api/v1/session", login).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        let cookie = reply.header("set-cookie").split(';').next().expect("a pair").to_owned();
        visitor.header("cookie", &cookie);
        visitor.header("x-csrf-token", reply.json()["csrf_token"].as_str().expect("a token"));
        visitor
    }

    /// A user's program, with a bearer token.
    pub async fn program(&self, user: Uuid) -> Visitor<'_> {
        let token =
            self.write(move |tx| Box::pin(async move { tokens::create(tx, user, "test").await })).await;
        let mut visitor = self.stranger();
        visitor.header("authorization", &format!("Bearer {token}"));
        visitor
    }

    pub fn stranger(&self) -> Visitor<'_> {
        let mut visitor = Visitor { site: self, headers: HeaderMap::new(), door: Door::Plain };
        visitor.header("host", HOST);
        visitor.header("origin", &format!("http://{HOST}"));
        visitor
    }
}

/// Somebody with headers of their own on each request.
#[derive(Clone)]
pub struct Visitor<'a> {
    site: &'a Site,
    headers: HeaderMap,
    door: Door,
}

impl Visitor<'_> {
    pub fn header(&mut self, name: &'static str, value: &str) {
        self.headers.insert(name, value.parse().expect("a header's value"));
    }

    pub fn by(&self, door: Door) -> Self {
        Self { door, ..self.clone() }
    }

    pub fn without(&self, name: &'static str) -> Self {
        let mut other = self.clone();
        other.headers.remove(name);
        other
    }

    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.header(name, value);
        other
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.json(Method::POST, path, &body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.json(Method::PUT, path, &body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.json(Method::PATCH, path, &body).await
    }

    async fn json(&self, method: Method, path: &str, body: &Value) -> Reply {
        let body = Body::from(serde_json::to_vec(body).expect("JSON"));
        self.with("content-type", "application/json").send(method, path, body).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Body) -> Reply {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        *request.headers_mut() = self.headers.clone();
        let peer: SocketAddr = PEER.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(self.door);
        let response = self.site.router.clone().oneshot(request).await.expect("never fails");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Reply { status: parts.status, headers: parts.headers, body }
    }
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The reply is a problem document with this status and code.
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header(header::CONTENT_TYPE.as_str()), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        problem
    }
}
