//! Putting the calls together: board, phones, floor, and the door for what comes in.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use callcenter::{AgentId, Engine, Input, QueueId, QueueSettings, Strategy};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::board::{self, BoardParts, Day, Roster, ms};
use super::clock::Clock;
use super::control::Control;
use super::floor::{self, FloorParts};
use super::shared::{OutboundTrunk, Shared};
use super::sounds::{Language, SoundError, Sounds};
use super::told::Told;
use super::{inbound, lamps, lease, phones};
use crate::config::Config;
use crate::demo::Demo;
use crate::live::Live;
use crate::recordings::KeyRing;
use crate::trace::Trace;

#[derive(Debug, thiserror::Error)]
pub enum CallsError {
    #[error(transparent)]
    Crm(#[from] crm::Error),
    #[error(transparent)]
    Sound(#[from] SoundError),
}

/// What the calls are made of.
pub struct CallsParts {
    pub config: Arc<Config>,
    pub db: crm::Db,
    pub keys: crm::Keys,
    pub recording_keys: KeyRing,
    pub live: Live,
    pub sip: sip::Sip,
    pub incoming: mpsc::Receiver<sip::Incoming>,
    pub media: media::Media,
    pub told: Told,
    pub trace: Trace,
    pub region: crm::phone::Region,
    pub language: Language,
    pub trunk: Option<OutboundTrunk>,
    pub test_calls_from: Option<SocketAddr>,
}

/// The running calls supervisor.
pub struct Running {
    pub shared: Arc<Shared>,
}

impl Running {
    /// The door for the console.
    pub fn control(&self, demo: Option<Arc<Demo>>) -> Control {
        Control { shared: Arc::clone(&self.shared), demo }
    }

    /// All agents ready at once: the staffed demo.
    pub async fn everybody_ready(&self, agents: impl IntoIterator<Item = Uuid>) {
        for agent in agents {
            let agent = AgentId(agent);
            self.shared.floor.feed(Input::AgentReady { agent }).await;
        }
    }
}

/// Starts everything that takes calls. Recovery has to be over before.
///
/// # Errors
/// When the database does not answer, or a sound of the build cannot be read.
pub async fn start(parts: CallsParts) -> Result<Running, CallsError> {
    let CallsParts {
        config,
        db,
        keys,
        recording_keys,
        live,
        sip,
        incoming,
        media,
        told,
        trace,
        region,
        language,
        trunk,
        test_calls_from,
    } = parts;
    let clock = Clock::start();
    let sounds = Sounds::load(config.calls.sounds_dir())?;
    let (phones, phones_keeper) = phones::open(db.clone(), keys, config.sip.realm.clone()).await?;
    let roster = Roster::read(&db).await?;
    let day = Day::read(&db, clock.now_utc()).await?;
    let mut engine = Engine::new();
    for input in read_queues(&db).await? {
        engine.handle(clock.now(), input);
    }
    let board = board::start(BoardParts {
        db: db.clone(),
        live,
        node: config.hub.node.clone(),
        phones: phones.clone(),
        roster,
        day,
    });
    let floor = floor::start(FloorParts { engine, board: board.clone(), clock });
    phones_keeper.start(sip.clone(), floor.clone(), board.clone());
    let lamps = lamps::start(sip.clone(), phones.clone(), config.sip.realm.clone());
    lease::keep(db.clone(), config.hub.node.clone());
    let shared = Arc::new(Shared {
        config,
        db,
        sip,
        media,
        told,
        floor,
        board,
        phones,
        recording_keys,
        lamps,
        trace,
        sounds,
        clock,
        region,
        language,
        trunk,
        test_calls_from,
    });
    inbound::start(Arc::clone(&shared), incoming);
    Ok(Running { shared })
}

/// Queues and members as the engine wants them: first the queues, then each agent's.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn read_queues(db: &crm::Db) -> crm::Result<Vec<Input>> {
    let queues = crm::queues::list(db).await?;
    let mut serves: BTreeMap<AgentId, Vec<QueueId>> =
        crm::users::agents(db).await?.into_iter().map(|user| (AgentId(user.id), Vec::new())).collect();
    for member in crm::queues::memberships(db).await? {
        if let Some(queues) = serves.get_mut(&AgentId(member.user_id)) {
            queues.push(QueueId(member.queue_id));
        }
    }
    let settings = queues
        .into_iter()
        .map(|queue| QueueSettings {
            id: QueueId(queue.id),
            name: queue.name,
            strategy: Strategy::LongestIdle,
            ring_timeout_ms: ms(queue.ring_timeout_ms),
            wrap_up_ms: ms(queue.wrap_up_ms),
            max_wait_ms: queue.max_wait_ms.map(ms),
            weight: queue.weight,
        })
        .collect();
    // Whoever may handle calls no longer is logged out; the engine knows no other users.
    let others = crm::users::list(db).await?.into_iter().map(|user| AgentId(user.id));
    let leavers: Vec<Input> = others
        .filter(|user| !serves.contains_key(user))
        .map(|agent| Input::AgentLoggedOut { agent })
        .collect();
    let members = serves.into_iter().map(|(agent, queues)| Input::SetMembers { agent, queues });
    Ok(std::iter::once(Input::SetQueues(settings)).chain(members).chain(leavers).collect())
}
