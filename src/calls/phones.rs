//! The agents' phones: which there are, which are registered, which one rings.
//!
//! One task owns the book and publishes each new edition; readers never wait. A phone that comes
//! or goes is told to the floor at once, so that nobody is offered a call whose phone cannot ring.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callcenter::{AgentId, Input};
use crm::Lane;
use crm::words::MediaSecurity;
use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{error, info};
use uuid::Uuid;

use super::board::{Board, News};
use super::floor::Floor;
use super::media_security::Demand;
use crate::views::PhoneKind;

/// Orders that wait; people choose phones one at a time.
const ORDERS_LIMIT: usize = 64;

/// A phone that can be rung for an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    pub id: Uuid,
    pub agent: AgentId,
    pub kind: PhoneKind,
    pub label: String,
    /// The name under which it registers.
    pub username: String,
    pub media_security: MediaSecurity,
}

#[derive(Clone, Debug, Default)]
struct Book {
    phones: BTreeMap<AgentId, Vec<Phone>>,
    chosen: BTreeMap<AgentId, Uuid>,
    registered: BTreeSet<String>,
}

impl Book {
    /// What the agent chose, else the first that there is.
    fn chosen(&self, agent: AgentId) -> Option<&Phone> {
        self.picked(agent).or_else(|| self.phones.get(&agent)?.first())
    }

    fn picked(&self, agent: AgentId) -> Option<&Phone> {
        let wanted = self.chosen.get(&agent)?;
        self.phones.get(&agent)?.iter().find(|phone| phone.id == *wanted)
    }

    /// What rings: what the agent chose. Who chose nothing is rung where there is somebody to ring.
    fn rings(&self, agent: AgentId) -> Option<&Phone> {
        let there = |phone: &&Phone| self.registered.contains(&phone.username);
        let any = || self.phones.get(&agent)?.iter().find(there);
        self.picked(agent).or_else(any).or_else(|| self.chosen(agent))
    }

    fn reachable(&self, agent: AgentId) -> bool {
        self.rings(agent).is_some_and(|phone| self.registered.contains(&phone.username))
    }
}

enum Order {
    Choose { agent: AgentId, phone: Uuid, reply: oneshot::Sender<bool> },
    Reread,
}

/// The phones' door; cheap to clone.
#[derive(Clone)]
pub struct Phones {
    book: watch::Receiver<Arc<Book>>,
    orders: mpsc::Sender<Order>,
}

/// The other half, to be run once floor and board stand.
pub struct PhonesKeeper {
    db: crm::Db,
    keys: crm::Keys,
    realm: String,
    book: watch::Sender<Arc<Book>>,
    orders: mpsc::Receiver<Order>,
}

/// Reads the devices from the database. Every agent has a browser to work with.
///
/// # Errors
/// When the database does not answer.
pub async fn open(db: crm::Db, keys: crm::Keys, realm: String) -> crm::Result<(Phones, PhonesKeeper)> {
    give_browsers(&db, &keys, &realm).await?;
    let chosen = crm::devices::chosen(&db).await?;
    let chosen = chosen.into_iter().map(|(user, phone)| (AgentId(user), phone)).collect();
    let book = Book { phones: read(&db).await?, chosen, ..Book::default() };
    let (sender, receiver) = watch::channel(Arc::new(book));
    let (orders, inbox) = mpsc::channel(ORDERS_LIMIT);
    let phones = Phones { book: receiver, orders };
    let keeper = PhonesKeeper { db, keys, realm, book: sender, orders: inbox };
    Ok((phones, keeper))
}

async fn give_browsers(db: &crm::Db, keys: &crm::Keys, realm: &str) -> crm::Result<()> {
    let agents: Vec<Uuid> = crm::users::agents(db).await?.into_iter().map(|user| user.id).collect();
    let devices = crm::devices::list(db).await?;
    let has_one = |agent: &Uuid| {
        devices.iter().any(|device| device.user_id == *agent && device.kind == PhoneKind::Browser)
    };
    let without: Vec<Uuid> = agents.into_iter().filter(|agent| !has_one(agent)).collect();
    if without.is_empty() {
        return Ok(());
    }
    let (keys, realm) = (keys.clone(), realm.to_owned());
    db.write(Lane::Calls, move |tx| {
        async move { crm::devices::ensure_browsers(tx, &keys, &without, &realm).await }.boxed()
    })
    .await
}

async fn read(db: &crm::Db) -> crm::Result<BTreeMap<AgentId, Vec<Phone>>> {
    let mut phones: BTreeMap<AgentId, Vec<Phone>> = BTreeMap::new();
    for device in crm::devices::list(db).await? {
        let agent = AgentId(device.user_id);
        phones.entry(agent).or_default().push(Phone {
            id: device.id,
            agent,
            kind: device.kind,
            label: device.label,
            username: device.username,
            media_security: device.media_security,
        });
    }
    for list in phones.values_mut() {
        list.sort_by(|a, b| (order(a.kind), &a.username).cmp(&(order(b.kind), &b.username)));
    }
    Ok(phones)
}

/// The console itself first, then what is there without anybody setting it up.
fn order(kind: PhoneKind) -> u8 {
    match kind {
        PhoneKind::Browser => 0,
        PhoneKind::Demo => 1,
        PhoneKind::Desk => 2,
    }
}

impl Phones {
    /// The phone that this agent works with.
    pub fn chosen(&self, agent: AgentId) -> Option<Phone> {
        self.book.borrow().chosen(agent).cloned()
    }

    /// The phone that rings for this agent now: the chosen one, or for who chose none another that
    /// is there.
    pub fn rings(&self, agent: AgentId) -> Option<Phone> {
        self.book.borrow().rings(agent).cloned()
    }

