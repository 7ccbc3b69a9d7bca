//! `Db::write`: what it promises when all goes well, and when it does not.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
};

use crm::{Db, DbConfig, Error, Lane, Result, settings};
use tokio::sync::{Barrier, Notify};

use crate::support::{TempDir, on_both, on_postgres, on_sqlite, open_sqlite, runtime, try_tx, tx};

type Write = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// Polls each once: after that it stands in its lane.
async fn enqueue(writes: &mut [Write]) {
    poll_fn(|cx| {
        for write in writes.iter_mut() {
            assert!(write.as_mut().poll(cx).is_pending());
        }
        Poll::Ready(())
    })
    .await;
}

/// A write that holds the writer until told to let go.
struct Gate {
    entered: Arc<Notify>,
    open: Arc<Notify>,
    write: tokio::task::JoinHandle<Result<()>>,
}

impl Gate {
    async fn close(db: &Db) -> Self {
        let (entered, open) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (inside, wait) = (entered.clone(), open.clone());
        let db = db.clone();
        let write = tokio::spawn(async move {
            db.write(Lane::Calls, move |_| {
                Box::pin(async move {
                    inside.notify_one();
                    wait.notified().await;
                    Ok(())
                })
            })
            .await
        });
        entered.notified().await;
        Self { entered, open, write }
    }

    async fn let_go(self) {
        self.open.notify_one();
        self.write.await.expect("the gate ran").expect("the gate wrote");
        drop(self.entered);
    }
}

async fn value(db: &impl crm::Read, key: &str) -> Option<i64> {
    settings::get(db, key).await.expect("read")
}

#[test]
fn what_was_answered_is_on_disk() {
    runtime().block_on(async {
        let dir = TempDir::new();
        let db = open_sqlite(dir.path()).await;
        db.migrate().await.expect("schema");
        tx!(db, |tx| settings::put(tx, "k", &7_i64));
        // The files as a crash at this moment would leave them.
        let crashed = TempDir::new();
        for name in ["test.db", "test.db-wal"] {
            std::fs::copy(dir.path().join(name), crashed.path().join(name)).expect("copied");
        }
        let found = open_sqlite(crashed.path()).await;
        assert_eq!(value(&found, "k").await, Some(7));
        found.close().await.expect("closed");
        db.close().await.expect("closed");
    });
}

#[test]
fn writes_that_wait_together_share_a_commit() {
    on_sqlite(|db| async move {
        const JOBS: usize = 50;
        let gate = Gate::close(&db).await;
        // How many of the others' rows were committed when a closure ran, and how many it saw.
        let seen = Arc::new(Mutex::new(Vec::new()));
        let count = |at: usize| {
            let (db, seen) = (db.clone(), seen.clone());
            Box::pin(async move {
                let reader = db.clone();
                db.write(Lane::Calls, move |tx| {
                    Box::pin(async move {
                        let before = format!("k{}", at.wrapping_sub(1));
                        let inside = value(tx, &before).await.is_some();
                        let outside = value(&reader, &before).await.is_some();
                        seen.lock().expect("no panic").push((inside, outside));
                        settings::put(tx, &format!("k{at}"), &1_i64).await
                    })
                })
                .await
            }) as Write
        };
        let mut writes: Vec<Write> = (0..JOBS).map(count).collect();
        enqueue(&mut writes).await;
        gate.let_go().await;
        for write in writes {
            write.await.expect("written");
        }
        assert!(value(&db, "k49").await.is_some(), "committed before the answer");
        let seen = seen.lock().expect("no panic");
        assert!(seen.iter().skip(1).all(|(inside, _)| *inside), "one after the other, in order");
        let shared = seen.iter().filter(|(inside, outside)| *inside && !*outside).count();
        assert!(shared > 0, "no two of {JOBS} waiting writes shared a transaction");
    });
}

