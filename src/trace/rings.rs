//! What is held in memory: messages by leg, legs by call. Pure.

use std::collections::{HashMap, VecDeque};

use tokio::time::{Duration, Instant};
use uuid::Uuid;

use super::limits::{
    ALL_BYTES_LIMIT, CALL_BYTES_LIMIT, CALL_LEGS_LIMIT, LEG_BYTES_LIMIT, LEG_CALLS_LIMIT, LEG_MESSAGES_LIMIT,
    MESSAGE_OVERHEAD_BYTES,
};
use super::message::Message;
use super::redact;

/// A leg that no call has taken by then is nobody's: the rows come at once.
const UNCLAIMED_LIMIT: Duration = Duration::from_secs(60);
/// After its end a call's last answers and their copies are waited for: eight copies at T1
/// (RFC 3261 section 17.1.2.2) on a network that works.
const LINGER: Duration = Duration::from_secs(4);

/// What was said about one call, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub messages: Vec<Message>,
    /// Messages that there was no room for.
    pub left_out: u64,
}

#[derive(Default)]
pub struct Rings {
    legs: HashMap<String, Leg>,
    calls: HashMap<Uuid, Call>,
    /// Legs in the order in which they were first heard of, to be looked at once.
    unclaimed: VecDeque<(Instant, String)>,
    /// Calls in the order of their ends.
    over: VecDeque<(Instant, Uuid)>,
    bytes: usize,
}

#[derive(Default)]
struct Leg {
    /// Whose it is. It may go over from one call into another, and is then told of in both; the
    /// newest pays for its room.
    calls: Vec<Uuid>,
    first: Vec<Message>,
    last: VecDeque<Message>,
    bytes: usize,
    left_out: u64,
}

#[derive(Default)]
struct Call {
    legs: Vec<String>,
    masked: bool,
    bytes: usize,
    left_out: u64,
}

impl Rings {
    /// Whether what may be digits on this leg is to be removed now.
    pub fn is_masked(&self, sip_call_id: &str) -> bool {
        let calls = self.legs.get(sip_call_id).map(|leg| &*leg.calls).unwrap_or_default();
        calls.iter().filter_map(|call| self.calls.get(call)).any(|call| call.masked)
    }

    pub fn add(&mut self, now: Instant, message: Message) {
        let size = size_of_message(&message);
        if !self.legs.contains_key(&message.sip_call_id) {
            if self.bytes + size > ALL_BYTES_LIMIT {
                return;
            }
            self.unclaimed.push_back((now, message.sip_call_id.clone()));
        }
        let leg = self.legs.entry(message.sip_call_id.clone()).or_default();
        let mut others = Call::default();
        let call = leg.calls.last().and_then(|call| self.calls.get_mut(call)).unwrap_or(&mut others);
        // What lies between a leg's beginning and its newest gives way: a flood pays for itself, and
        // the end is seen.
        while leg.last.len() == LEG_MESSAGES_LIMIT / 2
            || leg.bytes + size > LEG_BYTES_LIMIT
            || call.bytes + size > CALL_BYTES_LIMIT
            || self.bytes + size > ALL_BYTES_LIMIT
        {
            leg.left_out += 1;
            let Some(oldest) = leg.last.pop_front() else { return };
            let freed = size_of_message(&oldest);
            leg.bytes -= freed;
            call.bytes = call.bytes.saturating_sub(freed);
            self.bytes -= freed;
        }
        leg.bytes += size;
        call.bytes += size;
        self.bytes += size;
        let beginning = leg.first.len() < LEG_MESSAGES_LIMIT / 2 && leg.bytes <= LEG_BYTES_LIMIT / 2;
        if beginning && leg.last.is_empty() {
            leg.first.push(message);
        } else {
            leg.last.push_back(message);
        }
    }

