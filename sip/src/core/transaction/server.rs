//! Server transactions: RFC 3261 section 17.2.1 (INVITE) and 17.2.2 (all others).

use std::time::Duration;

use bytes::Bytes;

use super::Tick;
use crate::{
    Timers,
    core::{flow::Flow, time::Time},
    wire::{Method, Request, Response},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No final answer yet.
    Proceeding,
    /// RFC 6026 section 7.1: a 2xx was sent. Its copies are the user's business; copies of
    /// the INVITE are absorbed until timer L.
    Accepted { until: Time },
    /// INVITE refused: the answer is repeated (timer G) until the ACK or timer H.
    Refused { resend_at: Option<Time>, pause: Duration, until: Time },
    /// The ACK came; its copies are absorbed until timer I.
    Confirmed { until: Time },
    /// Another request answered; its copies get the answer again until timer J.
    Completed { until: Time },
}

/// One request of a peer and our answers to it.
#[derive(Debug)]
pub(crate) struct ServerTransaction {
    pub request: Request,
    /// Where the answers go (RFC 3261 section 18.2.2, RFC 3581 section 4).
    pub reply: Flow,
    /// The latest answer.
    last: Option<Bytes>,
    state: State,
}

impl ServerTransaction {
    pub fn new(request: Request, reply: Flow) -> Self {
        Self { request, reply, last: None, state: State::Proceeding }
    }

    /// The latest answer.
    pub fn last(&self) -> Option<&Bytes> {
        self.last.as_ref()
    }

    /// Whether a final answer may still be given.
    pub fn is_open(&self) -> bool {
        self.state == State::Proceeding
    }

    /// The user answers. Returns what to send; `None` when a final answer was given before.
    pub fn answer(&mut self, now: Time, response: &Response, timers: &Timers) -> Option<Bytes> {
        if !self.is_open() {
            return None;
        }
        let wire = response.to_bytes();
        let unreliable = !self.reply.reliable();
        if response.is_final() {
            let transaction = now + timers.transaction();
            self.state = match (&self.request.method, response.code) {
                (Method::Invite, ..300) => State::Accepted { until: transaction },
                (Method::Invite, _) => State::Refused {
                    resend_at: unreliable.then(|| now + timers.t1),
                    pause: timers.t1,
                    until: transaction,
                },
                _ => State::Completed { until: if unreliable { transaction } else { now } },
            };
        }
        self.last = Some(wire.clone());
        Some(wire)
    }

    /// A copy of the request came. Returns the answer to repeat.
    pub fn hear_copy(&self) -> Option<Bytes> {
        match self.state {
            State::Proceeding | State::Refused { .. } | State::Completed { .. } => self.last.clone(),
            State::Accepted { .. } | State::Confirmed { .. } => None,
        }
    }

    /// An ACK with our branch came: the refusal arrived. An ACK to a 2xx has a branch of its
    /// own and never gets here.
    pub fn hear_ack(&mut self, now: Time, timers: &Timers) {
        if let State::Refused { .. } = self.state {
            let timer_i = if self.reply.reliable() { Duration::ZERO } else { timers.t4 };
            self.state = State::Confirmed { until: now + timer_i };
        }
    }

    /// When [`Self::tick`] is due.
    pub fn deadline(&self) -> Option<Time> {
        match self.state {
            State::Proceeding => None,
            State::Refused { resend_at, until, .. } => Some(resend_at.map_or(until, |at| at.min(until))),
            State::Accepted { until } | State::Confirmed { until } | State::Completed { until } => {
                Some(until)
            }
        }
    }

    pub fn tick(&mut self, now: Time, timers: &Timers) -> Tick {
        match &mut self.state {
            State::Refused { until, .. } if *until <= now => Tick { timed_out: true, done: true, send: None },
            State::Refused { resend_at: Some(at), pause, .. } if *at <= now => {
                *pause = (*pause * 2).min(timers.t2);
                *at = now + *pause;
                Tick { send: self.last.clone(), ..Tick::default() }
            }
            State::Accepted { until } | State::Confirmed { until } | State::Completed { until }
                if *until <= now =>
            {
                Tick { done: true, ..Tick::default() }
            }
            _ => Tick::default(),
        }
    }
}
