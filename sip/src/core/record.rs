//! Which messages are shown to the observer: those of running legs, and of legs that were over a
//! moment ago, as their copies still come.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;

use super::{Core, flow::Flow, room::GivesBack, time::Time, transaction::ServerKey};
use crate::{
    Direction, Observed, Observer,
    wire::{Message, call_id_of, redact},
};

/// Calls that are over and still watched: of 64*T1 at 500 calls a second. Beyond, the oldest is
/// let go of early.
const OVER_MAX: usize = 16_384;

/// What the observer sees.
#[derive(Debug)]
pub(super) struct Record {
    observer: Arc<dyn Observer>,
    /// The time of what is being done.
    now: Time,
    /// Legs by Call-ID, those that are over included.
    legs: HashMap<String, usize>,
    /// When to forget the ones that are over.
    over: VecDeque<(Time, String)>,
}

impl Record {
    pub fn new(observer: Arc<dyn Observer>) -> Self {
        Self { observer, now: Time(0), legs: HashMap::new(), over: VecDeque::new() }
    }

    fn show(&self, at: Time, direction: Direction, flow: Flow, call_id: &str, bytes: &Bytes) {
        self.observer.message(Observed {
            sip_call_id: call_id.to_owned(),
            at_unix_us: at.0.saturating_mul(1000),
            direction,
            local: flow.local,
            remote: flow.remote,
            transport: flow.transport,
            bytes: redact(bytes),
        });
    }

    pub fn give_back(&mut self) {
        self.forget_old();
        self.legs.give_back();
        self.over.give_back();
    }

    fn forget_old(&mut self) {
        while let Some((until, _)) = self.over.front() {
            if *until > self.now && self.over.len() <= OVER_MAX {
                return;
            }
            let Some((_, call_id)) = self.over.pop_front() else {
                return;
            };
            if let Some(legs) = self.legs.get_mut(&call_id) {
                *legs -= 1;
                if *legs == 0 {
                    self.legs.remove(&call_id);
                }
            }
        }
    }
}

impl Core {
    /// Something is done at this time.
    pub(super) fn record_time(&mut self, now: Time) {
        if let Some(record) = &mut self.record {
            record.now = now;
        }
    }

    pub(super) fn record_received(&self, flow: Flow, message: &Message) {
        let Some(record) = &self.record else {
            return;
        };
        let (call_id, wire) = match message {
            Message::Request(request) => (&request.head.call_id, &request.wire),
            Message::Response(response) => (&response.head.call_id, &response.wire),
        };
        if record.legs.contains_key(call_id) {
            record.show(record.now, Direction::In, flow, call_id, wire);
        }
    }

    pub(super) fn record_sent(&self, flow: Flow, bytes: &Bytes) {
        let Some(record) = &self.record else {
            return;
        };
        if let Some(call_id) = call_id_of(bytes).filter(|call_id| record.legs.contains_key(*call_id)) {
            record.show(record.now, Direction::Out, flow, call_id, bytes);
        }
    }

    /// A leg begins. What belongs to it is shown from now on.
    pub(super) fn record_leg(&mut self, call_id: &str) {
        if let Some(record) = &mut self.record {
            record.forget_old();
            *record.legs.entry(call_id.to_owned()).or_default() += 1;
        }
    }

    /// An INVITE has become a leg: it is shown, and what it was answered before it was known whose
    /// it is.
    pub(super) fn record_invite(&mut self, key: &ServerKey, flow: Flow) {
        let Some((record, server)) = self.record.as_ref().zip(self.servers.get(key)) else {
            return;
        };
        let invite = &server.transaction.request;
        record.show(server.since, Direction::In, flow, &invite.head.call_id, &invite.wire);
        if let Some(answer) = server.transaction.last() {
            record.show(server.since, Direction::Out, server.transaction.reply, &invite.head.call_id, answer);
        }
    }

    /// A leg is over.
    pub(super) fn record_over(&mut self, call_id: &str) {
        let life = self.config.timers.transaction();
        if let Some(record) = &mut self.record {
            record.over.push_back((record.now + life, call_id.to_owned()));
            record.forget_old();
        }
    }
}