    pub fn belongs(&mut self, now: Instant, sip_call_id: String, id: Uuid) {
        let call = self.calls.entry(id).or_default();
        if call.legs.contains(&sip_call_id) {
            return;
        }
        if call.legs.len() == CALL_LEGS_LIMIT {
            call.left_out += 1;
            return;
        }
        if !self.legs.contains_key(&sip_call_id) {
            self.unclaimed.push_back((now, sip_call_id.clone()));
        }
        let leg = self.legs.entry(sip_call_id.clone()).or_default();
        if leg.calls.len() == LEG_CALLS_LIMIT {
            call.left_out += 1;
            return;
        }
        leg.calls.push(id);
        if call.masked {
            self.bytes -= leg.bytes;
            leg.bytes = 0;
            for message in leg.first.iter_mut().chain(leg.last.iter_mut()) {
                message.text = redact::redact(message.text.as_bytes(), true);
                leg.bytes += size_of_message(message);
            }
            self.bytes += leg.bytes;
        }
        call.bytes += leg.bytes;
        call.legs.push(sip_call_id);
    }

    /// Only a call that has legs can have digits.
    pub fn mask(&mut self, call: Uuid, masked: bool) {
        if let Some(call) = self.calls.get_mut(&call) {
            call.masked = masked;
        }
    }

    pub fn over(&mut self, now: Instant, call: Uuid) {
        if self.calls.contains_key(&call) {
            self.over.push_back((now + LINGER, call));
        }
    }

    /// What was said so far.
    pub fn of(&self, call: Uuid) -> Option<Said> {
        let call = self.calls.get(&call)?;
        let legs: Vec<&Leg> = call.legs.iter().filter_map(|leg| self.legs.get(leg)).collect();
        let mut messages: Vec<Message> =
            legs.iter().flat_map(|leg| leg.first.iter().chain(&leg.last)).cloned().collect();
        messages.sort_by_key(|message| message.at_unix_us);
        Some(Said { messages, left_out: call.left_out + legs.iter().map(|leg| leg.left_out).sum::<u64>() })
    }

    /// When something is to be done next.
    pub fn next_at(&self) -> Option<Instant> {
        let over = self.over.front().map(|(at, _)| *at);
        let unclaimed = self.unclaimed.front().map(|(since, _)| *since + UNCLAIMED_LIMIT);
        [over, unclaimed].into_iter().flatten().min()
    }

    /// A call whose last messages have come, out of here; legs that are nobody's are forgotten.
    pub fn due(&mut self, now: Instant) -> Option<(Uuid, Said)> {
        while let Some((since, _)) = self.unclaimed.front()
            && *since + UNCLAIMED_LIMIT <= now
        {
            let leg = self.unclaimed.pop_front().map(|(_, leg)| leg).unwrap_or_default();
            if self.legs.get(&leg).is_some_and(|leg| leg.calls.is_empty()) {
                self.forget(&leg);
            }
        }
        if self.over.front().is_none_or(|(at, _)| *at > now) {
            return None;
        }
        let (_, call) = self.over.pop_front()?;
        Some((call, self.take(call)))
    }

    /// One of the calls that have ended, however lately.
    pub fn any_over(&mut self) -> Option<(Uuid, Said)> {
        let (_, call) = self.over.pop_front()?;
        Some((call, self.take(call)))
    }

    fn take(&mut self, id: Uuid) -> Said {
        let said = self.of(id).unwrap_or_default();
        for name in self.calls.remove(&id).map(|call| call.legs).unwrap_or_default() {
            let Some(leg) = self.legs.get_mut(&name) else { continue };
            leg.calls.retain(|call| *call != id);
            if leg.calls.is_empty() {
                self.forget(&name);
            }
        }
        said
    }

    fn forget(&mut self, leg: &str) {
        if let Some(leg) = self.legs.remove(leg) {
            self.bytes -= leg.bytes;
        }
    }
}

fn size_of_message(message: &Message) -> usize {
    message.text.len() + message.sip_call_id.len() + MESSAGE_OVERHEAD_BYTES
}

#[cfg(test)]
mod tests;
