//! One call: the task that owns its legs, its media session and its record.
//!
//! It turns what happens into events for [`Flow`], and carries out what that asks for. Nothing is
//! decided here but how to do it. The order of things is: the record first, then the board, so
//! that what is shown is already kept; sound and ringing do not wait for the disk.
//!
//! When the database refuses, the call goes on and the failure is logged: a customer on the line
//! is worth more than the row, and start-up finishes what is open. If the process dies, the row
//! begun before the first answer says so at the next start (`recovery.rs`).

mod act;
mod early;
mod facts;
mod finish;
mod join;
mod lamps;
mod leg;
mod legs;
mod listen;
mod notice;
mod pickup;
mod quality;
mod record;
mod redirect;
mod refer;
mod ring;
mod show;
mod take;
mod wish;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use callcenter::{AgentId, CallId};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tracing::Instrument;

pub use facts::{CallFacts, Destination};
pub use leg::LegSlot;
use legs::Legs;
use quality::Hearing;
use record::Recorder;

use super::Shared;
use super::end::End;
use super::floor::{CALL_MAILBOX_LIMIT, CallMessage, Given, WishReply};
use super::flow::{Event, Flow, Phase, Plan, Side, Wait};
use super::journal::Journal;
use super::media_security::Demand;
use crate::views::LiveCall;

/// Events that one action may cause before the next message is read; more is a bug in the flow.
const OWN_EVENTS_LIMIT: usize = 16;

/// A call with nothing running yet. [`CallTask::spawn`] starts it.
pub struct CallTask {
    shared: Arc<Shared>,
    facts: CallFacts,
    flow: Flow,
    journal: Journal,
    live: LiveCall,
    mailbox: mpsc::Receiver<CallMessage>,
    session: media::Session,
    media_events: mpsc::Receiver<media::Event>,
    legs: Legs,
    hearing: Hearing,
    /// What is being played once, and the play it is.
    playing: Option<(media::PlayId, super::flow::Sound)>,
    recorder: Recorder,
    own_events: VecDeque<Event>,
    ended: Option<End>,
    /// The call may not last longer.
    ends_at: Instant,
    /// What the call waits for, and when that is over: at most parking, and two for each seat.
    waits: BTreeMap<Wait, Instant>,
    /// Who asked for the change that is being made.
    asker: Option<WishReply>,
    /// Those whose own phone rings so that they pick this call up.
    takers: Vec<AgentId>,
    /// A far end that has come from another call and has no seat yet.
    brought: Option<Given>,
}

/// What a call begins with: the leg that came in, if one did.
pub struct Beginning {
    pub plan: Plan,
    pub incoming: Option<Arrived>,
}

/// A leg that came in.
pub struct Arrived {
    pub side: Side,
    pub leg: sip::Leg,
    /// Where its INVITE came from.
    pub source: std::net::SocketAddr,
    /// What it offers; empty when it wants our offer.
    pub offered: bytes::Bytes,
    pub demand: Demand,
}

impl CallTask {
    /// Writes the call's row, shows it, and runs it to its end in a task of its own.
    ///
    /// # Errors
    /// When the hub has no media session left; the caller then refuses the call.
    pub async fn spawn(
        shared: Arc<Shared>,
        facts: CallFacts,
        beginning: Beginning,
    ) -> Result<LiveCall, media::MediaError> {
        let (session, media_events) = shared.media.open()?;
        let (mailbox_in, mailbox) = mpsc::channel(CALL_MAILBOX_LIMIT);
        let call = CallId(facts.id);
        let live = facts.live(shared.clock.now_utc());
        let journal = Journal::new(shared.db.clone(), facts.id);
        let longest = Duration::from_secs(shared.config.calls.max_call_minutes * 60);
        let task = CallTask {
            flow: Flow::default(),
            journal,
            live: live.clone(),
            mailbox,
            session,
            media_events,
            legs: Legs::default(),
            hearing: Hearing::default(),
            playing: None,
            recorder: Recorder::default(),
            own_events: VecDeque::with_capacity(OWN_EVENTS_LIMIT),
            ended: None,
            ends_at: Instant::now() + longest,
            waits: BTreeMap::new(),
            asker: None,
            takers: Vec::new(),
            brought: None,
            facts,
            shared,
        };
        task.shared.floor.register(call, mailbox_in).await;
        let span = tracing::info_span!("call", id = %task.facts.id);
        tokio::spawn(async move { task.run(beginning).await }.instrument(span));
        Ok(live)
    }

    async fn run(mut self, beginning: Beginning) {
        self.begin_record(&beginning).await;
        if let Some(arrived) = beginning.incoming {
            self.take_incoming(arrived).await;
        }
        self.handle(Event::Begin(beginning.plan)).await;
        while self.ended.is_none() {
            if let Some(event) = self.listen().await {
                self.handle(event).await;
            }
            self.let_takers_go().await;
            if let Some(asker) = self.asker.take() {
                // Who asked may have gone; the change is made.
                let _ = asker.send(Ok(()));
            }
        }
        self.finish().await;
    }

    /// One event and all that its actions bring about at once.
    async fn handle(&mut self, event: Event) {
        self.own_events.push_back(event);
        let mut rounds = 0;
        while let Some(event) = self.own_events.pop_front() {
            rounds += 1;
            if rounds > OWN_EVENTS_LIMIT {
                tracing::error!(?event, "too many events of its own: dropped");
                self.own_events.clear();
                break;
            }
            tracing::debug!(?event, "call event");
            let before = (self.flow.phase(), self.flow.is_consulting());
            let had_it = self.flow.agent();
            for action in self.flow.on(event) {
                self.act(action).await;
            }
            let is_theirs = self.flow.agent() != had_it && self.live.recording_rule.is_some();
            if is_theirs && matches!(self.flow.phase(), Phase::Talking | Phase::Held)
                || self.is_to_be_told_again()
            {
                self.record_as_the_house_wants().await;
            }
            self.mark_segment();
            let after = (self.flow.phase(), self.flow.is_consulting());
            if self.ended.is_none() && (after != before || self.participants_changed()) {
                self.show_phase().await;
            }
        }
    }

    fn slot(&mut self, side: Side) -> Option<&mut LegSlot> {
        self.legs.get_mut(side)
    }
}
