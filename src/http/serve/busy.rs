//! How many requests of one connection are underway, from their headers to the last byte of the answer.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use tokio::sync::watch;

#[derive(Clone)]
pub struct Busy(Arc<watch::Sender<usize>>);

/// One request. It is over when this is dropped.
pub struct Work(Arc<watch::Sender<usize>>);

impl Busy {
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    pub fn begin(&self) -> Work {
        self.0.send_modify(|underway| *underway += 1);
        Work(Arc::clone(&self.0))
    }

    /// Resolves when nothing has been asked and nothing was underway for this long.
    pub async fn idle(&self, patience: Duration) {
        let mut underway = self.0.subscribe();
        loop {
            let idle = *underway.borrow_and_update() == 0;
            tokio::select! {
                () = tokio::time::sleep(patience), if idle => return,
                // Never an error: the sender is ours.
                _ = underway.changed() => {}
            }
        }
    }
}

impl Work {
    /// The answer's body, with which the work ends.
    pub fn until_sent(self, body: Body) -> Answering {
        Answering { body, _work: self }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.send_modify(|underway| *underway -= 1);
    }
}

/// A body that is being sent.
pub struct Answering {
    body: Body,
    _work: Work,
}

impl hyper::body::Body for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(10);

    #[tokio::test]
    async fn idle_is_when_the_last_answer_is_sent() {
        let busy = Busy::new();
        busy.idle(SHORT).await;
        let body = busy.begin().until_sent(Body::from("an answer"));
        let other = busy.begin();
        drop(other);
        assert!(tokio::time::timeout(10 * SHORT, busy.idle(SHORT)).await.is_err(), "one is underway");
        drop(body);
        busy.idle(SHORT).await;
    }
}
