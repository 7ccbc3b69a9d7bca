//! The board's task: takes what has come in, makes it durable, shows and announces it.

use std::collections::{BTreeMap, BTreeSet};

use callcenter::AgentId;
use tokio::sync::mpsc;
use tracing::{error, info};
use uuid::Uuid;

use super::day::Day;
use super::news::{AgentNews, News, QueueNews};
use super::roster::Roster;
use super::{Board, NEWS_LIMIT, mine};
use crate::calls::phones::Phones;
use crate::calls::who;
use crate::live::Live;
use crate::views::{AgentView, LiveCall, MatchKind, QueueView, ScreenPop, Wall};

/// Reports taken up in one go, and so written in one transaction.
const BATCH_LIMIT: usize = 256;

/// What the board works with.
pub struct BoardParts {
    pub db: crm::Db,
    pub live: Live,
    pub node: String,
    pub phones: Phones,
    pub roster: Roster,
    pub day: Day,
}

/// Starts the board's task.
pub fn start(parts: BoardParts) -> Board {
    let (news, inbox) = mpsc::channel(NEWS_LIMIT);
    let keeper = Keeper {
        parts,
        agents: BTreeMap::new(),
        queues: BTreeMap::new(),
        calls: BTreeMap::new(),
        pops: BTreeMap::new(),
    };
    tokio::spawn(keeper.run(inbox));
    Board { news }
}

pub(super) struct Keeper {
    pub(super) parts: BoardParts,
    pub(super) agents: BTreeMap<AgentId, AgentNews>,
    pub(super) queues: BTreeMap<Uuid, QueueNews>,
    pub(super) calls: BTreeMap<Uuid, LiveCall>,
    pub(super) pops: BTreeMap<Uuid, ScreenPop>,
}

impl Keeper {
    async fn run(mut self, mut inbox: mpsc::Receiver<News>) {
        let mut batch = Vec::with_capacity(BATCH_LIMIT);
        while inbox.recv_many(&mut batch, BATCH_LIMIT).await > 0 {
            self.write_day(&batch).await;
            for news in batch.drain(..) {
                self.take(news).await;
            }
        }
        info!("board stopped");
    }

    /// Every state that an agent entered, before anybody is told of it.
    async fn write_day(&self, batch: &[News]) {
        let entered: Vec<AgentNews> = batch
            .iter()
            .filter_map(|news| match news {
                News::Agent { news, entered: true } => Some(news.clone()),
                _ => None,
            })
            .collect();
        if entered.is_empty() {
            return;
        }
        if let Err(failure) = super::day::write(&self.parts.db, &self.parts.node, entered).await {
            error!(%failure, "agent history not written");
        }
    }

    async fn take(&mut self, news: News) {
        match news {
            News::Agent { news, .. } => {
                let id = news.id;
                self.agents.insert(id, news);
                self.announce_agent(id);
                self.announce_mine(id).await;
            }
            News::Queue(news) => {
                let id = news.id.0;
                self.queues.insert(id, news);
                self.announce_queue(id);
            }
            News::Call(mut call) => {
                let touched = self.agents_of(call.id, call.agent_id);
                if let Some(chosen) = self.calls.get(&call.id).and_then(|known| known.contact.clone()) {
                    // The agent may have said who it is since the call was looked up.
                    call.match_kind = MatchKind::Known;
                    call.contact = Some(chosen);
                }
                let (id, before) = (call.id, self.seen(call.id));
                self.calls.insert(id, call.clone());
                self.parts.live.call_changed(call);
                self.announce_to_colleagues(&before, id);
                for agent in touched {
                    self.announce_mine(agent).await;
                }
            }
            News::Pop(pop) => {
                let touched = self.agents_of(pop.call_id, None);
                self.pops.insert(pop.call_id, pop);
                for agent in touched {
                    self.announce_mine(agent).await;
                }
            }
            News::CallFinished { call, agent, contact, queue, tally } => {
                let touched = self.agents_of(call, agent);
                let before = self.seen(call);
                self.calls.remove(&call);
                self.announce_to_colleagues(&before, call);
                self.forget_pops(call, &touched);
                self.parts.live.call_ended(call);
                let chosen = self.announce_summary(call, agent).await;
                if let Some(contact) = chosen.or(contact) {
                    self.parts.live.timeline_changed(contact);
                }
                if let Some(queue) = queue {
                    self.parts.day.count(queue, tally, chrono::Utc::now());
                    self.announce_queue(queue);
                }
                for agent in touched {
                    self.announce_mine(agent).await;
                }
            }
            News::Annotated(call) => {
                self.take_over_contact(call).await;
                for agent in self.agents_of(call, None) {
                    self.announce_mine(agent).await;
                }
                let agent = self.agent_with(call).map(|agent| agent.0);
                let _contact = self.announce_summary(call, agent).await;
            }
            News::Phones(agent) => {
                self.announce_agent(agent);
                self.announce_mine(agent).await;
            }
            News::Reread => self.reread().await,
            News::AskWall(reply) => {
                // Who asked may have gone meanwhile; that is no one's fault.
                let _ = reply.send(self.wall());
            }
            News::AskTeam(reply) => {
                let _ = reply.send(self.team());
            }
            News::AskAgent(agent, reply) => {
                let mine = mine::of(self, agent).await;
                let _ = reply.send(mine);
            }
            News::AskCall(call, reply) => {
                let _ = reply.send(self.calls.get(&call).cloned());
            }
            News::AskPop(call, reply) => {
                let _ = reply.send(self.pops.get(&call).cloned());
            }
        }
    }

