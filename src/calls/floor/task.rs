//! The floor's task: messages and deadlines in, the engine asked, its answer carried out.

use std::collections::{BTreeMap, BTreeSet};

use callcenter::{AgentId, CallId, Engine, Input, Output, QueueId};
use tokio::sync::mpsc;
use tracing::{debug, info, warn};

use super::translate;
use super::{Answer, CallMailbox, CallMessage, FLOOR_LIMIT, Floor, FloorMessage};
use crate::calls::board::{Board, News};
use crate::calls::clock::Clock;

/// What the floor works with. The engine comes with its queues and members.
pub struct FloorParts {
    pub engine: Engine,
    pub board: Board,
    pub clock: Clock,
}

/// Starts the floor's task; it ends when the last door is dropped.
pub fn start(parts: FloorParts) -> Floor {
    let (messages, inbox) = mpsc::channel(FLOOR_LIMIT);
    let keeper = Keeper {
        engine: parts.engine,
        board: parts.board,
        clock: parts.clock,
        calls: BTreeMap::new(),
        parked: BTreeMap::new(),
        legs: BTreeMap::new(),
        beside: BTreeMap::new(),
    };
    tokio::spawn(keeper.run(inbox));
    Floor { messages }
}

struct Keeper {
    engine: Engine,
    board: Board,
    clock: Clock,
    calls: BTreeMap<CallId, CallMailbox>,
    parked: BTreeMap<u16, CallId>,
    /// Bounded by what signalling and the calls hold at a time.
    legs: BTreeMap<sip::LegId, CallId>,
    /// Second calls of agents, at most one each.
    beside: BTreeMap<AgentId, CallId>,
}

/// Where calls are parked: numbers that are easy to say and to dial.
pub const PARKING_SLOTS: std::ops::RangeInclusive<u16> = 701..=799;

impl Keeper {
    async fn run(mut self, mut inbox: mpsc::Receiver<FloorMessage>) {
        self.show_everything().await;
        loop {
            let message = match self.engine.next_deadline() {
                None => inbox.recv().await,
                Some(deadline) => {
                    let at = self.clock.instant_of(deadline).into();
                    tokio::select! {
                        biased;
                        () = tokio::time::sleep_until(at) => {
                            self.handle(Input::Tick).await;
                            continue;
                        }
                        message = inbox.recv() => message,
                    }
                }
            };
            let Some(message) = message else { break };
            self.take(message).await;
        }
        info!("floor stopped");
    }

    async fn take(&mut self, message: FloorMessage) {
        match message {
            FloorMessage::Register { call, mailbox } => {
                self.calls.insert(call, mailbox);
            }
            FloorMessage::Forget(call) => {
                self.parked.retain(|_, parked| *parked != call);
                self.legs.retain(|_, of| *of != call);
                self.beside.retain(|_, of| *of != call);
                self.calls.remove(&call);
            }
            FloorMessage::Feed(input) => {
                let arrived = match &input {
                    Input::CallArrived { call, .. } => Some(*call),
                    _ => None,
                };
                let done = self.handle(input).await;
                if let (Some(call), Some(refusal)) = (arrived, done.refusal) {
                    // A caller in no line waits for nobody: the message, then good-bye.
                    warn!(call = %call.0, %refusal, "queue refused the call");
                    self.say(call, CallMessage::Overflowed).await;
                }
            }
            FloorMessage::Ask(input, reply) => {
                let answer = match self.handle(input).await.refusal {
                    Some(refusal) => Answer::Refused(refusal),
                    None => Answer::Done,
                };
                // Who asked may have gone; the change stands all the same.
                let _ = reply.send(answer);
            }
            FloorMessage::Accept { call, agent, offer } => {
                let done = self.handle(Input::OfferAccepted { agent, offer }).await;
                if !done.connected {
                    self.say(call, CallMessage::Stale { offer }).await;
                }
            }
            FloorMessage::Tell { call, message, reply } => {
                let known = self.calls.contains_key(&call);
                self.say(call, message).await;
                let _ = reply.send(known);
            }
            FloorMessage::EndAll => {
                let calls: Vec<CallId> = self.calls.keys().copied().collect();
                for call in calls {
                    self.say(call, CallMessage::Shutdown).await;
                }
            }
            FloorMessage::Leg(leg, call) => {
                self.legs.insert(leg, call);
            }
            FloorMessage::CallOf(leg, reply) => {
                let _ = reply.send(self.legs.get(&leg).copied());
            }
            FloorMessage::Beside(agent, call, reply) => {
                let free = !self.beside.contains_key(&agent);
                if free {
                    self.beside.insert(agent, call);
                }
                let _ = reply.send(free);
            }
            FloorMessage::TakeSlot(call, reply) => {
                let free = PARKING_SLOTS.into_iter().find(|slot| !self.parked.contains_key(slot));
                if let Some(slot) = free {
                    self.parked.insert(slot, call);
                }
                // A call that does not wait for the answer is ending, and frees its slot.
                let _ = reply.send(free);
            }
            FloorMessage::FreeSlot(call) => self.parked.retain(|_, parked| *parked != call),
            FloorMessage::ParkedIn(slot, reply) => {
                let _ = reply.send(self.parked.get(&slot).copied());
            }
            FloorMessage::Running(reply) => {
                let _ = reply.send(self.calls.len());
            }
        }
    }

