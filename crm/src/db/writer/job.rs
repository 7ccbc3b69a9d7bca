//! A closure on its way to the writer, its type forgotten, and its answer on the way back.

use tokio::sync::oneshot;

use super::super::{BoxFuture, Tx, attempt::attempt};
use crate::{Error, Result};

pub(super) enum Outcome {
    Keep,
    Undo,
}

pub(super) trait Job: Send {
    /// Runs the closure, once.
    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, Outcome>;
    /// Tells the caller: its own error, else `failure` of the common commit, else its value.
    fn answer(self: Box<Self>, failure: Option<&str>);
}

pub(super) struct Typed<T, F> {
    work: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Typed<T, F>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Send + 'static,
{
    pub(super) fn boxed(work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T>>) {
        let (reply, answer) = oneshot::channel();
        (Box::new(Self { work: Some(work), result: None, reply }), answer)
    }
}

impl<T, F> Job for Typed<T, F>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return Outcome::Undo;
            };
            let result = attempt(tx, work).await;
            let outcome = if result.is_ok() { Outcome::Keep } else { Outcome::Undo };
            self.result = Some(result);
            outcome
        })
    }

    fn answer(self: Box<Self>, failure: Option<&str>) {
        let result = match (self.result, failure) {
            (Some(Err(err)), _) => Err(err),
            (_, Some(failure)) => Err(Error::Commit(failure.to_owned())),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(Error::Closed),
        };
        // The caller may have gone; the write stands.
        self.reply.send(result).ok();
    }
}