    async fn reread(&mut self) {
        match Roster::read(&self.parts.db).await {
            Ok(roster) => self.parts.roster = roster,
            Err(failure) => error!(%failure, "roster not read"),
        }
        let queues: Vec<Uuid> = self.parts.roster.queues().map(|queue| queue.id).collect();
        for queue in queues {
            self.announce_queue(queue);
        }
        let agents: Vec<AgentId> = self.agents.keys().copied().collect();
        for agent in agents {
            self.announce_agent(agent);
            self.announce_mine(agent).await;
        }
    }

    fn wall(&self) -> Wall {
        Wall {
            agents: self.agents.keys().filter_map(|agent| self.agent_view(*agent)).collect(),
            calls: self.calls.values().cloned().collect(),
            queues: self.parts.roster.queues().filter_map(|queue| self.queue_view(queue.id)).collect(),
        }
    }

    pub(super) fn agent_view(&self, id: AgentId) -> Option<AgentView> {
        let news = self.agents.get(&id)?;
        Some(AgentView {
            id: id.0,
            display_name: self.parts.roster.name_of(id.0)?.to_owned(),
            state: news.state,
            reason: news.reason.clone(),
            since: news.since,
            until: news.until,
            call_id: news.call_id,
            queue_id: news.queue_id,
            pending: news.pending,
            phone_reachable: self.parts.phones.reachable(id),
            queues: news.queues.clone(),
        })
    }

    pub(super) fn queue_view(&self, id: Uuid) -> Option<QueueView> {
        let queue = self.parts.roster.queue(id)?;
        let news = self.queues.get(&id);
        let today = self.parts.day.of(id);
        let number = |pick: fn(&QueueNews) -> u32| news.map_or(0, pick);
        Some(QueueView {
            id,
            name: queue.name.clone(),
            waiting: number(|news| news.waiting),
            longest_wait_since: news.and_then(|news| news.longest_wait_since),
            ready: number(|news| news.ready),
            offered: number(|news| news.offered),
            talking: number(|news| news.talking),
            wrap_up: number(|news| news.wrap_up),
            not_ready: number(|news| news.not_ready),
            answered_today: today.answered,
            abandoned_today: today.abandoned,
            ring_timeout_ms: queue.ring_timeout_ms,
            wrap_up_ms: queue.wrap_up_ms,
            max_wait_ms: queue.max_wait_ms,
        })
    }

    async fn announce_mine(&self, agent: AgentId) {
        if let Some(mine) = mine::of(self, agent).await {
            self.parts.live.agent(agent.0, mine);
        }
    }

    /// Tells of the call's record as it is now, and answers with its contact.
    async fn announce_summary(&self, call: Uuid, agent: Option<Uuid>) -> Option<Uuid> {
        match crm::calls::get(&self.parts.db, call).await {
            Ok(detail) => {
                let contact = detail.call.contact.as_ref().map(|contact| contact.id);
                self.parts.live.call_finished(detail.call, agent);
                contact
            }
            Err(failure) => {
                error!(%call, %failure, "call record not read");
                None
            }
        }
    }

    /// The agent has said who it is: the running call and its screen pop show that contact.
    async fn take_over_contact(&mut self, call: Uuid) {
        let contact = match crm::calls::get(&self.parts.db, call).await {
            Ok(detail) => detail.call.contact,
            Err(failure) => {
                error!(%call, %failure, "call record not read");
                return;
            }
        };
        let Some(contact) = contact else { return };
        let shown = self
            .pops
            .get(&call)
            .map(|pop| (pop.number.clone(), pop.match_kind, pop.contacts.first().map(|c| c.id)));
        if let Some((number, kind, first)) = shown
            && (kind != MatchKind::Known || first != Some(contact.id))
        {
            match who::chosen(&self.parts.db, contact.id).await {
                Ok(who) => {
                    let pop = who.pop(&self.parts.db, call, &number).await;
                    self.pops.insert(call, pop);
                }
                Err(failure) => error!(%call, %failure, "chosen contact not read"),
            }
        }
        if let Some(live) = self.calls.get_mut(&call)
            && live.contact.as_ref().map(|known| known.id) != Some(contact.id)
        {
            live.match_kind = MatchKind::Known;
            live.contact = Some(contact);
            self.parts.live.call_changed(live.clone());
        }
    }

    /// The agents whose own screen shows this call.
    fn agents_of(&self, call: Uuid, also: Option<Uuid>) -> BTreeSet<AgentId> {
        let mut agents: BTreeSet<AgentId> = self.agent_with(call).into_iter().collect();
        agents.extend(also.map(AgentId));
        agents
    }

    fn agent_with(&self, call: Uuid) -> Option<AgentId> {
        self.agents.values().find(|agent| agent.call_id == Some(call)).map(|agent| agent.id)
    }

    /// An agent in wrap-up still wants to see who it was; what nobody looks at is forgotten.
    fn forget_pops(&mut self, call: Uuid, keep_for: &BTreeSet<AgentId>) {
        if keep_for.is_empty() {
            self.pops.remove(&call);
        }
        let shown: BTreeSet<Uuid> = self.agents.values().filter_map(|agent| agent.call_id).collect();
        let running = &self.calls;
        self.pops.retain(|id, _| *id == call || running.contains_key(id) || shown.contains(id));
    }
}