    /// Speaks to a call. One whose mailbox is full or closed is stuck: it is taken off the floor.
    async fn say(&mut self, call: CallId, message: CallMessage) {
        let Some(mailbox) = self.calls.get(&call) else {
            return;
        };
        if mailbox.try_send(message).is_err() {
            warn!(call = %call.0, "call does not listen: taken off the floor");
            self.calls.remove(&call);
            Box::pin(self.handle(Input::CallGone { call })).await;
        }
    }

    async fn handle(&mut self, input: Input) -> Done {
        let now = self.clock.now();
        let outputs = self.engine.handle(now, input);
        let mut done = Done::default();
        let mut agents: BTreeSet<AgentId> = BTreeSet::new();
        let mut queues: BTreeSet<QueueId> = BTreeSet::new();
        for output in outputs {
            match output {
                Output::Offer { offer, call, agent, queue, why, .. } => {
                    info!(call = %call.0, agent = %agent.0, queue = %queue.0, ?why, "call offered");
                    queues.insert(queue);
                    self.say(call, CallMessage::Offered { offer, agent }).await;
                }
                Output::WithdrawOffer { offer, call, why, .. } => {
                    info!(call = %call.0, ?why, "offer withdrawn");
                    self.say(call, CallMessage::Withdrawn { offer }).await;
                }
                Output::Connect { call, agent, offer } => {
                    done.connected = true;
                    self.say(call, CallMessage::Accepted { offer, agent }).await;
                }
                Output::AgentChanged { agent, .. } => {
                    agents.insert(agent);
                    self.show_agent(agent, true).await;
                }
                Output::AfterChanged { agent, .. } => self.show_agent(agent, false).await,
                Output::DiallingExpired { call, agent } => {
                    self.say(call, CallMessage::DiallingExpired { agent }).await;
                }
                Output::CallQueued { queue, .. } => {
                    queues.insert(queue);
                }
                Output::CallOverflowed { call, queue, .. } => {
                    queues.insert(queue);
                    self.say(call, CallMessage::Overflowed).await;
                }
                Output::Refused { input, reason } => {
                    debug!(input, ?reason, "floor refused");
                    done.refusal = Some(reason);
                }
            }
        }
        for agent in &agents {
            if let Some(view) = self.engine.agent(*agent) {
                queues.extend(view.queues.iter().copied());
            }
        }
        self.show_queues(queues).await;
        done
    }

    async fn show_agent(&self, agent: AgentId, entered: bool) {
        if let Some(view) = self.engine.agent(agent) {
            let news = translate::agent(&view);
            self.board.tell(News::Agent { news, entered }).await;
        }
    }

    async fn show_queues(&self, queues: BTreeSet<QueueId>) {
        for queue in queues {
            if let Some(view) = self.engine.queue_view(queue) {
                self.board.tell(News::Queue(translate::queue(&view))).await;
            }
        }
    }

    async fn show_everything(&self) {
        for view in self.engine.agents() {
            let news = translate::agent(&view);
            self.board.tell(News::Agent { news, entered: false }).await;
        }
        self.show_queues(self.engine.queue_ids().collect()).await;
    }
}

#[derive(Default)]
struct Done {
    connected: bool,
    refusal: Option<callcenter::Refusal>,
}
