//! The table of calls, with the line of each queue and the end of each caller's patience.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::{AgentId, CallId, OfferId, QueueId, Time};

/// A caller's place in line, kept until somebody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) queue: QueueId,
    pub(crate) priority: i32,
    pub(crate) since: Time,
    /// Counted up with each arrival: earlier is lower, even within one millisecond.
    pub(crate) number: u64,
    /// When the longest wait passes.
    pub(crate) due: Option<Time>,
}

/// The order of a queue's line: first is served first.
pub(crate) type Rank = (Reverse<i32>, u64);

impl Ticket {
    pub(crate) fn rank(&self) -> Rank {
        (Reverse(self.priority), self.number)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Waiting(Ticket),
    Ringing {
        ticket: Ticket,
        agent: AgentId,
        offer: OfferId,
    },
    /// Talking with an agent, or being dialled by one.
    With {
        agent: AgentId,
    },
}

impl Call {
    pub(crate) fn ticket(&self) -> Option<&Ticket> {
        match self {
            Call::Waiting(ticket) | Call::Ringing { ticket, .. } => Some(ticket),
            Call::With { .. } => None,
        }
    }

    /// A phone that rings when the longest wait passes rings on.
    fn due(&self) -> Option<Time> {
        match self {
            Call::Waiting(ticket) => ticket.due,
            Call::Ringing { .. } | Call::With { .. } => None,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    calls: BTreeMap<CallId, Call>,
    /// Waiting and ringing calls of each queue that has any.
    order: BTreeMap<QueueId, BTreeSet<(Rank, CallId)>>,
    due: BTreeSet<(Time, CallId)>,
}

impl Line {
    pub(crate) fn get(&self, id: CallId) -> Option<&Call> {
        self.calls.get(&id)
    }

    pub(crate) fn len(&self) -> usize {
        self.calls.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (CallId, &Call)> {
        self.calls.iter().map(|(id, call)| (*id, call))
    }

    /// Puts the call where it is now; one that is known moves.
    pub(crate) fn put(&mut self, id: CallId, call: Call) {
        self.remove(id);
        if let Some(ticket) = call.ticket() {
            self.order.entry(ticket.queue).or_default().insert((ticket.rank(), id));
        }
        if let Some(due) = call.due() {
            self.due.insert((due, id));
        }
        self.calls.insert(id, call);
    }

    pub(crate) fn remove(&mut self, id: CallId) -> Option<Call> {
        let call = self.calls.remove(&id)?;
        if let Some(ticket) = call.ticket()
            && let Some(line) = self.order.get_mut(&ticket.queue)
        {
            line.remove(&(ticket.rank(), id));
            if line.is_empty() {
                self.order.remove(&ticket.queue);
            }
        }
        if let Some(due) = call.due() {
            self.due.remove(&(due, id));
        }
        Some(call)
    }

    /// Queues in which somebody waits or is rung for.
    pub(crate) fn queues(&self) -> impl Iterator<Item = QueueId> {
        self.order.keys().copied()
    }

    /// The queue's calls in the order in which they are served.
    pub(crate) fn of(&self, queue: QueueId) -> impl Iterator<Item = (CallId, &Call)> {
        self.order.get(&queue).into_iter().flatten().filter_map(|(_, id)| Some((*id, self.calls.get(id)?)))
    }

    /// The first in line for whom no phone rings.
    pub(crate) fn next_of(&self, queue: QueueId) -> Option<(CallId, Ticket)> {
        self.of(queue).find_map(|(id, call)| match call {
            Call::Waiting(ticket) => Some((id, *ticket)),
            Call::Ringing { .. } | Call::With { .. } => None,
        })
    }

    /// The place of a ticket, from 1.
    pub(crate) fn position(&self, ticket: &Ticket) -> usize {
        let ahead = self
            .order
            .get(&ticket.queue)
            .map_or(0, |line| line.iter().take_while(|(rank, _)| *rank < ticket.rank()).count());
        ahead + 1
    }

    pub(crate) fn first_due(&self) -> Option<(Time, CallId)> {
        self.due.first().copied()
    }

    /// Gives each caller in line the end of patience that `due` says.
    pub(crate) fn reschedule(&mut self, due: impl Fn(&Ticket) -> Option<Time>) {
        let in_line: Vec<CallId> = self.order.values().flatten().map(|(_, id)| *id).collect();
        for id in in_line {
            let Some(mut call) = self.calls.get(&id).copied() else {
                continue;
            };
            if let Call::Waiting(ticket) | Call::Ringing { ticket, .. } = &mut call {
                ticket.due = due(ticket);
            }
            self.put(id, call);
        }
    }

    /// # Errors
    /// What an index says that the table does not, or the other way round.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut order: BTreeMap<QueueId, BTreeSet<(Rank, CallId)>> = BTreeMap::new();
        for (id, call) in self.iter() {
            if let Some(ticket) = call.ticket() {
                order.entry(ticket.queue).or_default().insert((ticket.rank(), id));
            }
        }
        let due: BTreeSet<_> = self.iter().filter_map(|(id, call)| Some((call.due()?, id))).collect();
        if order != self.order {
            return Err(format!("lines: {:?}, not {order:?}", self.order));
        }
        if due != self.due {
            return Err(format!("callers' patience: {:?}, not {due:?}", self.due));
        }
        Ok(())
    }
}
