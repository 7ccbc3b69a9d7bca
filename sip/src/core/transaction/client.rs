//! Client transactions: RFC 3261 section 17.1.1 (INVITE) and 17.1.2 (all others).

use std::time::Duration;

use bytes::Bytes;

use super::Tick;
use crate::{
    Timers,
    core::{flow::Flow, time::Time},
    wire::{Headers, Method, Request, Response},
};

/// Timer D on an unreliable transport: at least 32 s (RFC 3261 section 17.1.1.2).
const TIMER_D: Duration = Duration::from_secs(32);

/// How long a peer may leave a re-INVITE without final answer after it said that it works on
/// it: as long as a proxy would wait (timer C, RFC 3261 section 16.6). The dialog may be gone
/// by then, so nobody else would end the wait.
const REINVITE_PATIENCE: Duration = Duration::from_secs(180);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Calling, or Trying: nothing heard yet.
    Asking {
        resend_at: Option<Time>,
        pause: Duration,
        until: Time,
    },
    /// A non-INVITE request with a provisional answer: goes on being repeated, slowly.
    Proceeding {
        resend_at: Option<Time>,
        until: Time,
    },
    /// An INVITE with a provisional answer. The first of a call has no timer: whoever called
    /// sets the limit.
    InviteProceeding {
        until: Option<Time>,
    },
    /// RFC 6026 section 7.2: 2xx copies of every branch pass to the user, until timer M.
    Accepted {
        until: Time,
    },
    /// A final answer was passed on; copies are absorbed until timer D or K.
    Completed {
        until: Time,
    },
    Terminated,
}

/// What came of a response.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// Whether it is news for the transaction user.
    pub deliver: bool,
    /// An ACK to send (section 17.1.1.3).
    pub send: Option<Bytes>,
}

/// One request of ours and the wait for its final answer.
#[derive(Debug)]
pub(crate) struct ClientTransaction {
    pub request: Request,
    pub flow: Flow,
    wire: Bytes,
    state: State,
    /// The ACK to a final answer of 300 or above, to be repeated with its copies.
    ack: Option<Bytes>,
}

impl ClientTransaction {
    /// Begins; the caller sends the first copy, see [`Self::wire`].
    pub fn new(now: Time, request: Request, flow: Flow, timers: &Timers) -> Self {
        let wire = request.to_bytes();
        // Timers A and E repeat on unreliable transports alone.
        let resend_at = (!flow.reliable()).then(|| now + timers.t1);
        Self {
            request,
            flow,
            wire,
            state: State::Asking { resend_at, pause: timers.t1, until: now + timers.transaction() },
            ack: None,
        }
    }

    pub fn wire(&self) -> Bytes {
        self.wire.clone()
    }

    fn is_invite(&self) -> bool {
        self.request.method == Method::Invite
    }

    /// A response with our branch.
    pub fn hear(&mut self, now: Time, response: &Response, timers: &Timers) -> Heard {
        match self.state {
            State::Asking { until, .. } | State::Proceeding { until, .. } if !response.is_final() => {
                self.state = if self.is_invite() {
                    let again = self.request.head.to_tag.is_some();
                    State::InviteProceeding { until: again.then(|| now + REINVITE_PATIENCE) }
                } else {
                    // Section 17.1.2.2: timer E runs on with T2.
                    State::Proceeding { resend_at: (!self.flow.reliable()).then(|| now + timers.t2), until }
                };
                deliver()
            }
            State::InviteProceeding { .. } if !response.is_final() => deliver(),
            State::Asking { .. } | State::Proceeding { .. } | State::InviteProceeding { .. } => {
                self.finish(now, response, timers)
            }
            State::Accepted { .. } if (200..300).contains(&response.code) => deliver(),
            State::Completed { .. } if response.is_final() => {
                Heard { deliver: false, send: self.ack.clone() }
            }
            State::Accepted { .. } | State::Completed { .. } | State::Terminated => Heard::default(),
        }
    }

    fn finish(&mut self, now: Time, response: &Response, timers: &Timers) -> Heard {
        let send = if !self.is_invite() {
            let timer_k = if self.flow.reliable() { Duration::ZERO } else { timers.t4 };
            self.state = State::Completed { until: now + timer_k };
            None
        } else if response.code < 300 {
            self.state = State::Accepted { until: now + timers.transaction() };
            None
        } else {
            let timer_d = if self.flow.reliable() { Duration::ZERO } else { TIMER_D };
            self.state = State::Completed { until: now + timer_d };
            self.ack = Some(self.acknowledge(response));
            self.ack.clone()
        };
        Heard { deliver: true, send }
    }

    /// Section 17.1.1.3: the ACK to a refusal belongs to the transaction: the top Via
    /// alone, same request URI, same route, and the To of the response.
    fn acknowledge(&self, response: &Response) -> Bytes {
        let mut headers = Headers::default();
        headers.push("Via", self.request.headers.get("Via").unwrap_or_default());
        for name in ["Route", "Max-Forwards", "From", "Call-ID"] {
            for value in self.request.headers.all(name) {
                headers.push(name, value);
            }
        }
        headers.push("To", response.headers.get("To").unwrap_or_default());
        headers.push("CSeq", format!("{} ACK", self.request.head.cseq));
        Request {
            method: Method::Ack,
            uri: self.request.uri.clone(),
            headers,
            body: Bytes::new(),
            head: self.request.head.clone(),
            wire: Bytes::new(),
        }
        .to_bytes()
    }

    /// Whether a final answer is still to come.
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, State::Asking { .. } | State::Proceeding { .. } | State::InviteProceeding { .. })
    }

    /// Gives up waiting: a cancelled INVITE that never got a final answer (section 9.1).
    pub fn abandon(&mut self) {
        self.state = State::Terminated;
    }

    /// When [`Self::tick`] is due.
    pub fn deadline(&self) -> Option<Time> {
        match self.state {
            State::Asking { resend_at, until, .. } | State::Proceeding { resend_at, until } => {
                Some(resend_at.map_or(until, |at| at.min(until)))
            }
            State::InviteProceeding { until } => until,
            State::Accepted { until } | State::Completed { until } => Some(until),
            State::Terminated => Some(Time(i64::MIN)),
        }
    }

    pub fn tick(&mut self, now: Time, timers: &Timers) -> Tick {
        let invite = self.is_invite();
        match &mut self.state {
            State::Asking { until, .. }
            | State::Proceeding { until, .. }
            | State::InviteProceeding { until: Some(until) }
                if *until <= now =>
            {
                self.state = State::Terminated;
                Tick { timed_out: true, done: true, send: None }
            }
            State::Asking { resend_at: Some(at), pause, .. } if *at <= now => {
                // Timer A doubles; timer E doubles up to T2.
                *pause = if invite { *pause * 2 } else { (*pause * 2).min(timers.t2) };
                *at = now + *pause;
                self.resend()
            }
            State::Proceeding { resend_at: Some(at), .. } if *at <= now => {
                *at = now + timers.t2;
                self.resend()
            }
            State::Accepted { until } | State::Completed { until } if *until <= now => {
                Tick { done: true, ..Tick::default() }
            }
            State::Terminated => Tick { done: true, ..Tick::default() },
            _ => Tick::default(),
        }
    }

    fn resend(&self) -> Tick {
        Tick { send: Some(self.wire()), ..Tick::default() }
    }
}

fn deliver() -> Heard {
    Heard { deliver: true, send: None }
}
