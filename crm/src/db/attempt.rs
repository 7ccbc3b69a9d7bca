//! One closure on one transaction, whatever it does: it may fail, hang or panic.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use super::{Tx, WRITE_LIMIT};
use crate::{Error, Result};

/// Runs the closure against the clock and catches its panic. The caller undoes or keeps.
pub(super) async fn attempt<T, F>(tx: &Tx, work: F) -> Result<T>
where
    F: for<'a> FnOnce(&'a Tx) -> super::BoxFuture<'a, Result<T>>,
{
    let guarded = async {
        let Ok(mut future) = catch_unwind(AssertUnwindSafe(|| work(tx))) else {
            return Err(Error::Panicked);
        };
        poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(poll) => poll,
            Err(_) => Poll::Ready(Err(Error::Panicked)),
        })
        .await
    };
    let limit_ms = u64::try_from(WRITE_LIMIT.as_millis()).unwrap_or(u64::MAX);
    tokio::time::timeout(WRITE_LIMIT, pin!(guarded)).await.unwrap_or(Err(Error::TooSlow { limit_ms }))
}