#[test]
fn a_write_that_fails_takes_nobody_along() {
    on_both(|db| async move {
        let mut writes = Vec::new();
        for n in 0..40_i64 {
            let db = db.clone();
            writes.push(tokio::spawn(async move {
                let write = db.write(Lane::Calls, move |tx| {
                    Box::pin(async move {
                        settings::put(tx, &format!("k{n}"), &n).await?;
                        match n % 4 {
                            1 => Err(Error::NotFound { what: "test" }),
                            // A statement that fails, not only a closure.
                            2 => crm::sessions::create(tx, uuid::Uuid::nil(), None).await.map(drop),
                            3 => panic!("a closure may panic"),
                            _ => Ok(()),
                        }
                    })
                });
                (n, write.await)
            }));
        }
        for write in writes {
            let (n, outcome) = write.await.expect("ran");
            match n % 4 {
                0 => outcome.expect("a good write stays good"),
                1 => assert!(matches!(outcome, Err(Error::NotFound { what: "test" }))),
                2 => assert!(
                    matches!(outcome, Err(Error::Invalid { code: "unknown_reference", .. })),
                    "{outcome:?}"
                ),
                _ => assert!(matches!(outcome, Err(Error::Panicked)), "{outcome:?}"),
            }
            assert_eq!(value(&db, &format!("k{n}")).await, (n % 4 == 0).then_some(n));
        }
    });
}

#[test]
fn calls_go_before_imports() {
    on_sqlite(|db| async move {
        let gate = Gate::close(&db).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |lane: Lane| {
            let (db, order) = (db.clone(), order.clone());
            Box::pin(async move {
                db.write(lane, move |_| {
                    Box::pin(async move {
                        order.lock().expect("no panic").push(lane);
                        Ok(())
                    })
                })
                .await
            }) as Write
        };
        let lanes = [Lane::Bulk, Lane::Bulk, Lane::Bulk, Lane::Calls, Lane::Calls, Lane::Calls];
        let mut writes: Vec<Write> = lanes.into_iter().map(note).collect();
        enqueue(&mut writes).await;
        gate.let_go().await;
        for write in writes {
            write.await.expect("written");
        }
        let order = order.lock().expect("no panic");
        assert_eq!(*order, [Lane::Calls, Lane::Calls, Lane::Calls, Lane::Bulk, Lane::Bulk, Lane::Bulk]);
    });
}

#[test]
fn a_storm_of_calls_does_not_stop_an_import() {
    on_sqlite(|db| async move {
        let stop = Arc::new(AtomicU32::new(0));
        let storm: Vec<_> = (0..4)
            .map(|_| {
                let (db, stop) = (db.clone(), stop.clone());
                tokio::spawn(async move {
                    while stop.load(Ordering::Relaxed) == 0 {
                        tx!(db, |tx| settings::put(tx, "storm", &1_i64));
                    }
                })
            })
            .collect();
        for n in 0..5_i64 {
            let write =
                db.write(Lane::Bulk, move |tx| Box::pin(async move { settings::put(tx, "bulk", &n).await }));
            write.await.expect("written");
        }
        stop.store(1, Ordering::Relaxed);
        for task in storm {
            task.await.expect("stormed");
        }
        assert_eq!(value(&db, "bulk").await, Some(4));
    });
}

#[test]
fn a_write_that_hangs_is_undone_and_the_next_one_works() {
    on_both(|db| async move {
        let hung = try_tx!(db, |tx| async move {
            settings::put(tx, "hung", &1_i64).await?;
            std::future::pending::<Result<()>>().await
        });
        assert!(matches!(hung, Err(Error::TooSlow { .. })), "{hung:?}");
        tx!(db, |tx| settings::put(tx, "next", &1_i64));
        assert_eq!(value(&db, "hung").await, None);
        assert_eq!(value(&db, "next").await, Some(1));
    });
}

#[test]
fn closing_finishes_what_was_taken_up_and_refuses_the_rest() {
    runtime().block_on(async {
        let dir = TempDir::new();
        let db = open_sqlite(dir.path()).await;
        db.migrate().await.expect("schema");
        let gate = Gate::close(&db).await;
        let put = |lane: Lane| {
            let db = db.clone();
            Box::pin(async move {
                let key = if lane == Lane::Bulk { "bulk" } else { "call" };
                db.write(lane, move |tx| Box::pin(async move { settings::put(tx, key, &1_i64).await })).await
            }) as Write
        };
        let mut writes = vec![put(Lane::Bulk), put(Lane::Calls)];
        enqueue(&mut writes).await;
        let closing = tokio::spawn({
            let db = db.clone();
            async move { db.close().await }
        });
        gate.let_go().await;
        closing.await.expect("ran").expect("closed");
        for write in writes {
            write.await.expect("what was taken up is written");
        }
        assert!(matches!(put(Lane::Calls).await, Err(Error::Closed)));
        let again = open_sqlite(dir.path()).await;
        assert_eq!(value(&again, "bulk").await, Some(1));
        assert_eq!(value(&again, "call").await, Some(1));
        again.close().await.expect("closed");
    });
}