    pub fn owner_of(&self, username: &str) -> Option<Phone> {
        let book = self.book.borrow();
        book.phones.values().flatten().find(|phone| phone.username == username).cloned()
    }

    /// How the sound of this phone has to be encrypted.
    pub fn demand(&self, username: &str, transport: sip::Transport) -> Demand {
        // One that was made a moment ago may not be in this edition: it is as a new one is.
        let wanted = self.owner_of(username).map_or(MediaSecurity::Optional, |phone| phone.media_security);
        Demand::Phone { wanted, transport }
    }

    /// All phones of the agent, each with whether it is registered.
    pub fn of(&self, agent: AgentId) -> Vec<(Phone, bool)> {
        let book = self.book.borrow();
        let phones = book.phones.get(&agent).map_or(&[][..], Vec::as_slice);
        phones.iter().map(|phone| (phone.clone(), book.registered.contains(&phone.username))).collect()
    }

    /// Whether the phone that would ring is registered.
    pub fn reachable(&self, agent: AgentId) -> bool {
        self.book.borrow().reachable(agent)
    }

    /// False when the agent has no such phone.
    pub async fn choose(&self, agent: AgentId, phone: Uuid) -> bool {
        let (reply, answer) = oneshot::channel();
        let order = Order::Choose { agent, phone, reply };
        if self.orders.send(order).await.is_err() {
            return false;
        }
        answer.await.unwrap_or(false)
    }

    /// Devices changed in the database.
    pub async fn reread(&self) {
        // After the keeper only the process's end comes.
        let _ = self.orders.send(Order::Reread).await;
    }
}

impl PhonesKeeper {
    /// Serves until all doors are dropped.
    pub fn start(self, sip: sip::Sip, floor: Floor, board: Board) {
        tokio::spawn(self.run(sip, floor, board));
    }

    async fn run(mut self, sip: sip::Sip, floor: Floor, board: Board) {
        let mut registrations = sip.registrations();
        self.take_stock(&sip, &floor, &board).await;
        loop {
            tokio::select! {
                order = self.orders.recv() => match order {
                    Some(order) => self.obey(order, &floor, &board).await,
                    None => break,
                },
                change = registrations.recv() => match change {
                    Ok(change) => {
                        let (username, registered) = (change.username, change.registered);
                        self.registered(&username, registered, &floor, &board).await;
                    }
                    // Too many at once to be told one by one: look at all of them.
                    Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {
                        self.take_stock(&sip, &floor, &board).await;
                    }
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
                },
            }
        }
    }

    async fn take_stock(&mut self, sip: &sip::Sip, floor: &Floor, board: &Board) {
        let usernames: Vec<String> = {
            let book = self.book.borrow();
            let phones = book.phones.values().flatten();
            phones.map(|phone| phone.username.clone()).collect()
        };
        for username in usernames {
            let registered = sip.is_registered(&username);
            self.registered(&username, registered, floor, board).await;
        }
    }

    async fn registered(&mut self, username: &str, registered: bool, floor: &Floor, board: &Board) {
        let owner = {
            let book = self.book.borrow();
            let mut phones = book.phones.values().flatten();
            phones.find(|phone| phone.username == username).map(|phone| phone.agent)
        };
        self.change(|book| {
            if registered {
                book.registered.insert(username.to_owned());
            } else {
                book.registered.remove(username);
            }
        });
        if let Some(agent) = owner {
            info!(%agent, username, registered, "phone");
            self.tell(agent, floor, board).await;
        }
    }

    async fn obey(&mut self, order: Order, floor: &Floor, board: &Board) {
        match order {
            Order::Choose { agent, phone, reply } => {
                let known = {
                    let book = self.book.borrow();
                    let phones = book.phones.get(&agent);
                    phones.is_some_and(|phones| phones.iter().any(|known| known.id == phone))
                };
                let kept = known && self.keep(agent, phone).await;
                if kept {
                    self.change(|book| {
                        book.chosen.insert(agent, phone);
                    });
                    self.tell(agent, floor, board).await;
                }
                // Who asked may have gone; the choice stands.
                let _ = reply.send(kept);
            }
            Order::Reread => match self.reread().await {
                Ok(phones) => {
                    let agents: Vec<AgentId> = phones.keys().copied().collect();
                    self.change(|book| book.phones = phones);
                    for agent in agents {
                        self.tell(agent, floor, board).await;
                    }
                }
                Err(failure) => error!(%failure, "phones not read"),
            },
        }
    }

    async fn reread(&self) -> crm::Result<BTreeMap<AgentId, Vec<Phone>>> {
        give_browsers(&self.db, &self.keys, &self.realm).await?;
        read(&self.db).await
    }

    /// Writes the choice down, so that it outlives the hub.
    async fn keep(&self, agent: AgentId, phone: Uuid) -> bool {
        let written = self
            .db
            .write(Lane::Calls, move |tx| {
                async move { crm::devices::choose(tx, agent.0, phone).await }.boxed()
            })
            .await;
        if let Err(failure) = &written {
            error!(%agent, %failure, "choice of a phone not kept");
        }
        written.is_ok()
    }

    fn change(&mut self, edit: impl FnOnce(&mut Book)) {
        self.book.send_modify(|book| edit(Arc::make_mut(book)));
    }

    async fn tell(&self, agent: AgentId, floor: &Floor, board: &Board) {
        let reachable = self.book.borrow().reachable(agent);
        floor.feed(Input::AgentPhone { agent, reachable }).await;
        board.tell(News::Phones(agent)).await;
    }
}
