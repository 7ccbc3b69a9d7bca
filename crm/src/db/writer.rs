//! The one writer of an SQLite database.
//!
//! A flush to disk costs more than everything else in a small write, so writes share it: one
//! transaction takes up all closures that wait, each in a savepoint, and is committed once.
//! While it is being flushed, the next group gathers. An answer is given after the commit. A
//! closure that fails undoes its savepoint alone. Should the commit fail, all of its group are
//! told. The task ends when the last handle is gone or [`Handle::close`] was called.

mod job;

use std::time::{Duration, Instant};

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use self::job::{Job, Outcome, Typed};
use super::{BoxFuture, Lane, Tx};
use crate::{Error, Result};

/// Far above what the calls of one machine write in the time of a flush; a full lane makes the
/// writers wait.
const CALLS_LANE_JOBS: usize = 4096;
/// An import feeds its rows no faster than they are written.
const BULK_LANE_JOBS: usize = 64;
/// So many closures share a flush at most: it bounds what one failed commit takes along.
const GROUP_JOBS: usize = 256;
/// So long may a group gather at most: the first in it waits for the last.
const GROUP_TIME: Duration = Duration::from_millis(20);
/// After so many groups that began with a call, the bulk lane begins one, so that even a storm of
/// calls does not stop an import for good.
const CALL_GROUPS_BEFORE_BULK: u32 = 8;

enum Command {
    Run(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

#[derive(Clone)]
pub(super) struct Handle {
    calls: mpsc::Sender<Command>,
    bulk: mpsc::Sender<Command>,
    connection: DatabaseConnection,
}

impl Handle {
    pub(super) fn start(connection: DatabaseConnection) -> Self {
        let (calls, calls_lane) = mpsc::channel(CALLS_LANE_JOBS);
        let (bulk, bulk_lane) = mpsc::channel(BULK_LANE_JOBS);
        let task =
            Task { connection: connection.clone(), calls: calls_lane, bulk: bulk_lane, call_groups: 0 };
        tokio::spawn(task.run());
        Self { calls, bulk, connection }
    }

    pub(super) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    pub(super) async fn write<T, F>(&self, lane: Lane, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Send + 'static,
    {
        let (job, answer) = Typed::boxed(work);
        let lane = match lane {
            Lane::Calls => &self.calls,
            Lane::Bulk => &self.bulk,
        };
        lane.send(Command::Run(job)).await.map_err(|_| Error::Closed)?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Resolves when everything taken up before has been committed.
    pub(super) async fn close(&self) {
        let (done, wait) = oneshot::channel();
        if self.calls.send(Command::Close(done)).await.is_ok() {
            // An error means that the task has gone, which is what was asked for.
            wait.await.ok();
        }
    }
}

struct Task {
    connection: DatabaseConnection,
    calls: mpsc::Receiver<Command>,
    bulk: mpsc::Receiver<Command>,
    /// Groups in a row that began with a call.
    call_groups: u32,
}

impl Task {
    async fn run(mut self) {
        let mut closing = None;
        while let Some(command) = self.next().await {
            closing = match command {
                Command::Run(first) => self.group(first).await,
                Command::Close(done) => Some(done),
            };
            if closing.is_some() {
                self.calls.close();
                self.bulk.close();
                break;
            }
        }
        self.drain().await;
        if let Some(done) = closing {
            done.send(()).ok();
        }
    }

    async fn next(&mut self) -> Option<Command> {
        if self.call_groups >= CALL_GROUPS_BEFORE_BULK {
            self.call_groups = 0;
            if let Ok(command) = self.bulk.try_recv() {
                return Some(command);
            }
        }
        tokio::select! {
            biased;
            command = self.calls.recv() => {
                self.call_groups += 1;
                command
            }
            Some(command) = self.bulk.recv() => {
                self.call_groups = 0;
                Some(command)
            }
        }
    }

    /// Whatever was taken up before the end is still written.
    async fn drain(&mut self) {
        while let Some(command) = match self.calls.recv().await {
            Some(command) => Some(command),
            None => self.bulk.recv().await,
        } {
            match command {
                Command::Run(job) => drop(self.group(job).await),
                Command::Close(done) => drop(done),
            }
        }
    }

    /// Runs `first` and whatever waits behind it, commits once, then answers all.
    /// Returns the wish to close, had one been waiting.
    async fn group(&mut self, first: Box<dyn Job>) -> Option<oneshot::Sender<()>> {
        let options = TransactionOptions {
            // Takes the write lock at once: a transaction that began by reading could not get it
            // any more after another process had written (SQLITE_BUSY_SNAPSHOT).
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let group = match self.connection.begin_with_options(options).await {
            Ok(inner) => Tx { inner },
            Err(err) => {
                tracing::error!(%err, "no write transaction");
                first.answer(Some(&err.to_string()));
                return None;
            }
        };
        let began = Instant::now();
        // The first needs no savepoint: should it fail, there is nobody else to take along.
        let mut first = first;
        if let Outcome::Undo = first.run(&group).await {
            if let Err(err) = group.inner.rollback().await {
                tracing::error!(%err, "rollback failed");
            }
            first.answer(None);
            return None;
        }
        let mut closing = None;
        let mut jobs = vec![first];
        let mut sound = true;
        while sound && jobs.len() < GROUP_JOBS && began.elapsed() < GROUP_TIME {
            // Only the first of a group may come from the bulk lane, when no call waited: so a
            // call's write waits for one bulk closure at most.
            let Ok(command) = self.calls.try_recv() else {
                break;
            };
            match command {
                Command::Run(mut job) => {
                    sound = job.run_in(&group.inner).await;
                    jobs.push(job);
                }
                Command::Close(done) => {
                    closing = Some(done);
                    break;
                }
            }
        }
        let failure = finish(group.inner, sound).await;
        if let Some(failure) = &failure {
            tracing::error!(failure, jobs = jobs.len(), "a group of writes was lost");
        }
        for job in jobs {
            job.answer(failure.as_deref());
        }
        closing
    }
}

/// Commits; what went wrong, if anything.
async fn finish(group: DatabaseTransaction, sound: bool) -> Option<String> {
    if sound {
        group.commit().await.err().map(|err| err.to_string())
    } else {
        let undone = group.rollback().await;
        Some(format!("a savepoint could not be ended; the group was undone ({undone:?})"))
    }
}

impl dyn Job {
    /// Runs the job in a savepoint; false when the savepoint could not be ended as it should,
    /// which makes the whole group unsound.
    async fn run_in(&mut self, group: &DatabaseTransaction) -> bool {
        let tx = match group.begin().await {
            Ok(inner) => Tx { inner },
            Err(err) => {
                tracing::error!(%err, "no savepoint");
                return false;
            }
        };
        let ended = match self.run(&tx).await {
            Outcome::Keep => tx.inner.commit().await,
            Outcome::Undo => tx.inner.rollback().await,
        };
        if let Err(err) = &ended {
            tracing::error!(%err, "savepoint not ended");
        }
        ended.is_ok()
    }
}