#[test]
fn a_write_outlives_the_one_who_asked() {
    on_sqlite(|db| async move {
        let gate = Gate::close(&db).await;
        let mut asked: Vec<Write> = vec![Box::pin({
            let db = db.clone();
            async move {
                db.write(Lane::Calls, |tx| Box::pin(async move { settings::put(tx, "k", &1_i64).await }))
                    .await
            }
        })];
        enqueue(&mut asked).await;
        drop(asked);
        gate.let_go().await;
        // A later write has its turn after it.
        tx!(db, |tx| settings::put(tx, "later", &1_i64));
        assert_eq!(value(&db, "k").await, Some(1));
    });
}

#[test]
fn a_deadlock_is_tried_again() {
    on_postgres(|db| async move {
        tx!(db, |tx| settings::put(tx, "a", &0_i64));
        tx!(db, |tx| settings::put(tx, "b", &0_i64));
        let meet = Arc::new(Barrier::new(2));
        let attempts = Arc::new(AtomicU32::new(0));
        let cross = |first: &'static str, second: &'static str, n: i64| {
            let (db, meet, attempts) = (db.clone(), meet.clone(), attempts.clone());
            tokio::spawn(async move {
                db.write(Lane::Calls, move |tx| {
                    Box::pin(async move {
                        let attempt = attempts.fetch_add(1, Ordering::SeqCst);
                        settings::put(tx, first, &n).await?;
                        // Both hold their first row before either asks for its second.
                        if attempt < 2 {
                            meet.wait().await;
                        }
                        settings::put(tx, second, &n).await
                    })
                })
                .await
            })
        };
        let (one, two) = (cross("a", "b", 1), cross("b", "a", 2));
        one.await.expect("ran").expect("written");
        two.await.expect("ran").expect("written");
        assert_eq!(attempts.load(Ordering::SeqCst), 3, "one of the two was run again");
        assert_eq!(value(&db, "a").await, value(&db, "b").await, "whole transactions");
    });
}

#[test]
fn two_processes_may_write_to_one_file() {
    runtime().block_on(async {
        let dir = TempDir::new();
        let (server, tool) = (open_sqlite(dir.path()).await, open_sqlite(dir.path()).await);
        server.migrate().await.expect("schema");
        let mut writes = Vec::new();
        for n in 0..100_i64 {
            let db = if n % 2 == 0 { server.clone() } else { tool.clone() };
            writes.push(tokio::spawn(async move {
                tx!(db, |tx| async move {
                    // Reads before it writes: the case in which a deferred transaction fails.
                    let sum: i64 = settings::get(tx, "sum").await?.unwrap_or(0);
                    settings::put(tx, "sum", &(sum + n)).await
                });
            }));
        }
        for write in writes {
            write.await.expect("written");
        }
        assert_eq!(value(&server, "sum").await, Some((0..100).sum()));
        server.close().await.expect("closed");
        tool.close().await.expect("closed");
    });
}

#[test]
fn the_schema_is_made_once() {
    on_both(|db| async move {
        assert_eq!(db.pending_migrations().await.expect("asked"), 0);
        db.migrate().await.expect("nothing to do");
        db.ping().await.expect("there");
    });
    runtime().block_on(async {
        let dir = TempDir::new();
        let db = open_sqlite(dir.path()).await;
        assert_eq!(db.pending_migrations().await.expect("asked"), 16);
        db.close().await.expect("closed");
    });
}

#[test]
fn databases_that_cannot_be_are_refused() {
    runtime().block_on(async {
        for url in ["", "mysql://localhost/x", "sqlite::memory:", "sqlite:file?mode=memory"] {
            let opened = Db::open(&DbConfig::new(url)).await;
            assert!(matches!(opened, Err(Error::Invalid { field: "url", .. })), "{url}: {opened:?}");
        }
        let nowhere = Db::open(&DbConfig::new("sqlite:/nonexistent/folder/x.db")).await;
        assert!(matches!(nowhere, Err(Error::Database(_))), "{nowhere:?}");
    });
}
