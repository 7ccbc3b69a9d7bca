//! Transactions: RFC 3261 section 17 with the corrections of RFC 6026.

mod client;
mod key;
mod server;
#[cfg(test)]
mod tests;

pub(crate) use client::ClientTransaction;
pub(crate) use key::{ClientKey, ServerKey};
pub(crate) use server::ServerTransaction;

use std::time::Duration;

use bytes::Bytes;

use crate::Timers;

/// What a transaction wants when its time has come.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tick {
    /// A copy to send.
    pub send: Option<Bytes>,
    /// Nobody answered (timers B, F) or acknowledged (timer H).
    pub timed_out: bool,
    /// The transaction is terminated: forget it.
    pub done: bool,
}

impl Timers {
    /// 64*T1: how long a request is repeated (timers B, F, H, J, L, M).
    pub(crate) fn transaction(&self) -> Duration {
        self.t1 * 64
    }
}
