//! The owner of what was said: takes it in, and writes it once a call is over.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use crm::Lane;
use crm::traces::{self, NewTrace};
use futures_util::FutureExt;
use sip::Observed;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use tracing::{debug, error, info};
use uuid::Uuid;

use super::message::Message;
use super::rings::{Rings, Said};
use super::store::{self, StoreError};

/// Writes under way, which the database commits in groups: at a commit of 50 ms, 600 calls a
/// second. Other calls wait in memory, where they are counted.
const WRITES_LIMIT: usize = 32;
/// What is too old is removed this often.
const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// Rows removed in one write: a few milliseconds.
const FORGET_AT_ONCE: u64 = 200;

pub enum Told {
    Seen(Observed),
    Belongs { sip_call_id: String, call: Uuid },
    Mask { call: Uuid, masked: bool },
    Over { call: Uuid },
    Asked { call: Uuid, reply: oneshot::Sender<Option<Said>> },
    Close { reply: oneshot::Sender<()> },
}

#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Crm(#[from] crm::Error),
}

pub fn start(db: crm::Db, mailbox: mpsc::Receiver<Told>) {
    let keeper =
        Keeper { db, mailbox, rings: Rings::default(), written: JoinSet::new(), writing: HashMap::new() };
    tokio::spawn(keeper.run());
}

struct Keeper {
    db: crm::Db,
    mailbox: mpsc::Receiver<Told>,
    rings: Rings,
    written: JoinSet<Uuid>,
    /// Of calls that are being written: answers until the database has them.
    writing: HashMap<Uuid, Arc<Said>>,
}

impl Keeper {
    async fn run(mut self) {
        loop {
            let told = tokio::select! {
                told = self.mailbox.recv() => told,
                Some(done) = self.written.join_next() => {
                    self.write_is_over(done);
                    continue;
                }
                () = at(self.rings.next_at()), if self.written.len() < WRITES_LIMIT => {
                    if let Some((call, said)) = self.rings.due(Instant::now()) {
                        self.write(call, said);
                    }
                    continue;
                }
            };
            match told {
                Some(Told::Close { reply }) => {
                    self.write_all().await;
                    // Whoever asked has gone: then nobody waits.
                    let _ = reply.send(());
                    return;
                }
                Some(told) => self.hear(told),
                None => return self.write_all().await,
            }
        }
    }

    fn hear(&mut self, told: Told) {
        let now = Instant::now();
        match told {
            Told::Seen(seen) => {
                let masked = self.rings.is_masked(&seen.sip_call_id);
                self.rings.add(now, Message::of(&seen, masked));
            }
            Told::Belongs { sip_call_id, call } => self.rings.belongs(now, sip_call_id, call),
            Told::Mask { call, masked } => self.rings.mask(call, masked),
            Told::Over { call } => self.rings.over(now, call),
            Told::Asked { call, reply } => {
                let writing = || self.writing.get(&call).map(|said| Said::clone(said));
                let said = self.rings.of(call).or_else(writing);
                let _ = reply.send(said);
            }
            Told::Close { .. } => {}
        }
    }

    fn write(&mut self, call: Uuid, said: Said) {
        if said.messages.is_empty() {
            return;
        }
        let said = Arc::new(said);
        self.writing.insert(call, Arc::clone(&said));
        let db = self.db.clone();
        self.written.spawn(async move {
            if let Err(failure) = write(db, call, &said).await {
                error!(%call, %failure, "what was said about a call is not kept");
            }
            call
        });
    }

    fn write_is_over(&mut self, done: Result<Uuid, tokio::task::JoinError>) {
        match done {
            Ok(call) => {
                self.writing.remove(&call);
                debug!(%call, "what was said is kept");
            }
            Err(failure) => error!(%failure, "writing what was said broke off"),
        }
    }

    async fn write_all(&mut self) {
        while let Some((call, said)) = self.rings.any_over() {
            while self.written.len() >= WRITES_LIMIT {
                if let Some(done) = self.written.join_next().await {
                    self.write_is_over(done);
                }
            }
            self.write(call, said);
        }
        while let Some(done) = self.written.join_next().await {
            self.write_is_over(done);
        }
    }
}

async fn write(db: crm::Db, call_id: Uuid, said: &Said) -> Result<(), WriteError> {
    let messages = i32::try_from(said.messages.len()).unwrap_or(i32::MAX);
    let left_out = i64::try_from(said.left_out).unwrap_or(i64::MAX);
    let new =
        NewTrace { call_id, kept_at: Utc::now(), messages, left_out, body: store::pack(&said.messages)? };
    // A call's own writes go first: nobody waits for this one.
    db.write(Lane::Bulk, move |tx| async move { traces::add(tx, &new).await }.boxed()).await?;
    Ok(())
}

/// Removes what is older than so many days, now and every hour, for as long as the database is open.
pub fn forget_old(db: crm::Db, keep_days: u32) {
    tokio::spawn(async move {
        let mut turn = tokio::time::interval(FORGET_EVERY);
        turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            turn.tick().await;
            let before = Utc::now() - TimeDelta::days(keep_days.into());
            loop {
                let forgotten = db
                    .write(Lane::Bulk, move |tx| {
                        async move { traces::forget(tx, before, FORGET_AT_ONCE).await }.boxed()
                    })
                    .await;
                match forgotten {
                    Ok(0) => break,
                    Ok(calls) => info!(calls, "what was said about old calls is removed"),
                    Err(crm::Error::Closed) => return,
                    Err(failure) => {
                        error!(%failure, "what was said about old calls is not removed");
                        break;
                    }
                }
            }
        }
    });
}

/// At that moment; without one, never.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
