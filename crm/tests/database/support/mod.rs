//! Every test of the database runs twice: on a fresh SQLite file, and in a fresh database of a
//! private PostgreSQL cluster.

mod postgres;

use std::{
    future::Future,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use crm::{
    BoxFuture, Db, DbConfig, Keys, Lane, Result, Tx,
    calls::NewCall,
    phone::Region,
    users::{NewUser, User},
    words::{CallState, Direction, MatchKind, Role},
};
use uuid::Uuid;

/// A folder that goes when the test does, however that ends.
pub struct TempDir(PathBuf);

impl TempDir {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("crm-test-{}", Uuid::now_v7()));
        std::fs::create_dir(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // What is left behind lies in the temporary folder.
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Runs the test on both engines, on databases with the schema and nothing in it.
pub fn on_both<F>(test: impl Fn(Db) -> F)
where
    F: Future<Output = ()>,
{
    on_sqlite(&test);
    on_postgres(&test);
}

/// For what is PostgreSQL's alone.
pub fn on_postgres<F>(test: impl Fn(Db) -> F)
where
    F: Future<Output = ()>,
{
    runtime().block_on(async {
        let url = postgres::fresh_database().await;
        let db = Db::open(&DbConfig { url, readers: 2 }).await.expect("PostgreSQL opens");
        db.migrate().await.expect("the schema on PostgreSQL");
        println!("on {}", db.engine());
        test(db.clone()).await;
        db.close().await.expect("closed");
    });
}

/// For what is SQLite's alone.
pub fn on_sqlite<F>(test: impl Fn(Db) -> F)
where
    F: Future<Output = ()>,
{
    runtime().block_on(async {
        let dir = TempDir::new();
        let db = open_sqlite(dir.path()).await;
        db.migrate().await.expect("the schema on SQLite");
        println!("on {}", db.engine());
        test(db.clone()).await;
        db.close().await.expect("closed");
    });
}

pub async fn open_sqlite(dir: &Path) -> Db {
    Db::open(&DbConfig::sqlite(&dir.join("test.db"))).await.expect("SQLite opens")
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// A write that must succeed.
pub async fn write<T, F>(db: &Db, work: F) -> T
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Clone + Send + 'static,
{
    db.write(Lane::Calls, work).await.expect("written")
}

/// `tx!(db, |tx| expression)`: one write whose value is awaited; captures are moved in.
macro_rules! tx {
    ($db:expr, |$tx:ident| $work:expr) => {
        $crate::support::write(&$db, move |$tx| Box::pin(async move { $work.await })).await
    };
}
/// The same, for writes that may be refused.
macro_rules! try_tx {
    ($db:expr, |$tx:ident| $work:expr) => {
        $db.write(crm::Lane::Calls, move |$tx| Box::pin(async move { $work.await })).await
    };
}
pub(crate) use {try_tx, tx};

pub fn keys() -> Keys {
    Keys::from_bytes(&[42; 32]).expect("32 bytes")
}

pub const ES: Region = Region::SPAIN;

/// A fixed day, so that nothing depends on when a test runs.
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a time") + TimeDelta::seconds(seconds)
}

/// A user with this password hash; real hashing is tested where it matters.
pub async fn user(db: &Db, name: &str, role: Role) -> User {
    let new = NewUser {
        email: format!("{}@aurora.example", name.to_lowercase()),
        display_name: name.to_owned(),
        password_hash: "unused".to_owned(),
        role,
        locale: None,
    };
    tx!(db, |tx| crm::users::create(tx, &new))
}

/// A call from `caller` that has just arrived at `node`.
pub fn call(node: &str, caller: &str) -> NewCall {
    NewCall {
        id: Uuid::now_v7(),
        node: node.to_owned(),
        lease_until: at(30),
        direction: Direction::Inbound,
        trunk: Some("demo".to_owned()),
        caller: caller.to_owned(),
        called: "+34910000100".to_owned(),
        queue_id: None,
        user_id: None,
        contact_id: None,
        match_kind: MatchKind::Unknown,
        state: CallState::Greeting,
        started_at: at(0),
        test: false,
    }
}
